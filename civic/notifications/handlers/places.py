"""What happened to a place becomes messages, one for each person it concerns.

Who is concerned is read when the event is handled, and a message that no longer holds is not
written: somebody who moved up from the waiting list hears only of their place.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.events import (
    OfferLapsed,
    PlaceCancelled,
    PlaceConfirmed,
    PlaceOffered,
    PlaceOpened,
    PlaceRemoved,
    PlaceWaiting,
)
from civic.enrolment.line import offer_until
from civic.enrolment.queries import waiting
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.notifications import letters, queries
from civic.notifications.rules import MessageKind

AboutPlace = PlaceConfirmed | PlaceWaiting | PlaceOffered | OfferLapsed | PlaceRemoved


def on_place_confirmed(ctx: Context, event: PlaceConfirmed) -> None:
    _tell_of_place(ctx, event, BookingState.CONFIRMED, MessageKind.PLACE_CONFIRMED)


def on_place_waiting(ctx: Context, event: PlaceWaiting) -> None:
    """With what would keep them from a place, said now and not at the gate."""
    facts = session_facts(ctx, [event.session_id]).get(event.session_id)
    missing = waiting.missing(ctx, facts, [event.person_id]) if facts else {}
    _tell_of_place(
        ctx,
        event,
        BookingState.WAITING,
        MessageKind.PLACE_WAITING,
        {"missing": missing.get(event.person_id)},
    )


def on_place_offered(ctx: Context, event: PlaceOffered) -> None:
    _tell_of_place(ctx, event, BookingState.OFFERED, MessageKind.PLACE_OFFERED)


def on_offer_lapsed(ctx: Context, event: OfferLapsed) -> None:
    _tell_of_place(ctx, event, BookingState.LAPSED, MessageKind.OFFER_LAPSED)


def on_place_removed(ctx: Context, event: PlaceRemoved) -> None:
    _tell_of_place(
        ctx,
        event,
        BookingState.WITHDRAWN,
        MessageKind.PLACE_REMOVED,
        {"reason": event.reason},
    )


def _tell_of_place(
    ctx: Context,
    event: AboutPlace,
    state: BookingState,
    kind: MessageKind,
    more: Mapping[str, Any] | None = None,
) -> None:
    booking = queries.booking_now(ctx, event.session_id, event.person_id)
    if booking is None or booking.state is not state:
        return
    # A place taken again after it was given back is another place, so it is told again.
    once_key = f"{kind}:{event.session_id.hex}:{event.person_id.hex}:{booking.sequence}"
    values = {
        "session_id": event.session_id,
        "until": booking.offered_until,
        **(more or {}),
    }
    letters.send_to_person(
        ctx,
        event.person_id,
        kind,
        once_key,
        lambda language: letters.session_values(ctx, event.session_id, language) | values,
    )


def on_place_opened(ctx: Context, event: PlaceOpened) -> None:
    """All who could have it hear of it, once for each session: it goes to whoever is first."""
    facts = session_facts(ctx, [event.session_id]).get(event.session_id)
    now = ctx.now()
    if facts is None or not facts.places_free or facts.starts_at <= now:
        return
    if facts.is_cancelled or offer_until(now, facts.starts_at) is not None:
        return
    for one in waiting.line(ctx, facts):
        if one.is_ready:
            _tell_it_is_open(ctx, facts.id, one.person_id)


def _tell_it_is_open(ctx: Context, session_id: UUID, person_id: UUID) -> None:
    letters.send_to_person(
        ctx,
        person_id,
        MessageKind.PLACE_OPENED,
        f"{MessageKind.PLACE_OPENED}:{session_id.hex}:{person_id.hex}",
        lambda language: (
            letters.session_values(ctx, session_id, language) | {"session_id": session_id}
        ),
    )


def on_place_cancelled(ctx: Context, event: PlaceCancelled) -> None:
    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.SESSION_CANCELLED,
        f"session_cancelled:{event.session_id.hex}:{event.person_id.hex}",
        lambda language: letters.session_values(ctx, event.session_id, language),
    )
