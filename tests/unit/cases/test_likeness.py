"""By which facts a person is found again, and which two files may be about one person."""

from collections.abc import Mapping

import pytest

from civic.cases.facts import blocks, pairs, plain_facts, plain_name, sound
from civic.cases.likeness import LIKELY, likeness

Told = Mapping[str, str]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhammad", "Mohamed"),
        ("Youssouf", "Yousef"),
        ("Cheikh", "Sheikh"),
        ("Khadija", "Hadija"),
        ("Abdoulaye", "Abdulay"),
        ("Oumar", "Umar"),
        ("Джамал", "Djamal"),
        ("Ndèye", "Ndeye"),
    ],
)
def test_a_name_sounds_the_same_however_it_is_transliterated(one: str, other: str) -> None:
    assert sound(plain_name(one)) == sound(plain_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Another spelling of both names, and the year alone.
        (
            {"given": "Muhammad", "family": "Dialo", "born": "1998-01-01"},
            {"given": "Mohamed", "family": "Diallo", "born": "1998"},
        ),
        # A surname is missing.
        (
            {"given": "Mohamed", "born": "1998"},
            {"given": "Muhammad", "family": "Diallo", "born": "1998"},
        ),
        # The two names changed places.
        (
            {"given": "Ndiaye", "family": "Babacar", "born": "1990-04-02"},
            {"given": "Babacar", "family": "Ndiaye", "born": "1990-04-02"},
        ),
        # 1 January stands for a day nobody knows.
        (
            {"given": "Fatou", "family": "Sarr", "born": "1995-01-01"},
            {"given": "Fatou", "family": "Sarr", "born": "1995-07-19"},
        ),
        # Another script.
        (
            {"given": "Олена", "family": "Ковальчук", "born": "1988"},
            {"given": "Olena", "family": "Kovalchuk", "born": "1988-03-03"},
        ),
        # A name the mobile unit uses, and the phone.
        (
            {"called": "Babacar", "phone": "+39 333 1234567"},
            {"given": "Babakar", "phone": "3331234567"},
        ),
    ],
)
def test_files_that_may_be_one_person_are_proposed(one: Told, other: Told) -> None:
    assert likeness(one, other).score >= LIKELY
    assert likeness(other, one) == likeness(one, other)
    assert blocks(dict(one)) & blocks(dict(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"given": "Amina", "family": "Hassan", "born": "1990"},
            {"given": "Amina", "family": "Hassan", "born": "1975"},
        ),
        ({"given": "Awa", "born": "1998"}, {"given": "Omar", "born": "1998"}),
        (
            {"given": "Luca", "family": "Ferrari", "born": "2001"},
            {"given": "Marco", "family": "Ferrari", "born": "2001"},
        ),
        ({}, {}),
        ({"given": "Awa"}, {"called": ""}),
    ],
)
def test_files_of_different_people_are_left_in_peace(one: Told, other: Told) -> None:
    assert likeness(one, other).score < LIKELY


def test_a_ground_says_in_words_what_speaks_for_and_against() -> None:
    found = likeness(
        {"given": "Awa", "family": "Sarr", "born": "1998", "gender": "woman"},
        {"given": "Awa", "family": "Sarr", "born": "1999", "gender": "man"},
    )
    assert found.grounds == ("names", "born_otherwise", "gender_otherwise")


def test_facts_are_hashed_in_pairs_so_that_none_can_be_counted_alone() -> None:
    facts = plain_facts({"given": "Awa", "family": "Sarr", "born": "1998-05-30"})
    written = set(pairs(facts))
    assert "pair\x00given\x00awa\x00family\x00sarr" in written
    assert "pair\x00given\x00awa\x00born_on\x001998-05-30" in written
    assert not any("born_on" in text and "born_in" in text for text in written)
    assert all(text.count("\x00") == 4 for text in written)


def test_one_fact_alone_makes_no_pair() -> None:
    assert list(pairs(plain_facts({"born": "1998-05-30"}))) == []
    assert list(pairs(plain_facts({}))) == []


def test_a_birth_known_by_its_year_is_a_fact_and_one_that_is_none_is_left_out() -> None:
    assert plain_facts({"born": "1998"}) == {"born_in": {"1998"}}
    assert plain_facts({"born": "never"}) == {}
    assert plain_facts({"phone": "12", "fiscal_code": " - "}) == {}


def test_numbers_of_other_scripts_and_spaces_do_not_hide_a_phone() -> None:
    assert plain_facts({"phone": "+٣٩ ٣٣٣ ١٢٣٤٥٦٧"}) == plain_facts({"phone": "333-1234567"})
