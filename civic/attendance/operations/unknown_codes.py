"""A code that nobody known here has, and the person whose it was after all."""

from uuid import UUID

from civic.attendance.errors import AlreadyDecided
from civic.attendance.models import CheckDecision, CheckEvent
from civic.attendance.operations.scans import Answer, Scan, record_scan
from civic.attendance.policy import CORRECT_HOURS
from civic.attendance.queries.taps import is_on_the_list
from civic.attendance.rules import Decision, Method, Outcome
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import session_for
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound


class _Refused(Exception):
    """Takes back all of the try."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


def give_to(ctx: Context, event_id: UUID, person_id: UUID) -> Answer:
    """It was this person of the list: a scan of theirs is recorded at the moment of the unknown
    one, and judged as any. Refused, nothing is changed and the code stays to be looked at."""
    event = ctx.db.get(CheckEvent, event_id)
    if event is None:
        raise NotFound
    facts = session_for(ctx, event.session_id, CORRECT_HOURS)
    if not event.to_look_at or event.person_id is not None:
        raise NotFound
    if not is_on_the_list(ctx, facts.id, person_id):
        raise NotFound
    scan = Scan(
        ctx.new_id(),
        "",
        event.direction,
        event.scanned_at,
        person_id=person_id,
        method=Method.ROSTER,
        gate=event.gate,
    )
    try:
        with ctx.db.begin_nested():
            if not insert_once(
                ctx.db,
                CheckDecision,
                event_id=event_id,
                municipality_id=facts.municipality_id,
                decision=Decision.KEPT,
                reason="",
                made_by=ctx.actor.own_id,
                made_at=ctx.now(),
            ):
                raise AlreadyDecided
            _facts, answer = record_scan(ctx, facts.id, scan)
            if answer.outcome is not Outcome.ACCEPTED:
                raise _Refused(answer)
            audit.record(
                ctx,
                facts.municipality_id,
                "scan.given_to",
                subject_id=person_id,
                thing_id=event_id,
                details={"direction": event.direction.value},
            )
    except _Refused as refused:
        return refused.answer
    return answer
