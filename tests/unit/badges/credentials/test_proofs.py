import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.badges.credentials import contexts, proof
from civic.badges.credentials.canonical import UndefinedTerm, Unreadable, signed_bytes
from civic.badges.credentials.contexts import (
    CREDENTIALS,
    OPEN_BADGES,
    Document,
    ForeignContext,
    SpoiltContext,
)
from tests.factories.credentials import DID, badge, generation, signed

KEY = generation().ed25519.public_key()
BADGE = signed(badge())


def test_a_signed_badge_checks() -> None:
    assert proof.check(BADGE, KEY)


def test_signing_leaves_the_document_as_it_was() -> None:
    before = badge()
    signed(before)
    assert before == badge()


def test_another_key_does_not_check() -> None:
    assert not proof.check(BADGE, Ed25519PrivateKey.generate().public_key())


def test_the_order_of_names_makes_no_difference() -> None:
    assert proof.check(dict(reversed(BADGE.items())), KEY)


Steps = tuple[str | int, ...]


def _strings(value: Any, path: Steps = ()) -> Iterator[Steps]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for name in value:
            yield from _strings(value[name], (*path, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _strings(each, (*path, number))


def _at(document: Document, path: Steps) -> Any:
    value: Any = document
    for step in path:
        value = value[step]
    return value


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_changed_letter_of_any_value_fails(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(_strings(BADGE), key=str)))
    old = _at(BADGE, path)
    place = data.draw(st.integers(0, len(old) - 1))
    letter = data.draw(st.characters(categories=["L", "N"]).filter(lambda x: x != old[place]))
    changed = copy.deepcopy(BADGE)
    _at(changed, path[:-1])[path[-1]] = old[:place] + letter + old[place + 1 :]
    assert not proof.check(changed, KEY)


@pytest.mark.parametrize(
    "path", [("name",), ("credentialSubject", "achievement", "name"), ("evidence", 0, "narrative")]
)
def test_a_value_taken_away_fails(path: Steps) -> None:
    changed = copy.deepcopy(BADGE)
    del _at(changed, path[:-1])[path[-1]]
    assert not proof.check(changed, KEY)


@pytest.mark.parametrize("value", ["x", {"name": "x"}, ["x"], 1])
def test_an_undefined_term_is_neither_signed_nor_taken(value: Any) -> None:
    with pytest.raises(UndefinedTerm, match="colour"):
        signed({**badge(), "colour": value})
    assert not proof.check({**BADGE, "colour": value}, KEY)


def test_an_undefined_term_deep_inside_is_refused() -> None:
    document = badge()
    document["credentialSubject"]["achievement"]["criteria"]["colour"] = "green"
    with pytest.raises(UndefinedTerm, match="colour"):
        signed(document)


@pytest.mark.parametrize("name", ["endorsementJwt", "jti"])
def test_words_that_only_some_copies_of_the_context_hold_are_refused(name: str) -> None:
    with pytest.raises(UndefinedTerm, match=name):
        signed({**badge(), name: "urn:x:y"})


@pytest.mark.parametrize("kind", ["Colour", "urn:a b", "urn:x\n", "urn:<x>"])
def test_a_type_or_address_that_would_fall_out_is_refused(kind: str) -> None:
    with pytest.raises(UndefinedTerm):
        signed({**badge(), "type": ["VerifiableCredential", kind]})
    extra = {"id": kind, "type": "Evidence", "narrative": "a hundred hours"}
    assert not proof.check({**BADGE, "evidence": [*BADGE["evidence"], extra]}, KEY)


def test_a_foreign_context_is_refused() -> None:
    url = "https://example.org/context"
    with pytest.raises(ForeignContext, match=url):
        signed({**badge(), "@context": [CREDENTIALS, OPEN_BADGES, url]})


def test_a_proof_of_another_kind_is_refused() -> None:
    for name, value in [("cryptosuite", "eddsa-jcs-2022"), ("proofPurpose", "authentication")]:
        other = {**BADGE, "proof": {**BADGE["proof"], name: value}}
        with pytest.raises(Unreadable):
            signed_bytes(other)
        assert not proof.check(other, KEY)


def test_a_signature_has_one_spelling() -> None:
    value = BADGE["proof"]["proofValue"]
    for other in (value + " ", value + "\n", value[1:], "z1" + value[1:], "z", ""):
        assert not proof.check({**BADGE, "proof": {**BADGE["proof"], "proofValue": other}}, KEY)


def test_the_contexts_are_those_that_were_pinned() -> None:
    for url in contexts.PINNED:
        assert "@context" in contexts.load(url, {})["document"]


def test_a_context_of_which_one_letter_was_changed_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pinned in contexts.PINNED.values():
        content = (contexts.FOLDER / pinned.file).read_text()
        (tmp_path / pinned.file).write_text(content.replace("schema.org", "schema.orc", 1))
    monkeypatch.setattr(contexts, "FOLDER", tmp_path)
    contexts._read.cache_clear()
    with pytest.raises(SpoiltContext):
        signed(badge())
    contexts._read.cache_clear()


def test_the_official_test_vector_gives_the_official_signature() -> None:
    """W3C Data Integrity EdDSA Cryptosuites 1.0, B.1: key, document and signature."""
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    secret = base58.b58decode("3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")
    key = Ed25519PrivateKey.from_private_bytes(secret[2:])
    public = base58.b58decode("6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    assert key.public_key() == Ed25519PublicKey.from_public_bytes(public[2:])
    document = {
        "@context": [CREDENTIALS, examples],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "did:example:abcdefgh",
            "alumniOf": "The School of Examples",
        },
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": "https://vc.example/issuers/5678"
            "#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "proofPurpose": "assertionMethod",
        },
    }

    def load(url: str, options: Document) -> Document:
        if url != examples:
            return contexts.load(url, options)
        vocabulary = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
        return {"documentUrl": url, "contextUrl": None, "document": vocabulary}

    both = signed_bytes(document, load)
    assert both[32:].hex() == "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017"
    assert base58.b58encode(key.sign(both)).decode() == (
        "21EVs3eXERqTn4acNHT9viboqgzUaQ3kTmhPT3eA8qrVPE7CrQq78WkzctnMX5W4CrzcKnHw8V6dvy5pgWYCU5e9"
    )


def test_the_time_of_a_proof_is_written_in_utc() -> None:
    assert BADGE["proof"]["created"] == "2026-03-14T09:00:00Z"
    assert BADGE["proof"]["verificationMethod"] == f"{DID}#k1"
