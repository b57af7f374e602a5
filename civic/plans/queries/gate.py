"""The way to a plan: its own case worker, and the person it is about. Nobody else.

Colleagues, officers, organisers, coordinators and administrators get the answer for a plan that
is not there.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place
from civic.plans.errors import PlanClosed
from civic.plans.models import Plan
from civic.plans.policy import READ_OWN_PLAN


@dataclass(frozen=True)
class PlanFacts:
    """A plan behind its gate."""

    id: UUID
    municipality_id: UUID
    person_id: UUID
    case_worker_id: UUID
    agreed_at: datetime
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


def plan_for(
    ctx: Context, plan_id: UUID, permission: Permission, *, closed_too: bool = False
) -> PlanFacts:
    """The gate: the plan's own case worker, for as long as they hold that role in that city.

    A closed plan is let through only to be read, or for what comes after its end.
    """
    row = _row(ctx, plan_id, closed_too=closed_too)
    if row is None or row.case_worker_id != ctx.actor.person_id:
        raise NotFound
    permission.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return _open(row, closed_too=closed_too)


def plan_of(ctx: Context, person_id: UUID, municipality_id: UUID) -> PlanFacts | None:
    """The open one."""
    row = ctx.db.scalars(
        select(Plan)
        .where(Plan.person_id == person_id)
        .where(Plan.municipality_id == municipality_id)
        .where(Plan.closed_at.is_(None))
    ).first()
    return _facts(row) if row else None


def own_plan(ctx: Context, plan_id: UUID, *, closed_too: bool = False) -> PlanFacts:
    """The gate of the person the plan is about; of a closed plan as above."""
    row = _row(ctx, plan_id, closed_too=closed_too)
    if row is None:
        raise NotFound
    READ_OWN_PLAN.require(ctx.actor, Place(person_id=row.person_id))
    return _open(row, closed_too=closed_too)


def plans_about_oneself(ctx: Context) -> list[PlanFacts]:
    """One for each city that follows the actor, and after them those that are closed."""
    READ_OWN_PLAN.require(ctx.actor)
    rows = ctx.db.scalars(
        select(Plan)
        .where(Plan.person_id == ctx.actor.person_id)
        .order_by(Plan.closed_at.is_not(None), Plan.opened_at, Plan.id)
    )
    return [_facts(row) for row in rows]


def _row(ctx: Context, plan_id: UUID, *, closed_too: bool) -> Plan | None:
    """What is going to change holds the plan open: whoever closes it waits for its end."""
    statement = select(Plan).where(Plan.id == plan_id)
    if not closed_too:
        statement = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return ctx.db.scalars(statement).first()


def _open(row: Plan, *, closed_too: bool) -> PlanFacts:
    if row.closed_at is not None and not closed_too:
        raise PlanClosed
    return _facts(row)


def _facts(row: Plan) -> PlanFacts:
    return PlanFacts(
        row.id,
        row.municipality_id,
        row.person_id,
        row.case_worker_id,
        row.agreed_at,
        row.opened_at,
        row.closed_at,
    )
