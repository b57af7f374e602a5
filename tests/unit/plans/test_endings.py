"""When somebody asks again, what it is by then, and what an occupation asks for."""

from datetime import date

import pytest

from civic.catalogue.skills import SKILLS
from civic.plans.endings import (
    ANSWER_NAMES,
    MOVE_NAMES,
    OUTCOME_NAMES,
    FollowUpAnswer,
    MoveState,
    Outcome,
    follow_up_days,
    is_time_to_ask,
    now_is,
)
from civic.plans.occupations import OCCUPATIONS


@pytest.mark.parametrize(
    ("closed_on", "six", "twelve"),
    [
        (date(2026, 3, 14), date(2026, 9, 14), date(2027, 3, 14)),
        (date(2026, 8, 31), date(2027, 2, 28), date(2027, 8, 31)),
        (date(2028, 2, 29), date(2028, 8, 29), date(2029, 2, 28)),
    ],
)
def test_follow_ups_come_after_six_and_twelve_months_on_the_same_day_or_the_months_last(
    closed_on: date, six: date, twelve: date
) -> None:
    assert follow_up_days(closed_on) == {6: six, 12: twelve}


@pytest.mark.parametrize(
    ("today", "is_time"),
    [(date(2026, 8, 30), False), (date(2026, 8, 31), True), (date(2026, 12, 1), True)],
)
def test_it_is_time_to_ask_from_two_weeks_before(today: date, is_time: bool) -> None:
    assert is_time_to_ask(date(2026, 9, 14), today) is is_time


def test_what_it_is_now_is_what_the_last_change_said() -> None:
    assert now_is(Outcome.TRAINING, []) is Outcome.TRAINING
    assert now_is(Outcome.TRAINING, [None, None]) is Outcome.TRAINING
    assert now_is(Outcome.TRAINING, [Outcome.JOB, None]) is Outcome.JOB
    assert now_is(Outcome.TRAINING, [Outcome.JOB, Outcome.INTERRUPTED]) is Outcome.INTERRUPTED


def test_everything_has_a_name() -> None:
    assert set(OUTCOME_NAMES) == set(Outcome)
    assert set(ANSWER_NAMES) == set(FollowUpAnswer)
    assert set(MOVE_NAMES) == set(MoveState)


def test_each_occupation_asks_for_starter_skills_each_once_and_for_some_that_any_work_asks() -> (
    None
):
    assert len(OCCUPATIONS) == 4
    for occupation in OCCUPATIONS.values():
        assert set(occupation.skills) <= set(SKILLS)
        assert len(set(occupation.skills)) == len(occupation.skills)
        fields = [SKILLS[skill].area for skill in occupation.skills]
        assert None in fields
        assert any(fields)
        assert occupation.address == f"http://data.europa.eu/esco/occupation/{occupation.id}"
