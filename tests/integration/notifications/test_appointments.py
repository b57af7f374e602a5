"""Before the day set for a review both are reminded, once, and nobody learns of what."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from civic.notifications import appointments
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from civic.plans.endings import FollowUpAnswer
from civic.plans.models import Closing, FollowUp
from tests.factories.accounts import make_person
from tests.factories.course import make_closing
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.plans import make_plan, make_review

Acting = Callable[[Actor], AbstractContextManager[Context]]
Remind = Callable[[], int]
TODAY = date(2026, 3, 14)
DAY = timedelta(days=1)


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def remind(database: Database, app: Flask) -> Remind:
    def run() -> int:
        with app.app_context():
            return appointments.queue_appointments(database)

    return run


def set_next(acting: Acting, desk: Desk, next_on: date, held_on: date | None = None) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_review(
            ctx, desk.city, desk.plan_id, held_on or TODAY - 30 * DAY, next_on=next_on,
            is_open=False,
        )  # fmt: skip


def messages(acting: Acting) -> dict[MessageKind, Message]:
    with acting(system_in()) as ctx:
        return {message.kind: message for message in ctx.db.scalars(select(Message))}


def test_both_are_reminded_once_three_days_before(
    acting: Acting, desk: Desk, remind: Remind, clock: FrozenClock
) -> None:
    set_next(acting, desk, TODAY + 4 * DAY)
    assert remind() == 0
    clock.advance(DAY)
    assert remind() == 2
    assert remind() == 0
    clock.advance(DAY)
    assert remind() == 0
    found = messages(acting)
    assert found[MessageKind.APPOINTMENT].person_id == desk.person.person_id
    assert found[MessageKind.APPOINTMENT].language == "ar"
    of_staff = found[MessageKind.APPOINTMENTS_OF_STAFF]
    assert (of_staff.person_id, of_staff.language) == (desk.worker.person_id, "en")
    assert "1 appointment on your list for Wednesday 18 March." in of_staff.body


def test_the_messages_name_neither_the_other_nor_what_it_is_about(
    acting: Acting, desk: Desk, remind: Remind
) -> None:
    set_next(acting, desk, TODAY + DAY)
    remind()
    for message in messages(acting).values():
        words = f"{message.subject} {message.body}".casefold()
        for telling in ("plan", "piano", "review", "score", "giulia", "أمينة", "خطة"):
            assert telling not in words, telling


def test_a_day_that_a_later_review_has_overtaken_is_not_reminded(
    acting: Acting, desk: Desk, remind: Remind
) -> None:
    set_next(acting, desk, TODAY + DAY)
    set_next(acting, desk, TODAY + 60 * DAY, held_on=TODAY)
    assert remind() == 0


def test_nobody_is_reminded_of_a_day_that_is_over_or_at_night(
    acting: Acting, desk: Desk, remind: Remind, clock: FrozenClock
) -> None:
    set_next(acting, desk, TODAY)
    clock.advance(timedelta(hours=12))
    assert remind() == 0  # ten at night
    clock.advance(timedelta(hours=12))
    assert remind() == 0


def test_a_case_worker_hears_once_of_all_the_appointments_of_a_day(
    acting: Acting, desk: Desk, remind: Remind
) -> None:
    set_next(acting, desk, TODAY + DAY)
    with acting(system_in(desk.city.id)) as ctx:
        other = make_person(ctx, "Without a phone", desk.city)
        plan_id = make_plan(ctx, desk.city, other, desk.worker.own_id)
        make_review(ctx, desk.city, plan_id, TODAY - 30 * DAY, next_on=TODAY + DAY, is_open=False)
    assert remind() == 2
    assert remind() == 0
    found = messages(acting)
    assert "There are 2 appointments" in found[MessageKind.APPOINTMENTS_OF_STAFF].body


def test_before_the_day_to_ask_how_things_are_the_case_worker_alone_is_reminded_once(
    acting: Acting, desk: Desk, remind: Remind, clock: FrozenClock
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        follow_ups = {6: TODAY + 3 * DAY, 12: TODAY + 180 * DAY}
        make_closing(ctx, desk, TODAY - 180 * DAY, follow_ups=follow_ups)
    assert remind() == 1
    assert remind() == 0
    clock.advance(DAY)
    assert remind() == 0
    found = messages(acting)
    assert set(found) == {MessageKind.APPOINTMENTS_OF_STAFF}
    message = found[MessageKind.APPOINTMENTS_OF_STAFF]
    assert message.person_id == desk.worker.person_id
    words = f"{message.subject} {message.body}".casefold()
    for telling in ("plan", "job", "training", "month", "أمينة", "ended"):
        assert telling not in words, telling


def test_of_a_day_with_reviews_and_follow_ups_there_is_one_message_with_their_number(
    acting: Acting, desk: Desk, remind: Remind
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_closing(ctx, desk, TODAY - 180 * DAY, follow_ups={6: TODAY + DAY})
        other = make_person(ctx, "Without a phone", desk.city)
        plan_id = make_plan(ctx, desk.city, other, desk.worker.own_id)
        make_review(ctx, desk.city, plan_id, TODAY - 30 * DAY, next_on=TODAY + DAY, is_open=False)
    assert remind() == 1
    assert "There are 2 appointments" in messages(acting)[MessageKind.APPOINTMENTS_OF_STAFF].body


def test_of_a_follow_up_answered_before_its_day_or_an_end_taken_back_nobody_is_reminded(
    acting: Acting, desk: Desk, remind: Remind
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_closing(ctx, desk, TODAY - 180 * DAY, follow_ups={6: TODAY + DAY, 12: TODAY + 2 * DAY})
        first = ctx.db.scalars(select(FollowUp).where(FollowUp.months == 6)).one()
        first.answer = FollowUpAnswer.STILL_SO
        ctx.db.flush()
    assert remind() == 1
    with acting(system_in(desk.city.id)) as ctx:
        ctx.db.scalars(select(Closing)).one().reopened_at = ctx.now()
        ctx.db.execute(delete(Message))
    assert remind() == 0
