"""For rooms above this one: on which days a plan was looked at together, and nothing of what was said."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.plans.models import Plan, Review

MOST_DAYS = 12


@dataclass(frozen=True)
class ReviewDay:
    id: UUID
    held_on: date


def review_days(ctx: Context, person_id: UUID, municipality_id: UUID) -> list[ReviewDay]:
    """Of the plan that is open in this city, the latest first; whoever asks stands behind a gate of
    their own."""
    rows = ctx.db.execute(
        select(Review.id, Review.held_on)
        .join(Plan, Plan.id == Review.plan_id)
        .where(Plan.person_id == person_id, Plan.municipality_id == municipality_id)
        .where(Plan.closed_at.is_(None))
        .order_by(Review.held_on.desc(), Review.id)
        .limit(MOST_DAYS)
    )
    return [ReviewDay(*row) for row in rows]
