from datetime import date, timedelta
from uuid import UUID

import pytest

from civic.kernel.policy import Actor, Grant, Place, Role
from civic.plans.policy import READ_OWN_PLAN, WORK_ON_PLANS
from civic.plans.rules import (
    ACTION_STATE_NAMES,
    DOMAIN_NAMES,
    DUE_NAMES,
    OWED_BY_NAMES,
    SOON,
    STATE_NAMES,
    ActionState,
    Domain,
    Due,
    GoalState,
    OwedBy,
    due,
    is_overdue,
    next_review,
    supports,
)

POTENZA, CASERTA, PERSON, OTHER = (UUID(int=number) for number in range(1, 5))


def test_one_skill_in_common_makes_a_badge_evidence() -> None:
    assert supports(["prune", "plant"], ["plant", "team"])


def test_a_goal_that_asks_for_no_skill_takes_no_badge() -> None:
    assert not supports([], ["plant"])
    assert not supports(["prune"], [])
    assert not supports(["prune"], ["plant"])


def test_every_domain_and_state_has_a_name() -> None:
    assert set(DOMAIN_NAMES) == set(Domain)
    assert set(STATE_NAMES) == set(GoalState)


def test_case_workers_and_officers_work_on_plans_and_only_in_their_city() -> None:
    for role in (Role.CASE_WORKER, Role.OFFICER):
        actor = Actor(PERSON, grants=(Grant(role, POTENZA),))
        assert WORK_ON_PLANS.allows(actor, Place(POTENZA))
        assert not WORK_ON_PLANS.allows(actor, Place(CASERTA))
    for role in set(Role) - {Role.CASE_WORKER, Role.OFFICER}:
        assert not WORK_ON_PLANS.allows(Actor(PERSON, grants=(Grant(role, POTENZA),)))


def test_a_person_reads_their_own_plan_only() -> None:
    assert READ_OWN_PLAN.allows(Actor(PERSON), Place(person_id=PERSON))
    assert not READ_OWN_PLAN.allows(Actor(PERSON), Place(person_id=OTHER))


def test_every_choice_of_actions_and_reviews_has_a_name() -> None:
    assert set(OWED_BY_NAMES) == set(OwedBy)
    assert set(ACTION_STATE_NAMES) == set(ActionState)
    assert set(DUE_NAMES) == set(Due)


TODAY = date(2026, 3, 14)
DAY = timedelta(days=1)


def test_an_action_is_overdue_from_the_day_after_and_only_while_it_is_to_do() -> None:
    assert not is_overdue(ActionState.OPEN, TODAY, TODAY)
    assert is_overdue(ActionState.OPEN, TODAY - DAY, TODAY)
    assert not is_overdue(ActionState.OPEN, None, TODAY)
    assert not is_overdue(ActionState.DONE, TODAY - DAY, TODAY)
    assert not is_overdue(ActionState.DROPPED, TODAY - DAY, TODAY)


@pytest.mark.parametrize(
    ("held_on", "months", "day"),
    [
        (date(2026, 3, 14), 1, date(2026, 4, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
    ],
)
def test_the_next_review_is_on_the_same_day_of_its_month_or_on_the_last(
    held_on: date, months: int, day: date
) -> None:
    assert next_review(held_on, months) == day


def test_how_a_review_presses() -> None:
    assert due(None, is_open=False, today=TODAY) is Due.NEVER
    assert due(TODAY - DAY, is_open=True, today=TODAY) is Due.UNDER_WAY
    assert due(TODAY - DAY, is_open=False, today=TODAY) is Due.OVERDUE
    assert due(TODAY, is_open=False, today=TODAY) is Due.SOON
    assert due(TODAY + SOON, is_open=False, today=TODAY) is Due.SOON
    assert due(TODAY + SOON + DAY, is_open=False, today=TODAY) is Due.LATER
