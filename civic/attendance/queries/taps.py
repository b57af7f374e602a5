"""A tap on the roster, as the page tells of it afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select

from civic.accounts.models import Person
from civic.attendance.models import CheckDecision, CheckEvent
from civic.attendance.rules import (
    BY_HAND_AT_ONCE,
    DISCOUNTED,
    Direction,
    Method,
    Outcome,
    Reason,
)
from civic.enrolment.models import Booking
from civic.kernel.context import Context


@dataclass(frozen=True)
class Tapped:
    """What became of a tap."""

    id: UUID
    person_id: UUID
    name: str
    language: str
    """What the person reads."""
    direction: Direction
    outcome: Outcome
    reason: Reason | None
    is_undone: bool
    undo_until: datetime | None
    """None when there is nothing to undo, or not for the actor, or no more."""


def tap_of(ctx: Context, session_id: UUID, scan_id: UUID) -> Tapped | None:
    """Callers hold the session's gate. Of a pass that was refused no name is told, here neither."""
    row = ctx.db.execute(
        select(
            CheckEvent.person_id,
            Person.name,
            Person.page_language,
            CheckEvent.direction,
            CheckEvent.outcome,
            CheckEvent.reason,
            CheckEvent.received_at,
            CheckEvent.device_id,
            CheckEvent.operator_id,
            CheckDecision.decision,
        )
        .join(Person, Person.id == CheckEvent.person_id)
        .outerjoin(CheckDecision, CheckDecision.event_id == CheckEvent.id)
        .where(CheckEvent.id == scan_id, CheckEvent.session_id == session_id)
        .where(or_(CheckEvent.method == Method.ROSTER, CheckEvent.outcome == Outcome.ACCEPTED))
    ).first()
    if row is None:
        return None
    undo_until = row.received_at + BY_HAND_AT_ONCE
    is_own = row.device_id is None and row.operator_id == ctx.actor.person_id
    is_open = row.outcome is Outcome.ACCEPTED and row.decision is None
    return Tapped(
        scan_id,
        row.person_id,
        row.name,
        row.page_language,
        row.direction,
        row.outcome,
        row.reason,
        row.decision in DISCOUNTED,
        undo_until if is_own and is_open and ctx.now() <= undo_until else None,
    )


def is_on_the_list(ctx: Context, session_id: UUID, person_id: UUID) -> bool:
    """Whether the session has anything to do with them: a booking, whatever became of it, or
    somebody let them in."""
    booked = exists().where(Booking.session_id == session_id, Booking.person_id == person_id)
    let_in = exists().where(
        CheckEvent.session_id == session_id,
        CheckEvent.person_id == person_id,
        CheckEvent.outcome == Outcome.ACCEPTED,
    )
    return bool(ctx.db.scalar(select(or_(booked, let_in))))
