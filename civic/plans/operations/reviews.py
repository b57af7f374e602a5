"""Beginning a review, scoring it from both sides, and completing it once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.plans.errors import (
    IntervalUnknown,
    NothingScored,
    ReviewBeforePlan,
    ReviewClosed,
    ReviewInFuture,
    ReviewOfThatDay,
    ReviewOpen,
    ScoreUnknown,
)
from civic.plans.models import Review, ReviewScore
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, plan_for
from civic.plans.queries.reviews import ReviewRow, own_review, review_for, review_that_stands
from civic.plans.rules import INTERVALS, SCORES, Domain, View, next_review


@dataclass(frozen=True)
class NewReview:
    held_on: date
    months: int
    """Until the next one."""
    note: str = ""


def begin_review(ctx: Context, plan_id: UUID, new: NewReview) -> UUID:
    """The same form sent twice leads to the same review."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    began_on = rome_day(plan.agreed_at)
    if new.held_on > rome_day(ctx.now()):
        raise ReviewInFuture
    if new.held_on < began_on:
        raise ReviewBeforePlan(day=began_on)
    if new.months not in INTERVALS:
        raise IntervalUnknown
    review_id = ctx.new_id()
    next_on = next_review(new.held_on, new.months)
    is_new = insert_once(
        ctx.db,
        Review,
        id=review_id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        held_on=new.held_on,
        made_by=ctx.actor.own_id,
        note=new.note,
        next_on=next_on,
        created_at=ctx.now(),
    )
    if not is_new:
        return _the_same(ctx, plan, new, next_on)
    record_change(ctx, plan, "begun", review=review_id)
    return review_id


def _the_same(ctx: Context, plan: PlanFacts, new: NewReview, next_on: date) -> UUID:
    there = review_that_stands(ctx, plan.id, new.held_on)
    if there is None or there.is_open:
        asked = (new.held_on, next_on, new.note)
        if there and asked == (there.held_on, there.next_on, there.note):
            return there.id
        raise ReviewOpen
    raise ReviewOfThatDay


def read_review(ctx: Context, plan_id: UUID, review_id: UUID) -> tuple[PlanFacts, ReviewRow]:
    """For the case worker; that it was read is on record, so this is a change."""
    plan, review = review_for(ctx, plan_id, review_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    return plan, review


def score(
    ctx: Context, plan_id: UUID, review_id: UUID, view: View, scores: Mapping[Domain, int]
) -> None:
    """On the case worker's device: their own view, or the person's while the person holds it."""
    plan, review = review_for(ctx, plan_id, review_id, WORK_ON_PLANS)
    _score(ctx, plan, review.id, view, scores)


def score_own(ctx: Context, review_id: UUID, scores: Mapping[Domain, int]) -> None:
    """On the person's own phone: their own view."""
    plan, review = own_review(ctx, review_id)
    _score(ctx, plan, review.id, View.PERSON, scores)


def _score(
    ctx: Context, plan: PlanFacts, review_id: UUID, view: View, scores: Mapping[Domain, int]
) -> None:
    """The whole of one view as it was sent; domains left out lose their score, the other view
    stays as it is. Whoever completes the review meanwhile comes before or after, not in between."""
    if not set(scores.values()) <= set(SCORES):
        raise ScoreUnknown
    held = ctx.db.scalars(
        select(Review)
        .where(Review.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if held.closed_at is not None:
        raise ReviewClosed
    there = {
        row.domain: row
        for row in ctx.db.scalars(
            select(ReviewScore)
            .where(ReviewScore.review_id == review_id, ReviewScore.view == view)
            .execution_options(populate_existing=True)
        )
    }
    for domain in there.keys() - scores.keys():
        ctx.db.delete(there[domain])
    for domain, given in scores.items():
        if domain in there:
            there[domain].score = given
        else:
            ctx.db.add(
                ReviewScore(
                    id=ctx.new_id(),
                    municipality_id=plan.municipality_id,
                    review_id=review_id,
                    domain=domain,
                    view=view,
                    score=given,
                )
            )
    ctx.db.flush()
    record_change(ctx, plan, f"scored_by_{view}", review=review_id)


def complete_review(ctx: Context, plan_id: UUID, review_id: UUID, note: str) -> None:
    """Once; from then on its scores stay as they are."""
    plan, _review = review_for(ctx, plan_id, review_id, WORK_ON_PLANS)
    closed = ctx.db.scalar(
        update(Review)
        .where(Review.id == review_id, Review.closed_at.is_(None))
        .values(closed_at=ctx.now(), note=note)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    if closed is None:
        raise ReviewClosed
    # Counted with the review held: nobody takes the last score away in between.
    if not ctx.db.scalar(
        select(func.count(ReviewScore.id)).where(ReviewScore.review_id == review_id)
    ):
        raise NothingScored
    record_change(ctx, plan, "completed", review=review_id)
