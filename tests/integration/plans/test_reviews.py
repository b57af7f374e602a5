"""Reviews: begun once, scored from two sides, completed once; read by two people."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.audit.models import AuditEntry
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.plans import privacy
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
from civic.plans.operations import reviews
from civic.plans.operations.reviews import NewReview
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.desk import own_plans
from civic.plans.queries.plans import my_plans
from civic.plans.queries.reviews import own_review, review_for
from civic.plans.rules import Domain, Due, View
from tests.factories.accounts import actor_of, make_person
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import make_plan, make_review

Acting = Callable[[Actor], AbstractContextManager[Context]]
TODAY = date(2026, 3, 14)
WORKER = {Domain.WORK: 2, Domain.LEGAL: 3}
PERSON = {Domain.WORK: 4}


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


def scores_of(acting: Acting, desk: Desk, review_id: object) -> dict[View, dict[Domain, int]]:
    with acting(system_in(desk.city.id)) as ctx:
        found: dict[View, dict[Domain, int]] = {view: {} for view in View}
        for row in ctx.db.scalars(select(ReviewScore).where(ReviewScore.review_id == review_id)):
            found[row.view][row.domain] = row.score
        return found


def test_a_review_begins_with_the_day_of_the_next(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        review_id = reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3, "Prima volta"))
        review = ctx.db.get_one(Review, review_id)
        assert (review.next_on, review.note) == (date(2026, 6, 14), "Prima volta")
        assert review.made_by == desk.worker.person_id
        assert review.closed_at is None


def test_the_same_form_sent_twice_begins_one_review(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        first = reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3))
    with acting(desk.worker) as ctx:
        assert reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3)) == first
        assert ctx.db.scalar(select(func.count(Review.id))) == 1


def test_another_review_waits_until_the_open_one_is_completed(
    acting: Acting, desk: Desk, clock: FrozenClock
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_review(ctx, desk.city, desk.plan_id)
    with pytest.raises(ReviewOpen), acting(desk.worker) as ctx:
        reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3, "other words"))
    clock.advance(timedelta(days=1))
    with pytest.raises(ReviewOpen), acting(desk.worker) as ctx:
        reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY + timedelta(days=1), 3))


def test_a_day_holds_one_review_even_once_it_is_completed(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_review(ctx, desk.city, desk.plan_id, is_open=False)
    with pytest.raises(ReviewOfThatDay), acting(desk.worker) as ctx:
        reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3))


def test_a_review_is_of_a_day_between_the_plans_first_and_today(acting: Acting, desk: Desk) -> None:
    with pytest.raises(ReviewInFuture), acting(desk.worker) as ctx:
        reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY + timedelta(days=1), 3))
    with pytest.raises(ReviewBeforePlan), acting(desk.worker) as ctx:
        reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY - timedelta(days=1), 3))
    with pytest.raises(IntervalUnknown), acting(desk.worker) as ctx:
        reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 4))


def test_each_view_is_kept_beside_the_other(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id)
    with acting(desk.person) as ctx:
        reviews.score_own(ctx, review_id, PERSON)
    with acting(desk.worker) as ctx:
        reviews.score(ctx, desk.plan_id, review_id, View.WORKER, WORKER)
    assert scores_of(acting, desk, review_id) == {View.WORKER: WORKER, View.PERSON: PERSON}


def test_on_the_workers_tablet_the_person_scores_their_own_view(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id, worker=WORKER)
    with acting(desk.worker) as ctx:
        reviews.score(ctx, desk.plan_id, review_id, View.PERSON, PERSON)
    assert scores_of(acting, desk, review_id) == {View.WORKER: WORKER, View.PERSON: PERSON}


def test_scored_again_a_view_is_what_was_sent_last(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id, worker=WORKER, person=PERSON)
    again = {Domain.LEGAL: 4, Domain.HEALTH: 5}
    with acting(desk.worker) as ctx:
        reviews.score(ctx, desk.plan_id, review_id, View.WORKER, again)
    assert scores_of(acting, desk, review_id) == {View.WORKER: again, View.PERSON: PERSON}


def test_a_score_is_between_one_and_five(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id)
    for wrong in (0, 6, -1):
        with pytest.raises(ScoreUnknown), acting(desk.worker) as ctx:
            reviews.score(ctx, desk.plan_id, review_id, View.WORKER, {Domain.WORK: wrong})
    with pytest.raises(IntegrityError), acting(system_in(desk.city.id)) as ctx:
        make_review(
            ctx, desk.city, desk.plan_id, TODAY - timedelta(days=3),
            worker={Domain.WORK: 6}, is_open=False,
        )  # fmt: skip


def test_one_domain_of_one_view_is_enough_to_complete_and_none_is_not(
    acting: Acting, desk: Desk
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id)
    with pytest.raises(NothingScored), acting(desk.worker) as ctx:
        reviews.complete_review(ctx, desk.plan_id, review_id, "")
    with acting(desk.person) as ctx:
        reviews.score_own(ctx, review_id, PERSON)
    with acting(desk.worker) as ctx:
        reviews.complete_review(ctx, desk.plan_id, review_id, "Va meglio")
    with acting(desk.worker) as ctx:
        _plan, review = review_for(ctx, desk.plan_id, review_id, WORK_ON_PLANS)
        assert (review.is_open, review.note) == (False, "Va meglio")


def test_a_completed_review_changes_no_more(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(
            ctx, desk.city, desk.plan_id, worker=WORKER, person=PERSON, is_open=False
        )
    with pytest.raises(ReviewClosed), acting(desk.worker) as ctx:
        reviews.score(ctx, desk.plan_id, review_id, View.WORKER, {Domain.WORK: 5})
    with pytest.raises(ReviewClosed), acting(desk.worker) as ctx:
        reviews.score(ctx, desk.plan_id, review_id, View.PERSON, {})
    with pytest.raises(ReviewClosed), acting(desk.person) as ctx:
        reviews.score_own(ctx, review_id, {Domain.WORK: 5})
    with pytest.raises(ReviewClosed), acting(desk.worker) as ctx:
        reviews.complete_review(ctx, desk.plan_id, review_id, "")
    assert scores_of(acting, desk, review_id) == {View.WORKER: WORKER, View.PERSON: PERSON}


def test_nobody_else_finds_a_review_or_changes_it(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id, worker=WORKER)
        others = [actor_of(ctx, other) for other in make_others(ctx, desk).values()]
    for other in others:
        with pytest.raises(NotFound), acting(other) as ctx:
            own_review(ctx, review_id)
        with pytest.raises(NotFound), acting(other) as ctx:
            reviews.score_own(ctx, review_id, PERSON)
    for other in (*others, desk.person):
        with pytest.raises(NotFound), acting(other) as ctx:
            reviews.read_review(ctx, desk.plan_id, review_id)
        with pytest.raises(NotFound), acting(other) as ctx:
            reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3))
        with pytest.raises(NotFound), acting(other) as ctx:
            reviews.score(ctx, desk.plan_id, review_id, View.WORKER, PERSON)
        with pytest.raises(NotFound), acting(other) as ctx:
            reviews.complete_review(ctx, desk.plan_id, review_id, "")
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        reviews.score_own(ctx, review_id, PERSON)
    assert scores_of(acting, desk, review_id) == {View.WORKER: WORKER, View.PERSON: {}}


def test_a_review_is_not_found_by_way_of_another_plan_of_the_same_worker(
    acting: Acting, desk: Desk
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id)
        other = make_person(ctx, "Other", desk.city)
        assert desk.worker.person_id
        other_plan = make_plan(ctx, desk.city, other, desk.worker.person_id)
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        reviews.score(ctx, other_plan, review_id, View.WORKER, WORKER)


def test_who_read_and_who_scored_is_in_the_trail_without_the_scores(
    acting: Acting, desk: Desk
) -> None:
    with acting(desk.worker) as ctx:
        review_id = reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 1))
        reviews.read_review(ctx, desk.plan_id, review_id)
        reviews.score(ctx, desk.plan_id, review_id, View.WORKER, WORKER)
    with acting(desk.person) as ctx:
        reviews.score_own(ctx, review_id, PERSON)
    with acting(desk.worker) as ctx:
        reviews.complete_review(ctx, desk.plan_id, review_id, "")
        lines = ctx.db.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    said = [(line.action, line.details.get("what"), line.actor_id) for line in lines]
    assert said == [
        ("plan.changed", "begun", desk.worker.person_id),
        ("plan.read", None, desk.worker.person_id),
        ("plan.changed", "scored_by_worker", desk.worker.person_id),
        ("plan.changed", "scored_by_person", desk.person.person_id),
        ("plan.changed", "completed", desk.worker.person_id),
    ]
    assert {line.subject_id for line in lines} == {desk.person.person_id}
    for line in lines:
        assert line.details.keys() <= {"what", "review"}


def test_the_desk_begins_with_what_is_overdue_then_with_what_is_due_soon(
    acting: Acting, desk: Desk
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        today = rome_day(ctx.now())
        assert desk.worker.person_id
        for name, days, is_open in (
            ("later", 60, False), ("soon", 10, False), ("sooner", 2, False), ("late", -1, False),
            ("very late", -30, False), ("under way", -5, True),
        ):  # fmt: skip
            person_id = make_person(ctx, name, desk.city)
            plan_id = make_plan(ctx, desk.city, person_id, desk.worker.person_id)
            held_on = today - timedelta(days=90)
            make_review(
                ctx, desk.city, plan_id, held_on - timedelta(days=30),
                next_on=held_on, is_open=False,
            )  # fmt: skip
            make_review(
                ctx, desk.city, plan_id, held_on,
                next_on=today + timedelta(days=days), is_open=is_open,
            )  # fmt: skip
    with acting(desk.worker) as ctx:
        found = [(row.person_name, row.due) for row in own_plans(ctx)]
    assert found == [
        ("very late", Due.OVERDUE),
        ("late", Due.OVERDUE),
        ("sooner", Due.SOON),
        ("soon", Due.SOON),
        ("under way", Due.UNDER_WAY),
        ("أمينة", Due.NEVER),
        ("later", Due.LATER),
    ]


def test_a_person_takes_reviews_and_both_views_away(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_review(
            ctx, desk.city, desk.plan_id, note="Va meglio", worker=WORKER, person=PERSON,
            is_open=False,
        )  # fmt: skip
    with acting(desk.person) as ctx:
        assert desk.person.person_id
        (taken,) = privacy.export(ctx, desk.person.person_id)["plans"]
        assert len(my_plans(ctx)[0].reviews) == 1
    (review,) = taken["reviews"]
    assert (review["held"], review["note"]) == ("2026-03-14", "Va meglio")
    assert review["scores"] == {"worker": {"work": 2, "legal": 3}, "person": {"work": 4}}
