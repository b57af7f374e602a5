"""What is decided of scans afterwards; the scans themselves stay as they are."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.attendance.errors import AlreadyDecided, NotYours, UndoTooLate
from civic.attendance.hours import worked
from civic.attendance.models import CheckDecision, CheckEvent
from civic.attendance.operations import ledger
from civic.attendance.operations.ledger import Why
from civic.attendance.operations.scans import further_id
from civic.attendance.policy import CHECK_IN, CORRECT_HOURS
from civic.attendance.queries import gate
from civic.attendance.rules import BY_HAND_AT_ONCE, Cause, Decision
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission


@dataclass(frozen=True)
class _Scan:
    facts: SessionFacts
    event: CheckEvent


def undo_scan(ctx: Context, event_id: UUID, device_id: UUID | None = None) -> None:
    """A slip of the finger, taken back within minutes by whoever made it, on the same device. The
    event is kept and counts no more. Undone already: nothing is left to do."""
    scan = _last_kept_as(ctx, event_id, CHECK_IN)
    event = scan.event
    if event.device_id != device_id or (
        device_id is None and event.operator_id != ctx.actor.person_id
    ):
        raise NotYours
    if ctx.now() - event.received_at > BY_HAND_AT_ONCE:
        raise UndoTooLate
    if not _decide(ctx, scan, Decision.UNDONE, "") and _decision_of(ctx, event.id) not in (
        Decision.UNDONE,
        Decision.SET_ASIDE,
    ):
        raise AlreadyDecided
    _recount(ctx, scan, Cause.UNDO, "")


def look_at_scan(ctx: Context, event_id: UUID, decision: Decision, reason: str) -> None:
    """Somebody of the association says what becomes of a scan on their list."""
    scan = _scan_for(ctx, event_id, CORRECT_HOURS)
    if not scan.event.to_look_at:
        raise NotFound
    if not _decide(ctx, scan, decision, reason):
        raise AlreadyDecided
    _recount(ctx, scan, Cause.DECISION, reason)
    audit.record(
        ctx,
        scan.facts.municipality_id,
        "scan.looked_at",
        subject_id=scan.event.person_id,
        thing_id=event_id,
        reason=reason,
        details={"decision": decision.value},
    )


def _last_kept_as(ctx: Context, sent_id: UUID, permission: Permission) -> _Scan:
    """The device knows a scan by the id it sent, also where that was kept a second time."""
    ids = sent_id, further_id(sent_id)
    events = {
        event.id: event
        for event in ctx.db.scalars(select(CheckEvent).where(CheckEvent.id.in_(ids)))
    }
    return _found(ctx, events.get(ids[1]) or events.get(ids[0]), permission)


def _scan_for(ctx: Context, event_id: UUID, permission: Permission) -> _Scan:
    return _found(ctx, ctx.db.get(CheckEvent, event_id), permission)


def _found(ctx: Context, event: CheckEvent | None, permission: Permission) -> _Scan:
    if event is None:
        raise NotFound
    return _Scan(session_for(ctx, event.session_id, permission), event)


def _decide(ctx: Context, scan: _Scan, decision: Decision, reason: str) -> bool:
    """False when somebody has decided before."""
    if scan.event.person_id is not None:
        # As for a scan: one change of a person's presence after the other.
        gate.hold(ctx, [scan.event.person_id])
    return insert_once(
        ctx.db,
        CheckDecision,
        event_id=scan.event.id,
        municipality_id=scan.facts.municipality_id,
        decision=decision,
        reason=reason,
        made_by=ctx.actor.own_id,
        made_at=ctx.now(),
    )


def _decision_of(ctx: Context, event_id: UUID) -> Decision | None:
    found = ctx.db.get(CheckDecision, event_id)
    return found.decision if found else None


def _recount(ctx: Context, scan: _Scan, cause: Cause, reason: str) -> None:
    person_id, facts = scan.event.person_id, scan.facts
    if person_id is None:
        return
    marks = gate.known(ctx, facts, [person_id]).marks[person_id]
    why = Why(cause, scan.event.id, ctx.actor.person_id, reason)
    ledger.settle(ctx, facts, {person_id: (worked(marks, facts.starts_at, facts.ends_at), why)})
