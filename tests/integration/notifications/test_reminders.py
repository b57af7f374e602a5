from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from civic.notifications import reminders
from civic.notifications.models import Message
from tests.factories.accounts import make_person
from tests.factories.attendance import TEN, Ground, make_ground
from tests.factories.enrolment import make_booking

Acting = Callable[[Actor], AbstractContextManager[Context]]
Remind = Callable[[], int]


@pytest.fixture
def ground(acting: Acting, clock: FrozenClock) -> Ground:
    """A session that starts in 23 hours."""
    with acting(system_in()) as ctx:
        ground = make_ground(ctx)
    clock.instant = TEN - timedelta(hours=23)
    return ground


@pytest.fixture
def remind(acting: Acting, app: Flask) -> Remind:
    """Run the job as the worker does: as the system, in no city."""

    def run() -> int:
        with app.app_context(), acting(system_in()) as ctx:
            return reminders.queue_reminders(ctx)

    return run


def book(acting: Acting, ground: Ground, name: str, language: str = "it") -> UUID:
    with acting(system_in()) as ctx:
        phone = f"+39333{abs(hash(name)) % 10_000_000:07}"
        person_id = make_person(ctx, name, ground.city, page_language=language, phone=phone)
        make_booking(ctx, person_id, ground.session_id)
        return person_id


def reminded(acting: Acting) -> dict[UUID | None, str]:
    with acting(system_in()) as ctx:
        return {message.person_id: message.body for message in ctx.db.scalars(select(Message))}


def test_each_person_with_a_place_is_reminded_once_in_their_language(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    amina, oleh = book(acting, ground, "Amina", "ar"), book(acting, ground, "Oleh", "en")
    assert remind() == 2
    assert remind() == 0
    bodies = reminded(acting)
    assert "مارس" in bodies[amina]
    assert "Saturday 21 March" in bodies[oleh]


def test_whoever_books_late_is_reminded_too(acting: Acting, ground: Ground, remind: Remind) -> None:
    book(acting, ground, "Amina")
    remind()
    late = book(acting, ground, "Late")
    assert remind() == 1
    assert late in reminded(acting)


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
    with acting(system_in(ground.city.id)) as ctx:
        session = ctx.db.get_one(ProjectSession, ground.session_id)
        session.starts_at += timedelta(days=7)
        session.ends_at += timedelta(days=7)
    assert remind() == 0
    clock.advance(timedelta(days=7))
    assert remind() == 1


def test_sessions_of_every_city_are_looked_at(
    acting: Acting, ground: Ground, remind: Remind
) -> None:
    with acting(system_in()) as ctx:
        away = make_ground(ctx, "caserta")
    book(acting, ground, "Amina")
    book(acting, away, "Oleh")
    assert remind() == 2
