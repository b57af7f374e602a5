"""Sessions that moved."""

from civic.catalogue.events import SessionMoved
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_session_moved(ctx: Context, event: SessionMoved) -> None:
    """Old and new side by side, for those with a place and those who wait for one."""
    facts = session_facts(ctx, [event.session_id]).get(event.session_id)
    if facts is None or facts.is_cancelled:
        return
    old = {
        "old_starts_at": event.old_starts_at,
        "old_ends_at": event.old_ends_at,
        "old_meeting_point": event.old_meeting_point,
    }
    people = bookings.booked(ctx, event.session_id, (BookingState.CONFIRMED, BookingState.WAITING))
    for person_id in people:
        letters.send_to_person(
            ctx,
            person_id,
            MessageKind.SESSION_CHANGED,
            f"session_changed:{event.session_id.hex}:{person_id.hex}:{facts.sequence}",
            lambda language: letters.session_values(ctx, event.session_id, language) | old,
        )
