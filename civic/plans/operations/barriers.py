"""What stands in the way, until it is overcome."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.plans.models import Barrier
from civic.plans.operations.trail import record_change
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, plan_for
from civic.plans.rules import Domain


@dataclass(frozen=True)
class NewBarrier:
    domain: Domain
    words: str
    language: str
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def add_barrier(ctx: Context, plan_id: UUID, new: NewBarrier) -> UUID:
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    barrier_id = new.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Barrier,
        id=barrier_id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        domain=new.domain,
        words=new.words,
        language=new.language,
        set_at=ctx.now(),
    )
    if not is_new:
        _barrier(ctx, plan, barrier_id)
        return barrier_id
    record_change(ctx, plan, "set", barrier=barrier_id)
    return barrier_id


def mark_barrier(ctx: Context, plan_id: UUID, barrier_id: UUID, *, is_overcome: bool) -> None:
    """Overcome today, or back in the way. A second time it stays as it is."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    barrier = _barrier(ctx, plan, barrier_id)
    if is_overcome is (barrier.overcome_on is not None):
        return
    barrier.overcome_on = rome_day(ctx.now()) if is_overcome else None
    ctx.db.flush()
    record_change(ctx, plan, "overcome" if is_overcome else "open", barrier=barrier_id)


def _barrier(ctx: Context, plan: PlanFacts, barrier_id: UUID) -> Barrier:
    found = ctx.db.scalars(
        select(Barrier)
        .where(Barrier.id == barrier_id, Barrier.plan_id == plan.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found
