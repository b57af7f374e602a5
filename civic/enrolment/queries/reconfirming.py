"""Who is asked whether they still come, since a session moved under their booking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from civic.accounts.models import Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.queries.texts import SCHEDULED
from civic.catalogue.rules import overlaps
from civic.enrolment.models import Booking
from civic.enrolment.rules import HELD, BookingState
from civic.kernel.context import Context


def is_asked() -> ColumnElement[bool]:
    """Since the move and not before they asked anew: a place taken again is taken as it is."""
    return and_(Booking.state.in_(HELD), Booking.asked_again_at >= Booking.queued_at)


@dataclass(frozen=True)
class AskedAgain:
    """A booking whose session moved: what was agreed, and what holds now."""

    facts: SessionFacts
    state: BookingState
    old_starts_at: datetime
    old_ends_at: datetime
    old_meeting_point: str
    clash: SessionFacts | None
    """Another session of theirs that now falls into the same hours."""


@dataclass(frozen=True)
class Held:
    """A booking of a session to come."""

    session_id: UUID
    person_id: UUID
    state: BookingState
    starts_at: datetime
    ends_at: datetime
    agreed_starts_at: datetime | None
    agreed_ends_at: datetime | None
    agreed_meeting_point: str | None
    asked: bool


def held_by(ctx: Context, person_id: UUID) -> list[Held]:
    """All that somebody is booked on and that has not begun, the nearest first."""
    rows = ctx.db.execute(
        _held()
        .where(Booking.person_id == person_id, ProjectSession.starts_at > ctx.now())
        .order_by(ProjectSession.starts_at, ProjectSession.id)
    )
    return [Held(*row) for row in rows]


def held_in(ctx: Context, session_ids: Sequence[UUID]) -> list[Held]:
    """Who is booked on any of these sessions, in the order of the sessions."""
    rows = ctx.db.execute(
        _held()
        .where(Booking.session_id.in_(session_ids))
        .order_by(ProjectSession.starts_at, ProjectSession.id, Booking.queued_at, Booking.id)
    )
    return [Held(*row) for row in rows]


def _held() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Booking.session_id,
            Booking.person_id,
            Booking.state,
            ProjectSession.starts_at,
            ProjectSession.ends_at,
            Booking.agreed_starts_at,
            Booking.agreed_ends_at,
            Booking.agreed_meeting_point,
            func.coalesce(is_asked(), False),
        )
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.state.in_(HELD), ProjectSession.state == SCHEDULED)
    )


def clash_of(one: Held, others: Sequence[Held]) -> UUID | None:
    """Another session that overlaps it; touching ones do not (half-open)."""
    for other in others:
        if other.session_id != one.session_id and overlaps(
            one.starts_at, one.ends_at, other.starts_at, other.ends_at
        ):
            return other.session_id
    return None


def asked_again(ctx: Context, language: str | None = None) -> list[AskedAgain]:
    """What the actor is asked: one statement when it is nothing, two else."""
    if ctx.actor.person_id is None:
        return []
    held = held_by(ctx, ctx.actor.person_id)
    asked = [booking for booking in held if booking.asked]
    if not asked:
        return []
    clashes = {booking.session_id: clash_of(booking, held) for booking in asked}
    wanted = {*clashes, *(clash for clash in clashes.values() if clash is not None)}
    facts = session_facts(ctx, wanted, language)
    return [
        AskedAgain(
            facts=facts[booking.session_id],
            state=booking.state,
            old_starts_at=booking.agreed_starts_at or booking.starts_at,
            old_ends_at=booking.agreed_ends_at or booking.ends_at,
            old_meeting_point=booking.agreed_meeting_point or "",
            clash=facts.get(clashes[booking.session_id] or booking.person_id),
        )
        for booking in asked
        if booking.session_id in facts
    ]


def unanswered(ctx: Context, project_id: UUID) -> dict[UUID, int]:
    """How many have not said yet whether they still come, for each session to come of a project.

    No gate: callers hold one.
    """
    rows = ctx.db.execute(
        select(Booking.session_id, func.count())
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(ProjectSession.project_id == project_id, ProjectSession.state == SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .where(is_asked())
        .group_by(Booking.session_id)
    )
    return {row[0]: row[1] for row in rows}


def unanswered_names(ctx: Context, session_id: UUID) -> list[str]:
    """The same of one session, by the names they go by. No gate: callers hold one."""
    names = ctx.db.scalars(
        select(Person.name)
        .join(Booking, Booking.person_id == Person.id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.session_id == session_id, ProjectSession.state == SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .where(is_asked())
    )
    return sorted(names, key=str.casefold)
