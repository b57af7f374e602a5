"""Sent by several at once: one review begins, and it is completed once, with every score in time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from uuid import UUID

from sqlalchemy import func, select

from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from civic.plans.errors import ReviewClosed, ReviewOfThatDay, ReviewOpen
from civic.plans.models import Review, ReviewScore
from civic.plans.operations import reviews
from civic.plans.operations.reviews import NewReview
from civic.plans.rules import Domain, View
from tests.factories.plan_desk import make_desk

ROUNDS = 10


def at_once(*steps: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], str]) -> str:
        barrier.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_the_same_form_sent_by_several_at_once_begins_one_review(
    real_database: Database, clock: FrozenClock
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)

    def begin(new: NewReview) -> str:
        try:
            with real_database.unit_of_work(desk.worker) as ctx:
                return str(reviews.begin_review(ctx, desk.plan_id, new))
        except (ReviewOpen, ReviewOfThatDay):
            return "refused"

    for number in range(ROUNDS):
        today = rome_day(clock.now())
        same, other = NewReview(today, 3, "Primo"), NewReview(today, 6, "Altro")
        begun = at_once(*[partial(begin, same)] * 3, partial(begin, other))
        assert len(set(begun) - {"refused"}) == 1
        assert begun.count("refused") in (1, 3)
        with real_database.unit_of_work(desk.worker) as ctx:
            assert ctx.db.scalar(select(func.count(Review.id))) == number + 1
            ((open_id,),) = ctx.db.execute(select(Review.id).where(Review.closed_at.is_(None)))
            reviews.score(ctx, desk.plan_id, open_id, View.WORKER, {Domain.WORK: 1})
            reviews.complete_review(ctx, desk.plan_id, open_id, "")
        clock.advance(timedelta(days=1))


def test_scored_and_completed_at_once_a_review_holds_what_came_before_its_end(
    real_database: Database, clock: FrozenClock
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)

    def score(review_id: UUID, view: View, given: int) -> str:
        try:
            with real_database.unit_of_work(
                desk.person if view is View.PERSON else desk.worker
            ) as ctx:
                scores = dict.fromkeys(Domain, given)
                if view is View.PERSON:
                    reviews.score_own(ctx, review_id, scores)
                else:
                    reviews.score(ctx, desk.plan_id, review_id, view, scores)
        except ReviewClosed:
            return "too late"
        return "scored"

    def complete(review_id: UUID) -> str:
        try:
            with real_database.unit_of_work(desk.worker) as ctx:
                reviews.complete_review(ctx, desk.plan_id, review_id, "")
        except ReviewClosed:
            return "too late"
        return "completed"

    for _ in range(ROUNDS):
        with real_database.unit_of_work(desk.worker) as ctx:
            new = NewReview(rome_day(clock.now()), 1)
            review_id = reviews.begin_review(ctx, desk.plan_id, new)
            reviews.score(ctx, desk.plan_id, review_id, View.WORKER, {Domain.WORK: 1})
        answers = at_once(
            partial(score, review_id, View.PERSON, 4),
            partial(score, review_id, View.PERSON, 5),
            partial(score, review_id, View.WORKER, 2),
            partial(complete, review_id),
            partial(complete, review_id),
        )
        assert sorted(answers[3:]) == ["completed", "too late"]
        with real_database.reading(desk.worker) as ctx:
            rows = ctx.db.scalars(
                select(ReviewScore).where(ReviewScore.review_id == review_id)
            ).all()
        person = [row.score for row in rows if row.view is View.PERSON]
        worker = [row.score for row in rows if row.view is View.WORKER]
        # Each view is whole, as one of those in time sent it.
        assert worker == ([2] * len(Domain) if answers[2] == "scored" else [1])
        assert len(person) == (len(Domain) if "scored" in answers[:2] else 0)
        assert len(set(person)) <= 1
        clock.advance(timedelta(days=1))
