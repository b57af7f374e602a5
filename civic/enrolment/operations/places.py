"""Places in sessions and the line of those who wait.

Every booking enters the line and every place that comes free leaves through `release_place`: so
nobody is ever served before somebody who asked earlier and could have had the place. Whoever
stands at the page gets a free place at once; for all others it is held as an offer.

A session's row is locked before any of its bookings is read to be changed, and `queued_at` is
set behind that lock: the order of the line is the order in which people were let through.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts import queries as people
from civic.catalogue.errors import SessionIsCancelled
from civic.catalogue.models import ProjectSession
from civic.catalogue.operations import sessions as places
from civic.catalogue.queries import sessions
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rules import SessionState
from civic.enrolment.errors import ConsentMissing, OverlapsOwn, SessionBegun, SessionPast
from civic.enrolment.events import (
    PlaceCancelled,
    PlaceConfirmed,
    PlaceGivenBack,
    PlaceOffered,
    PlaceOpened,
    PlacesCancelled,
    PlaceWaiting,
)
from civic.enrolment.line import Unit, offer_until, whose_turn
from civic.enrolment.models import Booking, BookingGroup
from civic.enrolment.operations import joining
from civic.enrolment.operations.turns import hold_people, take_turn
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import bookings, enrolments, standing, waiting
from civic.enrolment.rules import HELD, WITH_PLACE, BookingState, EnrolmentState, needs_guardian
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit

NOBODY: frozenset[UUID] = frozenset()
TICK = timedelta(microseconds=1)


def book_place(ctx: Context, session_id: UUID) -> BookingState | None:
    """The actor asks for a place, joining the project with it; full means the waiting list."""
    JOIN.require(ctx.actor)
    return ask(ctx, session_id, ctx.actor.own_id)


def ask(
    ctx: Context, session_id: UUID, person_id: UUID, *, booked_by: UUID | None = None
) -> BookingState | None:
    """Somebody asks for a place, at the page or at the desk with who books it for them.

    None while their request to join the project waits for the organiser's yes.
    """
    hold_people(ctx, [person_id])
    facts = open_session(ctx, session_id)
    project = enrolments.project_to_join(ctx, project_id=facts.project_id)
    if joining.join(ctx, project, person_id) is EnrolmentState.REQUESTED:
        return None
    before = bookings.state_of(ctx, session_id, person_id)
    if before in HELD:
        return before
    check_free(ctx, facts, person_id)
    session = hold_open_session(ctx, session_id)
    booking = bookings.booking_of(ctx, session_id, person_id) or new_booking(ctx, facts, person_id)
    step_out_of_group(ctx, booking)
    booking.booked_by = booked_by
    put_in_line(ctx, session, [booking])
    serve(ctx, session, at_the_page=frozenset([person_id]), known=facts)
    if booking.state is BookingState.WAITING:
        emit(ctx, PlaceWaiting(**whose(booking)))
    return booking.state


def open_session(ctx: Context, session_id: UUID) -> SessionFacts:
    """A session that can still be asked for."""
    facts = sessions.session_for(ctx, session_id, JOIN)
    if facts.is_cancelled:
        raise SessionIsCancelled
    if facts.ends_at <= ctx.now():
        raise SessionPast
    return facts


def check_free(ctx: Context, facts: SessionFacts, person_id: UUID) -> None:
    """A guardian has agreed where one must, and nothing else is booked at that time."""
    may_need = needs_guardian(people.birth_year(ctx, person_id), rome_day(facts.starts_at))
    if may_need and not standing.is_consented(ctx, person_id, facts.municipality_id):
        raise ConsentMissing
    clash = bookings.held_at_that_time(ctx, facts, person_id)
    if clash is not None:
        raise OverlapsOwn(title=clash.title)


def new_booking(ctx: Context, facts: SessionFacts, person_id: UUID) -> Booking:
    booking = Booking(
        id=ctx.new_id(),
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        person_id=person_id,
        state=BookingState.WITHDRAWN,
        queued_at=ctx.now(),
        changed_at=ctx.now(),
        sequence=0,
    )
    ctx.db.add(booking)
    return booking


# What happens behind the lock of a session


def hold_session(ctx: Context, session_id: UUID) -> ProjectSession:
    """The session as it is now; others who change its places wait for our commit."""
    session = ctx.db.scalar(
        select(ProjectSession)
        .where(ProjectSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if session is None:
        raise NotFound
    return session


def hold_open_session(ctx: Context, session_id: UUID) -> ProjectSession:
    session = hold_session(ctx, session_id)
    if session.state is SessionState.CANCELLED:
        raise SessionIsCancelled  # while we stood before its row
    return session


def move(
    ctx: Context, booking: Booking, state: BookingState, until: datetime | None = None
) -> None:
    """The only way a booking changes: calendars and messages go by its sequence."""
    booking.state, booking.offered_until = state, until
    booking.changed_at = ctx.now()
    booking.sequence += 1
    if state not in HELD:
        booking.asked_again_at = None


def put_in_line(ctx: Context, session: ProjectSession, together: Sequence[Booking]) -> None:
    """At the end of the line, all at one instant, later than everybody there: also when another
    machine's clock runs ahead of ours."""
    with ctx.db.no_autoflush:  # a new booking is written once, with what is set below
        last = ctx.db.scalar(
            select(func.max(Booking.queued_at))
            .where(Booking.session_id == session.id)
            .where(Booking.state == BookingState.WAITING)
        )
    now = ctx.now() if last is None else max(ctx.now(), last + TICK)
    for booking in together:
        move(ctx, booking, BookingState.WAITING)
        booking.queued_at = now
    ctx.db.flush()


def release_place(ctx: Context, session_id: UUID) -> None:
    """Behind every way a place comes free or somebody becomes able to have one."""
    serve(ctx, hold_session(ctx, session_id))


def serve(
    ctx: Context,
    session: ProjectSession,
    *,
    at_the_page: frozenset[UUID] = NOBODY,
    known: SessionFacts | None = None,
) -> None:
    """Give the free places of a held session to whoever's turn it is."""
    now = ctx.now()
    is_open = session.is_public and session.state is SessionState.SCHEDULED
    free = session.places - session.places_taken
    if not is_open or session.ends_at <= now or free < 1:
        return
    facts = known or sessions.session_facts(ctx, [session.id])[session.id]
    # It may have moved to another day while we stood before its row.
    line = waiting.line(ctx, replace(facts, starts_at=session.starts_at))
    until = offer_until(now, session.starts_at)
    if until is None and not at_the_page:
        _open_to_all(ctx, session, is_wanted=any(one.is_ready for one in line))
        return
    if until is None:
        line = [one for one in line if one.person_id in at_the_page]
    for unit in whose_turn(line, free, session.places):
        if not places.take_place(ctx, session.id, len(unit)):
            return
        _give(ctx, unit, None if unit[0].person_id in at_the_page else until)


def _open_to_all(ctx: Context, session: ProjectSession, *, is_wanted: bool) -> None:
    if is_wanted and session.starts_at > ctx.now():
        emit(ctx, PlaceOpened(municipality_id=session.municipality_id, session_id=session.id))


def _give(ctx: Context, unit: Unit, until: datetime | None) -> None:
    """Offered until then, or theirs at once."""
    for booking in bookings.held_rows(ctx, [one.booking_id for one in unit]):
        if until is None:
            move(ctx, booking, BookingState.CONFIRMED)
            emit(ctx, PlaceConfirmed(**whose(booking)))
        else:
            move(ctx, booking, BookingState.OFFERED, until)
            emit(ctx, PlaceOffered(**whose(booking)))
    ctx.db.flush()


# Giving back


def give_back(ctx: Context, session_id: UUID) -> None:
    """The actor cannot come. It costs nothing, and the first who waits gets the place."""
    person_id = take_turn(ctx)
    facts = sessions.session_for(ctx, session_id, JOIN)
    if facts.starts_at <= ctx.now():
        raise SessionBegun
    withdraw(ctx, session_id, person_id)


def withdraw(ctx: Context, session_id: UUID, person_id: UUID) -> None:
    """Whatever somebody has of a session, a place, an offer or a hope, goes on to the next."""
    session = hold_session(ctx, session_id)
    booking = bookings.booking_of(ctx, session_id, person_id)
    if booking is None or booking.state not in (*HELD, BookingState.GATHERING):
        return
    had_place, was_in_line = booking.state in WITH_PLACE, booking.state in HELD
    step_out_of_group(ctx, booking)
    move(ctx, booking, BookingState.WITHDRAWN)
    ctx.db.flush()
    if had_place:
        places.give_back_place(ctx, session_id)
    if was_in_line:
        emit(ctx, PlaceGivenBack(**whose(booking)))
        # Also when only a hope was given up: a group may fit now that it is smaller.
        serve(ctx, session)


def step_out_of_group(ctx: Context, booking: Booking) -> None:
    """The others stay together; the next one leads them, and a group of nobody is over."""
    group_id, booking.group_id = booking.group_id, None
    if group_id is None:
        return
    ctx.db.flush()
    group = ctx.db.get_one(BookingGroup, group_id)
    next_one = ctx.db.scalar(
        select(Booking.person_id)
        .where(Booking.group_id == group_id)
        .order_by(Booking.queued_at, Booking.id)
        .limit(1)
    )
    if next_one is None:
        ctx.db.delete(group)
    elif group.leader_id == booking.person_id:
        group.leader_id = next_one
    ctx.db.flush()


def withdraw_all(ctx: Context, session_id: UUID) -> None:
    """The session was cancelled: whoever had a place or hoped for one is told."""
    for booking in clear(ctx, session_id):
        emit(ctx, PlaceCancelled(**whose(booking)))


def withdraw_from_all(ctx: Context, session_ids: Sequence[UUID]) -> None:
    """Several sessions were cancelled at once: each person is told of all of theirs together."""
    whom: dict[tuple[UUID, UUID], list[UUID]] = {}
    for session_id in sorted(session_ids):
        for booking in clear(ctx, session_id):
            whom.setdefault((booking.municipality_id, booking.person_id), []).append(session_id)
    for (municipality_id, person_id), theirs in whom.items():
        emit(
            ctx,
            PlacesCancelled(
                municipality_id=municipality_id, person_id=person_id, session_ids=tuple(theirs)
            ),
        )


def clear(ctx: Context, session_id: UUID) -> Sequence[Booking]:
    """Nobody has a place in the session or waits for one; returns those who did."""
    hold_session(ctx, session_id)
    held = ctx.db.scalars(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_((*HELD, BookingState.GATHERING)))
        .order_by(Booking.queued_at, Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    given_back = sum(booking.state in WITH_PLACE for booking in held)
    if given_back:
        places.give_back_place(ctx, session_id, given_back)
    for booking in held:
        move(ctx, booking, BookingState.WITHDRAWN)
    return held


def whose(booking: Booking) -> dict[str, UUID]:
    """Whom an event is about."""
    return {
        "municipality_id": booking.municipality_id,
        "session_id": booking.session_id,
        "person_id": booking.person_id,
    }
