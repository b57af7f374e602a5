"""What verifiers of others say of badges that this program made: two from npm, one from pip."""

import json
from collections.abc import Callable

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
from tests.interop.conftest import Ask

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


def download_from(those: dict[str, Document]) -> Callable[..., bytes]:
    def download(url: str, *_: object, **__: object) -> bytes:
        return json.dumps(those[url]).encode()

    return download


def test_openbadgeslib_takes_a_badge_and_reads_the_bit() -> None:
    """It checks the signature of a list only where the list is a token; ours has its proof inside,
    which the verifiers from npm read."""

    def verified(those: dict[str, Document]) -> str:
        verifier = OB3LdpVerifier.for_issuer_did(DID)
        found = verifier.verify(
            BADGE, check_status=True, verify_status_list=False, download=download_from(those)
        )
        return found.issuer.name

    assert verified(published()) == "Filo Verde"
    with pytest.raises(OB3VerificationError, match="is set at index 4711"):
        verified(published(frozenset({INDEX})))


def test_openbadgeslib_refuses_one_changed_letter() -> None:
    verifier = OB3LdpVerifier.for_issuer_did(DID)
    with pytest.raises(OB3VerificationError):
        verifier.verify(changed(BADGE), download=download_from(published()))


def test_openbadgeslib_takes_a_token_and_refuses_one_changed_letter() -> None:
    verifier = OB3Verifier.for_issuer_did(DID, download=download_from(published()))
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
