"""A series is changed while people join it: real threads, real commits."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.catalogue.errors import PlacesBelowTaken
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations import series
from civic.catalogue.operations.series import change_series
from civic.catalogue.operations.sessions import SessionPlan, Stand
from civic.catalogue.rhythm import Scope
from civic.enrolment.models import Booking
from civic.enrolment.operations import places, reconfirming
from civic.enrolment.queries.reconfirming import held_in, unanswered
from civic.enrolment.rules import HELD, WITH_PLACE, BookingState
from civic.kernel.clock import ROME
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.outbox import Dispatcher
from civic.kernel.policy import Actor, system_in
from civic.notifications.models import Message
from civic.wiring import SUBSCRIPTIONS
from tests.conftest import make_test_app
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, on_ground, signed_in
from tests.factories.series import make_series

PEOPLE, PLACES, ROUNDS = 12, 4, 6
HOUR = timedelta(hours=1)
MONTHS = {3: "marzo", 4: "aprile"}


@pytest.fixture
def ground(real_database: Database) -> Ground:
    return on_ground(real_database)


@pytest.fixture
def organiser(real_database: Database, ground: Ground) -> Actor:
    return signed_in(real_database, ground.organiser_id)


@pytest.fixture
def people(real_database: Database, ground: Ground) -> list[Actor]:
    with real_database.unit_of_work(system_in()) as ctx:
        ids = [
            make_person(ctx, f"Persona {n}", ground.city, phone=f"+3933300000{n:02}")
            for n in range(PEOPLE)
        ]
    return [signed_in(real_database, person_id) for person_id in ids]


@pytest.fixture
def deliver(real_database: Database) -> Callable[[], int]:
    app = make_test_app(real_database)

    def drain() -> int:
        with app.app_context():
            return Dispatcher(real_database, SUBSCRIPTIONS).drain()

    return drain


def take(
    database: Database, barrier: Barrier, sessions: list[UUID], number: int, who: Actor
) -> None:
    """Every person takes a place in two sessions of the series."""
    barrier.wait()
    for offset in range(2):
        with database.unit_of_work(who) as ctx:
            places.book_place(ctx, sessions[(number + offset) % len(sessions)])


def change(
    database: Database, barrier: Barrier, first: UUID, organiser: Actor, number: int
) -> int | None:
    """An hour later, with fewer places if they are not taken yet."""
    barrier.wait()
    try:
        with database.unit_of_work(organiser) as ctx:
            row = ctx.db.get_one(ProjectSession, first)
            plan = SessionPlan(row.starts_at + HOUR, row.ends_at + HOUR, row.meeting_point, number)
            return change_series(ctx, first, Scope.ALL, plan)
    except PlacesBelowTaken:
        return None


def test_whoever_joins_while_a_series_moves_is_told_and_places_hold(
    real_database: Database,
    ground: Ground,
    organiser: Actor,
    people: list[Actor],
    deliver: Callable[[], int],
) -> None:
    for round_ in range(ROUNDS):
        with real_database.unit_of_work(organiser) as ctx:
            weekday = (round_ + 6) % 7
            sessions = make_series(
                ctx, ground.project_id, times=3, weekdays=(weekday,), places=PLACES
            )
        barrier = Barrier(PEOPLE + 1)
        with ThreadPoolExecutor(PEOPLE + 1) as pool:
            joining = [
                pool.submit(take, real_database, barrier, sessions, number, who)
                for number, who in enumerate(people)
            ]
            moving = pool.submit(change, real_database, barrier, sessions[0], organiser, PLACES - 1)
            for done in joining:
                done.result()
            moved = moving.result()
        deliver()
        with real_database.reading(system_in(ground.city.id)) as ctx:
            check_places(ctx, sessions, PLACES if moved is None else PLACES - 1)
            check_told(ctx, sessions)


def check_places(ctx: Context, sessions: list[UUID], number: int) -> None:
    for session_id in sessions:
        row = ctx.db.get_one(ProjectSession, session_id)
        held = select(func.count(Booking.id)).where(Booking.session_id == session_id)
        with_place = ctx.db.scalar(held.where(Booking.state.in_(WITH_PLACE))) or 0
        assert row.places == number
        assert row.places_taken == with_place <= row.places
        waiting = ctx.db.scalar(held.where(Booking.state == BookingState.WAITING)) or 0
        assert waiting == 0 or row.places_taken == row.places


def check_told(ctx: Context, sessions: list[UUID]) -> None:
    """Each who holds something has read the hour that holds now, for that very day."""
    held = held_in(ctx, sessions)
    assert len(held) == PEOPLE * 2
    assert {booking.state for booking in held} <= set(HELD)
    for booking in held:
        bodies = ctx.db.scalars(select(Message.body).where(Message.person_id == booking.person_id))
        at = booking.starts_at.astimezone(ROME)
        day = "1º aprile" if (at.month, at.day) == (4, 1) else f"{at.day} {MONTHS[at.month]}"
        holds = f"{day}, \u2066{at:%H:%M}–"
        assert any(holds in body for body in bodies), holds


def test_fewer_places_and_a_last_place_taken_at_once_never_disagree(
    real_database: Database, ground: Ground, organiser: Actor, people: list[Actor]
) -> None:
    """One of the two comes first: then either the change is refused, or the person waits."""
    for round_ in range(ROUNDS * 2):
        with real_database.unit_of_work(organiser) as ctx:
            start, end = time(2 + round_), time(3 + round_)
            (session_id,) = make_series(
                ctx, ground.project_id, times=1, weekdays=(6,), places=2, start=start, end=end
            )
        with real_database.unit_of_work(people[0]) as ctx:
            places.book_place(ctx, session_id)
        barrier = Barrier(2)
        steps: list[Callable[[], object]] = [
            partial(book_one, real_database, barrier, session_id, people[1]),
            partial(shrink, real_database, barrier, session_id, organiser),
        ]
        with ThreadPoolExecutor(2) as pool:
            state, shrunk = (done.result() for done in [pool.submit(step) for step in steps])
        assert (state, shrunk) in {
            (BookingState.CONFIRMED, False),
            (BookingState.WAITING, True),
        }
        with real_database.reading(system_in(ground.city.id)) as ctx:
            row = ctx.db.get_one(ProjectSession, session_id)
            assert row.places_taken <= row.places
        for who in people[:2]:
            with real_database.unit_of_work(who) as ctx:
                places.give_back(ctx, session_id)


def book_one(
    database: Database, barrier: Barrier, session_id: UUID, who: Actor
) -> BookingState | None:
    barrier.wait()
    with database.unit_of_work(who) as ctx:
        return places.book_place(ctx, session_id)


def shrink(database: Database, barrier: Barrier, session_id: UUID, organiser: Actor) -> bool:
    barrier.wait()
    try:
        with database.unit_of_work(organiser) as ctx:
            row = ctx.db.get_one(ProjectSession, session_id)
            plan = SessionPlan(row.starts_at, row.ends_at, row.meeting_point, 1)
            change_series(ctx, session_id, Scope.ALL, plan)
    except PlacesBelowTaken:
        return False
    return True


class Careless:
    """The mistake that holding the rows avoids: looking at them first, and writing later."""

    def __init__(self, between: Callable[[], object]) -> None:
        self._between = between

    def held(
        self, ctx: Context, session_id: UUID
    ) -> tuple[Project, ProjectSession, Sequence[ProjectSession]]:
        chosen = ctx.db.get_one(ProjectSession, session_id)
        project = ctx.db.get_one(Project, chosen.project_id)
        if ctx.db.get_bind().dialect.name == "postgresql":
            self._between()
        return project, chosen, [chosen]


def test_looking_before_holding_would_leave_fewer_places_than_people(
    real_database: Database,
    ground: Ground,
    organiser: Actor,
    people: list[Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's
    lock, taken at BEGIN, protects even the mistake."""
    with real_database.unit_of_work(organiser) as ctx:
        (session_id,) = make_series(ctx, ground.project_id, times=1, weekdays=(6,), places=2)
        is_fooled = ctx.db.get_bind().dialect.name == "postgresql"
    with real_database.unit_of_work(people[0]) as ctx:
        places.book_place(ctx, session_id)

    def book_in_between() -> None:
        with real_database.unit_of_work(people[1]) as ctx:
            places.book_place(ctx, session_id)

    monkeypatch.setattr(series, "_held", Careless(book_in_between).held)
    assert shrink(real_database, Barrier(1), session_id, organiser)

    with real_database.reading(system_in(ground.city.id)) as ctx:
        row = ctx.db.get_one(ProjectSession, session_id)
        assert (row.places_taken > row.places) is is_fooled


def test_whoever_takes_a_place_this_very_moment_is_waited_for_and_asked_too(
    real_database: Database, ground: Ground, organiser: Actor, people: list[Actor]
) -> None:
    """Their booking is written but not committed when everybody is asked again."""
    with real_database.unit_of_work(organiser) as ctx:
        (session_id,) = make_series(ctx, ground.project_id, times=1, weekdays=(6,))
        before = Stand.of(ctx.db.get_one(ProjectSession, session_id))

    def ask() -> None:
        with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
            reconfirming.ask_again(ctx, [before])

    with ThreadPoolExecutor(1) as pool:
        with real_database.unit_of_work(people[0]) as ctx:
            places.book_place(ctx, session_id)
            asking = pool.submit(ask)
            with pytest.raises(TimeoutError):
                asking.result(timeout=0.5)
        asking.result()
    with real_database.reading(system_in(ground.city.id)) as ctx:
        assert unanswered(ctx, ground.project_id) == {session_id: 1}
