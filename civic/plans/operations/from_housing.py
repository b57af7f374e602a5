"""Steps towards a home, told by the housing room: evidence behind goals about housing, and an action
that is done. The system writes, in the plan of the city where the step was taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.plans.models import Action, Evidence, Goal
from civic.plans.operations.trail import record_change
from civic.plans.queries.gate import PlanFacts, plan_of
from civic.plans.rules import ActionState, Domain, EvidenceKind, GoalState, OwedBy


@dataclass(frozen=True)
class StepTold:
    id: UUID
    title: str
    """A sentence marked for translation: every reader sees it in their own language."""
    words: Mapping[str, str]
    """The same as an action says it: first in the person's language, then in Italian."""
    on_day: date


def take_in_step(ctx: Context, municipality_id: UUID, person_id: UUID, step: StepTold) -> bool:
    """Told twice it stands once. False where there is no open plan.

    It stands behind every goal about housing that was not dropped. An action that says the same is
    done; where there is none, one is written down as done, on the first such goal or, in a plan
    without one, on the plan itself, so that the way shows in any case.
    """
    plan = plan_of(ctx, person_id, municipality_id)
    if plan is None:
        return False
    goals = ctx.db.scalars(
        select(Goal.id)
        .where(Goal.plan_id == plan.id, Goal.domain == Domain.HOUSING)
        .where(Goal.state != GoalState.DROPPED)
        .order_by(Goal.set_at, Goal.id)
    ).all()
    for goal_id in goals:
        _put_behind(ctx, plan, goal_id, step)
    _do(ctx, plan, goals[0] if goals else None, step)
    return True


def _put_behind(ctx: Context, plan: PlanFacts, goal_id: UUID, step: StepTold) -> None:
    evidence_id = uuid5(step.id, goal_id.hex)
    is_new = insert_once(
        ctx.db,
        Evidence,
        id=evidence_id,
        municipality_id=plan.municipality_id,
        goal_id=goal_id,
        kind=EvidenceKind.HOUSING,
        title=step.title,
        level="",
        dated_on=step.on_day,
        note="",
        attached_at=ctx.now(),
        taken_off_reason="",
    )
    if is_new:
        record_change(ctx, plan, "put_behind", evidence=evidence_id)


def _do(ctx: Context, plan: PlanFacts, goal_id: UUID | None, step: StepTold) -> None:
    meant = {words.casefold() for words in step.words.values()}
    standing = ctx.db.scalars(
        select(Action)
        .where(Action.plan_id == plan.id, Action.state != ActionState.DROPPED)
        .order_by(Action.set_at, Action.id)
        .with_for_update()
    ).all()
    same = [each for each in standing if each.words.strip().casefold() in meant]
    for each in same:
        if each.state is ActionState.OPEN:
            each.state, each.changed_at = ActionState.DONE, ctx.now()
            ctx.db.flush()
            record_change(ctx, plan, "done", action=each.id)
    if same:
        return
    language, words = next(iter(step.words.items()))
    is_new = insert_once(
        ctx.db,
        Action,
        id=step.id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        goal_id=goal_id,
        owed_by=OwedBy.PERSON,
        words=words,
        language=language,
        state=ActionState.DONE,
        set_at=ctx.now(),
        changed_at=ctx.now(),
    )
    if is_new:
        record_change(ctx, plan, "done", action=step.id)
