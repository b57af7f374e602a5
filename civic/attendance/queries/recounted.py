"""The ledger beside what it ought to say: recomputed from scans, decisions and corrections."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Result, func, or_, select

from civic.attendance.hours import settled, worked
from civic.attendance.models import CheckDecision, CheckEvent, Correction, HoursEntry, HoursLine
from civic.attendance.rules import DISCOUNTED, CorrectionState, Mark
from civic.catalogue.models import ProjectSession
from civic.kernel.context import Context

BATCH = 200
"""Sessions looked at together: as many as fit in little memory, however long the city is at it."""

Days = dict[date, int]
Key = tuple[UUID, UUID]
"""A session and a person."""


@dataclass(frozen=True)
class Span:
    """A session, as far as hours are concerned."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Difference:
    session_id: UUID
    person_id: UUID
    day: date
    line: int | None
    """What the balance says; None when there is none."""
    entries: int
    """What the entries add up to."""
    right: int


@dataclass
class Recount:
    """Hours of one person in one session, by day."""

    session_id: UUID
    person_id: UUID
    right: Days = field(default_factory=dict)
    lines: Days = field(default_factory=dict)
    entries: Days = field(default_factory=dict)

    @property
    def differences(self) -> list[Difference]:
        found = []
        for day in sorted(self.right.keys() | self.lines.keys() | self.entries.keys()):
            line, entries = self.lines.get(day), self.entries.get(day, 0)
            right = self.right.get(day)
            # What was taken back leaves a line of no minutes; somebody who was there has one.
            stands = line if right is not None else line or 0
            if stands != (right or 0) or entries != (right or 0):
                found.append(
                    Difference(self.session_id, self.person_id, day, line, entries, right or 0)
                )
        return found


def next_spans(ctx: Context, municipality_id: UUID, last: Span | None) -> list[Span]:
    """Sessions of a city, some at a time; none are left when there are none."""
    session = ProjectSession
    statement = (
        select(session.id, session.starts_at, session.ends_at)
        .where(session.municipality_id == municipality_id)
        .order_by(session.id)
        .limit(BATCH)
    )
    if last is not None:
        statement = statement.where(session.id > last.id)
    return [Span(*row) for row in ctx.db.execute(statement)]


def differences(ctx: Context, municipality_id: UUID) -> Iterator[Difference]:
    """In a snapshot: scans are compared with the lines that were there with them."""
    last: Span | None = None
    while some := next_spans(ctx, municipality_id, last):
        last = some[-1]
        for recount in recounts(ctx, some):
            yield from recount.differences


def recounts(ctx: Context, sessions: list[Span]) -> list[Recount]:
    """Everybody of these sessions, in four statements."""
    ids = [span.id for span in sessions]
    found: dict[Key, Recount] = {}

    def of(session_id: UUID, person_id: UUID) -> Recount:
        key = session_id, person_id
        return found.get(key) or found.setdefault(key, Recount(session_id, person_id))

    marks, corrections = _marks(ctx, ids), _corrections(ctx, ids)
    for span in sessions:
        theirs, corrected = marks.get(span.id, {}), corrections.get(span.id, {})
        for person_id in theirs.keys() | corrected.keys():
            seen = worked(theirs.get(person_id, ()), span.starts_at, span.ends_at)
            of(span.id, person_id).right = settled(seen, corrected.get(person_id, {}))
    line, entry = HoursLine, HoursEntry
    for session_id, person_id, day, minutes in ctx.db.execute(
        select(line.session_id, line.person_id, line.day, line.minutes).where(
            line.session_id.in_(ids)
        )
    ):
        of(session_id, person_id).lines[day] = minutes
    for session_id, person_id, day, minutes in ctx.db.execute(
        select(entry.session_id, entry.person_id, entry.day, func.sum(entry.minutes))
        .where(entry.session_id.in_(ids))
        .group_by(entry.session_id, entry.person_id, entry.day)
    ):
        of(session_id, person_id).entries[day] = minutes
    return [found[key] for key in sorted(found)]


def _marks(ctx: Context, session_ids: list[UUID]) -> dict[UUID, dict[UUID, list[Mark]]]:
    event = CheckEvent
    rows: Result[*tuple[Any, ...]] = ctx.db.execute(
        select(
            event.session_id,
            event.person_id,
            event.id,
            event.direction,
            event.scanned_at,
            event.reason,
            event.is_forced,
        )
        .outerjoin(CheckDecision, CheckDecision.event_id == event.id)
        .where(event.session_id.in_(session_ids), event.person_id.is_not(None))
        .where(or_(CheckDecision.decision.is_(None), CheckDecision.decision.not_in(DISCOUNTED)))
    )
    found: dict[UUID, dict[UUID, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.person_id:
            mark = Mark(row.id, row.direction, row.scanned_at, row.reason, row.is_forced)
            found[row.session_id][row.person_id].append(mark)
    return found


def _corrections(ctx: Context, session_ids: list[UUID]) -> dict[UUID, dict[UUID, Days]]:
    """Of each day the one that was confirmed last."""
    rows = ctx.db.execute(
        select(Correction.session_id, Correction.person_id, Correction.day, Correction.minutes)
        .where(Correction.session_id.in_(session_ids))
        .where(Correction.state == CorrectionState.CONFIRMED)
        .order_by(Correction.decided_at, Correction.made_at, Correction.id)
    )
    found: dict[UUID, dict[UUID, Days]] = defaultdict(lambda: defaultdict(dict))
    for session_id, person_id, day, minutes in rows:
        found[session_id][person_id][day] = minutes
    return found
