"""Scans taken in, one or many: what the gate must know is asked once for all of them, each is judged
by itself, and all are stored in one commit."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.exc import DBAPIError

from civic.attendance.clocks import Reading, read_clock
from civic.attendance.hours import Worked, worked
from civic.attendance.models import CheckEvent
from civic.attendance.operations import ledger
from civic.attendance.operations.ledger import Why
from civic.attendance.operations.passes import hashed
from civic.attendance.policy import CHECK_IN
from civic.attendance.queries import gate
from civic.attendance.queries.gate import Holder, Known, Recorded
from civic.attendance.rules import (
    BY_HAND_AT_ONCE,
    Cause,
    Direction,
    Flag,
    Gate,
    Mark,
    Method,
    Outcome,
    Reason,
    Shown,
    Verdict,
    judge_scan,
    read_code,
    verdict,
)
from civic.catalogue.queries.sessions import SessionBasics, SessionFacts, session_for
from civic.enrolment.queries import standing
from civic.enrolment.queries.standing import Expected
from civic.enrolment.rules import BookingState, Standing, needs_guardian
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_each_once

log = logging.getLogger(__name__)

NOT_EXPECTED = Expected(awaits_approval=False, is_expected_elsewhere=False)


@dataclass(frozen=True)
class Scan:
    id: UUID
    """Made by the device, so that sending it again counts nothing twice."""
    code: str
    """The token of a QR, or the short code under it; empty when the person is known otherwise."""
    direction: Direction
    scanned_at: datetime
    """By the device's clock."""
    person_id: UUID | None = None
    method: Method = Method.QR
    offset: timedelta | None = None
    """By how much the device last knew its clock to be behind the server's."""
    gate: str = ""
    shown: Shown | None = None
    """What the device told the people before it; None when it waits for the answer."""


@dataclass(frozen=True)
class Sender:
    """Where scans come from."""

    device_id: UUID | None = None
    gate: str = ""
    skew: timedelta | None = None
    """By how much the device's clock is behind the server's, found as it sent them."""
    operator_id: UUID | None = None
    """Who answers for them, when that is not the actor."""


HERE = Sender()
"""A page of this site, answered live."""
Sent = tuple[Scan, Sender]


@dataclass(frozen=True)
class Answer:
    scan_id: UUID
    outcome: Outcome | None
    """None when it could not be stored: the device keeps the scan and tries again."""
    reason: Reason | None = None
    """Of the refusal, or what spoke against a scan that stands; for a repeat, of the first time."""
    name: str = ""
    """Only of people who have a place here."""
    flags: tuple[Flag, ...] = ()
    language: str | None = None
    """What the holder reads; None when nobody is known by that code."""
    undo_until: datetime | None = None


def record_scan(
    ctx: Context, session_id: UUID, scan: Scan, sender: Sender = HERE
) -> tuple[SessionFacts, Answer]:
    """One scan, with the session for the page that shows the answer."""
    facts = session_for(ctx, session_id, CHECK_IN)
    return facts, take(ctx, facts, [(scan, sender)])[0]


def record_scans(
    ctx: Context, session_id: UUID, scans: Sequence[Scan], sender: Sender = HERE
) -> list[Answer]:
    """Scans of one session, all in one commit. Of several each answers for itself; of one alone a
    fault of the database goes up to whoever sent it."""
    facts = session_for(ctx, session_id, CHECK_IN)
    sent = [(scan, sender) for scan in scans]
    if len(sent) == 1:
        return take(ctx, facts, sent)
    try:
        with ctx.db.begin_nested():
            return take(ctx, facts, sent)
    except DBAPIError:
        return take_apart(ctx, facts, sent)


def record_own(ctx: Context, facts: SessionBasics, scan: Scan, sender: Sender = HERE) -> Answer:
    """The actor's own scan, of whose place and moment the caller is sure."""
    own = replace(scan, code="", person_id=ctx.actor.own_id, method=Method.OWN)
    return take(ctx, facts, [(own, sender)])[0]


def take_apart(ctx: Context, facts: SessionBasics, sent: Iterable[Sent]) -> list[Answer]:
    """When one of them cannot be stored: the others must not suffer for it."""
    return [_take_alone(ctx, facts, each) for each in sent]


def _take_alone(ctx: Context, facts: SessionBasics, sent: Sent) -> Answer:
    try:
        with ctx.db.begin_nested():
            return take(ctx, facts, [sent])[0]
    except DBAPIError as error:
        # Its class alone: the message would hold the code of somebody's pass.
        log.error("a scan could not be stored: %s", type(error).__name__)
        return Answer(sent[0].id, None)


@dataclass
class _Taking:
    """A batch on its way: what is known, what was judged, what is to be stored."""

    ctx: Context
    facts: SessionBasics
    holders: Mapping[str | UUID, Holder]
    expected: Mapping[UUID, Expected]
    known: Known
    rows: list[dict[str, Any]] = field(default_factory=list)
    counted: dict[UUID, Why] = field(default_factory=dict)
    """By person the last scan that tells when they were there."""
    further: dict[UUID, UUID] = field(default_factory=dict)
    """By the id a scan was sent with the other one under which it is kept; see `further_id`."""


def take(ctx: Context, facts: SessionBasics, sent: Sequence[Sent]) -> list[Answer]:
    """Scans of a session, whoever sent them, each answered for itself and all of them stored. Who
    may do this is the caller's to ask."""
    scans = [scan for scan, _sender in sent]
    holders = _holders(ctx, facts, scans)
    people = list({holder.person_id for holder in holders.values()})
    booked = {holder.person_id for holder in holders.values() if _is_booked(holder.standing)}
    unbooked = [each for each in people if each not in booked]
    taking = _Taking(
        ctx,
        facts,
        holders,
        standing.expected(ctx, facts, unbooked) if unbooked else {},
        gate.known(ctx, facts, people, _ids(scans)),
    )
    before = {
        each: worked(taking.known.marks[each], facts.starts_at, facts.ends_at) for each in people
    }
    answers = [_judge(taking, scan, sender) for scan, sender in sent]
    stored = insert_each_once(ctx.db, CheckEvent, taking.rows)
    _settle(taking, before)
    return [
        answer
        if answer.outcome is Outcome.REPEATED
        or taking.further.get(answer.scan_id, answer.scan_id) in stored
        # Another request was faster with the same scan of nobody known.
        else replace(answer, outcome=Outcome.REPEATED)
        for answer in answers
    ]


def further_id(scan_id: UUID) -> UUID:
    """Of the event that follows a refusal of which the device never heard, so that it let them in and
    sent the same scan again. Always the same one: that repeat can be repeated too."""
    return uuid5(scan_id, "let in all the same")


def _ids(scans: Iterable[Scan]) -> list[UUID]:
    scans = list(scans)
    further = [further_id(scan.id) for scan in scans if scan.shown is Shown.ACCEPTED]
    return [*(scan.id for scan in scans), *further]


def _holders(ctx: Context, facts: SessionBasics, scans: Iterable[Scan]) -> dict[str | UUID, Holder]:
    codes = {read_code(scan.code) for scan in scans if scan.person_id is None} - {""}
    ids = {scan.person_id for scan in scans if scan.person_id is not None}
    found: dict[str | UUID, Holder] = {}
    if codes:
        hashes = {code: hashed(code) for code in codes}
        found.update(gate.holders_by_code(ctx, facts, hashes).items())
    if ids:
        found.update(gate.holders_by_id(ctx, facts, ids).items())
    return found


def _judge(taking: _Taking, scan: Scan, sender: Sender) -> Answer:
    now = taking.ctx.now()
    holder = taking.holders.get(scan.person_id or read_code(scan.code))
    person_id = holder.person_id if holder else None
    sent_id, refusal = scan.id, _unheard_refusal(taking, scan, person_id)
    if refusal:
        scan = replace(scan, id=further_id(sent_id))
        taking.further[sent_id] = scan.id
    before = taking.known.scans.get(scan.id)
    name, language = ("", None)
    if holder:
        name, language = (holder.name if holder.standing else ""), holder.language
    if before is not None:
        # Nothing is told of a scan that was somebody else's, or of another session.
        is_same = (before.session_id, before.person_id) == (taking.facts.id, person_id)
        first = before.reason if is_same else None
        return Answer(sent_id, Outcome.REPEATED, first, name, (), language)
    clock = read_clock(scan.scanned_at, scan.offset, sender.skew, now)
    reason: Reason | None = Reason.INVALID
    if holder:
        marks = taking.known.marks[holder.person_id]
        reason = judge_scan(scan.direction, clock.at, _gate(taking, holder), marks)
        if refusal:
            reason = reason or refusal.reason
    found = verdict(reason, scan.shown, clock.flags)
    is_refused = found.outcome is Outcome.REFUSED
    taking.known.scans[scan.id] = Recorded(taking.facts.id, person_id, reason, is_refused)
    taking.rows.append(_row(taking, scan, sender, person_id, clock, found))
    if holder:
        mark = Mark(scan.id, scan.direction, clock.at, reason, found.is_forced)
        taking.known.marks[holder.person_id].append(mark)
        if mark.counts:
            operator_id = sender.operator_id or taking.ctx.actor.person_id
            taking.counted[holder.person_id] = Why(Cause.SCAN, scan.id, operator_id)
    undo_until = now + BY_HAND_AT_ONCE if holder else None
    return Answer(sent_id, found.outcome, reason, name, found.flags, language, undo_until)


def _unheard_refusal(taking: _Taking, scan: Scan, person_id: UUID | None) -> Recorded | None:
    before = taking.known.scans.get(scan.id)
    if scan.shown is not Shown.ACCEPTED or person_id is None or before is None:
        return None
    is_same = (before.session_id, before.person_id) == (taking.facts.id, person_id)
    return before if is_same and before.is_refused else None


def _is_booked(stands: Standing | None) -> bool:
    return stands is not None and stands.booking is BookingState.CONFIRMED


def _gate(taking: _Taking, holder: Holder) -> Gate:
    facts, stands = taking.facts, holder.standing
    expected = taking.expected.get(holder.person_id, NOT_EXPECTED)
    return Gate(
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        is_cancelled=facts.is_cancelled,
        is_revoked=holder.is_revoked,
        is_booked=_is_booked(stands),
        is_guardian_missing=stands is not None
        and needs_guardian(stands.birth_year, rome_day(facts.starts_at))
        and not stands.is_consented,
        is_covered=stands is not None and stands.is_covered,
        awaits_approval=expected.awaits_approval,
        is_expected_elsewhere=expected.is_expected_elsewhere,
        is_in_elsewhere=taking.known.is_in_elsewhere(holder.person_id),
    )


def _row(
    taking: _Taking,
    scan: Scan,
    sender: Sender,
    person_id: UUID | None,
    clock: Reading,
    found: Verdict,
) -> dict[str, Any]:
    return {
        "id": scan.id,
        "municipality_id": taking.facts.municipality_id,
        "session_id": taking.facts.id,
        "person_id": person_id,
        "direction": scan.direction,
        "method": scan.method,
        "scanned_at": clock.at,
        "told_at": scan.scanned_at,
        "offset_ms": None if scan.offset is None else scan.offset // timedelta(milliseconds=1),
        "received_at": taking.ctx.now(),
        "outcome": found.outcome,
        "reason": found.reason,
        "flags": [flag.value for flag in found.flags],
        "is_forced": found.is_forced,
        "to_look_at": found.to_look_at,
        "unknown_code": None if person_id else read_code(scan.code),
        "gate": scan.gate or sender.gate,
        "device_id": sender.device_id,
        "operator_id": sender.operator_id or taking.ctx.actor.person_id,
    }


def _settle(taking: _Taking, before: Mapping[UUID, Worked]) -> None:
    """Most entries change no hours: then the ledger is not even looked at."""
    facts, changed = taking.facts, {}
    for person_id, why in taking.counted.items():
        now = worked(taking.known.marks[person_id], facts.starts_at, facts.ends_at)
        if now.minutes != before[person_id].minutes:
            changed[person_id] = (now, why)
    if changed:
        ledger.settle(taking.ctx, facts, changed)
