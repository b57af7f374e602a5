from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from civic.notifications import queries, reminders
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.conftest import make_test_app
from tests.factories.accounts import make_person
from tests.factories.attendance import TEN, Ground, make_ground
from tests.factories.enrolment import make_booking

Acting = Callable[[Actor], AbstractContextManager[Context]]
Remind = Callable[[], int]
HOUR = timedelta(hours=1)


@pytest.fixture
def ground(acting: Acting, clock: FrozenClock) -> Ground:
    """A session that starts in 23 hours; people book it two days before."""
    with acting(system_in()) as ctx:
        ground = make_ground(ctx)
    clock.instant = TEN - timedelta(hours=23)
    return ground


@pytest.fixture
def remind(database: Database, app: Flask) -> Remind:
    """Run the job as the worker does."""

    def run() -> int:
        with app.app_context():
            return reminders.queue_reminders(database)

    return run


def book(
    acting: Acting, ground: Ground, name: str, language: str = "it", before: timedelta = 48 * HOUR
) -> UUID:
    """Somebody with a place, told of it so long before the session begins."""
    with acting(system_in()) as ctx:
        phone = f"+39333{abs(hash(name)) % 10_000_000:07}"
        person_id = make_person(ctx, name, ground.city, page_language=language, phone=phone)
        make_booking(ctx, person_id, ground.session_id, changed_at=TEN - before)
        return person_id


def reminded(acting: Acting) -> dict[UUID | None, str]:
    with acting(system_in()) as ctx:
        return {message.person_id: message.body for message in ctx.db.scalars(select(Message))}


def kinds(acting: Acting) -> list[MessageKind]:
    with acting(system_in()) as ctx:
        return list(ctx.db.scalars(select(Message.kind).order_by(Message.created_at)))


def test_each_person_with_a_place_is_reminded_once_in_their_language(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    amina, oleh = book(acting, ground, "Amina", "ar"), book(acting, ground, "Oleh", "en")
    assert remind() == 2
    assert remind() == 0
    bodies = reminded(acting)
    assert "مارس" in bodies[amina]
    assert "Saturday 21 March" in bodies[oleh]


def test_who_has_a_place_hears_the_day_before_and_two_hours_before(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    book(acting, ground, "Amina")
    found = []
    for hours in range(30, -2, -1):
        clock.instant = TEN - hours * HOUR
        found += [hours] * remind()
    assert found == [24, 2]
    assert kinds(acting) == [MessageKind.REMINDER_DAY, MessageKind.REMINDER_SOON]


def test_whoever_books_late_gets_the_one_still_to_come(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    book(acting, ground, "Late", before=20 * HOUR)
    clock.instant = TEN - 20 * HOUR
    assert remind() == 0
    clock.instant = TEN - 2 * HOUR
    assert remind() == 1
    assert kinds(acting) == [MessageKind.REMINDER_SOON]


def test_whoever_books_at_the_last_moment_gets_the_confirmation_alone(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    book(acting, ground, "Last", before=HOUR / 2)
    clock.instant = TEN - timedelta(minutes=29)
    assert remind() == 0


def test_the_second_one_names_the_meeting_point_first(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    amina = book(acting, ground, "Amina", "en")
    clock.instant = TEN - HOUR
    remind()
    body = reminded(acting)[amina]
    assert body.startswith("Meeting point: Villa Giaquinto")
    assert "I cannot come: http" in body


def test_an_offered_place_brings_no_reminder(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    book(acting, ground, "Amina")
    with acting(system_in(ground.city.id)) as ctx:
        for booking in ctx.db.scalars(select(Booking)):
            booking.state = BookingState.OFFERED
    assert remind() == 0


def test_nobody_is_reminded_earlier_than_a_day_before(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    book(acting, ground, "Amina")
    clock.instant = TEN - timedelta(hours=24, seconds=1)
    assert remind() == 0
    clock.instant = TEN - timedelta(hours=24)
    assert remind() == 1


def test_nobody_is_reminded_of_a_session_that_began(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    book(acting, ground, "Amina")
    clock.instant = TEN
    assert remind() == 0


def test_a_place_given_back_or_waited_for_brings_no_reminder(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    amina, oleh = book(acting, ground, "Amina"), book(acting, ground, "Oleh")
    with acting(system_in(ground.city.id)) as ctx:
        for booking in ctx.db.scalars(select(Booking)):
            is_amina = booking.person_id == amina
            booking.state = BookingState.WITHDRAWN if is_amina else BookingState.WAITING
    assert remind() == 0
    assert reminded(acting) == {}
    assert oleh != amina


def test_a_cancelled_session_brings_no_reminder(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    book(acting, ground, "Amina")
    with acting(system_in(ground.city.id)) as ctx:
        session = ctx.db.get_one(ProjectSession, ground.session_id)
        session.state = SessionState.CANCELLED
    assert remind() == 0


def test_a_session_put_off_is_reminded_of_again(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    book(acting, ground, "Amina")
    assert remind() == 1
    move(acting, ground, timedelta(days=7), asked_at=clock.now())
    assert remind() == 0
    clock.advance(timedelta(days=7))
    assert remind() == 1


def test_a_session_moved_within_the_day_was_told_of_a_moment_ago(
    acting: Acting, ground: Ground, remind: Remind, clock: FrozenClock
) -> None:
    """The message of the change says all that the first reminder would; the second one comes."""
    book(acting, ground, "Amina")
    assert remind() == 1
    move(acting, ground, -5 * HOUR, asked_at=clock.now())
    assert remind() == 0
    clock.instant = TEN - 7 * HOUR
    assert remind() == 1
    assert kinds(acting)[-1] is MessageKind.REMINDER_SOON


def move(acting: Acting, ground: Ground, by: timedelta, asked_at: datetime) -> None:
    with acting(system_in(ground.city.id)) as ctx:
        session = ctx.db.get_one(ProjectSession, ground.session_id)
        session.starts_at += by
        session.ends_at += by
        for booking in ctx.db.scalars(select(Booking)):
            booking.asked_again_at = asked_at


def test_sessions_of_every_city_are_looked_at(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    with acting(system_in()) as ctx:
        away = make_ground(ctx, "caserta")
    book(acting, ground, "Amina")
    book(acting, away, "Oleh")
    assert remind() == 2


def test_more_than_a_batch_is_written_in_one_run(
    acting: Acting, ground: Ground, remind: Remind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    for name in ("Amina", "Bilal", "Chidi", "Dede", "Ester"):
        book(acting, ground, name)
    assert remind() == 5
    assert remind() == 0


@pytest.fixture
def crowd(real_database: Database, clock: FrozenClock) -> int:
    """Thirty people with a place, all to be reminded now."""
    with real_database.unit_of_work(system_in()) as ctx:
        ground = make_ground(ctx, places=30)
        for number in range(30):
            person_id = make_person(ctx, f"P{number}", ground.city, phone=f"+3933300000{number:02}")
            make_booking(ctx, person_id, ground.session_id)
    clock.instant = TEN - HOUR
    return 30


def test_two_workers_at_once_remind_each_person_once(real_database: Database, crowd: int) -> None:
    app = make_test_app(real_database)
    barrier = Barrier(4)

    def work() -> int:
        with app.app_context():
            barrier.wait()
            return reminders.queue_reminders(real_database)

    with ThreadPoolExecutor(4) as pool:
        written = [job.result() for job in [pool.submit(work) for _ in range(4)]]
    assert sum(written) == crowd
    with real_database.reading(system_in()) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Message)) == crowd


def test_having_looked_first_is_not_what_keeps_them_from_writing_twice(
    real_database: Database, crowd: int
) -> None:
    """Both look before either writes: only the key of each message is left to stop the second."""
    app = make_test_app(real_database)
    with real_database.reading(system_in()) as ctx:
        first, second = queries.due_reminders(ctx), queries.due_reminders(ctx)
    assert len(first) == len(second) == crowd
    with app.app_context():
        with real_database.unit_of_work(system_in()) as ctx:
            assert reminders.write_reminders(ctx, first) == crowd
        with real_database.unit_of_work(system_in()) as ctx:
            assert reminders.write_reminders(ctx, second) == 0
