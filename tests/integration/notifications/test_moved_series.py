"""A series that moves or is cancelled: one message for each person, in their language."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.catalogue.events import SeriesMoved
from civic.catalogue.models import ProjectSession
from civic.catalogue.operations.projects import close_project
from civic.catalogue.operations.series import cancel_series, change_series
from civic.catalogue.operations.sessions import SessionPlan, change_session
from civic.catalogue.rhythm import Scope
from civic.catalogue.rules import wall_span
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.factories.accounts import actor_of, make_person
from tests.factories.attendance import Ground, make_ground
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import make_booking
from tests.factories.series import make_series

Acting = Callable[[Actor], AbstractContextManager[Context]]
Drain = Callable[[], int]
EVERYWHERE = system_in()
TWENTY = 20


@pytest.fixture
def ground(acting: Acting) -> Ground:
    with acting(EVERYWHERE) as ctx:
        return make_ground(ctx)


@pytest.fixture
def organiser(acting: Acting, ground: Ground) -> Actor:
    with acting(EVERYWHERE) as ctx:
        return actor_of(ctx, ground.organiser_id)


@pytest.fixture
def sundays(acting: Acting, ground: Ground, organiser: Actor) -> list[UUID]:
    """Twenty of them, so that nobody could read as many messages."""
    with acting(organiser) as ctx:
        return make_series(ctx, ground.project_id, times=TWENTY, weekdays=(6,))


def book(
    acting: Acting,
    ground: Ground,
    sessions: list[UUID],
    number: int,
    language: str,
    state: BookingState = BookingState.CONFIRMED,
) -> UUID:
    with acting(EVERYWHERE) as ctx:
        person_id = make_person(
            ctx, "Amina", ground.city, page_language=language, phone=f"+39333000000{number}"
        )
        for session_id in sessions:
            make_booking(ctx, person_id, session_id, state)
    return person_id


def shift(acting: Acting, organiser: Actor, session_id: UUID, start: int) -> None:
    with acting(organiser) as ctx:
        row = ctx.db.get_one(ProjectSession, session_id)
        span = wall_span(rome_day(row.starts_at), time(start), time(start + 3))
        change_series(ctx, session_id, Scope.ALL, SessionPlan(*span, row.meeting_point, row.places))


def sent(acting: Acting) -> list[Message]:
    with acting(EVERYWHERE) as ctx:
        return list(ctx.db.scalars(select(Message).order_by(Message.address, Message.created_at)))


def test_twenty_moved_sessions_are_one_message_a_person(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    book(acting, ground, sundays, 1, "en")
    book(acting, ground, sundays[:2], 2, "fr", BookingState.WAITING)
    book(acting, ground, sundays[3:4], 3, "ar")
    book(acting, ground, sundays, 4, "it", BookingState.WITHDRAWN)
    shift(acting, organiser, sundays[0], 15)
    drain()
    english, french, arabic = sent(acting)
    assert {m.kind for m in (english, french, arabic)} == {MessageKind.SESSION_CHANGED}
    assert [m.language for m in (english, french, arabic)] == ["en", "fr", "ar"]
    assert english.body.count("Before:") == english.body.count("Now:") == 12
    assert "And 8 more dates" in english.body
    assert english.body.index("10:00") < english.body.index("15:00")
    assert "/en/me/changes" in english.body
    assert french.body.count("15:00") == 2
    assert arabic.body.count("15:00") == 1
    assert drain() == 0


def test_the_same_news_brought_twice_is_told_once(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    book(acting, ground, sundays, 1, "en")
    shift(acting, organiser, sundays[0], 15)
    with acting(EVERYWHERE) as ctx:
        found = select(OutboxEvent).where(OutboxEvent.name == SeriesMoved.name())
        (event,) = ctx.db.scalars(found)
        again = SeriesMoved.from_json(event.payload)
        ctx.db.add(
            OutboxEvent(
                id=ctx.new_id(),
                name=again.name(),
                payload=again.to_json(),
                municipality_id=ground.city.id,
                happened_at=ctx.now(),
                next_try_at=ctx.now(),
            )
        )
    drain()
    assert len(sent(acting)) == 1


def test_after_two_moves_the_message_starts_from_what_was_agreed(
    acting: Acting,
    ground: Ground,
    organiser: Actor,
    sundays: list[UUID],
    drain: Drain,
    clock: FrozenClock,
) -> None:
    """Nobody was ever told of the hour in between."""
    book(acting, ground, sundays[:2], 1, "en")
    shift(acting, organiser, sundays[0], 12)
    clock.advance(timedelta(seconds=1))
    shift(acting, organiser, sundays[0], 15)
    drain()
    (message,) = sent(acting)
    assert message.body.count("10:00–13:00") == message.body.count("15:00–18:00") == 2
    assert "12:00" not in message.body


def test_another_place_stands_beside_the_hours(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    book(acting, ground, sundays[:2], 1, "en")
    with acting(organiser) as ctx:
        row = ctx.db.get_one(ProjectSession, sundays[0])
        plan = SessionPlan(row.starts_at, row.ends_at, "Via Gemito", row.places)
        change_series(ctx, sundays[0], Scope.ALL, plan)
    drain()
    (message,) = sent(acting)
    assert message.body.count(", Villa Giaquinto\n") == message.body.count("Via Gemito") == 2


def test_a_clash_that_the_move_makes_is_told(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    person_id = book(acting, ground, sundays[:1], 1, "en")
    with acting(system_in(ground.city.id)) as ctx:
        other = make_project(
            ctx, ground.association.id, ground.city.id, ground.organiser_id, title="Panchine"
        )
        row = ctx.db.get_one(ProjectSession, sundays[0])
        span = wall_span(rome_day(row.starts_at), time(16), time(19))
        make_booking(ctx, person_id, make_session(ctx, other, *span))
    shift(acting, organiser, sundays[0], 15)
    drain()
    (message,) = sent(acting)
    assert "At that time you also have “Panchine”" in message.body


def test_a_moved_session_that_was_cancelled_meanwhile_is_told_as_cancelled_alone(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    book(acting, ground, sundays[:3], 1, "en")
    shift(acting, organiser, sundays[0], 15)
    with acting(organiser) as ctx:
        cancel_series(ctx, sundays[0], Scope.ALL)
    drain()
    (message,) = sent(acting)
    assert message.kind is MessageKind.SESSION_CANCELLED
    assert message.subject == "Several sessions do not take place"
    assert message.body.count("15:00–18:00") == 3


def test_a_cancelled_series_is_one_message_too(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    book(acting, ground, sundays, 1, "fr")
    book(acting, ground, sundays[4:5], 2, "en")
    with acting(organiser) as ctx:
        cancel_series(ctx, sundays[2], Scope.FOLLOWING)
    drain()
    french, english = sent(acting)
    assert french.body.count("10:00–13:00") == 12
    assert english.subject == "A session does not take place"
    assert "Villa Giaquinto" in english.body


def test_a_project_that_ends_tells_each_person_once(
    acting: Acting, ground: Ground, organiser: Actor, sundays: list[UUID], drain: Drain
) -> None:
    book(acting, ground, [ground.session_id, *sundays], 1, "en")
    with acting(organiser) as ctx:
        close_project(ctx, ground.project_id)
    drain()
    (message,) = sent(acting)
    assert "And 9 more dates." in message.body


def test_one_moved_session_is_told_with_its_question(
    acting: Acting, ground: Ground, organiser: Actor, drain: Drain
) -> None:
    book(acting, ground, [ground.session_id], 1, "en")
    with acting(organiser) as ctx:
        row = ctx.db.get_one(ProjectSession, ground.session_id)
        hour = timedelta(hours=1)
        plan = SessionPlan(row.starts_at + hour, row.ends_at + hour, row.meeting_point, row.places)
        change_session(ctx, ground.session_id, plan)
    drain()
    (message,) = sent(acting)
    assert "Do you still come?" in message.body
    assert "If you say nothing, your booking stays as it is." in message.body
