"""Real threads and real commits: the last place goes to one, and every free place to somebody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event, get_ident
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from civic.catalogue.models import ProjectSession
from civic.catalogue.operations import sessions
from civic.enrolment.errors import GroupNotReady
from civic.enrolment.models import Booking
from civic.enrolment.operations import groups, joining, offers, places
from civic.enrolment.queries import waiting
from civic.enrolment.rules import WITH_PLACE, BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import ONE, TEN, Ground, on_ground, signed_in
from tests.factories.catalogue import make_session

TRIES = 40
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CROWD, CROWD_PLACES = 40, 5


@pytest.fixture
def ground(real_database: Database) -> Ground:
    return on_ground(real_database)


@pytest.fixture
def rivals(real_database: Database, ground: Ground) -> list[Actor]:
    """Two who have joined the project, so that nothing but the session is between them."""
    with real_database.unit_of_work(system_in()) as ctx:
        people = [make_person(ctx, name, ground.city) for name in ("Amina", "Bilal")]
    actors = [signed_in(real_database, person_id) for person_id in people]
    for actor in actors:
        with real_database.unit_of_work(actor) as ctx:
            joining.enrol(ctx, ground.project_id)
    return actors


@pytest.fixture
def last_places(real_database: Database, ground: Ground) -> list[UUID]:
    """Many sessions with one place each, on days of their own."""
    with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
        return [
            make_session(ctx, ground.project_id, TEN + day * DAY, ONE + day * DAY, places=1)
            for day in range(1, TRIES + 1)
        ]


def book(
    database: Database, session_id: UUID, barrier: Barrier, actor: Actor
) -> BookingState | None:
    barrier.wait()
    with database.unit_of_work(actor) as ctx:
        return places.book_place(ctx, session_id)


def both_at_once(
    database: Database, rivals: list[Actor], session_id: UUID
) -> list[BookingState | None]:
    barrier = Barrier(len(rivals))
    with ThreadPoolExecutor(len(rivals)) as pool:
        return list(pool.map(partial(book, database, session_id, barrier), rivals))


def counts(database: Database, session_id: UUID) -> tuple[int, int]:
    """Places taken as the session has it, and bookings that hold one."""
    with database.reading(system_in()) as ctx:
        confirmed = select(func.count(Booking.id)).where(
            Booking.session_id == session_id, Booking.state.in_(WITH_PLACE)
        )
        row = ctx.db.get_one(ProjectSession, session_id)
    with database.reading(system_in(row.municipality_id)) as ctx:
        return row.places_taken, ctx.db.scalar(confirmed) or 0


def test_two_who_want_the_last_place_never_both_get_it(
    real_database: Database, rivals: list[Actor], last_places: list[UUID]
) -> None:
    for session_id in last_places:
        answers = both_at_once(real_database, rivals, session_id)
        assert set(answers) == {BookingState.CONFIRMED, BookingState.WAITING}
        assert counts(real_database, session_id) == (1, 1)


class Careless:
    """Two mistakes: a session that is looked at and not held, and places that are counted by
    reading and writing. On PostgreSQL both people look before either writes."""

    def __init__(self) -> None:
        self._meeting = Barrier(2, timeout=10)
        self._has_looked: set[int] = set()

    def hold_session(self, ctx: Context, session_id: UUID) -> ProjectSession:
        row = ctx.db.get_one(ProjectSession, session_id)
        if ctx.db.get_bind().dialect.name == "postgresql" and get_ident() not in self._has_looked:
            self._has_looked.add(get_ident())
            self._meeting.wait()
        return row

    def take_place(self, ctx: Context, session_id: UUID, number: int = 1) -> bool:
        row = ctx.db.get_one(ProjectSession, session_id)
        if row.places_taken + number > row.places:
            return False
        ctx.db.execute(
            update(ProjectSession)
            .where(ProjectSession.id == session_id)
            .values(places_taken=row.places_taken + number)
        )
        return True


def is_on_postgresql(database: Database) -> bool:
    with database.reading(system_in()) as ctx:
        return bool(ctx.db.get_bind().dialect.name == "postgresql")


def test_reading_before_writing_would_sell_the_last_place_twice(
    real_database: Database,
    rivals: list[Actor],
    last_places: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's
    lock, taken at BEGIN, protects even the mistake."""
    careless = Careless()
    monkeypatch.setattr(places, "hold_session", careless.hold_session)
    monkeypatch.setattr(sessions, "take_place", careless.take_place)

    answers = both_at_once(real_database, rivals, last_places[0])

    sells_twice = is_on_postgresql(real_database)
    assert answers.count(BookingState.CONFIRMED) == (2 if sells_twice else 1)


class Blind(Careless):
    """Both look at the session and hold nothing; who asks is slower than who gives back."""

    def __init__(self, asker: Actor) -> None:
        super().__init__()
        self._asker = asker
        self.has_given_back = Event()

    def hold_session(self, ctx: Context, session_id: UUID) -> ProjectSession:
        row = super().hold_session(ctx, session_id)
        on_server = ctx.db.get_bind().dialect.name == "postgresql"
        if on_server and ctx.actor.person_id == self._asker.person_id:
            self.has_given_back.wait(10)
        return row


def give_back_and_ask(
    database: Database, holder: Actor, asker: Actor, session_id: UUID, blind: "Blind | None" = None
) -> tuple[int, int]:
    """At the same moment; answers the places taken and the people with one."""
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        asking = pool.submit(book, database, session_id, barrier, asker)
        pool.submit(give_back, database, session_id, barrier, holder).result()
        if blind:
            blind.has_given_back.set()
        asking.result()
    return counts(database, session_id)


def test_place_given_back_while_somebody_asks_is_never_left_empty(
    real_database: Database, rivals: list[Actor], last_places: list[UUID]
) -> None:
    holder, asker = rivals
    for session_id in last_places[:20]:
        with real_database.unit_of_work(holder) as ctx:
            places.book_place(ctx, session_id)
        assert give_back_and_ask(real_database, holder, asker, session_id) == (1, 1)


def test_without_the_lock_of_the_session_it_would_be_left_empty(
    real_database: Database,
    rivals: list[Actor],
    last_places: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The counter-test of the race above: the two do not see each other."""
    holder, asker = rivals
    with real_database.unit_of_work(holder) as ctx:
        places.book_place(ctx, last_places[0])
    blind = Blind(asker)
    monkeypatch.setattr(places, "hold_session", blind.hold_session)
    taken, _ = give_back_and_ask(real_database, holder, asker, last_places[0], blind)
    assert taken == (0 if is_on_postgresql(real_database) else 1)


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


def test_many_who_ask_at_once_stand_in_one_line_without_gaps(real_database: Database) -> None:
    """More writers than SQLite lets in at once, and none is turned away."""
    ground = on_ground(real_database, places=CROWD_PLACES)
    with real_database.unit_of_work(system_in()) as ctx:
        people = [make_person(ctx, f"Person {number}") for number in range(CROWD)]
    actors = [signed_in(real_database, person_id) for person_id in people]
    barrier = Barrier(CROWD)
    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(partial(book, real_database, ground.session_id, barrier), actors))

    assert answers.count(BookingState.CONFIRMED) == CROWD_PLACES
    assert answers.count(BookingState.WAITING) == CROWD - CROWD_PLACES
    with real_database.reading(system_in(ground.city.id)) as ctx:
        line = ctx.db.execute(
            select(Booking.person_id, Booking.state, Booking.queued_at).order_by(Booking.queued_at)
        ).all()
        assert len({row.queued_at for row in line if row.state is BookingState.WAITING}) == (
            CROWD - CROWD_PLACES
        )
        in_line = [row.person_id for row in line if row.state is BookingState.WAITING]
        numbers = [
            waiting.positions(ctx, [ground.session_id], person_id)[ground.session_id]
            for person_id in in_line
        ]
    assert numbers == list(range(1, CROWD - CROWD_PLACES + 1))


def test_two_workers_at_once_pass_an_offer_on_once(
    real_database: Database, rivals: list[Actor], last_places: list[UUID], clock: FrozenClock
) -> None:
    holder, first = rivals
    with real_database.unit_of_work(system_in()) as ctx:
        late = make_person(ctx, "Chidi")  # waits behind the first
    for actor in (holder, first, signed_in(real_database, late)):
        with real_database.unit_of_work(actor) as ctx:
            places.book_place(ctx, last_places[0])
    with real_database.unit_of_work(holder) as ctx:
        places.give_back(ctx, last_places[0])
    clock.advance(2 * DAY)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(offers.expire_offers, real_database) for _worker in range(2)]:
            done.result()

    assert counts(real_database, last_places[0]) == (1, 1)
    with real_database.reading(system_in()) as ctx:
        told = ctx.db.scalars(select(OutboxEvent.name)).all()
    assert told.count("enrolment.OfferLapsed") == 1
    assert told.count("enrolment.PlaceOffered") == 2


def test_an_offer_taken_and_given_up_at_once_belongs_to_one(
    real_database: Database, rivals: list[Actor], last_places: list[UUID]
) -> None:
    """Two screens of one person: whichever comes first, the count is right."""
    holder, first = rivals
    for session_id in last_places[:10]:
        for actor in rivals:
            with real_database.unit_of_work(actor) as ctx:
                places.book_place(ctx, session_id)
        with real_database.unit_of_work(holder) as ctx:
            places.give_back(ctx, session_id)
        with ThreadPoolExecutor(2) as pool:
            taking = pool.submit(take, real_database, session_id, first)
            pool.submit(give_back, real_database, session_id, Barrier(1), first).result()
            taking.result()
        taken, held = counts(real_database, session_id)
        assert taken == held


def take(database: Database, session_id: UUID, actor: Actor) -> BookingState:
    with database.unit_of_work(actor) as ctx:
        return offers.take(ctx, session_id)


def test_two_groups_of_the_same_people_never_wait_for_each_other(
    real_database: Database, rivals: list[Actor], ground: Ground
) -> None:
    """Two leaders ask at once for sessions that clash: one gets the places, nobody a deadlock."""
    one, other = rivals
    days = range(1, 9)
    with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
        pairs = [
            [
                make_session(ctx, ground.project_id, TEN + day * DAY, ONE + day * DAY, places=2),
                make_session(ctx, ground.project_id, TEN + day * DAY + HOUR, ONE + day * DAY),
            ]
            for day in days
        ]
    for pair in pairs:
        codes = []
        for leader, friend, session_id in ((one, other, pair[0]), (other, one, pair[1])):
            with real_database.unit_of_work(leader) as ctx:
                codes.append((leader, groups.gather(ctx, session_id)))
            with real_database.unit_of_work(friend) as ctx:
                groups.come_along(ctx, codes[-1][1])
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(partial(ask_together, real_database), codes))
        assert sorted(answers) == ["asked", "refused"]


def ask_together(database: Database, asker: tuple[Actor, str]) -> str:
    leader, code = asker
    try:
        with database.unit_of_work(leader) as ctx:
            groups.ask_together(ctx, code)
    except GroupNotReady:
        return "refused"
    return "asked"
