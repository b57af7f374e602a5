"""No cover on the day means no confirmed place: said as soon as it is known, not at the gate."""

from uuid import UUID

from sqlalchemy import select

from civic.catalogue.operations import sessions as counted
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.events import PlaceWaiting
from civic.enrolment.models import Booking
from civic.enrolment.operations import places
from civic.enrolment.queries.standing import insured_people
from civic.enrolment.rules import WITH_PLACE, BookingState
from civic.kernel.context import Context
from civic.kernel.outbox import emit


def put_back_uninsured(ctx: Context, session_id: UUID) -> None:
    """Whoever has a place and is no longer insured waits again, where they stood when they asked,
    and is told; their place goes to the next who is insured."""
    session = places.hold_session(ctx, session_id)
    held = ctx.db.scalars(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(WITH_PLACE))
        .order_by(Booking.queued_at, Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    facts = session_facts(ctx, [session_id])[session_id]
    insured = insured_people(ctx, facts, [booking.person_id for booking in held])
    lost = [booking for booking in held if booking.person_id not in insured]
    if not lost:
        return
    for booking in lost:
        places.move(ctx, booking, BookingState.WAITING)
        emit(ctx, PlaceWaiting(**places.whose(booking)))
    ctx.db.flush()
    counted.give_back_place(ctx, session_id, len(lost))
    places.serve(ctx, session)
