"""What both sides promise: written down, marked, and seen by the two alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from civic.audit.models import AuditEntry
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.plans import privacy
from civic.plans.errors import ActionClosed, GoalOfAnotherPlan
from civic.plans.operations import actions
from civic.plans.operations.actions import NewAction
from civic.plans.queries.plans import my_plans
from civic.plans.rules import ActionState, OwedBy
from tests.factories.accounts import actor_of, make_person
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import make_action, make_goal, make_plan

Acting = Callable[[Actor], AbstractContextManager[Context]]
TODAY = date(2026, 3, 14)
CALL = NewAction(OwedBy.SERVICE, "Call the school", "en", TODAY)


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


def test_an_action_stands_in_the_plan_with_who_owes_it_and_by_when(
    acting: Acting, desk: Desk
) -> None:
    with acting(desk.worker) as ctx:
        actions.add_action(ctx, desk.plan_id, CALL)
    with acting(desk.person) as ctx:
        (action,) = my_plans(ctx)[0].actions
    assert (action.owed_by, action.words, action.due_on) == (OwedBy.SERVICE, CALL.words, TODAY)
    assert (action.state, action.is_overdue) == (ActionState.OPEN, False)


def test_an_action_can_serve_a_goal_of_the_same_plan_only(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = make_goal(ctx, desk.city, desk.plan_id)
        other = make_person(ctx, "Other", desk.city)
        assert desk.worker.person_id
        other_plan = make_plan(ctx, desk.city, other, desk.worker.person_id)
        other_goal = make_goal(ctx, desk.city, other_plan)
        action_of_other = make_action(ctx, desk.city, other_plan)
    with acting(desk.worker) as ctx:
        action = NewAction(OwedBy.PERSON, "x", "it", None, goal_id)
        actions.add_action(ctx, desk.plan_id, action)
    action = NewAction(OwedBy.PERSON, "x", "it", None, other_goal)
    with pytest.raises(GoalOfAnotherPlan), acting(desk.worker) as ctx:
        actions.add_action(ctx, desk.plan_id, action)
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        actions.mark_action(ctx, desk.plan_id, action_of_other, ActionState.DONE)


def test_an_action_is_marked_once_and_can_be_taken_up_again(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        action_id = actions.add_action(ctx, desk.plan_id, CALL)
    with acting(desk.worker) as ctx:
        actions.mark_action(ctx, desk.plan_id, action_id, ActionState.DONE)
    with pytest.raises(ActionClosed), acting(desk.worker) as ctx:
        actions.mark_action(ctx, desk.plan_id, action_id, ActionState.DROPPED)
    with acting(desk.worker) as ctx:
        actions.mark_action(ctx, desk.plan_id, action_id, ActionState.OPEN)
        actions.mark_action(ctx, desk.plan_id, action_id, ActionState.DROPPED)
        said = list(ctx.db.scalars(select(AuditEntry.details).order_by(AuditEntry.number)))
    assert [line["what"] for line in said] == ["set", "done", "open", "dropped"]
    assert all(line.keys() == {"what", "action"} for line in said)


def test_what_is_to_do_comes_first_by_its_day_and_what_is_past_is_overdue(
    acting: Acting, desk: Desk
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        for words, days, state in (
            ("done", -9, ActionState.DONE), ("some day", None, ActionState.OPEN),
            ("tomorrow", 1, ActionState.OPEN), ("yesterday", -1, ActionState.OPEN),
        ):  # fmt: skip
            due_on = None if days is None else TODAY + timedelta(days=days)
            make_action(ctx, desk.city, desk.plan_id, words, due_on=due_on, state=state)
    with acting(desk.person) as ctx:
        found = [(row.words, row.is_overdue) for row in my_plans(ctx)[0].actions]
    assert found == [("yesterday", True), ("tomorrow", False), ("some day", False), ("done", False)]


def test_nobody_else_adds_or_marks_an_action(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        action_id = make_action(ctx, desk.city, desk.plan_id)
        others = [actor_of(ctx, other) for other in make_others(ctx, desk).values()]
    for other in (*others, desk.person):
        with pytest.raises(NotFound), acting(other) as ctx:
            actions.add_action(ctx, desk.plan_id, CALL)
        with pytest.raises(NotFound), acting(other) as ctx:
            actions.mark_action(ctx, desk.plan_id, action_id, ActionState.DONE)


def test_a_person_takes_what_was_promised_away(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        actions.add_action(ctx, desk.plan_id, CALL)
    with acting(desk.person) as ctx:
        assert desk.person.person_id
        (taken,) = privacy.export(ctx, desk.person.person_id)["plans"]
    (action,) = taken["actions"]
    assert (action["owed_by"], action["words"], action["due"], action["state"]) == (
        "service", "Call the school", "2026-03-14", "open",
    )  # fmt: skip
