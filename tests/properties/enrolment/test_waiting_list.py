"""Whatever people do in whatever order, places and the queue stay true."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from civic.catalogue.models import ProjectSession
from civic.enrolment.models import Booking
from civic.enrolment.operations import leaving, places
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from tests.conftest import SATURDAY_MORNING
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, on_ground, signed_in

PEOPLE = 5
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "give_back", "leave", "add_place"]), st.integers(0, PEOPLE - 1)
    ),
    max_size=25,
)


class History:
    """The real rooms, and beside them the plainest possible account of what should be so."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database, self.clock = database, clock
        self.ground: Ground = on_ground(database, places=1)
        with database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            self.people = [make_person(ctx, f"Person {n}") for n in range(PEOPLE)]
        self.actors: list[Actor] = [signed_in(database, person) for person in self.people]
        self.places = 1
        self.confirmed: list[UUID] = []
        self.queue: list[UUID] = []

    def step(self, what: str, who: int) -> None:
        self.clock.advance(timedelta(seconds=1))
        person = self.people[who]
        if what == "add_place":
            self.places += 1
            with self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
                ctx.db.get_one(ProjectSession, self.ground.session_id).places = self.places
                ctx.db.flush()
                places.release_place(ctx, self.ground.session_id)
        elif what == "book":
            with self.database.unit_of_work(self.actors[who]) as ctx:
                places.book_place(ctx, self.ground.session_id)
            self.actors[who] = signed_in(self.database, person)
            if person not in self.confirmed + self.queue:
                self.queue.append(person)
        else:
            with suppress(NotFound), self.database.unit_of_work(self.actors[who]) as ctx:
                if what == "leave":
                    leaving.leave(ctx, self.ground.project_id)
                else:
                    places.give_back(ctx, self.ground.session_id)
            self.confirmed = [other for other in self.confirmed if other != person]
            self.queue = [other for other in self.queue if other != person]
        while self.queue and len(self.confirmed) < self.places:
            self.confirmed.append(self.queue.pop(0))

    def check(self) -> None:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            rows = ctx.db.execute(
                select(Booking.person_id, Booking.state).order_by(Booking.queued_at, Booking.id)
            ).all()
            taken = ctx.db.get_one(ProjectSession, self.ground.session_id).places_taken
        people = [row.person_id for row in rows]
        assert len(people) == len(set(people))
        confirmed = {row.person_id for row in rows if row.state is BookingState.CONFIRMED}
        assert taken == len(confirmed) <= self.places
        assert confirmed == set(self.confirmed)
        waiting = [row.person_id for row in rows if row.state is BookingState.WAITING]
        assert waiting == self.queue


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_places_are_counted_right_and_the_queue_is_served_in_order(
    connection: Connection, steps: list[tuple[str, int]]
) -> None:
    savepoint = connection.begin_nested()
    clock = FrozenClock(SATURDAY_MORNING)
    try:
        history = History(Database.within(connection, clock), clock)
        for what, who in steps:
            history.step(what, who)
            history.check()
    finally:
        savepoint.rollback()
