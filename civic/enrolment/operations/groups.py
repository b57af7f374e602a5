"""Friends or a family who come together: they get their places together or wait together.

Whoever changes who is in a group holds the group's session, so that the leader asks for exactly
those whom the page showed.
"""

from uuid import UUID

from civic.accounts import queries as people
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.errors import (
    AlreadyInLine,
    GroupChanged,
    GroupFull,
    GroupHasAsked,
    GroupNotReady,
    GroupTooBig,
)
from civic.enrolment.events import PlaceWaiting
from civic.enrolment.line import MOST_IN_GROUP
from civic.enrolment.models import BookingGroup
from civic.enrolment.operations import joining
from civic.enrolment.operations.places import (
    hold_open_session,
    move,
    new_booking,
    open_session,
    put_in_line,
    serve,
    step_out_of_group,
    whose,
)
from civic.enrolment.operations.turns import hold_people, take_turn
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import bookings, enrolments, groups
from civic.enrolment.queries.groups import TO_ASK_WITH, Group
from civic.enrolment.rules import HELD, BookingState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.ids import short_code
from civic.kernel.outbox import emit

CODE_LENGTH = 8
"""With 22 letters to choose from nobody comes upon a living group by trying."""


def gather(ctx: Context, session_id: UUID) -> str:
    """The actor makes a group for a session and is its first member; a second tap finds it."""
    person_id = take_turn(ctx)
    facts = open_session(ctx, session_id)
    _join_project(ctx, facts, person_id)
    code = groups.group_of(ctx, session_id, person_id)
    if code is not None:
        return code
    hold_open_session(ctx, session_id)
    group = BookingGroup(
        id=ctx.new_id(),
        municipality_id=facts.municipality_id,
        session_id=session_id,
        code=short_code(CODE_LENGTH),
        leader_id=person_id,
        created_at=ctx.now(),
    )
    ctx.db.add(group)
    ctx.db.flush()
    _put_in(ctx, facts, person_id, group.id)
    return group.code


def come_along(ctx: Context, code: str) -> UUID:
    """The actor joins the group whose code they were given; answers the session."""
    person_id = take_turn(ctx)
    group = groups.group_with(ctx, code)
    facts = open_session(ctx, group.session_id)
    _join_project(ctx, facts, person_id)
    session = hold_open_session(ctx, group.session_id)
    inside = groups.people_in(ctx, group.id)
    if person_id in inside:
        return session.id
    if not inside or ctx.db.get_one(BookingGroup, group.id).asked_at is not None:
        raise GroupHasAsked
    if len(inside) >= MOST_IN_GROUP:
        raise GroupFull(most=MOST_IN_GROUP)
    if len(inside) >= session.places:
        raise GroupTooBig(places=session.places)
    _put_in(ctx, facts, person_id, group.id)
    return session.id


def _join_project(ctx: Context, facts: SessionFacts, person_id: UUID) -> None:
    """Each by the project's rules. A request that waits for a yes, or a consent that is missing,
    shows on the group's page and must be there before the group asks."""
    joining.join(ctx, enrolments.project_to_join(ctx, project_id=facts.project_id), person_id)


def _put_in(ctx: Context, facts: SessionFacts, person_id: UUID, group_id: UUID) -> None:
    booking = bookings.booking_of(ctx, facts.id, person_id) or new_booking(ctx, facts, person_id)
    if booking.state in HELD:
        raise AlreadyInLine
    step_out_of_group(ctx, booking)
    move(ctx, booking, BookingState.GATHERING)
    booking.group_id, booking.queued_at, booking.booked_by = group_id, ctx.now(), None
    ctx.db.flush()


def ask_together(ctx: Context, code: str) -> BookingState:
    """The leader asks for everybody's places: all of them now, or all in the line as one."""
    group = _led_by_actor(ctx, code)
    expected = groups.people_in(ctx, group.id)
    hold_people(ctx, [ctx.actor.own_id, *expected])
    facts = open_session(ctx, group.session_id)
    late = groups.not_ready(ctx, facts, expected)
    session = hold_open_session(ctx, group.session_id)
    together = groups.rows_of(ctx, group.id)
    if [booking.person_id for booking in together] != expected:
        raise GroupChanged
    if not all(booking.state in TO_ASK_WITH for booking in together):
        return together[0].state
    if late:
        names = people.names(ctx, late)
        raise GroupNotReady(names=", ".join(sorted(names.values())))
    if len(together) > session.places:
        raise GroupTooBig(places=session.places)
    ctx.db.get_one(BookingGroup, group.id).asked_at = ctx.now()
    put_in_line(ctx, session, together)
    serve(ctx, session, at_the_page=frozenset(expected))
    for booking in together:
        if booking.state is BookingState.WAITING:
            emit(ctx, PlaceWaiting(**whose(booking)))
    return together[0].state


def take_one_by_one(ctx: Context, code: str) -> None:
    """The leader lets everybody go on alone: each keeps the group's place in the line."""
    group = _led_by_actor(ctx, code)
    expected = groups.people_in(ctx, group.id)
    hold_people(ctx, [ctx.actor.own_id, *expected])
    session = hold_open_session(ctx, group.session_id)
    together = groups.rows_of(ctx, group.id)
    for booking in together:
        booking.group_id = None
        if booking.state is BookingState.GATHERING:
            move(ctx, booking, BookingState.WITHDRAWN)
    ctx.db.flush()
    ctx.db.delete(ctx.db.get_one(BookingGroup, group.id))
    ctx.db.flush()
    serve(ctx, session)


def _led_by_actor(ctx: Context, code: str) -> Group:
    """The gate. The leader's own turn is taken with the others', in the order of ids."""
    JOIN.require(ctx.actor)
    group = groups.group_with(ctx, code)
    if group.leader_id != ctx.actor.own_id:
        raise NotFound
    return group
