"""What happened elsewhere becomes messages, one for each person it concerns.

Who is concerned is read when the event is handled, and a message that no longer holds is not
written: somebody who moved up from the waiting list hears only of their place.
"""

from civic.enrolment.events import PlaceCancelled, PlaceConfirmed, PlaceWaiting
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.notifications import letters, queries
from civic.notifications.rules import MessageKind


def on_place_confirmed(ctx: Context, event: PlaceConfirmed) -> None:
    _tell_of_place(ctx, event, BookingState.CONFIRMED, MessageKind.PLACE_CONFIRMED)


def on_place_waiting(ctx: Context, event: PlaceWaiting) -> None:
    _tell_of_place(ctx, event, BookingState.WAITING, MessageKind.PLACE_WAITING)


def _tell_of_place(
    ctx: Context, event: PlaceConfirmed | PlaceWaiting, state: BookingState, kind: MessageKind
) -> None:
    booking = queries.booking_now(ctx, event.session_id, event.person_id)
    if booking is None or booking.state is not state:
        return
    # A place taken again after it was given back is another place, so it is told again.
    since = int(booking.changed_at.timestamp())
    letters.send_to_person(
        ctx,
        event.person_id,
        kind,
        f"{kind}:{event.session_id.hex}:{event.person_id.hex}:{since}",
        lambda language: letters.session_values(ctx, event.session_id, language),
    )


def on_place_cancelled(ctx: Context, event: PlaceCancelled) -> None:
    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.SESSION_CANCELLED,
        f"session_cancelled:{event.session_id.hex}:{event.person_id.hex}",
        lambda language: letters.session_values(ctx, event.session_id, language),
    )
