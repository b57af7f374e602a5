"""One scan for several sessions at once, as pretix's apps send it: which of them is meant."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from civic.attendance.operations.passes import hashed
from civic.attendance.queries import gate
from civic.attendance.queries.devices import Device
from civic.attendance.rules import DOORS_OPEN, read_code
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context


def meant(
    ctx: Context, device: Device, sessions: Sequence[SessionFacts], secret: str
) -> SessionFacts | None:
    """The session in which they have a place; of several the one that is on; None when that is not
    one either. Whoever has no place is judged at the session that is on, or the first."""
    if len(sessions) == 1:
        return sessions[0]
    booked = _booked(ctx, device, [facts.id for facts in sessions], secret)
    theirs = [facts for facts in sessions if facts.id in booked]
    now = ctx.now()
    here = [
        facts
        for facts in theirs or sessions
        if facts.starts_at - DOORS_OPEN <= now <= facts.ends_at
    ]
    if not theirs:
        return (here or list(sessions))[0]
    found = theirs if len(theirs) == 1 else here
    return found[0] if len(found) == 1 else None


def _booked(ctx: Context, device: Device, ids: Sequence[UUID], secret: str) -> set[UUID]:
    code = read_code(secret)
    people = gate.hold_by_code(ctx, [device.municipality_id], {code: hashed(code)} if code else {})
    if not people:
        return set()
    return set(
        ctx.db.scalars(
            select(Booking.session_id)
            .where(Booking.session_id.in_(ids))
            .where(Booking.person_id.in_(people))
            .where(Booking.state == BookingState.CONFIRMED)
        )
    )
