"""Reviews with both views of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission
from civic.plans.change import Scored
from civic.plans.models import Plan, Review, ReviewScore
from civic.plans.queries.gate import PlanFacts, own_plan, plan_for
from civic.plans.rules import Domain, View


@dataclass(frozen=True)
class ReviewFacts:
    id: UUID
    plan_id: UUID
    municipality_id: UUID
    held_on: date
    next_on: date
    note: str
    made_by: UUID
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class ReviewRow(ReviewFacts):
    scores: Mapping[View, Mapping[Domain, int]]

    @property
    def scored(self) -> Scored:
        return Scored(self.held_on, self.scores)


def review_for(
    ctx: Context,
    plan_id: UUID,
    review_id: UUID,
    permission: Permission,
    *,
    closed_too: bool = False,
) -> tuple[PlanFacts, ReviewRow]:
    """The gate of the case worker: a review of a plan of theirs."""
    plan = plan_for(ctx, plan_id, permission, closed_too=closed_too)
    review = _row(ctx, review_id)
    if review.plan_id != plan.id:
        raise NotFound
    return plan, review


def own_review(ctx: Context, review_id: UUID) -> tuple[PlanFacts, ReviewRow]:
    """The gate of the person: a review of a plan about them."""
    review = _row(ctx, review_id)
    return own_plan(ctx, review.plan_id), review


def _row(ctx: Context, review_id: UUID) -> ReviewRow:
    found = _with_scores(ctx, ctx.db.scalars(select(Review).where(Review.id == review_id)).all())
    if not found:
        raise NotFound
    return found[0]


def reviews_of(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, list[ReviewRow]]:
    """Of plans that came through a gate, in the order of their days; two statements."""
    rows = ctx.db.scalars(
        select(Review).where(Review.plan_id.in_(plan_ids)).order_by(Review.held_on, Review.id)
    ).all()
    found: dict[UUID, list[ReviewRow]] = defaultdict(list)
    for row in _with_scores(ctx, rows):
        found[row.plan_id].append(row)
    return found


def review_that_stands(ctx: Context, plan_id: UUID, held_on: date) -> ReviewFacts | None:
    """What keeps a new review of that day from beginning: one of the same day, or one still open."""
    row = ctx.db.scalars(
        select(Review)
        .where(Review.plan_id == plan_id)
        .where((Review.held_on == held_on) | Review.closed_at.is_(None))
        .order_by(Review.held_on != held_on)
    ).first()
    return _facts(row) if row else None


def latest_reviews(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, ReviewFacts]:
    """The last review of each plan, by its day: the one whose next day counts."""
    later = aliased(Review)
    rows = ctx.db.scalars(
        select(Review)
        .where(Review.plan_id.in_(plan_ids))
        .where(
            ~select(later.id)
            .where(later.plan_id == Review.plan_id, later.held_on > Review.held_on)
            .exists()
        )
    )
    return {row.plan_id: _facts(row) for row in rows}


@dataclass(frozen=True)
class Appointment:
    """The day set for the next review, and the two who meet."""

    review_id: UUID
    day: date
    person_id: UUID
    case_worker_id: UUID


def appointments_between(ctx: Context, first: date, last: date) -> list[Appointment]:
    """Days set for a next review, within the context's reach, that no later review has overtaken."""
    later = aliased(Review)
    rows = ctx.db.execute(
        select(Review.id, Review.next_on, Plan.person_id, Plan.case_worker_id)
        .join(Plan, Plan.id == Review.plan_id)
        .where(Review.next_on.between(first, last), Plan.closed_at.is_(None))
        .where(
            ~select(later.id)
            .where(later.plan_id == Review.plan_id, later.held_on > Review.held_on)
            .exists()
        )
        .order_by(Review.next_on, Review.id)
    )
    return [Appointment(*row) for row in rows]


def _with_scores(ctx: Context, rows: Sequence[Review]) -> list[ReviewRow]:
    scores: dict[UUID, dict[View, dict[Domain, int]]] = defaultdict(
        lambda: {view: {} for view in View}
    )
    for score in ctx.db.scalars(
        select(ReviewScore).where(ReviewScore.review_id.in_([row.id for row in rows]))
    ):
        scores[score.review_id][score.view][score.domain] = score.score
    return [ReviewRow(**vars(_facts(row)), scores=scores[row.id]) for row in rows]


def _facts(row: Review) -> ReviewFacts:
    return ReviewFacts(
        id=row.id,
        plan_id=row.plan_id,
        municipality_id=row.municipality_id,
        held_on=row.held_on,
        next_on=row.next_on,
        note=row.note,
        made_by=row.made_by,
        closed_at=row.closed_at,
    )
