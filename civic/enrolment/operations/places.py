"""Places in sessions and the waiting list.

Every booking enters the queue and every place that comes free leaves through `release_place`:
so nobody is ever served before somebody who asked earlier.
"""

from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as people
from civic.catalogue.errors import SessionIsCancelled
from civic.catalogue.models import ProjectSession
from civic.catalogue.operations import sessions as places
from civic.catalogue.queries import sessions
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.errors import ConsentMissing, OverlapsOwn, SessionBegun, SessionPast
from civic.enrolment.events import PlaceCancelled, PlaceConfirmed, PlaceGivenBack, PlaceWaiting
from civic.enrolment.models import Booking
from civic.enrolment.operations.joining import join
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import bookings, enrolments, standing
from civic.enrolment.rules import HELD, BookingState, needs_guardian
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.outbox import emit


def book_place(ctx: Context, session_id: UUID) -> BookingState:
    """The actor asks for a place, joining the project with it; full means the waiting list."""
    person_id = take_turn(ctx)
    facts = sessions.session_for(ctx, session_id, JOIN)
    project = enrolments.project_to_join(ctx, project_id=facts.project_id)
    if facts.is_cancelled:
        raise SessionIsCancelled
    if facts.ends_at <= ctx.now():
        raise SessionPast
    join(ctx, project, person_id)
    booking = bookings.own_booking(ctx, session_id, lock=True)
    if booking is not None and booking.state in HELD:
        return booking.state
    _check_free(ctx, facts, person_id)
    if booking is None:
        booking = Booking(
            id=ctx.new_id(),
            municipality_id=facts.municipality_id,
            session_id=session_id,
            person_id=person_id,
        )
        ctx.db.add(booking)
    booking.state = BookingState.WAITING
    booking.queued_at = booking.changed_at = ctx.now()
    ctx.db.flush()
    release_place(ctx, session_id)
    if booking.state is BookingState.WAITING:
        if sessions.session_for(ctx, session_id, JOIN).is_cancelled:
            raise SessionIsCancelled  # while we stood before its row
        emit(ctx, PlaceWaiting(**_whose(booking)))
    return booking.state


def _check_free(ctx: Context, facts: SessionFacts, person_id: UUID) -> None:
    """A guardian has agreed where one must, and nothing else is booked at that time."""
    may_need = needs_guardian(people.birth_year(ctx, person_id), rome_day(facts.starts_at))
    if may_need and not standing.is_consented(ctx, person_id, facts.municipality_id):
        raise ConsentMissing
    clash = bookings.held_at_that_time(ctx, facts)
    if clash is not None:
        raise OverlapsOwn(title=clash.title)


def give_back(ctx: Context, session_id: UUID) -> None:
    """The actor cannot come. It costs nothing, and the first who waits gets the place."""
    take_turn(ctx)
    facts = sessions.session_for(ctx, session_id, JOIN)
    if facts.starts_at <= ctx.now():
        raise SessionBegun
    withdraw(ctx, session_id)


def withdraw(ctx: Context, session_id: UUID) -> None:
    booking = bookings.own_booking(ctx, session_id, lock=True)
    if booking is None or booking.state not in HELD:
        return
    had_place = booking.state is BookingState.CONFIRMED
    booking.state, booking.changed_at = BookingState.WITHDRAWN, ctx.now()
    ctx.db.flush()
    emit(ctx, PlaceGivenBack(**_whose(booking)))
    if had_place:
        places.give_back_place(ctx, session_id)
        release_place(ctx, session_id)


def release_place(ctx: Context, session_id: UUID) -> None:
    """Give free places to those who wait, first come first served, until one of them runs out.

    Behind every way a place comes free: given back, left, added by the organiser; and behind
    every booking, which waits like any other until this serves it.
    """
    is_held = False
    while True:
        if places.take_place(ctx, session_id):
            # The session's row is held from here on: others who release wait for the commit.
            is_held = True
            first = bookings.first_waiting(ctx, session_id)
            if first is None:
                places.give_back_place(ctx, session_id)
                return
            first.state, first.changed_at = BookingState.CONFIRMED, ctx.now()
            ctx.db.flush()
            emit(ctx, PlaceConfirmed(**_whose(first)))
        elif is_held:
            return
        else:
            # Full, so far as could be seen. Somebody may be giving a place back this moment and
            # cannot see our booking: look again with the session held, so that either they find
            # it in the queue or we find their place.
            is_held = True
            ctx.db.execute(
                select(ProjectSession.id).where(ProjectSession.id == session_id).with_for_update()
            )


def _whose(booking: Booking) -> dict[str, UUID]:
    return {
        "municipality_id": booking.municipality_id,
        "session_id": booking.session_id,
        "person_id": booking.person_id,
    }


def withdraw_all(ctx: Context, session_id: UUID) -> None:
    """The session was cancelled: whoever had a place or waited for one is told."""
    held = ctx.db.scalars(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(HELD))
        .order_by(Booking.queued_at, Booking.id)
        .with_for_update()
    ).all()
    for booking in held:
        if booking.state is BookingState.CONFIRMED:
            places.give_back_place(ctx, session_id)
        booking.state, booking.changed_at = BookingState.WITHDRAWN, ctx.now()
        emit(ctx, PlaceCancelled(**_whose(booking)))
