"""What the trail says of plans: who read one, who changed what of it."""

from uuid import UUID

from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.plans.queries.gate import PlanFacts


def record_reading(ctx: Context, plan: PlanFacts) -> None:
    audit.record(
        ctx, plan.municipality_id, "plan.read", subject_id=plan.person_id, thing_id=plan.id
    )


def record_change(ctx: Context, plan: PlanFacts, what: str, **things: UUID) -> None:
    """Never the words nor the scores themselves: only of which thing."""
    audit.record(
        ctx,
        plan.municipality_id,
        "plan.changed",
        subject_id=plan.person_id,
        thing_id=plan.id,
        details={"what": what} | {name: str(thing) for name, thing in things.items()},
    )
