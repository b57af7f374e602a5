"""The organiser's hand: a place out of turn, or a place taken back. Both are named and logged."""

from uuid import UUID

from civic.accounts import queries as people
from civic.audit import operations as audit
from civic.catalogue.models import ProjectSession
from civic.catalogue.operations import sessions as places
from civic.catalogue.queries import sessions
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.errors import (
    NotOnTheList,
    NotReadyForPlace,
    OverrideReasonMissing,
    SessionPast,
)
from civic.enrolment.events import PlaceConfirmed, PlaceRemoved
from civic.enrolment.models import Booking
from civic.enrolment.operations.places import (
    hold_open_session,
    move,
    serve,
    step_out_of_group,
    whose,
)
from civic.enrolment.policy import OVERRIDE
from civic.enrolment.queries import bookings, waiting
from civic.enrolment.rules import HELD, WITH_PLACE, BookingState
from civic.kernel.context import Context
from civic.kernel.outbox import emit


def give_out_of_turn(ctx: Context, session_id: UUID, person_id: UUID, reason: str) -> bool:
    """Somebody who waits gets a place before those ahead of them. True when the session had to
    grow by one place for it."""
    facts = _gate(ctx, session_id, reason)
    session = hold_open_session(ctx, session_id)
    booking = _on_the_list(ctx, session_id, person_id, (BookingState.WAITING,))
    if waiting.missing(ctx, facts, [person_id])[person_id] is not None:
        raise NotReadyForPlace(name=people.names(ctx, [person_id])[person_id])
    has_grown = not places.take_place(ctx, session_id)
    if has_grown:
        _add_place(ctx, session)
    step_out_of_group(ctx, booking)
    move(ctx, booking, BookingState.CONFIRMED)
    booking.booked_by = ctx.actor.person_id
    ctx.db.flush()
    emit(ctx, PlaceConfirmed(**whose(booking)))
    audit.record(
        ctx,
        session.municipality_id,
        "place.given_out_of_turn",
        subject_id=person_id,
        thing_id=session_id,
        reason=reason,
        details={"places": session.places},
    )
    return has_grown


def _add_place(ctx: Context, session: ProjectSession) -> None:
    """One more place, and it is taken: nobody in the line loses anything by it."""
    session.places += 1
    ctx.db.flush()
    places.take_place(ctx, session.id)


def take_back(ctx: Context, session_id: UUID, person_id: UUID, reason: str) -> None:
    """The organiser takes somebody off the list, who is told why; the place goes on."""
    _gate(ctx, session_id, reason)
    session = hold_open_session(ctx, session_id)
    booking = _on_the_list(ctx, session_id, person_id, HELD)
    had_place = booking.state in WITH_PLACE
    step_out_of_group(ctx, booking)
    move(ctx, booking, BookingState.WITHDRAWN)
    ctx.db.flush()
    emit(ctx, PlaceRemoved(**whose(booking), reason=reason))
    if had_place:
        places.give_back_place(ctx, session_id)
    serve(ctx, session)
    audit.record(
        ctx,
        session.municipality_id,
        "place.taken_back",
        subject_id=person_id,
        thing_id=session_id,
        reason=reason,
    )


def _gate(ctx: Context, session_id: UUID, reason: str) -> SessionFacts:
    facts = sessions.session_for(ctx, session_id, OVERRIDE)
    if not reason:
        raise OverrideReasonMissing
    if facts.ends_at <= ctx.now():
        raise SessionPast
    return facts


def _on_the_list(
    ctx: Context, session_id: UUID, person_id: UUID, states: tuple[BookingState, ...]
) -> Booking:
    booking = bookings.booking_of(ctx, session_id, person_id)
    if booking is None or booking.state not in states:
        raise NotOnTheList
    return booking
