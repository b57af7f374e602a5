"""People before a session: they ask, give back and take, each in a transaction of their own."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, update

from civic.catalogue.models import ProjectSession
from civic.enrolment.models import Booking, InsurancePolicy
from civic.enrolment.operations import offers, places
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, signed_in


def newcomer(database: Database, name: str = "Amina", birth_year: int | None = 1995) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, name, birth_year=birth_year)


def newcomers(database: Database, *names: str) -> list[UUID]:
    return [newcomer(database, name) for name in names]


def book(database: Database, person_id: UUID, session_id: UUID) -> BookingState | None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        return places.book_place(ctx, session_id)


def give_back(database: Database, person_id: UUID, session_id: UUID) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        places.give_back(ctx, session_id)


def take(database: Database, person_id: UUID, session_id: UUID) -> BookingState:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        return offers.take(ctx, session_id)


def release(database: Database, ground: Ground) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        places.release_place(ctx, ground.session_id)


def set_places(database: Database, ground: Ground, number: int) -> None:
    """As the organiser does; the event that tells of it is not delivered yet."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).places = number


def booking(ctx: Context, ground: Ground, person_id: UUID) -> Booking:
    return ctx.db.scalars(
        select(Booking)
        .where(Booking.person_id == person_id)
        .where(Booking.session_id == ground.session_id)
    ).one()


def states(database: Database, ground: Ground, *people: UUID) -> list[str]:
    """The state of each of them, in the order asked for."""
    with database.reading(system_in(ground.city.id)) as ctx:
        return [booking(ctx, ground, person_id).state.value for person_id in people]


def taken(database: Database, ground: Ground) -> int:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.get_one(ProjectSession, ground.session_id).places_taken


def events(database: Database) -> list[str]:
    with database.reading(system_in()) as ctx:
        return [
            name.removeprefix("enrolment.")
            for name in ctx.db.scalars(select(OutboxEvent.name).order_by(OutboxEvent.id))
        ]


def a_line(database: Database, ground: Ground, clock: FrozenClock) -> list[UUID]:
    """One with the only place, and two who wait."""
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    for person_id in people:
        book(database, person_id, ground.session_id)
        clock.advance(timedelta(minutes=1))
    return people


def uninsure(database: Database, ground: Ground, ends_on: date) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=ends_on))
