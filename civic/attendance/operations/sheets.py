"""The attendance sheet on paper. It carries names out of the system, so the trail says who asked."""

from dataclasses import dataclass
from uuid import UUID

from civic.attendance.policy import CHECK_IN
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState, RosterLine
from civic.kernel.context import Context


@dataclass(frozen=True)
class Sheet:
    facts: SessionFacts
    lines: tuple[RosterLine, ...]
    """Those with a place, by name."""


def print_sheet(ctx: Context, session_id: UUID) -> Sheet:
    facts = session_for(ctx, session_id, CHECK_IN)
    lines = [
        line for line in bookings.roster(ctx, session_id) if line.state is BookingState.CONFIRMED
    ]
    audit.record(
        ctx,
        facts.municipality_id,
        "sheet.printed",
        thing_id=session_id,
        details={"people": len(lines)},
    )
    return Sheet(facts, tuple(lines))
