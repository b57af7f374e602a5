"""A name tapped on the roster: a scan like any other, of a person known without a pass."""

from dataclasses import dataclass
from uuid import UUID

from civic.attendance.operations.scans import Answer, Scan, record_scan
from civic.attendance.queries.taps import is_on_the_list
from civic.attendance.rules import Direction, Method
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class Tap:
    scan_id: UUID
    """Of the form that was sent: sent twice by two taps, it is one scan."""
    person_id: UUID
    direction: Direction
    gate: str = ""


def tap(ctx: Context, session_id: UUID, given: Tap) -> Answer:
    """Only names that stand on the list can be tapped: of a stranger nothing is stored or told."""
    if not is_on_the_list(ctx, session_id, given.person_id):
        raise NotFound
    scan = Scan(
        given.scan_id,
        "",
        given.direction,
        ctx.now(),
        person_id=given.person_id,
        method=Method.ROSTER,
        gate=given.gate,
    )
    _facts, answer = record_scan(ctx, session_id, scan)
    return answer
