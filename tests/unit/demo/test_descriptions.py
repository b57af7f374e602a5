"""The demonstration as it is described, before any row is made of it."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import phonenumbers
import pytest

from civic.accounts.contacts import read_contact
from civic.accounts.rules import MINIMUM_AGE
from civic.catalogue.rules import Area
from civic.catalogue.skills import SKILLS
from civic.demo.bulk.scale import CITY, NETWORK, shares
from civic.demo.ids import Kind, made_id
from civic.demo.loader import SIGN_INS
from civic.demo.offer import PROJECTS
from civic.demo.passes import made_code
from civic.demo.people import (
    ELSEWHERE,
    FIRST_NUMBER,
    IN_POTENZA,
    LAST_NUMBER,
    PEOPLE,
    contact_of,
)
from civic.demo.places import ASSOCIATIONS, CITIES, INSURERS
from civic.demo.shape import DemoProject, Meeting
from civic.demo.staff import STAFF, WITH_SIGN_IN
from civic.kernel.clock import ROME
from civic.kernel.i18n import LANGUAGES, SPOKEN
from civic.kernel.policy import Role

PUBLISHED = [project for project in PROJECTS if project.ending == "published"]


def test_potenza_has_65_participants_of_14_nationalities() -> None:
    assert len(IN_POTENZA) == 65
    assert len({person.nationality for person in IN_POTENZA}) == 14
    assert {person.city for person in IN_POTENZA} == {"potenza"}
    assert {person.city for person in ELSEWHERE} == set(CITIES) - {"potenza"}


def test_names_are_told_apart_and_some_are_one_word_or_in_other_letters() -> None:
    names = [person.name for person in PEOPLE]
    assert len(set(names)) == len(names)
    assert sum(" " not in name for name in names) > 20
    for first, last in ("آي", "অহ", "АЯ"):
        assert any(first <= name[0] <= last for name in names)


def test_everybody_speaks_and_reads_languages_that_the_pages_know() -> None:
    tags = {language.tag for language in LANGUAGES}
    for person in PEOPLE:
        assert set(person.languages) <= set(SPOKEN)
        assert person.page_language in tags


def test_two_minors_have_a_guardian_and_nobody_is_too_young() -> None:
    minors = [person for person in PEOPLE if person.guardian]
    assert len(minors) == 2
    assert all(MINIMUM_AGE < person.age < 18 for person in minors)
    # By the year alone somebody of 18 may still be a minor: then a guardian would be missing.
    assert all(person.age > 18 for person in PEOPLE if not person.guardian)


def test_contacts_ring_nowhere_and_can_be_typed_at_sign_in() -> None:
    contacts = [contact_of(position) for position in range(len(PEOPLE))]
    assert len(set(contacts)) == len(contacts)
    for kind, value in contacts:
        assert read_contact(value).value == value
        if kind == "phone":
            assert phonenumbers.is_valid_number(phonenumbers.parse(value))
            assert FIRST_NUMBER <= int(value) <= LAST_NUMBER
        else:
            assert value.endswith("@example.org")


def test_each_role_has_a_sign_in() -> None:
    assert {person.role for person in WITH_SIGN_IN} == set(Role)
    assert len(SIGN_INS) == len(WITH_SIGN_IN) + 1
    assert all(person.sign_in_name.endswith("@example.org") for person in WITH_SIGN_IN)


def test_about_twenty_projects_over_the_three_areas_and_six_cities() -> None:
    assert 20 <= len(PUBLISHED) <= 25
    assert {project.area for project in PUBLISHED} == set(Area)
    assert {project.city for project in PUBLISHED} == set(CITIES)
    others = Counter(project.ending for project in PROJECTS if project not in PUBLISHED)
    assert others == {"draft": 1, "submitted": 1, "sent_back": 1}


@pytest.mark.parametrize("project", PUBLISHED, ids=lambda project: project.key)
def test_published_projects_can_be_read_in_every_page_language(project: DemoProject) -> None:
    assert set(project.words) == {language.tag for language in LANGUAGES}
    for language, words in project.words.items():
        assert 0 < len(words.title) <= 120
        assert words.what_you_do
        assert bool(words.what_to_bring) == bool(project.words["it"].what_to_bring)
        is_arabic = any("؀" <= letter <= "ۿ" for letter in words.title)
        assert is_arabic == (language == "ar")
    assert len({words.title for words in project.words.values()}) == len(project.words)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.key)
def test_projects_are_posted_by_an_association_that_their_city_verified(
    project: DemoProject,
) -> None:
    body = next(body for body in ASSOCIATIONS if body.key == project.association)
    assert project.city in body.cities
    assert body.key in INSURERS
    assert set(project.skills) <= set(SKILLS)
    assert set(project.languages) <= set(SPOKEN)
    assert any(
        person.role is Role.ORGANISER
        and (person.association, person.city) == (project.association, project.city)
        for person in STAFF
    )


def test_titles_tell_a_citys_projects_apart() -> None:
    titles = [(project.city, project.words["it"].title) for project in PROJECTS]
    assert len(set(titles)) == len(titles)


def test_a_rhythm_gives_the_same_days_whenever_it_is_asked() -> None:
    meeting = Meeting(5, time(10), 3, 12, "Piazza", every=2)
    early = meeting.days(date(2026, 1, 1), date(2026, 3, 31))
    late = meeting.days(date(2026, 2, 10), date(2026, 3, 31))
    assert late == [day for day in early if day >= date(2026, 2, 10)]
    assert all(day.weekday() == 5 for day in early)
    assert {after - before for before, after in pairwise(early)} == {timedelta(weeks=2)}


def test_a_session_keeps_its_hour_on_the_wall_across_summer_time() -> None:
    meeting = Meeting(6, time(9, 30), 3, 12, "Piazza")
    for day in meeting.days(date(2026, 3, 20), date(2026, 4, 10)):
        assert meeting.span(day)[0].astimezone(ROME).time() == time(9, 30)


def test_made_identifiers_are_version_7_and_never_shared() -> None:
    at = datetime(2026, 3, 14, 9, tzinfo=UTC)
    ids = [made_id(kind, number, at) for kind in Kind for number in range(50)]
    assert len(set(ids)) == len(ids)
    assert all(UUID(str(each)).version == 7 for each in ids)


def test_made_codes_are_never_shared() -> None:
    assert len({made_code(number) for number in range(20_000)}) == 20_000


@pytest.mark.parametrize(("total", "parts"), [(2_000, 22), (20_000, 22), (7, 3), (2, 3)])
def test_shares_leave_nothing_over(total: int, parts: int) -> None:
    dealt = shares(total, parts)
    assert [number for share in dealt for number in share] == list(range(total))
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1


def test_scales_are_those_of_the_issue() -> None:
    assert (CITY.projects, CITY.participants, CITY.check_events) == (2_000, 20_000, 200_000)
    assert NETWORK.projects == 10 * CITY.projects
    assert NETWORK.participants == 10 * CITY.participants
    assert NETWORK.check_events == 10 * CITY.check_events
    assert CITY.visits_per_session == NETWORK.visits_per_session == 10
