"""Who has a place, and who waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from civic.accounts.models import Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import SessionState
from civic.enrolment.models import (
    Booking,
)
from civic.enrolment.rules import (
    HELD,
    BookingState,
    RosterLine,
)
from civic.kernel.context import Context


@dataclass(frozen=True)
class MyBooking:
    facts: SessionFacts
    state: BookingState
    position: int | None
    """Place in the queue, from 1, while waiting."""


def own_booking(ctx: Context, session_id: UUID, *, lock: bool = False) -> Booking | None:
    """The actor's row for a session, whatever became of it."""
    statement = (
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == ctx.actor.person_id)
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return ctx.db.scalar(statement)


def first_waiting(ctx: Context, session_id: UUID) -> Booking | None:
    """Whose turn it is, held against anybody else who looks."""
    return ctx.db.scalar(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.state == BookingState.WAITING)
        .order_by(Booking.queued_at, Booking.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def held_at_that_time(ctx: Context, facts: SessionFacts) -> SessionFacts | None:
    """Another session of the actor's that overlaps this one; touching ones do not (half-open)."""
    found = ctx.db.scalar(
        select(ProjectSession.id)
        .join(Booking, Booking.session_id == ProjectSession.id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.id != facts.id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at < facts.ends_at)
        .where(ProjectSession.ends_at > facts.starts_at)
        .order_by(ProjectSession.starts_at)
        .limit(1)
    )
    return session_facts(ctx, [found]).get(found) if found else None


def my_states(ctx: Context, session_ids: Sequence[UUID]) -> dict[UUID, BookingState]:
    """Of these sessions, those in which the actor has a place or waits for one."""
    rows = ctx.db.execute(
        select(Booking.session_id, Booking.state)
        .where(Booking.session_id.in_(session_ids))
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
    )
    return {row.session_id: row.state for row in rows}


def my_bookings(ctx: Context, language: str | None = None) -> list[MyBooking]:
    """The actor's places and waiting places in sessions that are not over, the nearest first."""
    rows = ctx.db.execute(
        select(Booking.session_id, Booking.state, Booking.queued_at, Booking.id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .order_by(ProjectSession.starts_at, ProjectSession.id)
    ).all()
    waiting = [row.session_id for row in rows if row.state is BookingState.WAITING]
    positions = _positions(ctx, waiting)
    facts = session_facts(ctx, [row.session_id for row in rows], language) if rows else {}
    return [
        MyBooking(facts[row.session_id], row.state, positions.get(row.session_id))
        for row in rows
        if row.session_id in facts
    ]


def _positions(ctx: Context, session_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Where the actor stands in each of these queues; two statements at most."""
    if not session_ids:
        return {}
    number = func.row_number().over(
        partition_by=Booking.session_id, order_by=(Booking.queued_at, Booking.id)
    )
    queues = (
        select(Booking.session_id, Booking.person_id, number.label("number"))
        .where(Booking.session_id.in_(session_ids))
        .where(Booking.state == BookingState.WAITING)
        .subquery()
    )
    rows = ctx.db.execute(
        select(queues.c.session_id, queues.c.number).where(
            queues.c.person_id == ctx.actor.person_id
        )
    )
    return {row.session_id: row.number for row in rows}


@dataclass(frozen=True)
class CalendarEntry:
    facts: SessionFacts
    changed_at: datetime


def my_calendar(ctx: Context, language: str | None = None) -> list[CalendarEntry]:
    """The actor's confirmed sessions to come, and those to come that were cancelled under them."""
    rows = ctx.db.execute(
        select(Booking.session_id, Booking.changed_at)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(
            or_(
                Booking.state == BookingState.CONFIRMED,
                ProjectSession.state == SessionState.CANCELLED,
            )
        )
        .where(ProjectSession.ends_at > ctx.now())
        .order_by(ProjectSession.starts_at, ProjectSession.id)
    ).all()
    facts = session_facts(ctx, [row.session_id for row in rows], language) if rows else {}
    return [
        CalendarEntry(facts[row.session_id], row.changed_at)
        for row in rows
        if row.session_id in facts
    ]


def booked(
    ctx: Context, session_id: UUID, states: Sequence[BookingState] = (BookingState.CONFIRMED,)
) -> list[UUID]:
    """People in these states, in the order they asked."""
    return list(
        ctx.db.scalars(
            select(Booking.person_id)
            .where(Booking.session_id == session_id)
            .where(Booking.state.in_(states))
            .order_by(Booking.queued_at, Booking.id)
        )
    )


def roster(ctx: Context, session_id: UUID) -> list[RosterLine]:
    """Confirmed people by name, then the waiting list in its order. No gate: callers hold one."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.languages, Booking.state)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(HELD))
        .order_by(Booking.state == BookingState.WAITING, Booking.queued_at, Booking.id)
    )
    lines = [RosterLine(row[0], row[1], tuple(row[2]), row[3]) for row in rows]
    confirmed = [line for line in lines if line.state is BookingState.CONFIRMED]
    waiting = [line for line in lines if line.state is BookingState.WAITING]
    return sorted(confirmed, key=lambda line: (line.name.casefold(), line.person_id.int)) + waiting
