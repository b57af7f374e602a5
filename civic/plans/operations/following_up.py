"""Months after a plan has ended: what became of it, written down once."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import update

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.endings import FollowUpAnswer, Outcome
from civic.plans.errors import FollowUpAnswered, FollowUpDay, FollowUpTooEarly, NothingChanged
from civic.plans.models import FollowUp
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.closings import ClosingRow, FollowUpRow, follow_up_for
from civic.plans.queries.gate import PlanFacts


@dataclass(frozen=True)
class Found:
    """What somebody found when they asked."""

    answer: FollowUpAnswer
    asked_on: date
    outcome: Outcome | None = None
    """What it has become, where it changed."""
    note: str = ""


def read_follow_up(
    ctx: Context, plan_id: UUID, follow_up_id: UUID
) -> tuple[PlanFacts, ClosingRow, FollowUpRow]:
    """For the case worker; that the plan was read is on record, so this is a change."""
    found = follow_up_for(ctx, plan_id, follow_up_id, WORK_ON_PLANS)
    record_reading(ctx, found[0])
    return found


def answer_follow_up(ctx: Context, plan_id: UUID, follow_up_id: UUID, found: Found) -> None:
    """The same answer sent twice is one."""
    plan, closing, follow_up = follow_up_for(ctx, plan_id, follow_up_id, WORK_ON_PLANS)
    _check(ctx, closing, follow_up, found)
    outcome = found.outcome if found.answer is FollowUpAnswer.CHANGED else None
    written = ctx.db.scalar(
        update(FollowUp)
        .where(FollowUp.id == follow_up_id, FollowUp.answer.is_(None))
        .values(
            answer=found.answer,
            outcome=outcome,
            asked_on=found.asked_on,
            note=found.note,
            answered_at=ctx.now(),
            answered_by=ctx.actor.own_id,
        )
        .returning(FollowUp.id)
        .execution_options(synchronize_session=False)
    )
    if written is None:
        _check_the_same(ctx, follow_up_id, found, outcome)
        return
    record_change(ctx, plan, "followed_up", follow_up=follow_up_id)


def _check(ctx: Context, closing: ClosingRow, follow_up: FollowUpRow, found: Found) -> None:
    today = rome_day(ctx.now())
    if not follow_up.is_time:
        raise FollowUpTooEarly(day=follow_up.due_on)
    if not closing.closed_on < found.asked_on <= today:
        raise FollowUpDay(day=closing.closed_on)
    is_new = found.answer is FollowUpAnswer.CHANGED and follow_up.answer is None
    if is_new and found.outcome in (None, closing.outcome_now):
        raise NothingChanged


def _check_the_same(
    ctx: Context, follow_up_id: UUID, found: Found, outcome: Outcome | None
) -> None:
    there = ctx.db.get_one(FollowUp, follow_up_id, populate_existing=True)
    if (there.answer, there.outcome, there.asked_on, there.note) != (
        found.answer,
        outcome,
        found.asked_on,
        found.note,
    ):
        raise FollowUpAnswered
