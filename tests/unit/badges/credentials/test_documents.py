import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from civic.badges.credentials import documents
from civic.badges.credentials.digests import digest, hexadecimal
from tests.factories.credentials import ACHIEVEMENT, BOTH, EVIDENCE, ISSUER, NOW, badge, signed


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def test_every_value_that_was_passed_in_stands_in_the_badge() -> None:
    text = json.dumps(badge(), ensure_ascii=False)
    facts = ACHIEVEMENT
    for value in (
        ISSUER.did, ISSUER.name, facts.id, facts.name, facts.description, facts.criteria,
        facts.image, facts.related[0].id, facts.skills[0].url, facts.skills[1].name,
        EVIDENCE.narrative, '"745"', '"4"', digest(EVIDENCE.ledger_hash), UUID(int=8).urn,
    ):  # fmt: skip
        assert value
        assert value in text


def test_nothing_that_points_to_a_person_stands_in_it() -> None:
    names = {name for each in _objects(badge()) for name in each}
    assert not names & {
        "email", "givenName", "familyName", "dateOfBirth", "phone", "identifier", "address",
    }  # fmt: skip


def test_no_word_stands_in_two_languages_at_once() -> None:
    """Verifiers refuse language maps; another language is another achievement."""
    for each in _objects(badge()):
        assert not {"@language", "@value", "it", "en"} & set(each)
    assert badge()["credentialSubject"]["achievement"]["inLanguage"] == "it"


def test_two_badges_of_one_person_share_no_subject() -> None:
    assert documents.Subject(UUID(int=1)).urn != documents.Subject(UUID(int=2)).urn
    assert documents.Subject(UUID(int=1)).urn.startswith("urn:uuid:")


def test_one_status_stands_alone_and_two_in_a_list() -> None:
    assert badge(statuses=BOTH[:1])["credentialStatus"]["statusListIndex"] == "4711"
    purposes = [each["statusPurpose"] for each in badge()["credentialStatus"]]
    assert purposes == ["revocation", "suspension"]
    assert "credentialStatus" not in badge(statuses=())


def test_the_least_that_an_achievement_can_say_is_signed_as_well() -> None:
    bare = replace(ACHIEVEMENT, related=(), image=None, skills=(), level=None)
    document = documents.achievement_credential(
        id="urn:uuid:00000000-0000-0000-0000-000000000001",
        issuer=replace(ISSUER, url=None),
        achievement=bare,
        subject=documents.Subject(UUID(int=1)),
        evidence=EVIDENCE,
        validity=documents.Validity(NOW),
    )
    assert signed(document)["proof"]["type"] == "DataIntegrityProof"
    assert len(document["credentialSubject"]["result"]) == 2


def test_a_digest_comes_back_as_it_went_in() -> None:
    assert hexadecimal(digest("5e" * 32)) == "5e" * 32


@pytest.mark.parametrize("text", [None, 1, "", "u", "z5e", "uöö", digest("5e" * 32)[:-2], "u5e5e"])
def test_what_is_no_digest_is_none(text: object) -> None:
    assert hexadecimal(text) is None
