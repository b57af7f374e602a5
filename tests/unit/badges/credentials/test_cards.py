"""The square of a printed card: what fits in it, and what is refused."""

import base64
import json
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from civic.badges.credentials import card
from civic.badges.credentials.card import Card
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import Outcome, verdict_words
from tests.factories.credentials import DID, INDEX, NOW, SITE, World, generation, listing

LENIENT = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)
"""`zip` is a header of encrypted tokens, which others leave alone."""
LISTS = f"{SITE}/lists/1"
CARD = Card(
    id="urn:uuid:00000000-0000-0000-0000-000000000007",
    holder="أمينة الدرعي",
    badge="Cura del verde, 12 ore",
    issuer_name="Filo Verde",
    skills=("curare le piante", "lavorare in squadra"),
    begins=NOW,
    ends=NOW + timedelta(days=365),
    lists=LISTS,
    place=INDEX,
)


def signed(about: Card = CARD) -> str:
    return card.encode(about, generation().ed25519, kid=DID + generation().kid)


class Lists(World):
    """The card names its lists by what they begin with."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for purpose, places in (
            (Purpose.REVOCATION, self.revoked),
            (Purpose.SUSPENSION, self.suspended),
        ):
            address = f"{LISTS}/{purpose.value}"
            self.lists[address] = listing(purpose, places, address)


def forged(claims: dict[str, Any], key: Ed25519PrivateKey) -> str:
    """Written by hand, for what `encode` would never write."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(json.dumps(claims).encode()) + packer.flush()
    header = {"alg": "Ed25519", "zip": "DEF", "typ": "civic-card", "kid": DID + generation().kid}
    start = f"{part(json.dumps(header).encode())}.{part(packed)}"
    return f"{start}.{part(key.sign(start.encode()))}"


@pytest.mark.parametrize("ends", [None, NOW + timedelta(days=365)])
def test_what_a_card_says_is_read_again(ends: Any) -> None:
    token = signed(replace(CARD, ends=ends))
    claims = card.check(token, generation().ed25519.public_key())
    assert claims
    found = card.facts(claims, DID)
    assert found.is_card
    assert (found.holder, found.name, found.issuer_name) == (
        CARD.holder,
        CARD.badge,
        CARD.issuer_name,
    )
    assert (found.begins, found.ends) == (NOW, ends)
    assert [skill.name for skill in found.skills] == list(CARD.skills)


def test_a_camera_reads_an_address_whose_end_is_the_token() -> None:
    token = signed()
    text = card.in_square(f"{SITE}/it/badges/card", token)
    assert text.startswith(f"{SITE}/it/badges/card#")
    for shown in (text, text.rpartition("#")[2], token, f" {token}\n"):
        assert card.token_in(shown) == token


@pytest.mark.parametrize(
    "text", ["", "#", "1", "12", "https://a.example/#12", "a.b.c", "{}", "9" * 9000, "7" * 600]
)
def test_what_is_no_card_is_none(text: str) -> None:
    assert card.token_in(text) is None


def test_skills_without_room_stay_out_and_the_rest_stays() -> None:
    many = tuple(f"a skill with a name of its own, number {number}" for number in range(60))
    token = signed(replace(CARD, skills=many))
    assert len(token) <= card.MOST_LETTERS
    claims = card.check(token, generation().ed25519.public_key())
    assert claims
    assert 0 < len(claims["skills"]) < len(many)
    assert claims["skills"] == list(many[: len(claims["skills"])])


def test_one_changed_letter_anywhere_is_refused() -> None:
    token, key = signed(), generation().ed25519.public_key()
    for at, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        changed = token[:at] + other + token[at + 1 :]
        assert card.check(changed, key) is None


def test_a_key_of_somebody_else_is_refused() -> None:
    assert card.check(signed(), Ed25519PrivateKey.generate().public_key()) is None


def test_a_verdict_is_that_of_signature_dates_and_lists() -> None:
    world = Lists()
    assert world.verify(signed().encode()).outcome is Outcome.VALID
    late = NOW + timedelta(days=365)
    assert world.verify(signed().encode(), now=late).outcome is Outcome.EXPIRED
    early = NOW - timedelta(seconds=1)
    assert world.verify(signed().encode(), now=early).outcome is Outcome.STATUS_UNKNOWN
    assert Lists(revoked=frozenset({INDEX})).verify(signed().encode()).outcome is Outcome.REVOKED
    assert (
        Lists(suspended=frozenset({INDEX})).verify(signed().encode()).outcome is Outcome.SUSPENDED
    )
    assert World().verify(signed().encode()).outcome is Outcome.STATUS_UNKNOWN


def test_a_changed_card_and_one_of_an_unknown_issuer_tell_nothing() -> None:
    changed = signed()[:-9] + "AAAAAAAAA"
    verdict = Lists().verify(changed.encode())
    assert (verdict.outcome, verdict.facts) == (Outcome.FORGED, None)
    elsewhere = card.encode(CARD, generation().ed25519, kid="did:web:else.example#k1")
    assert Lists().verify(elsewhere.encode()).outcome is Outcome.UNKNOWN_ISSUER
    by_other_key = card.encode(CARD, generation().ed25519, kid=DID + generation().rsa_kid)
    assert Lists().verify(by_other_key.encode()).outcome is Outcome.FORGED


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"jti": "a", "badge": "b", "by": "c", "name": "d", "nbf": "now", "status": [LISTS, 1]},
        {"jti": "a", "badge": "b", "by": "c", "name": "d", "nbf": 10**30, "status": [LISTS, 1]},
        {"jti": "a", "badge": "b", "by": "c", "name": "", "nbf": 1, "status": [LISTS, 1]},
        {"jti": "a", "badge": "b", "by": "c", "name": "d", "nbf": 1, "status": [LISTS]},
        {"jti": "a", "badge": "b", "by": "c", "name": "d", "nbf": 1, "status": LISTS},
        {
            "jti": "a",
            "badge": "b",
            "by": "c",
            "name": "d",
            "nbf": 1,
            "exp": True,
            "status": [LISTS, 1],
        },
        {"name": "x" * 9000},
    ],
)
def test_what_a_key_of_ours_would_never_sign_is_no_card_and_no_crash(claims: Any) -> None:
    token = forged(claims, generation().ed25519)
    assert Lists().verify(token.encode()).outcome in (Outcome.UNREADABLE, Outcome.FORGED)


def test_every_verdict_has_words_for_a_badge_and_for_an_endorsement() -> None:
    found = Lists().verify(signed().encode())
    assert "badge is true" in verdict_words(found)
    assert found.facts
    endorsement = replace(found, facts=replace(found.facts, is_endorsement=True))
    assert "endorsement is true" in verdict_words(endorsement)


def test_a_library_for_tokens_takes_the_signature_as_it_is() -> None:
    token, raw = signed(), generation().ed25519.public_key()
    key = OKPKey.import_key(raw)
    found = jws.deserialize_compact(token, key, registry=LENIENT)
    assert found.headers()["kid"] == DID + generation().kid
    assert json.loads(zlib.decompress(found.payload, -15))["name"] == CARD.holder
