"""What the pages at the place show: to those who scan the code, and above it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts.models import Person
from civic.attendance.models import CheckEvent
from civic.attendance.queries import gate
from civic.attendance.queries.here import last_change
from civic.attendance.rules import Direction, Mark, Outcome, Presence, Reason, presence
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context

Recorded = tuple[Direction, Outcome, Reason | None]


@dataclass(frozen=True)
class OwnPresence:
    state: Presence
    since: Mark | None
    recorded: Recorded | None
    """What became of the claim, when it was used already."""


def own_presence(ctx: Context, facts: SessionFacts, scan_id: UUID) -> OwnPresence:
    person_id = ctx.actor.own_id
    # Somebody who is new in this city, or in any, stands at the place all the same.
    ctx.enter(facts.municipality_id)
    marks = gate.known(ctx, facts, [person_id]).marks[person_id]
    row = ctx.db.execute(
        select(CheckEvent.direction, CheckEvent.outcome, CheckEvent.reason).where(
            CheckEvent.id == scan_id, CheckEvent.person_id == person_id
        )
    ).first()
    return OwnPresence(
        presence(marks),
        last_change(marks),
        (row.direction, row.outcome, row.reason) if row else None,
    )


def languages_read(ctx: Context, session_id: UUID) -> list[str]:
    """Of those who have a place, the most frequent first. Callers hold the session's gate."""
    return list(
        ctx.db.scalars(
            select(Person.page_language)
            .join(Booking, Booking.person_id == Person.id)
            .where(Booking.session_id == session_id)
            .where(Booking.state == BookingState.CONFIRMED)
            .group_by(Person.page_language)
            .order_by(func.count().desc(), Person.page_language)
        )
    )
