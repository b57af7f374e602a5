"""Groups of people who come together or wait together.

Whoever holds a group's code may open it from any city: the code is what its members give to those
they want with them, and it names nobody but the one who leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import SessionState
from civic.enrolment.line import MOST_IN_GROUP, Missing
from civic.enrolment.models import Booking, BookingGroup
from civic.enrolment.queries import bookings, waiting
from civic.enrolment.rules import HELD, BookingState
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound

IN_A_GROUP = (*HELD, BookingState.GATHERING, BookingState.LAPSED)
TO_ASK_WITH = (BookingState.GATHERING, BookingState.LAPSED)
"""From where a group asks for its places, for the first time or once more."""


@dataclass(frozen=True)
class Group:
    id: UUID
    code: str
    session_id: UUID
    municipality_id: UUID
    leader_id: UUID
    asked_at: datetime | None


@dataclass(frozen=True)
class Member:
    """As the others of the group see somebody: not what is missing, only whether."""

    person_id: UUID
    name: str
    state: BookingState
    is_leader: bool
    is_ready: bool
    offered_until: datetime | None


@dataclass(frozen=True)
class GroupPage:
    group: Group
    facts: SessionFacts
    leader_name: str
    members: tuple[Member, ...]
    own_id: UUID
    missing: Missing | None
    """What keeps a place from the reader."""
    clash: SessionFacts | None
    """Where the reader already is at that time."""

    @property
    def mine(self) -> Member | None:
        return next((one for one in self.members if one.person_id == self.own_id), None)

    @property
    def is_leader(self) -> bool:
        return self.group.leader_id == self.own_id

    @property
    def is_gathering(self) -> bool:
        return self.group.asked_at is None

    @property
    def is_to_ask(self) -> bool:
        """It has not asked yet, or its offer went by."""
        return all(one.state in TO_ASK_WITH for one in self.members)

    @property
    def is_waiting(self) -> bool:
        return any(one.state is BookingState.WAITING for one in self.members)

    @property
    def most(self) -> int:
        return min(MOST_IN_GROUP, self.facts.places)

    @property
    def has_room(self) -> bool:
        return self.is_gathering and len(self.members) < self.most

    @property
    def is_too_big(self) -> bool:
        return len(self.members) > self.facts.places


def read_group_code(typed: str) -> str:
    """As it was written on paper or said on the phone: in small letters, with blanks and dashes."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum())[:12]


def group_with(ctx: Context, code: str) -> Group:
    with unscoped(ctx.db, "a code opens its group"):
        row = ctx.db.execute(
            select(
                BookingGroup.id,
                BookingGroup.code,
                BookingGroup.session_id,
                BookingGroup.municipality_id,
                BookingGroup.leader_id,
                BookingGroup.asked_at,
            ).where(BookingGroup.code == read_group_code(code))
        ).first()
    if row is None:
        raise NotFound
    return Group(*row)


def group_of(ctx: Context, session_id: UUID, person_id: UUID) -> str | None:
    """The code of the group with which somebody is gathering for a session."""
    return ctx.db.scalar(
        select(BookingGroup.code)
        .join(Booking, Booking.group_id == BookingGroup.id)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == person_id)
        .where(Booking.state == BookingState.GATHERING)
    )


def people_in(ctx: Context, group_id: UUID) -> list[UUID]:
    return list(
        ctx.db.scalars(
            select(Booking.person_id)
            .where(Booking.group_id == group_id)
            .order_by(Booking.queued_at, Booking.id)
        )
    )


def rows_of(ctx: Context, group_id: UUID) -> list[Booking]:
    """The bookings of a group whose session is held."""
    return list(
        ctx.db.scalars(
            select(Booking)
            .where(Booking.group_id == group_id)
            .order_by(Booking.queued_at, Booking.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def busy_people(ctx: Context, facts: SessionFacts, person_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those who hold another session that overlaps this one."""
    with unscoped(ctx.db, "whoever comes along may be busy in another city"):
        return frozenset(
            ctx.db.scalars(
                select(Booking.person_id)
                .join(ProjectSession, ProjectSession.id == Booking.session_id)
                .where(Booking.person_id.in_(person_ids))
                .where(Booking.state.in_(HELD))
                .where(ProjectSession.id != facts.id)
                .where(ProjectSession.state == SessionState.SCHEDULED)
                .where(ProjectSession.starts_at < facts.ends_at)
                .where(ProjectSession.ends_at > facts.starts_at)
            )
        )


def not_ready(ctx: Context, facts: SessionFacts, person_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Of a group, those who cannot ask for a place yet. Whom only cover is missing can: they wait."""
    missing = waiting.missing(ctx, facts, person_ids)
    return busy_people(ctx, facts, person_ids) | {
        person_id for person_id, what in missing.items() if what not in (None, Missing.COVER)
    }


def group_page(ctx: Context, code: str) -> GroupPage:
    """What whoever has the code may see: others learn the members' names once they are in."""
    group = group_with(ctx, code)
    own_id = ctx.actor.own_id
    with unscoped(ctx.db, "a code opens its group"):
        facts = session_facts(ctx, [group.session_id])[group.session_id]
        rows = ctx.db.execute(
            select(Person.id, Person.name, Booking.state, Booking.offered_until)
            .join(Booking, Booking.person_id == Person.id)
            .where(Booking.group_id == group.id)
            .order_by(Booking.queued_at, Booking.id)
        ).all()
        people = [row[0] for row in rows]
        late = not_ready(ctx, facts, people)
        missing = waiting.missing(ctx, facts, [own_id])[own_id]
    return GroupPage(
        group=group,
        facts=facts,
        leader_name=next((row[1] for row in rows if row[0] == group.leader_id), ""),
        members=tuple(
            Member(row[0], row[1], row[2], row[0] == group.leader_id, row[0] not in late, row[3])
            for row in rows
        ),
        own_id=own_id,
        missing=missing,
        clash=bookings.held_at_that_time(ctx, facts, own_id),
    )
