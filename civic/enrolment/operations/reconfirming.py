"""After a session moved, whoever is booked on it is asked whether they still come.

Silence changes nothing: nobody loses a place for not having read a message.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import ProjectSession
from civic.catalogue.operations.sessions import Stand
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.queries import bookings
from civic.enrolment.queries.reconfirming import is_asked
from civic.enrolment.rules import HELD
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def ask_again(ctx: Context, before: Sequence[Stand]) -> None:
    """Ask everybody booked on these sessions, which moved away from where they stood before.

    Their rows are held first: whoever takes a place this moment has it when we look, and is asked
    as well.
    """
    stood = {stand.session_id: stand for stand in before}
    now_at = {
        session.id: session
        for session in ctx.db.scalars(
            select(ProjectSession)
            .where(ProjectSession.id.in_(stood))
            .order_by(ProjectSession.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if session.state is SessionState.SCHEDULED and session.starts_at > ctx.now()
    }
    held = ctx.db.scalars(
        select(Booking)
        .where(Booking.session_id.in_(now_at), Booking.state.in_(HELD))
        .order_by(Booking.session_id, Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for booking in held:
        _ask(booking, stood[booking.session_id], now_at[booking.session_id], ctx.now())


def _ask(booking: Booking, before: Stand, session: ProjectSession, now: datetime) -> None:
    was_asked = booking.asked_again_at is not None and booking.asked_again_at >= booking.queued_at
    agreed = (booking.agreed_starts_at, booking.agreed_ends_at, booking.agreed_meeting_point)
    stands = (session.starts_at, session.ends_at, session.meeting_point)
    # Moved twice before they answered: what counts is what they said yes to in the first place.
    if not was_asked or agreed == stands:
        booking.agreed_starts_at, booking.agreed_ends_at = before.starts_at, before.ends_at
        booking.agreed_meeting_point = before.meeting_point
    booking.asked_again_at = now


def still_come(ctx: Context, session_id: UUID) -> bool:
    """The actor comes at the new time too; False when they hold nothing there any more."""
    booking = bookings.booking_of(ctx, session_id, take_turn(ctx))
    if booking is None:
        raise NotFound
    _answered(booking)
    return booking.state in HELD


def still_come_to_all(ctx: Context) -> int:
    """The actor comes wherever they are asked; returns to how many sessions."""
    person_id = take_turn(ctx)
    asked = ctx.db.scalars(
        select(Booking)
        .where(Booking.person_id == person_id, is_asked())
        # As everybody locks: session by session.
        .order_by(Booking.session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for booking in asked:
        _answered(booking)
    return len(asked)


def _answered(booking: Booking) -> None:
    booking.asked_again_at = None
    booking.agreed_starts_at = booking.agreed_ends_at = booking.agreed_meeting_point = None
