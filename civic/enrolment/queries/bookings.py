"""Who has a place, and who waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from civic.accounts.models import Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import SessionState
from civic.enrolment.line import Missing, offer_until
from civic.enrolment.models import Booking, BookingGroup
from civic.enrolment.queries import waiting
from civic.enrolment.rules import HELD, BookingState, RosterLine
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped

SHOWN = (*HELD, BookingState.GATHERING)
"""What stands on a person's own page."""


@dataclass(frozen=True, kw_only=True)
class MyPlace:
    """What the actor has of a session."""

    state: BookingState
    position: int | None = None
    """Place in the line, from 1, while waiting."""
    offered_until: datetime | None = None
    group_code: str | None = None
    asked_again_at: datetime | None = None
    missing: Missing | None = None
    """While waiting: what would keep them from a place that came free."""
    is_theirs_to_take: bool = False
    """Shortly before the start: a place is free for whoever asks first."""


@dataclass(frozen=True, kw_only=True)
class MyBooking(MyPlace):
    facts: SessionFacts


def booking_of(ctx: Context, session_id: UUID, person_id: UUID) -> Booking | None:
    """Somebody's row for a session, whatever became of it, as it is now and held."""
    return ctx.db.scalar(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def state_of(ctx: Context, session_id: UUID, person_id: UUID) -> BookingState | None:
    return ctx.db.scalar(
        select(Booking.state)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == person_id)
    )


def held_rows(ctx: Context, booking_ids: Sequence[UUID]) -> list[Booking]:
    """These rows, held against anybody else, in the order of the line."""
    return list(
        ctx.db.scalars(
            select(Booking)
            .where(Booking.id.in_(booking_ids))
            .order_by(Booking.queued_at, Booking.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def in_the_same_boat(ctx: Context, booking: Booking) -> list[Booking]:
    """The booking and those of its group that stand as it does, held."""
    if booking.group_id is None:
        return [booking]
    return held_rows(
        ctx,
        ctx.db.scalars(
            select(Booking.id)
            .where(Booking.group_id == booking.group_id)
            .where(Booking.state == booking.state)
        ).all(),
    )


def held_at_that_time(ctx: Context, facts: SessionFacts, person_id: UUID) -> SessionFacts | None:
    """Another session of theirs, in whatever city, that overlaps this one; touching ones do not
    (half-open)."""
    with unscoped(ctx.db, "nobody is in two places, of two cities either"):
        found = ctx.db.scalar(
            select(ProjectSession.id)
            .join(Booking, Booking.session_id == ProjectSession.id)
            .where(Booking.person_id == person_id)
            .where(Booking.state.in_(HELD))
            .where(ProjectSession.id != facts.id)
            .where(ProjectSession.state == SessionState.SCHEDULED)
            .where(ProjectSession.starts_at < facts.ends_at)
            .where(ProjectSession.ends_at > facts.starts_at)
            .order_by(ProjectSession.starts_at)
            .limit(1)
        )
        return session_facts(ctx, [found]).get(found) if found else None


def sessions_to_give_back(ctx: Context, project_id: UUID, person_id: UUID) -> Sequence[UUID]:
    """Sessions to come of a project of which somebody has anything."""
    return ctx.db.scalars(
        select(Booking.session_id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == person_id)
        .where(Booking.state.in_(SHOWN))
        .where(ProjectSession.project_id == project_id)
        .where(ProjectSession.starts_at > ctx.now())
        # In one order for everybody, so that two who leave at once do not block each other.
        .order_by(ProjectSession.id)
    ).all()


# What a person sees of their own


def _mine(person_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Booking.session_id,
            Booking.state,
            Booking.offered_until,
            BookingGroup.code,
            Booking.asked_again_at,
        )
        .outerjoin(BookingGroup, BookingGroup.id == Booking.group_id)
        .where(Booking.person_id == person_id)
    )


def my_places(ctx: Context, sessions: Sequence[SessionFacts]) -> dict[UUID, MyPlace]:
    """Of these sessions, those of which the actor has a place, a hope, or an offer gone by."""
    rows = ctx.db.execute(
        _mine(ctx.actor.own_id)
        .where(Booking.session_id.in_([facts.id for facts in sessions]))
        .where(Booking.state.in_((*SHOWN, BookingState.LAPSED)))
    ).all()
    facts = {facts.id: facts for facts in sessions}
    return {row.session_id: MyPlace(**values) for row, values in _told(ctx, rows, facts)}


def my_bookings(ctx: Context, language: str | None = None) -> list[MyBooking]:
    """The actor's offers, which are waiting for a tap, and then their other places and waiting
    places in sessions that are not over, the nearest first."""
    rows = ctx.db.execute(
        _mine(ctx.actor.own_id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.state.in_(SHOWN))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .order_by(
            Booking.state != BookingState.OFFERED, ProjectSession.starts_at, ProjectSession.id
        )
    ).all()
    facts = session_facts(ctx, [row.session_id for row in rows], language) if rows else {}
    return [
        MyBooking(facts=facts[row.session_id], **values) for row, values in _told(ctx, rows, facts)
    ]


def _told(
    ctx: Context, rows: Sequence[Row[*tuple[Any, ...]]], sessions: dict[UUID, SessionFacts]
) -> list[tuple[Row[*tuple[Any, ...]], dict[str, Any]]]:
    """Each row with what a page says of it; those who wait for much cost some statements more."""
    own_id, now = ctx.actor.own_id, ctx.now()
    in_line = [row.session_id for row in rows if row.state is BookingState.WAITING]
    positions = waiting.positions(ctx, in_line, own_id)
    told = []
    for row in rows:
        facts = sessions.get(row.session_id)
        if facts is None:
            continue
        values = {
            "state": row.state,
            "position": positions.get(row.session_id),
            "offered_until": row.offered_until,
            "group_code": row.code,
            "asked_again_at": row.asked_again_at,
        }
        if row.state is BookingState.WAITING:
            missing = waiting.missing(ctx, facts, [own_id])[own_id]
            is_late = offer_until(now, facts.starts_at) is None
            values["missing"] = missing
            values["is_theirs_to_take"] = is_late and facts.places_free > 0 and missing is None
        told.append((row, values))
    return told


# What others see of a session


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
    """Confirmed people by name, then those with an offer, then the waiting list in its order.
    No gate: callers hold one."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.languages, Booking.state)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(HELD))
        .order_by(Booking.state == BookingState.WAITING, Booking.queued_at, Booking.id)
    )
    lines = [RosterLine(row[0], row[1], tuple(row[2]), row[3]) for row in rows]
    confirmed = [line for line in lines if line.state is BookingState.CONFIRMED]
    hoping = [line for line in lines if line.state is not BookingState.CONFIRMED]
    return sorted(confirmed, key=lambda line: (line.name.casefold(), line.person_id.int)) + hoping


# What the worker looks for, in all cities


def offers_over(ctx: Context, session_id: UUID) -> list[Booking]:
    """Offers of a held session whose time is over."""
    return list(
        ctx.db.scalars(
            select(Booking)
            .where(Booking.session_id == session_id)
            .where(Booking.state == BookingState.OFFERED)
            .where(Booking.offered_until <= ctx.now())
            .order_by(Booking.queued_at, Booking.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def sessions_with_offers_over(ctx: Context) -> list[tuple[UUID, UUID]]:
    """City and session, in the order of sessions' ids."""
    with unscoped(ctx.db, "offers of all cities"):
        rows = ctx.db.execute(
            select(Booking.municipality_id, Booking.session_id)
            .where(Booking.offered_until <= ctx.now())
            .distinct()
            .order_by(Booking.session_id)
        )
        return [(row[0], row[1]) for row in rows]


def sessions_with_free_places_and_a_line(ctx: Context) -> list[tuple[UUID, UUID]]:
    """City and session to come, in the order of sessions' ids."""
    in_line = (
        select(Booking.id)
        .where(Booking.session_id == ProjectSession.id)
        .where(Booking.state == BookingState.WAITING)
        .exists()
    )
    with unscoped(ctx.db, "waiting lists of all cities"):
        rows = ctx.db.execute(
            select(ProjectSession.municipality_id, ProjectSession.id)
            .where(ProjectSession.is_public.is_(True))
            .where(ProjectSession.state == SessionState.SCHEDULED)
            .where(ProjectSession.starts_at > ctx.now())
            .where(ProjectSession.places_taken < ProjectSession.places)
            .where(in_line)
            .order_by(ProjectSession.id)
        )
        return [(row[0], row[1]) for row in rows]
