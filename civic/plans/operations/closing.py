"""Closing a plan with what it ended in, and taking it up again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.endings import MoveState, Outcome, follow_up_days
from civic.plans.errors import (
    ClosedBeforePlan,
    ClosedInFuture,
    NewerPlan,
    PlanClosed,
    PlanNotClosed,
    PlanOnItsWay,
    ReasonMissing,
)
from civic.plans.models import Closing, FollowUp, Plan, PlanMove
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.closings import ClosingRow, closings_of
from civic.plans.queries.gate import PlanFacts, plan_for


@dataclass(frozen=True)
class End:
    outcome: Outcome
    closed_on: date
    note: str = ""


def read_closings(ctx: Context, plan_id: UUID) -> tuple[PlanFacts, list[ClosingRow]]:
    """For the case worker; that the plan was read is on record, so this is a change."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    return plan, closings_of(ctx, [plan.id]).get(plan.id, [])


def close_plan(ctx: Context, plan_id: UUID, end: End) -> None:
    """Two follow-ups come due. The same form sent twice closes the plan once."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    began_on = rome_day(plan.agreed_at)
    if end.closed_on > rome_day(ctx.now()):
        raise ClosedInFuture
    if end.closed_on < began_on:
        raise ClosedBeforePlan(day=began_on)
    closing_id = conclude(ctx, plan.id, plan.municipality_id, end, ctx.actor.own_id)
    if closing_id is None:
        _check_the_same(ctx, plan, end)
        return
    _end_proposal(ctx, plan)
    ctx.db.add_all(
        FollowUp(
            id=ctx.new_id(),
            municipality_id=plan.municipality_id,
            closing_id=closing_id,
            months=months,
            due_on=due_on,
        )
        for months, due_on in follow_up_days(end.closed_on).items()
    )
    ctx.db.flush()
    record_change(ctx, plan, "closed", closing=closing_id)


def conclude(
    ctx: Context, plan_id: UUID, municipality_id: UUID, end: End, closed_by: UUID
) -> UUID | None:
    """From now on nothing of the plan changes: what is being changed is waited for. None when it
    was closed before."""
    closed = ctx.db.scalar(
        update(Plan)
        .where(Plan.id == plan_id, Plan.closed_at.is_(None))
        .values(closed_at=ctx.now())
        .returning(Plan.id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        return None
    closing = Closing(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        plan_id=plan_id,
        outcome=end.outcome,
        closed_on=end.closed_on,
        note=end.note,
        closed_by=closed_by,
        closed_at=ctx.now(),
    )
    ctx.db.add(closing)
    ctx.db.flush()
    return closing.id


def _check_the_same(ctx: Context, plan: PlanFacts, end: End) -> None:
    there = next((row for row in closings_of(ctx, [plan.id])[plan.id] if row.is_standing), None)
    if there is None or end != End(there.outcome, there.closed_on, there.note):
        raise PlanClosed


def _end_proposal(ctx: Context, plan: PlanFacts) -> None:
    """What the person has not answered is off the table; what they sent on must come back first."""
    moves = ctx.db.scalars(
        select(PlanMove.state).where(
            PlanMove.plan_id == plan.id, PlanMove.state == MoveState.AGREED
        )
    ).all()
    if moves:
        raise PlanOnItsWay
    ctx.db.execute(
        update(PlanMove)
        .where(PlanMove.plan_id == plan.id, PlanMove.state == MoveState.PROPOSED)
        .values(state=MoveState.CALLED_BACK, ended_at=ctx.now())
        .execution_options(synchronize_session=False)
    )


def reopen_plan(ctx: Context, plan_id: UUID, reason: str) -> None:
    """Its end stays on record with the reason; follow-ups of it are no longer asked."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    if not reason.strip():
        raise ReasonMissing
    if not _open_again(ctx, plan.id):
        there = closings_of(ctx, [plan.id]).get(plan.id, [])
        if not there or there[0].reason != reason:
            raise PlanNotClosed
        return
    closing_id = ctx.db.scalar(
        update(Closing)
        .where(Closing.plan_id == plan.id, Closing.reopened_at.is_(None))
        .values(reopened_at=ctx.now(), reason=reason)
        .returning(Closing.id)
        .execution_options(synchronize_session=False)
    )
    assert closing_id is not None  # noqa: S101 - a closed plan has one that stands
    record_change(ctx, plan, "reopened", closing=closing_id)


def _open_again(ctx: Context, plan_id: UUID) -> bool:
    try:
        with ctx.db.begin_nested():
            opened = ctx.db.scalar(
                update(Plan)
                .where(Plan.id == plan_id, Plan.closed_at.is_not(None))
                .values(closed_at=None)
                .returning(Plan.id)
                .execution_options(synchronize_session=False)
            )
    except IntegrityError:
        # Of one city a person has one open plan, and it is another by now.
        raise NewerPlan from None
    return opened is not None
