"""What one of the two sides promises to do, until it is done."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import update

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.plans.errors import ActionClosed, GoalOfAnotherPlan
from civic.plans.models import Action, Goal
from civic.plans.operations.trail import record_change
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import plan_for
from civic.plans.rules import ActionState, OwedBy


@dataclass(frozen=True)
class NewAction:
    owed_by: OwedBy
    words: str
    language: str
    due_on: date | None = None
    goal_id: UUID | None = None
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def add_action(ctx: Context, plan_id: UUID, new: NewAction) -> UUID:
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    if new.goal_id is not None:
        goal = ctx.db.get(Goal, new.goal_id)
        if goal is None or goal.plan_id != plan.id:
            raise GoalOfAnotherPlan
    action_id = new.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Action,
        id=action_id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        goal_id=new.goal_id,
        owed_by=new.owed_by,
        words=new.words,
        language=new.language,
        due_on=new.due_on,
        state=ActionState.OPEN,
        set_at=ctx.now(),
    )
    if not is_new:
        there = ctx.db.get(Action, action_id)
        if there is None or there.plan_id != plan.id:
            raise NotFound
        return action_id
    record_change(ctx, plan, "set", action=action_id)
    return action_id


def mark_action(ctx: Context, plan_id: UUID, action_id: UUID, state: ActionState) -> None:
    """Done or dropped, or taken up again."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    action = ctx.db.get(Action, action_id)
    if action is None or action.plan_id != plan.id:
        raise NotFound
    from_state = ActionState.OPEN if state is not ActionState.OPEN else action.state
    changed = ctx.db.scalar(
        update(Action)
        .where(Action.id == action_id, Action.state == from_state)
        .values(state=state, changed_at=ctx.now())
        .returning(Action.id)
    )
    if changed is None:
        raise ActionClosed
    record_change(ctx, plan, state.value, action=action_id)
