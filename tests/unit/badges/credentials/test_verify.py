import copy
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from civic.badges.credentials import baking, documents, proof
from civic.badges.credentials.contexts import CREDENTIALS, OPEN_BADGES, Document
from civic.badges.credentials.documents import Skill
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import VERDICT_WORDS, Outcome
from tests.factories.credentials import (
    DID,
    INDEX,
    ISSUER,
    NOW,
    REVOKED_URL,
    SVG,
    World,
    badge,
    generation,
    in_bytes,
    listing,
    picture,
    signed,
    token,
)

BADGE = signed(badge())
TOKEN = token(badge())
FORMS = {
    "json": in_bytes(BADGE),
    "json, laid out": b"\xef\xbb\xbf" + json.dumps(BADGE, indent=4).encode() + b"\n",
    "jwt": TOKEN.encode(),
    "png with json": baking.bake(picture(), json.dumps(BADGE)),
    "png with jwt": baking.bake(picture(), TOKEN),
    "svg with json": baking.bake(SVG, json.dumps(BADGE)),
    "svg with jwt": baking.bake(SVG, TOKEN),
}
each_form = pytest.mark.parametrize("form", FORMS)


@each_form
def test_a_good_badge_is_valid_and_says_what_it_says(form: str) -> None:
    verdict = World().verify(FORMS[form])
    assert verdict.outcome is Outcome.VALID
    assert verdict.facts
    assert verdict.facts.name == "Cura del verde"
    assert (verdict.facts.issuer, verdict.facts.issuer_name) == (DID, "Filo Verde")
    assert (verdict.facts.minutes, verdict.facts.sessions) == (745, 4)
    assert verdict.facts.skills[0] == Skill(
        "http://data.europa.eu/esco/skill/0001", "lavorare in squadra"
    )
    assert verdict.facts.ledger_hash == "5e" * 32
    assert verdict.facts.level == "Livello 2: da solo, con poche indicazioni"
    assert not verdict.facts.is_endorsement


@each_form
def test_a_withdrawn_badge_is_told_by_the_bit_itself(form: str) -> None:
    data = FORMS[form]
    assert World(revoked=frozenset({INDEX})).verify(data).outcome is Outcome.REVOKED
    assert World(suspended=frozenset({INDEX})).verify(data).outcome is Outcome.SUSPENDED
    others = frozenset({INDEX - 1, INDEX + 1})
    assert World(revoked=others, suspended=others).verify(data).outcome is Outcome.VALID
    both = World(revoked=frozenset({INDEX}), suspended=frozenset({INDEX}))
    assert both.verify(data).outcome is Outcome.REVOKED


def test_time_decides_at_its_two_ends() -> None:
    ends = NOW + timedelta(days=10)
    for data in (in_bytes(signed(badge(ends=ends))), token(badge(ends=ends)).encode()):
        assert World().verify(data, NOW).outcome is Outcome.VALID
        assert World().verify(data, ends - timedelta(seconds=1)).outcome is Outcome.VALID
        assert World().verify(data, ends).outcome is Outcome.EXPIRED
    world = World(lists={REVOKED_URL: None})
    single = signed(badge(statuses=()))
    assert world.verify(in_bytes(single), NOW - timedelta(seconds=1)).outcome is Outcome.NOT_YET


def test_what_was_taken_back_is_not_called_expired() -> None:
    data = in_bytes(signed(badge(ends=NOW + timedelta(days=10))))
    late = NOW + timedelta(days=20)
    assert World(revoked=frozenset({INDEX})).verify(data, late).outcome is Outcome.REVOKED


def _tampered(path: tuple[str | int, ...], value: Any) -> Document:
    changed = copy.deepcopy(BADGE)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    "changed",
    [
        _tampered(("name",), "Cura del verda"),
        _tampered(("credentialSubject", "result", 0, "value"), "999"),
        _tampered(("credentialSubject", "id"), "urn:uuid:00000000-0000-0000-0000-000000000009"),
        _tampered(("validUntil",), "2099-01-01T00:00:00Z"),
        _tampered(("proof", "created"), "2026-03-14T09:00:01Z"),
        _tampered(("proof", "verificationMethod"), "did:web:evil.example#k1"),
        {key: value for key, value in BADGE.items() if key != "credentialStatus"},
        {**BADGE, "colour": "green"},
    ],
    ids=range(8),
)
def test_a_changed_badge_is_forged_and_shows_nothing(changed: Document) -> None:
    verdict = World().verify(in_bytes(changed))
    assert verdict.outcome is Outcome.FORGED
    assert verdict.facts is None


def test_a_changed_token_is_forged() -> None:
    changed = TOKEN[:-20] + ("A" if TOKEN[-20] != "A" else "B") + TOKEN[-19:]
    assert World().verify(changed.encode()).outcome is Outcome.FORGED


def test_a_token_is_held_to_the_same_layout() -> None:
    others: list[Document] = [
        {"@context": [CREDENTIALS]}, {"type": ["VerifiableCredential"]}, {"@graph": []},
    ]  # fmt: skip
    for other in others:
        data = token({**badge(), **other}).encode()
        assert World().verify(data).outcome is Outcome.UNREADABLE


def test_a_stranger_s_key_is_not_the_issuer_s() -> None:
    stranger = Ed25519PrivateKey.generate()
    other = "did:web:evil.example"
    forged = proof.sign(badge(), stranger, verification_method=f"{other}#k1", created=NOW)
    world = World(keys={f"{other}#k1": stranger.public_key()})
    assert world.verify(in_bytes(forged)).outcome is Outcome.FORGED


def test_a_key_that_nobody_knows_or_trusts_any_more_leaves_the_issuer_unknown() -> None:
    world = World()
    world.keys.clear()
    for data in FORMS.values():
        assert world.verify(data).outcome is Outcome.UNKNOWN_ISSUER


def test_keys_of_one_kind_do_not_stand_in_for_the_other() -> None:
    keys = generation()
    world = World(
        keys={DID + keys.kid: keys.rsa.public_key(), DID + keys.rsa_kid: keys.ed25519.public_key()}
    )
    assert world.verify(FORMS["json"]).outcome is Outcome.FORGED
    assert world.verify(FORMS["jwt"]).outcome is Outcome.FORGED


@pytest.mark.parametrize(
    "changed",
    [
        {**BADGE, "@context": [CREDENTIALS, OPEN_BADGES, {"x": "urn:x"}]},
        {**BADGE, "@context": [CREDENTIALS, "https://example.org/context"]},
        {**BADGE, "validUntil": ["2099-01-01T00:00:00Z"]},
        {**BADGE, "@graph": []},
        {**BADGE, "https://schema.org/name": "x"},
        {**BADGE, "type": ["VerifiableCredential"]},
        {**BADGE, "proof": [BADGE["proof"]]},
        {key: value for key, value in BADGE.items() if key != "proof"},
        {**BADGE, "evidence": {"id": "_:b0", "type": "Evidence"}},
        {**BADGE, "evidence": [{"type": "Evidence"}] * 101},
        {**BADGE, "name": [["x"] * 2000] * 3},
    ],
    ids=range(11),
)
def test_another_layout_is_unreadable_whatever_it_means(changed: Document) -> None:
    outcome = World().verify(in_bytes(changed)).outcome
    assert outcome in (Outcome.UNREADABLE, Outcome.FORGED)
    if "validUntil" not in changed:
        assert outcome is Outcome.UNREADABLE


def test_a_status_written_in_full_letters_does_not_hide_it() -> None:
    """RDF sees the same; the signature would stand."""
    hidden = dict(BADGE)
    hidden["https://www.w3.org/2018/credentials#credentialStatus"] = hidden.pop("credentialStatus")
    assert proof.check(hidden, generation().ed25519.public_key())
    assert World(revoked=frozenset({INDEX})).verify(in_bytes(hidden)).outcome is Outcome.UNREADABLE


def test_an_end_put_into_a_list_does_not_hide_it() -> None:
    ends = NOW + timedelta(days=10)
    hidden = signed(badge(ends=ends))
    hidden["validUntil"] = [hidden["validUntil"]]
    assert proof.check(hidden, generation().ed25519.public_key())
    assert World().verify(in_bytes(hidden), ends).outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"a.b.c",
        b"hello",
        b"<svg/>",
        b"<html></html>",
        picture(),
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"@context": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"name": ' + b"9" * 900_000 + b"}",
        FORMS["json"].replace(b"Filo", b"\\ud800"),
    ],
    ids=range(16),
)
def test_what_is_no_badge_is_unreadable(data: bytes) -> None:
    assert World().verify(data).outcome in (Outcome.UNREADABLE, Outcome.FORGED)


def test_a_name_that_stands_twice_is_unreadable() -> None:
    """Readers differ in which of the two they show."""
    twice = b'{"name": "Re d\'Italia", ' + FORMS["json"][1:]
    assert json.loads(twice) == BADGE
    assert World().verify(twice).outcome is Outcome.UNREADABLE


def test_more_than_a_megabyte_is_too_large() -> None:
    for data in FORMS.values():
        padded = data + b" " * 1_000_000
        assert World().verify(padded).outcome is Outcome.TOO_LARGE


LISTED = listing(Purpose.REVOCATION)
REVOKED_LIST = listing(Purpose.REVOCATION, frozenset({INDEX}))


@pytest.mark.parametrize(
    "listed",
    [
        None,
        {},
        {**LISTED, "credentialSubject": REVOKED_LIST["credentialSubject"]},
        {**REVOKED_LIST, "credentialSubject": LISTED["credentialSubject"]},
        {**LISTED, "id": f"{REVOKED_URL}1"},
        {key: value for key, value in LISTED.items() if key != "proof"},
        listing(Purpose.SUSPENSION),
        {**LISTED, "validUntil": "2099-01-01T00:00:00Z"},
        BADGE,
    ],
    ids=range(9),
)
def test_a_list_that_is_missing_changed_or_another_decides_nothing(listed: Document | None) -> None:
    world = World()
    world.lists[REVOKED_URL] = listed
    verdict = world.verify(FORMS["json"])
    assert verdict.outcome is Outcome.STATUS_UNKNOWN
    assert verdict.facts


def _signed_anew(**changed: Any) -> Document:
    bare = {name: value for name, value in LISTED.items() if name != "proof"}
    return signed({**bare, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"id": f"{REVOKED_URL}1"},
        {"type": ["VerifiableCredential"]},
        {"validFrom": "2099-01-01T00:00:00Z"},
        {"credentialSubject": {**LISTED["credentialSubject"], "statusPurpose": "suspension"}},
        {"credentialSubject": {**LISTED["credentialSubject"], "encodedList": "uH4sI"}},
        {"evidence": {"type": "VerifiableCredential"}},
        {"issuer": "did:web:civic.example.org:issuers:2"},
    ],
    ids=range(7),
)
def test_another_list_decides_nothing_though_the_issuer_signed_it(changed: Document) -> None:
    world = World()
    world.lists[REVOKED_URL] = _signed_anew()
    assert world.verify(FORMS["json"]).outcome is Outcome.VALID
    world.lists[REVOKED_URL] = _signed_anew(**changed)
    assert world.verify(FORMS["json"]).outcome is Outcome.STATUS_UNKNOWN


def test_an_old_list_decides_nothing() -> None:
    verdict = World().verify(FORMS["json"], NOW + timedelta(days=3651))
    assert verdict.outcome is Outcome.STATUS_UNKNOWN


def test_a_list_of_another_issuer_decides_nothing() -> None:
    other = "did:web:evil.example"
    stranger = Ed25519PrivateKey.generate()
    subject = LISTED["credentialSubject"]
    theirs = documents.status_list_credential(
        url=REVOKED_URL,
        did=other,
        purpose=Purpose.REVOCATION,
        encoded=subject["encodedList"],
        validity=documents.Validity(NOW),
    )
    signed_by_them = proof.sign(theirs, stranger, verification_method=f"{other}#k1", created=NOW)
    world = World(keys={f"{other}#k1": stranger.public_key()})
    world.lists[REVOKED_URL] = signed_by_them
    assert world.verify(FORMS["json"]).outcome is Outcome.STATUS_UNKNOWN


@pytest.mark.parametrize(
    "entry",
    [
        "urn:x:y",
        {"id": "urn:x:y", "type": "StatusList2021Entry"},
        {"id": "urn:x:y", "type": "BitstringStatusListEntry", "statusPurpose": "message"},
        {
            "id": "urn:x:y",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "999999999",
            "statusListCredential": REVOKED_URL,
        },
    ],
    ids=range(4),
)
def test_a_status_that_we_do_not_read_decides_nothing(entry: object) -> None:
    data = token({**badge(), "credentialStatus": entry}).encode()
    assert World().verify(data).outcome is Outcome.STATUS_UNKNOWN


def test_an_endorsement_is_a_credential_of_its_own() -> None:
    endorsement = documents.endorsement_credential(
        id="urn:uuid:00000000-0000-0000-0000-00000000000a",
        issuer=ISSUER,
        name="Conferma delle competenze",
        credential_id=BADGE["id"],
        comment="Ho visto Amina lavorare.",
        validity=documents.Validity(NOW),
        statuses=(documents.Status(REVOKED_URL, INDEX),),
    )
    for data in (in_bytes(signed(endorsement)), token(endorsement).encode()):
        verdict = World().verify(data)
        assert verdict.outcome is Outcome.VALID
        assert verdict.facts
        assert verdict.facts.is_endorsement
        assert verdict.facts.subject == BADGE["id"]


def test_every_outcome_has_words() -> None:
    assert set(VERDICT_WORDS) == set(Outcome)
