"""Offers of places that came free: taken with one tap, or passed on when their time is over."""

import logging
from collections.abc import Sequence
from uuid import UUID

from civic.catalogue.models import ProjectSession
from civic.catalogue.operations import sessions as places
from civic.catalogue.queries import sessions
from civic.enrolment.events import OfferLapsed, PlaceConfirmed
from civic.enrolment.line import offer_until
from civic.enrolment.models import Booking
from civic.enrolment.operations.places import hold_open_session, hold_session, move, serve, whose
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import bookings, waiting
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import system_in

log = logging.getLogger(__name__)


def take(ctx: Context, session_id: UUID) -> BookingState:
    """The actor takes the place that is held for them, and for their whole group with them.

    Answers what they have now. Too late, it is `LAPSED` and the place has gone on; who is not
    insured any more is back in the line where they stood. Shortly before the start, when no
    offers are made, somebody who waits takes a free place in the same way.
    """
    person_id = take_turn(ctx)
    sessions.session_for(ctx, session_id, JOIN)
    session = hold_open_session(ctx, session_id)
    booking = bookings.booking_of(ctx, session_id, person_id)
    if booking is None:
        raise NotFound
    together = bookings.in_the_same_boat(ctx, booking)
    if booking.state is BookingState.OFFERED:
        if booking.offered_until is None or booking.offered_until <= ctx.now():
            _lapse(ctx, session, together)
        else:
            _accept(ctx, session, together)
    elif booking.state is BookingState.WAITING and not offer_until(ctx.now(), session.starts_at):
        serve(ctx, session, at_the_page=frozenset(one.person_id for one in together))
    if booking.state is BookingState.CONFIRMED:
        booking.asked_again_at = None  # they said yes to the hour that holds now
    return booking.state


def _accept(ctx: Context, session: ProjectSession, together: Sequence[Booking]) -> None:
    facts = sessions.session_facts(ctx, [session.id])[session.id]
    missing = waiting.missing(ctx, facts, [booking.person_id for booking in together])
    if any(missing.values()):
        for booking in together:
            move(ctx, booking, BookingState.WAITING)
        _pass_on(ctx, session, len(together))
        return
    for booking in together:
        move(ctx, booking, BookingState.CONFIRMED)
        emit(ctx, PlaceConfirmed(**whose(booking)))


def _lapse(ctx: Context, session: ProjectSession, together: Sequence[Booking]) -> None:
    for booking in together:
        move(ctx, booking, BookingState.LAPSED)
        emit(ctx, OfferLapsed(**whose(booking)))
    _pass_on(ctx, session, len(together))


def _pass_on(ctx: Context, session: ProjectSession, number: int) -> None:
    ctx.db.flush()
    places.give_back_place(ctx, session.id, number)
    serve(ctx, session)


def pass_on_lapsed(ctx: Context, session_id: UUID) -> None:
    """Offers of the session whose time is over go to the next; and if anything kept a free place
    from whoever waits for it, it is given now."""
    session = hold_session(ctx, session_id)
    due = bookings.offers_over(ctx, session_id)
    if due:
        _lapse(ctx, session, due)
    else:
        serve(ctx, session)


def expire_offers(database: Database) -> int:
    """For the worker, every minute; several workers take turns before the session's row, and the
    second finds nothing left to do. Returns in how many sessions something was over."""
    with database.reading(system_in()) as ctx:
        over = bookings.sessions_with_offers_over(ctx)
    _look_after(database, over)
    return len(over)


def release_all(database: Database) -> None:
    """For the worker, now and then: somebody may have become able to have a place (a guardian
    agreed) by a way that told nobody here."""
    with database.reading(system_in()) as ctx:
        unserved = bookings.sessions_with_free_places_and_a_line(ctx)
    _look_after(database, unserved)


def _look_after(database: Database, found: Sequence[tuple[UUID, UUID]]) -> None:
    for municipality_id, session_id in found:
        try:
            with database.unit_of_work(system_in(municipality_id)) as ctx:
                pass_on_lapsed(ctx, session_id)
        except Exception:  # one session must not keep the others waiting
            log.exception("places were not passed on", extra={"session_id": str(session_id)})
