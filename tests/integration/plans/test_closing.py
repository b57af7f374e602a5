"""A plan ends with an outcome, changes no more, and may be taken up again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.models import Pass
from civic.audit.models import AuditEntry
from civic.badges.startup import PLANTING
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.plans import privacy
from civic.plans.endings import Outcome
from civic.plans.errors import (
    ClosedBeforePlan,
    ClosedInFuture,
    NewerPlan,
    PlanClosed,
    PlanNotClosed,
    ReasonMissing,
)
from civic.plans.models import Closing, FollowUp, Plan
from civic.plans.operations import actions, closing, occupations, plans, reviews
from civic.plans.operations.actions import NewAction
from civic.plans.operations.closing import End
from civic.plans.operations.reviews import NewReview
from civic.plans.queries.closings import own_closed_plans
from civic.plans.queries.desk import own_plans
from civic.plans.queries.plans import my_plans
from civic.plans.queries.reviews import appointments_between
from civic.plans.rules import ActionState, Domain, GoalState, OwedBy, View
from civic.portal.wishes import wishes_of
from tests.factories.accounts import actor_of, make_staff
from tests.factories.badges import make_award
from tests.factories.course import GROUNDSMAN
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import make_action, make_goal, make_review
from tests.factories.tenancy import make_association

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
TODAY = date(2026, 3, 14)
DAY = timedelta(days=1)
CODE = "AC4D7E"


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


def close(acting: Acting, desk: Desk, outcome: Outcome = Outcome.JOB, note: str = "") -> None:
    with acting(desk.worker) as ctx:
        closing.close_plan(ctx, desk.plan_id, End(outcome, TODAY, note))


def give_pass(acting: Acting, desk: Desk) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        ctx.db.add(
            Pass(
                id=ctx.new_id(), municipality_id=desk.city.id, person_id=desk.person.own_id,
                token_hash="0" * 64, short_code=CODE, issued_at=ctx.now(),
            )
        )  # fmt: skip


def test_a_plan_is_closed_once_and_two_follow_ups_come_due(acting: Acting, desk: Desk) -> None:
    close(acting, desk, note="Contratto in un vivaio")
    close(acting, desk, note="Contratto in un vivaio")
    with pytest.raises(PlanClosed):
        close(acting, desk, Outcome.TRAINING)
    with acting(system_in(desk.city.id)) as ctx:
        row = ctx.db.scalars(select(Closing)).one()
        assert (row.outcome, row.closed_on) == (Outcome.JOB, TODAY)
        due = ctx.db.execute(select(FollowUp.months, FollowUp.due_on).order_by(FollowUp.months))
        assert [tuple(each) for each in due] == [
            (6, date(2026, 9, 14)),
            (12, date(2027, 3, 14)),
        ]
        lines = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "plan.changed")).all()
        assert [line.details["what"] for line in lines] == ["closed"]
        assert "vivaio" not in str(lines[0].details)


def test_a_plan_is_closed_on_a_day_between_its_beginning_and_today(
    acting: Acting, desk: Desk, clock: FrozenClock
) -> None:
    clock.advance(10 * DAY)
    for wrong, error in ((TODAY + 11 * DAY, ClosedInFuture), (TODAY - DAY, ClosedBeforePlan)):
        with pytest.raises(error), acting(desk.worker) as ctx:
            closing.close_plan(ctx, desk.plan_id, End(Outcome.JOB, wrong))
    with acting(desk.worker) as ctx:
        closing.close_plan(ctx, desk.plan_id, End(Outcome.JOB, TODAY + 3 * DAY))


def test_nothing_of_a_closed_plan_changes_but_all_of_it_can_be_read(
    acting: Acting, desk: Desk
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = make_goal(ctx, desk.city, desk.plan_id)
        action_id = make_action(ctx, desk.city, desk.plan_id)
        review_id = make_review(ctx, desk.city, desk.plan_id)
    close(acting, desk)
    scores = {Domain.WORK: 3}
    goal = plans.NewGoal(Domain.WORK, "x", "it", ())
    action = NewAction(OwedBy.PERSON, "x", "it")
    changes: list[Callable[[Context], object]] = [
        lambda ctx: plans.set_goal(ctx, desk.plan_id, goal),
        lambda ctx: plans.mark_goal(ctx, desk.plan_id, goal_id, GoalState.REACHED),
        lambda ctx: actions.add_action(ctx, desk.plan_id, action),
        lambda ctx: actions.mark_action(ctx, desk.plan_id, action_id, ActionState.DONE),
        lambda ctx: reviews.begin_review(ctx, desk.plan_id, NewReview(TODAY, 3)),
        lambda ctx: reviews.score(ctx, desk.plan_id, review_id, View.WORKER, scores),
        lambda ctx: reviews.complete_review(ctx, desk.plan_id, review_id, ""),
        lambda ctx: occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN),
        lambda ctx: occupations.drop_occupation(ctx, desk.plan_id, UUID(GROUNDSMAN)),
    ]
    for change in changes:
        with pytest.raises(PlanClosed), acting(desk.worker) as ctx:
            change(ctx)
    with pytest.raises(PlanClosed), acting(desk.person) as ctx:
        reviews.score_own(ctx, review_id, scores)
    with acting(desk.worker) as ctx:
        assert len(plans.read_plan(ctx, desk.plan_id).goals) == 1
        reviews.read_review(ctx, desk.plan_id, review_id)
        closing.read_closings(ctx, desk.plan_id)
    with acting(desk.person) as ctx:
        assert len(my_plans(ctx)) == 1


def test_a_closed_plan_asks_nothing_of_anybody(acting: Acting, desk: Desk) -> None:
    """No badge is attached, no wish remembered, no appointment kept."""
    with acting(system_in(desk.city.id)) as ctx:
        make_goal(ctx, desk.city, desk.plan_id, skills=[PLANTING])
        make_review(ctx, desk.city, desk.plan_id, next_on=TODAY + DAY, is_open=False)
    close(acting, desk)
    with acting(system_in(desk.city.id)) as ctx:
        gardeners = make_association(ctx, desk.city)
        assessor = make_staff(ctx, Role.ORGANISER, desk.city, gardeners)
        award_id = make_award(ctx, desk.city, gardeners, desk.person.own_id, assessor)
        assert plans.attach_badge(ctx, desk.person.own_id, award_id, [PLANTING]) == 0
        assert appointments_between(ctx, TODAY, TODAY + 3 * DAY) == []
    with acting(desk.person) as ctx:
        assert wishes_of(ctx).skills == frozenset()
    with acting(desk.worker) as ctx:
        assert own_plans(ctx) == []
        (row,) = own_closed_plans(ctx)
        assert (row.id, row.outcome, row.closed_on) == (desk.plan_id, Outcome.JOB, TODAY)


def test_after_the_end_a_new_plan_may_begin_in_the_same_city(acting: Acting, desk: Desk) -> None:
    give_pass(acting, desk)
    with acting(desk.worker) as ctx:
        assert plans.open_plan(ctx, desk.city.id, CODE, agreed=True) == desk.plan_id
    close(acting, desk)
    with acting(desk.worker) as ctx:
        second = plans.open_plan(ctx, desk.city.id, CODE, agreed=True)
        assert second != desk.plan_id
        assert plans.open_plan(ctx, desk.city.id, CODE, agreed=True) == second
    with acting(desk.person) as ctx:
        assert [page.plan.id for page in my_plans(ctx)] == [second, desk.plan_id]
    with pytest.raises(NewerPlan), acting(desk.worker) as ctx:
        closing.reopen_plan(ctx, desk.plan_id, "Il contratto è finito")
    with acting(desk.worker) as ctx:
        assert ctx.db.get_one(Plan, desk.plan_id).closed_at is not None


def test_a_plan_is_taken_up_again_with_a_reason_and_its_end_stays_on_record(
    acting: Acting, desk: Desk, clock: FrozenClock
) -> None:
    close(acting, desk)
    with pytest.raises(ReasonMissing), acting(desk.worker) as ctx:
        closing.reopen_plan(ctx, desk.plan_id, "  ")
    clock.advance(DAY)
    for _ in range(2):
        with acting(desk.worker) as ctx:
            closing.reopen_plan(ctx, desk.plan_id, "Il contratto è finito")
    with pytest.raises(PlanNotClosed), acting(desk.worker) as ctx:
        closing.reopen_plan(ctx, desk.plan_id, "Un altro motivo")
    with acting(desk.worker) as ctx:
        plans.set_goal(ctx, desk.plan_id, plans.NewGoal(Domain.WORK, "x", "it", ()))
        closing.close_plan(ctx, desk.plan_id, End(Outcome.TRAINING, TODAY + DAY))
    with acting(desk.worker) as ctx:
        _plan, (latest, before) = closing.read_closings(ctx, desk.plan_id)
    assert latest.is_standing
    assert latest.outcome is Outcome.TRAINING
    assert len(latest.follow_ups) == 2
    assert (before.is_standing, before.reason) == (False, "Il contratto è finito")


def test_nobody_else_closes_or_opens_a_plan(acting: Acting, desk: Desk) -> None:
    with acting(system_in()) as ctx:
        others = [actor_of(ctx, each) for each in make_others(ctx, desk).values()]
    for other in [*others, desk.person]:
        with pytest.raises(NotFound), acting(other) as ctx:
            closing.close_plan(ctx, desk.plan_id, End(Outcome.JOB, TODAY))
        with pytest.raises(NotFound), acting(other) as ctx:
            closing.read_closings(ctx, desk.plan_id)
    close(acting, desk)
    for other in [*others, desk.person]:
        with pytest.raises(NotFound), acting(other) as ctx:
            closing.reopen_plan(ctx, desk.plan_id, "x")


def test_the_two_see_how_it_ended(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        review_id = make_review(ctx, desk.city, desk.plan_id)
        goal_id = make_goal(ctx, desk.city, desk.plan_id)
    sign_in(client, desk.worker.own_id)
    path = f"/en/plans/{desk.plan_id}"
    typed = {"outcome": "job", "closed_on": "2026-03-14", "note": "In a nursery garden"}
    page = html(client.post(f"{path}/closing", data=typed, follow_redirects=True))
    assert "In a nursery garden" in page
    assert "After 6 months" in page
    page = html(client.get(path))
    assert "This plan is closed" in page
    assert "<form" not in page.split("<main", 1)[1].split("</main", 1)[0]
    answer = client.post(f"{path}/goals/{goal_id}/reached")
    assert answer.status_code == 409
    assert "This plan is closed" in html(answer)
    for read in ("reviews", f"reviews/{review_id}", "occupations", "moving", "closing"):
        assert client.get(f"{path}/{read}").status_code == 200, read
    assert "1 closed plan" in html(client.get("/en/plans"))
    sign_in(client, desk.person.own_id)
    page = html(client.get("/en/me/plan"))
    assert "In a nursery garden" in page
    assert "Say it with pictures" not in page
    assert client.get(f"/en/me/plan/reviews/{review_id}").status_code in (302, 409)
    sign_in(client, desk.worker.own_id)
    again = {"reason": "The contract has ended"}
    page = html(client.post(f"{path}/reopening", data=again, follow_redirects=True))
    assert "The plan is open again." in page


def test_bad_input_is_refused_and_kept(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker.own_id)
    path = f"/en/plans/{desk.plan_id}"
    good = {"outcome": "job", "closed_on": "2026-03-14", "note": "kept words"}
    bad = (
        {"outcome": ""}, {"outcome": "rich"}, {"closed_on": ""}, {"closed_on": "2026-03-15"},
        {"closed_on": "2026-03-13"}, {"note": "kept words" * 200},
    )  # fmt: skip
    for change in bad:
        typed = good | change
        answer = client.post(f"{path}/closing", data=typed)
        assert answer.status_code == 422, change
        assert typed["note"] in html(answer)
    assert client.post(f"{path}/closing", data=good).status_code == 302
    assert client.post(f"{path}/closing", data=good).status_code == 302
    assert client.post(f"{path}/closing", data=good | {"outcome": "moved"}).status_code == 409
    assert client.post(f"{path}/reopening", data={"reason": ""}).status_code == 422


def test_a_person_takes_along_how_their_plans_ended(acting: Acting, desk: Desk) -> None:
    close(acting, desk, note="In un vivaio")
    with acting(desk.person) as ctx:
        (taken,) = privacy.export(ctx, desk.person.own_id)["plans"]
    (ended,) = taken["closings"]
    assert (ended["outcome"], ended["closed"], ended["note"]) == (
        "job",
        "2026-03-14",
        "In un vivaio",
    )
    assert [each["due"] for each in ended["follow_ups"]] == ["2026-09-14", "2027-03-14"]
    assert taken["moves"] == []
