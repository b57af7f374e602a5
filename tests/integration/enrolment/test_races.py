"""Real threads and real commits: the last place goes to one, and every free place to somebody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, get_ident
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from civic.catalogue.models import ProjectSession
from civic.catalogue.operations import sessions
from civic.enrolment.models import Booking
from civic.enrolment.operations import places
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import ONE, TEN, on_ground, signed_in
from tests.factories.catalogue import make_session

TRIES = 100
DAY = timedelta(days=1)


@pytest.fixture
def rivals(real_database: Database) -> list[Actor]:
    with real_database.unit_of_work(system_in()) as ctx:
        people = [make_person(ctx, name) for name in ("Amina", "Bilal")]
    return [signed_in(real_database, person_id) for person_id in people]


@pytest.fixture
def last_places(real_database: Database) -> list[UUID]:
    """A hundred sessions with one place each, on days of their own."""
    ground = on_ground(real_database)
    with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
        return [
            make_session(ctx, ground.project_id, TEN + day * DAY, ONE + day * DAY, places=1)
            for day in range(1, TRIES + 1)
        ]


def book(database: Database, session_id: UUID, barrier: Barrier, actor: Actor) -> BookingState:
    barrier.wait()
    with database.unit_of_work(actor) as ctx:
        return places.book_place(ctx, session_id)


def both_at_once(database: Database, rivals: list[Actor], session_id: UUID) -> list[BookingState]:
    barrier = Barrier(len(rivals))
    with ThreadPoolExecutor(len(rivals)) as pool:
        return list(pool.map(partial(book, database, session_id, barrier), rivals))


def counts(database: Database, session_id: UUID) -> tuple[int, int]:
    """Places taken as the session has it, and confirmed bookings."""
    with database.reading(system_in()) as ctx:
        confirmed = select(func.count(Booking.id)).where(
            Booking.session_id == session_id, Booking.state == BookingState.CONFIRMED
        )
        row = ctx.db.get_one(ProjectSession, session_id)
    with database.reading(system_in(row.municipality_id)) as ctx:
        return row.places_taken, ctx.db.scalar(confirmed) or 0


def test_two_who_want_the_last_place_never_both_get_it(
    real_database: Database, rivals: list[Actor], last_places: list[UUID]
) -> None:
    for session_id in last_places:
        answers = both_at_once(real_database, rivals, session_id)
        assert sorted(answers) == [BookingState.CONFIRMED, BookingState.WAITING]
        assert counts(real_database, session_id) == (1, 1)


class Careless:
    """The mistake that the conditional UPDATE avoids; on PostgreSQL both look before either writes."""

    def __init__(self) -> None:
        self._meeting = Barrier(2, timeout=10)
        self._has_looked: set[int] = set()

    def take_place(self, ctx: Context, session_id: UUID) -> bool:
        row = ctx.db.execute(
            select(ProjectSession.places, ProjectSession.places_taken).where(
                ProjectSession.id == session_id
            )
        ).one()
        if ctx.db.get_bind().dialect.name == "postgresql" and get_ident() not in self._has_looked:
            self._has_looked.add(get_ident())
            self._meeting.wait()
        if row.places_taken >= row.places:
            return False
        ctx.db.execute(
            update(ProjectSession)
            .where(ProjectSession.id == session_id)
            .values(places_taken=row.places_taken + 1)
        )
        return True


def test_reading_before_writing_would_sell_the_last_place_twice(
    real_database: Database,
    rivals: list[Actor],
    last_places: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's
    lock, taken at BEGIN, protects even the mistake."""
    with real_database.reading(system_in()) as ctx:
        sells_twice = ctx.db.get_bind().dialect.name == "postgresql"
    monkeypatch.setattr(sessions, "take_place", Careless().take_place)

    answers = both_at_once(real_database, rivals, last_places[0])

    assert answers.count(BookingState.CONFIRMED) == (2 if sells_twice else 1)


def test_place_given_back_while_somebody_asks_is_never_left_empty(
    real_database: Database, rivals: list[Actor], last_places: list[UUID]
) -> None:
    holder, asker = rivals
    for session_id in last_places[:40]:
        with real_database.unit_of_work(holder) as ctx:
            places.book_place(ctx, session_id)
        barrier = Barrier(2)
        steps: list[Callable[[], object]] = [
            partial(give_back, real_database, session_id, barrier, holder),
            partial(book, real_database, session_id, barrier, asker),
        ]
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(step) for step in steps]:
                done.result()

        assert counts(real_database, session_id) == (1, 1)


def give_back(database: Database, session_id: UUID, barrier: Barrier, actor: Actor) -> None:
    barrier.wait()
    with database.unit_of_work(actor) as ctx:
        places.give_back(ctx, session_id)


def test_two_clicks_at_the_same_moment_are_one_booking(
    real_database: Database, rivals: list[Actor], last_places: list[UUID]
) -> None:
    for session_id in last_places[:20]:
        twice = [rivals[0], rivals[0]]
        assert both_at_once(real_database, twice, session_id) == [BookingState.CONFIRMED] * 2
        assert counts(real_database, session_id) == (1, 1)
