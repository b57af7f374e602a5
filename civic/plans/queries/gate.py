"""The way to a plan: its own case worker, and the person it is about. Nobody else.

Colleagues, officers, organisers, coordinators and administrators get the answer for a plan that
is not there.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.i18n import best_language
from civic.kernel.policy import Permission, Place
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


def plan_for(ctx: Context, plan_id: UUID, permission: Permission) -> PlanFacts:
    """The gate: the plan's own case worker, for as long as they hold that role in that city."""
    row = ctx.db.scalars(select(Plan).where(Plan.id == plan_id)).first()
    if row is None or row.case_worker_id != ctx.actor.person_id:
        raise NotFound
    permission.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return _facts(row)


def plan_of(ctx: Context, person_id: UUID, municipality_id: UUID) -> PlanFacts | None:
    row = ctx.db.scalars(
        select(Plan)
        .where(Plan.person_id == person_id)
        .where(Plan.municipality_id == municipality_id)
    ).first()
    return _facts(row) if row else None


def own_plan(ctx: Context, plan_id: UUID) -> PlanFacts:
    """The gate of the person the plan is about."""
    row = ctx.db.scalars(select(Plan).where(Plan.id == plan_id)).first()
    if row is None:
        raise NotFound
    READ_OWN_PLAN.require(ctx.actor, Place(person_id=row.person_id))
    return _facts(row)


def plans_about_oneself(ctx: Context) -> list[PlanFacts]:
    """One for each city that follows the actor."""
    READ_OWN_PLAN.require(ctx.actor)
    rows = ctx.db.scalars(
        select(Plan).where(Plan.person_id == ctx.actor.person_id).order_by(Plan.opened_at, Plan.id)
    )
    return [_facts(row) for row in rows]


def reading_language(ctx: Context, person_id: UUID) -> str:
    """In which of the pages' languages one of the two reads."""
    found = ctx.db.scalar(select(Person.page_language).where(Person.id == person_id))
    return best_language([found or ""]).tag


def _facts(row: Plan) -> PlanFacts:
    return PlanFacts(
        row.id,
        row.municipality_id,
        row.person_id,
        row.case_worker_id,
        row.agreed_at,
        row.opened_at,
    )
