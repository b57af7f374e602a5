"""Choosing what a plan walks towards, and choosing anew."""

from uuid import UUID

from sqlalchemy import delete

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.plans.errors import OccupationUnknown
from civic.plans.models import PlanOccupation
from civic.plans.occupations import OCCUPATIONS
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, plan_for
from civic.plans.queries.occupations import Steps, steps_of


def choose_occupation(ctx: Context, plan_id: UUID, occupation: str) -> bool:
    """True when the plan did not have it yet."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    if occupation not in OCCUPATIONS:
        raise OccupationUnknown
    row_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        PlanOccupation,
        id=row_id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        occupation=occupation,
        chosen_at=ctx.now(),
    )
    if is_new:
        record_change(ctx, plan, "occupation_chosen", occupation=row_id)
    return is_new


def drop_occupation(ctx: Context, plan_id: UUID, occupation: UUID) -> None:
    """One that is gone already stays so; one that never was is not found."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    if str(occupation) not in OCCUPATIONS:
        raise NotFound
    gone = ctx.db.scalar(
        delete(PlanOccupation)
        .where(PlanOccupation.plan_id == plan.id, PlanOccupation.occupation == str(occupation))
        .returning(PlanOccupation.id)
        .execution_options(synchronize_session=False)
    )
    if gone is not None:
        record_change(ctx, plan, "occupation_dropped", occupation=gone)


def read_steps(ctx: Context, plan_id: UUID, language: str) -> tuple[PlanFacts, list[Steps]]:
    """For the case worker; that the plan was read is on record, so this is a change."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    return plan, steps_of(ctx, plan.person_id, [plan], language).get(plan.id, [])
