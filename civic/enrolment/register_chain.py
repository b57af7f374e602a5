"""How the lines of a register of volunteers hang together, and what they amount to.

Each line carries the hash of the one before, so that a line changed, moved or taken out shows at
the next. What is cut off at the end leaves a whole chain behind: there the entries that the lines
amount to still tell (`Reader.settle`), because each names the newest line about it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from civic.enrolment.rules import LineKind

START = "0" * 64
"""What the first line of a register follows."""


class Line(NamedTuple):
    """Everything of a line that its hash vouches for."""

    id: UUID
    municipality_id: UUID
    association_id: UUID
    number: int
    kind: LineKind
    person_id: UUID
    content: Mapping[str, Any]
    corrects: int | None
    recorded_at: datetime
    recorded_by: UUID | None
    previous_hash: str


class End(NamedTuple):
    """Where a register stands: what its next line follows."""

    number: int
    hash: str


NOTHING_YET = End(0, START)


class Entry(NamedTuple):
    """Somebody's time in a register, as it is kept at hand for the gate."""

    person_id: UUID
    first_day: date
    last_day: date | None
    last_line: int


class FaultKind(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    UNCHAINED = "unchained"
    UNFOUNDED = "unfounded"
    DIFFERS = "differs"


class Fault(NamedTuple):
    association_id: UUID
    number: int
    """Of the line, or of the one that should be there."""
    kind: FaultKind


_write = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode


def line_hash(line: Line) -> str:
    """SHA-256 over the line before and everything of this one, written in one way only."""
    text = _write(
        {
            "association": str(line.association_id),
            "content": line.content,
            "corrects": line.corrects,
            "id": str(line.id),
            "kind": line.kind.value,
            "municipality": str(line.municipality_id),
            "number": line.number,
            "person": str(line.person_id),
            "previous": line.previous_hash,
            "recorded_at": line.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "recorded_by": str(line.recorded_by) if line.recorded_by else None,
        }
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Reader:
    """Reads one register from its first line to its last, and says what does not fit."""

    association_id: UUID
    _end: End = NOTHING_YET
    _said: dict[tuple[UUID, str], tuple[str | None, int]] = field(default_factory=dict)
    """Last day and newest line of each person and first day, as the lines have it."""
    _about: dict[int, tuple[UUID, str]] = field(default_factory=dict)

    def take(self, line: Line, hash_: str) -> list[Fault]:
        """Goes on from the line as it stands, so that one changed line is not a hundred faults."""
        faults = self._follow(line.number, line.previous_hash)
        if line_hash(line) != hash_:
            faults.append(self._fault(line.number, FaultKind.CHANGED))
        if not self._understand(line):
            faults.append(self._fault(line.number, FaultKind.UNFOUNDED))
        self._end = End(line.number, hash_)
        return faults

    def pass_over(self, number: int, hash_: str) -> list[Fault]:
        """A line in which nothing can be read any more."""
        self._end = End(number, hash_)
        return [self._fault(number, FaultKind.CHANGED)]

    def _follow(self, number: int, previous_hash: str) -> list[Fault]:
        if number > self._end.number + 1:
            return [self._fault(self._end.number + 1, FaultKind.MISSING)]
        if number <= self._end.number or previous_hash != self._end.hash:
            return [self._fault(number, FaultKind.UNCHAINED)]
        return []

    def _understand(self, line: Line) -> bool:
        first_day, last_day = line.content.get("first_day"), line.content.get("last_day")
        if not isinstance(first_day, str):
            return False
        key = (line.person_id, first_day)
        if line.kind is LineKind.ENTERED:
            is_founded = key not in self._said
        elif line.kind is LineKind.LEFT:
            is_founded = key in self._said
        else:
            corrected = self._about.get(line.corrects or 0)
            is_founded = corrected is not None and corrected[0] == line.person_id
            if corrected is not None:
                self._said.pop(corrected, None)
        self._said[key] = (last_day, line.number)
        self._about[line.number] = key
        return is_founded

    def settle(self, entries: Iterable[Entry]) -> list[Fault]:
        """Faults between what the lines amount to and what the gate goes by."""
        faults, said = [], dict(self._said)
        for entry in entries:
            last_day = entry.last_day.isoformat() if entry.last_day else None
            meant = said.pop((entry.person_id, entry.first_day.isoformat()), None)
            if meant != (last_day, entry.last_line):
                kind = FaultKind.DIFFERS
                if entry.last_line > self._end.number:
                    kind = FaultKind.MISSING
                faults.append(self._fault(entry.last_line, kind))
        faults += [self._fault(number, FaultKind.DIFFERS) for _last_day, number in said.values()]
        return sorted(faults)

    def _fault(self, number: int, kind: FaultKind) -> Fault:
        return Fault(self.association_id, number, kind)


class Who(NamedTuple):
    """What the law wants of a volunteer, as far as they have it; empty where they do not."""

    name: str
    birth_year: int | None
    birth_date: date | None = None
    birth_place: str = ""
    fiscal_code: str = ""
    residence: str = ""


def content_of(who: Who, first_day: date, last_day: date | None) -> dict[str, Any]:
    """A line's words. The birth is a day, a year or nothing, as people know it."""
    birth = who.birth_date.isoformat() if who.birth_date else str(who.birth_year or "")
    return {
        "name": who.name,
        "birth": birth,
        "birth_place": who.birth_place,
        "fiscal_code": who.fiscal_code,
        "residence": who.residence,
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat() if last_day else None,
    }
