"""Six and twelve months after the end somebody asks, and writes the answer down once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.plans.endings import FollowUpAnswer, Outcome
from civic.plans.errors import FollowUpAnswered, FollowUpDay, FollowUpTooEarly, NothingChanged
from civic.plans.models import FollowUp
from civic.plans.operations import closing, following_up
from civic.plans.operations.following_up import Found
from civic.plans.queries.closings import follow_ups_to_ask
from tests.factories.accounts import actor_of
from tests.factories.course import make_closing
from tests.factories.plan_desk import Desk, make_desk, make_others

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
TODAY = date(2026, 3, 14)
DAY = timedelta(days=1)
ENDED = date(2025, 9, 10)
STILL = Found(FollowUpAnswer.STILL_SO, TODAY, note="Contento")


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        desk = make_desk(ctx)
        make_closing(ctx, desk, ENDED, follow_ups={6: TODAY - 4 * DAY, 12: TODAY + 180 * DAY})
        return desk


def follow_up(acting: Acting, desk: Desk, months: int = 6) -> UUID:
    with acting(system_in(desk.city.id)) as ctx:
        return ctx.db.scalars(select(FollowUp.id).where(FollowUp.months == months)).one()


def answer(acting: Acting, desk: Desk, found: Found, months: int = 6) -> None:
    follow_up_id = follow_up(acting, desk, months)
    with acting(desk.worker) as ctx:
        following_up.answer_follow_up(ctx, desk.plan_id, follow_up_id, found)


def to_ask(acting: Acting, desk: Desk) -> list[tuple[int, bool]]:
    with acting(desk.worker) as ctx:
        return [(each.months, each.is_overdue) for each in follow_ups_to_ask(ctx)]


def test_those_due_are_on_the_list_until_they_are_answered(
    acting: Acting, desk: Desk, clock: FrozenClock
) -> None:
    assert to_ask(acting, desk) == [(6, True)]
    clock.advance(166 * DAY)
    assert to_ask(acting, desk) == [(6, True), (12, False)]
    answer(acting, desk, Found(FollowUpAnswer.NOT_REACHED, TODAY))
    assert to_ask(acting, desk) == [(12, False)]


def test_an_answer_is_written_down_once(acting: Acting, desk: Desk) -> None:
    answer(acting, desk, STILL)
    answer(acting, desk, STILL)
    with pytest.raises(FollowUpAnswered):
        answer(acting, desk, Found(FollowUpAnswer.NOT_REACHED, TODAY))
    with acting(system_in(desk.city.id)) as ctx:
        row = ctx.db.get_one(FollowUp, follow_up(acting, desk))
        assert (row.answer, row.outcome, row.note) == (FollowUpAnswer.STILL_SO, None, "Contento")
        assert row.answered_by == desk.worker.own_id


def test_what_has_changed_becomes_what_it_is_now(
    acting: Acting, desk: Desk, clock: FrozenClock
) -> None:
    for same in (None, Outcome.TRAINING):
        with pytest.raises(NothingChanged):
            answer(acting, desk, Found(FollowUpAnswer.CHANGED, TODAY, same))
    job = Found(FollowUpAnswer.CHANGED, TODAY, Outcome.JOB)
    answer(acting, desk, job)
    answer(acting, desk, job)
    with acting(desk.worker) as ctx:
        _plan, (ended,) = closing.read_closings(ctx, desk.plan_id)
    assert (ended.outcome, ended.outcome_now) == (Outcome.TRAINING, Outcome.JOB)
    clock.advance(180 * DAY)
    with pytest.raises(NothingChanged):
        answer(acting, desk, job, 12)


def test_it_is_asked_neither_too_early_nor_on_a_day_that_cannot_be(
    acting: Acting, desk: Desk
) -> None:
    with pytest.raises(FollowUpTooEarly):
        answer(acting, desk, STILL, 12)
    for day in (ENDED, ENDED - DAY, TODAY + DAY):
        with pytest.raises(FollowUpDay):
            answer(acting, desk, Found(FollowUpAnswer.STILL_SO, day))


def test_of_a_plan_taken_up_again_nothing_is_asked(acting: Acting, desk: Desk) -> None:
    follow_up_id = follow_up(acting, desk)
    with acting(desk.worker) as ctx:
        closing.reopen_plan(ctx, desk.plan_id, "È tornata")
    assert to_ask(acting, desk) == []
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        following_up.answer_follow_up(ctx, desk.plan_id, follow_up_id, STILL)


def test_nobody_else_asks(acting: Acting, desk: Desk) -> None:
    follow_up_id = follow_up(acting, desk)
    with acting(system_in()) as ctx:
        others = [actor_of(ctx, each) for each in make_others(ctx, desk).values()]
    for other in [*others, desk.person]:
        with pytest.raises(NotFound), acting(other) as ctx:
            following_up.read_follow_up(ctx, desk.plan_id, follow_up_id)
        with pytest.raises(NotFound), acting(other) as ctx:
            following_up.answer_follow_up(ctx, desk.plan_id, follow_up_id, STILL)
        with acting(other) as ctx:
            assert follow_ups_to_ask(ctx) == []


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    path = f"/en/plans/{desk.plan_id}/follow-ups/{follow_up(acting, desk)}"
    sign_in(client, desk.worker.own_id)
    assert "6 months after the end of the plan." in html(client.get(path))
    good = {"answer": "changed", "outcome": "job", "asked_on": "2026-03-13", "note": "kept words"}
    bad = (
        {"answer": ""}, {"answer": "fine"}, {"outcome": ""}, {"outcome": "rich"},
        {"outcome": "training"}, {"asked_on": ""}, {"asked_on": "2026-03-15"},
        {"note": "kept words" * 200},
    )  # fmt: skip
    for change in bad:
        typed = good | change
        refused = client.post(path, data=typed)
        assert refused.status_code == 422, change
        assert typed["note"] in html(refused)
    assert "Overdue" in html(client.get("/en/plans"))
    page = html(client.post(path, data=good, follow_redirects=True))
    assert "It has become something else: A job" in page
    assert client.post(path, data=good).status_code == 302
    assert client.post(path, data=good | {"outcome": "moved"}).status_code == 409
    sign_in(client, desk.person.own_id)
    assert "kept words" in html(client.get("/en/me/plan"))
