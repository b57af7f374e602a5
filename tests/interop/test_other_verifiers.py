"""What verifiers of others say of badges that this program made: two from npm, one from pip."""

import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier

from civic.badges.credentials import baking, documents, status
from civic.badges.credentials.contexts import Document
from civic.badges.credentials.did import did_document
from civic.badges.credentials.status import Purpose
from tests.factories.credentials import (
    DID,
    DID_URL,
    INDEX,
    ISSUER,
    NOW,
    REVOKED_URL,
    SUSPENDED_URL,
    SVG,
    badge,
    generation,
    listing,
    picture,
    signed,
    token,
)

AWAY = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")
"""How npm says that there is no network."""
HERE = Path(__file__).parent
THERE = HERE.parents[1] / "var" / "interop"
ONE = (documents.Status(REVOKED_URL, INDEX),)
BADGE = signed(badge(statuses=ONE))
TOKEN = token(badge(statuses=ONE))


def published(
    revoked: frozenset[int] = frozenset(), suspended: frozenset[int] = frozenset()
) -> dict[str, Document]:
    return {
        DID_URL: did_document(DID, [generation().public()]),
        REVOKED_URL: listing(Purpose.REVOCATION, revoked),
        SUSPENDED_URL: listing(Purpose.SUSPENSION, suspended),
    }


def changed(document: Document) -> Document:
    text = json.dumps(document)
    assert "Filo Verde" in text
    read: Document = json.loads(text.replace("Filo Verde", "Filo Verda"))
    return read


Ask = Callable[[Document, dict[str, Document]], dict[str, Any]]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """The verifiers from npm, installed once outside the sources."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Node is not there: the verifiers from npm were not asked.")
    _install(npm)

    def ask(credential: Document, those: dict[str, Document]) -> dict[str, Any]:
        case = {"credential": credential, "didUrl": DID_URL, "documents": those}
        done = subprocess.run(
            [node, "verify.mjs"],
            input=json.dumps(case).encode(),
            cwd=THERE,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return ask


def _install(npm: str) -> None:
    THERE.mkdir(parents=True, exist_ok=True)
    with (THERE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json", ".npmrc", "verify.mjs"):
            shutil.copy(HERE / name, THERE / name)
        wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
        stamp = THERE / "node_modules" / ".civic-lock"
        if not stamp.exists() or stamp.read_text() != wanted:
            command = [npm, "ci", "--ignore-scripts", "--loglevel", "error"]
            done = subprocess.run(command, cwd=THERE, capture_output=True, timeout=300, check=False)
            said = (done.stdout + done.stderr).decode()
            if done.returncode and any(code in said for code in AWAY):
                pytest.skip("npm's packages are out of reach: the verifiers were not asked.")
            assert done.returncode == 0, said
            stamp.write_text(wanted)


def test_the_verifiers_from_npm_take_a_badge_and_find_it_well_formed(ask: Ask) -> None:
    answer = ask(BADGE, published())
    assert (answer["bazaar"], answer["core"], answer["coreNotWithdrawn"]) == (True, True, True), (
        answer["says"]
    )
    assert answer["schema"] == [True]


def test_the_verifiers_from_npm_refuse_one_changed_letter(ask: Ask) -> None:
    answer = ask(changed(BADGE), published())
    assert (answer["bazaar"], answer["core"]) == (False, False)


def test_the_verifiers_from_npm_read_the_bit(ask: Ask) -> None:
    answer = ask(BADGE, published(frozenset({INDEX})))
    assert answer["bazaar"] is False
    assert answer["coreNotWithdrawn"] is False


def test_the_verifiers_from_npm_read_both_lists(ask: Ask) -> None:
    both = signed(badge())
    answer = ask(both, published())
    assert (answer["bazaar"], answer["schema"]) == (True, [True]), answer["says"]
    answer = ask(both, published(suspended=frozenset({INDEX})))
    assert answer["bazaar"] is False


def test_the_verifiers_from_npm_refuse_a_key_that_is_no_longer_published(ask: Ask) -> None:
    answer = ask(BADGE, {**published(), DID_URL: did_document(DID, [])})
    assert (answer["bazaar"], answer["core"]) == (False, False)


def test_the_verifiers_from_npm_take_an_endorsement(ask: Ask) -> None:
    answer = ask(endorsement(), published())
    assert (answer["bazaar"], answer["core"]) == (True, True), answer["says"]
    answer = ask(changed(endorsement()), published())
    assert (answer["bazaar"], answer["core"]) == (False, False)


def test_the_verifiers_from_npm_take_what_comes_out_of_a_picture(ask: Ask) -> None:
    baked = baking.bake(picture(), json.dumps(BADGE))
    assert ask(json.loads(baking.unbake(baked)), published())["bazaar"] is True


def endorsement() -> Document:
    return signed(
        documents.endorsement_credential(
            id="urn:uuid:00000000-0000-0000-0000-00000000000a",
            issuer=ISSUER,
            name="Conferma delle competenze",
            credential_id=BADGE["id"],
            comment="Visto al lavoro in quattro incontri.",
            validity=documents.Validity(NOW),
        )
    )


def _download(those: dict[str, Document]) -> Callable[..., bytes]:
    def download(url: str, *_: object, **__: object) -> bytes:
        return json.dumps(those[url]).encode()

    return download


def test_openbadgeslib_takes_a_badge_and_reads_the_bit() -> None:
    """It checks the signature of a list only where the list is a token; ours has its proof inside,
    which the verifiers from npm read."""

    def verified(those: dict[str, Document]) -> str:
        verifier = OB3LdpVerifier.for_issuer_did(DID)
        found = verifier.verify(
            BADGE, check_status=True, verify_status_list=False, download=_download(those)
        )
        return found.issuer.name

    assert verified(published()) == "Filo Verde"
    with pytest.raises(OB3VerificationError, match="is set at index 4711"):
        verified(published(frozenset({INDEX})))


def test_openbadgeslib_refuses_one_changed_letter() -> None:
    verifier = OB3LdpVerifier.for_issuer_did(DID)
    with pytest.raises(OB3VerificationError):
        verifier.verify(changed(BADGE), download=_download(published()))


def test_openbadgeslib_takes_a_token_and_refuses_one_changed_letter() -> None:
    verifier = OB3Verifier.for_issuer_did(DID, download=_download(published()))
    assert verifier.verify(TOKEN).issuer.name == "Filo Verde"
    middle = len(TOKEN) // 2
    letter = "A" if TOKEN[middle] != "A" else "B"
    with pytest.raises(OB3VerificationError):
        verifier.verify(TOKEN[:middle] + letter + TOKEN[middle + 1 :])


def test_openbadgeslib_finds_the_token_in_both_kinds_of_picture() -> None:
    png, svg = baking.bake(picture(), TOKEN), baking.bake(SVG, TOKEN)
    assert OB3Verifier.extract_token_from_png(png) == TOKEN
    assert OB3Verifier.extract_token_from_svg(svg) == TOKEN


def test_the_lists_are_of_the_size_that_all_can_read() -> None:
    assert len(status.blank()) == 16 * 1024
