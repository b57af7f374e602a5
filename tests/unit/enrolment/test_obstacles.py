"""What stands between somebody and a project."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.catalogue.rules import Requirement, RequirementKind
from civic.enrolment.obstacles import (
    Candidate,
    ObstacleKind,
    obstacles,
    old_enough_on,
    shares_no_language,
)
from civic.enrolment.rules import EnrolmentState, is_old_enough

TODAY = date(2026, 3, 14)
NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
SKILL = Requirement(RequirementKind.SKILL, "51097602-8e4e-4830-8f35-d77afc713fc0")
BADGE = Requirement(RequirementKind.BADGE, "green-12")


def kinds(candidate: Candidate, minimum_age: int = 14, *missing: Requirement) -> list[str]:
    return [item.kind.value for item in obstacles(candidate, minimum_age, missing, TODAY)]


def test_nothing_stands_in_the_way_of_an_adult_who_can_show_what_is_asked() -> None:
    assert kinds(Candidate(1995, ("fr",), is_consented=False)) == []


def test_unknown_year_is_an_obstacle_and_so_is_the_guardian_nobody_can_rule_out() -> None:
    assert kinds(Candidate(None, (), is_consented=False)) == ["age_unknown", "consent"]


def test_too_young_says_from_which_day_they_are_old_enough() -> None:
    found = obstacles(Candidate(2010, (), is_consented=True), 16, (), TODAY)

    assert [(item.kind, item.until) for item in found] == [
        (ObstacleKind.TOO_YOUNG, date(2026, 12, 31))
    ]


@given(st.integers(1930, 2020), st.integers(14, 30))
def test_from_that_day_on_and_not_before_they_are_old_enough(year: int, minimum: int) -> None:
    day = old_enough_on(year, minimum)

    assert is_old_enough(year, minimum, day)
    assert not is_old_enough(year, minimum, day - timedelta(days=1))


def test_each_missing_skill_and_badge_is_named() -> None:
    found = obstacles(Candidate(1995, (), is_consented=False), 14, (SKILL, BADGE), TODAY)

    assert [(item.kind, item.value) for item in found] == [
        (ObstacleKind.SKILL, SKILL.value),
        (ObstacleKind.BADGE, "green-12"),
    ]


def test_who_is_in_is_not_asked_for_what_the_project_wants_of_newcomers() -> None:
    inside = Candidate(1995, (), is_consented=False, state=EnrolmentState.ACTIVE)

    assert kinds(inside, 14, SKILL) == []


@pytest.mark.parametrize(("days", "expected"), [(0, ["not_now"]), (13, ["not_now"]), (14, [])])
def test_a_not_now_holds_for_two_weeks(days: int, expected: list[str]) -> None:
    answered = Candidate(
        1995,
        (),
        is_consented=False,
        state=EnrolmentState.REJECTED,
        decided_at=NOW - timedelta(days=days),
        decision_reason="Siamo al completo.",
    )

    assert kinds(answered) == expected


def test_only_the_guardian_leaves_joining_open() -> None:
    found = obstacles(Candidate(2010, (), is_consented=False), 14, (SKILL,), TODAY)

    assert {item.kind: item.stops_joining for item in found} == {
        ObstacleKind.SKILL: True,
        ObstacleKind.CONSENT: False,
    }


@pytest.mark.parametrize(
    ("own", "there", "expected"),
    [
        (("bn",), ("it", "fr"), True),
        (("bn", "fr"), ("it", "fr"), False),
        ((), ("it",), False),
        (("bn",), (), False),
    ],
)
def test_a_language_is_a_notice_only_where_both_sides_are_known(
    own: tuple[str, ...], there: tuple[str, ...], expected: bool
) -> None:
    assert shares_no_language(own, there) is expected
