"""A year of beds as a few lines: how many of a dwelling's beds are taken each night, drawn as the outline
of a row, and said in words as what follows what.

An outline costs a few letters where something changes, and nothing for nights that are like the one
before: 60 dwellings fit on one page. It is drawn in a box as many units wide as there are nights and
`HEIGHT` high, whatever the number of beds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate, groupby
from uuid import UUID

from civic.housing.rules.nights import Nights, Use
from civic.kernel.i18n import N_

HEIGHT = 60
"""Divides by one to six beds, so that most steps are whole numbers."""
STEPS = (1, 2, 7)
"""Nights drawn as one where so much changes that the page would grow too heavy."""
MOST_LETTERS = 50_000
"""Of all outlines of a page."""


class Row(StrEnum):
    """What a bed is in a night, as far as a calendar tells; from the bottom of a row upwards."""

    TAKEN = "taken"
    WORKS = "works"
    CLOSED = "closed"
    READY = "ready"
    AWAY = "away"
    FREE = "free"


DRAWN = (Row.TAKEN, Row.WORKS, Row.CLOSED, Row.READY, Row.AWAY)
OF_USE = {
    Use.STAY: Row.TAKEN,
    Use.OVERSTAY: Row.TAKEN,
    Use.WORKS: Row.WORKS,
    Use.VOID: Row.CLOSED,
    Use.TURNAROUND: Row.READY,
}
ROW_NAMES = {
    Row.TAKEN: N_("taken"),
    Row.WORKS: N_("works"),
    Row.CLOSED: N_("closed"),
    Row.READY: N_("being made ready"),
    Row.AWAY: N_("bed not there"),
    Row.FREE: N_("free"),
}


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    until: date
    use: Use


@dataclass(frozen=True, slots=True)
class BedYear:
    id: UUID
    name: str
    """With its room."""
    from_night: date
    until_night: date | None
    spans: Sequence[Span]
    """In the order of their nights."""

    def is_there(self, night: date) -> bool:
        return self.from_night <= night and (self.until_night is None or night < self.until_night)


@dataclass(frozen=True, slots=True)
class UnitYear:
    id: UUID
    name: str
    beds: Sequence[BedYear]

    def count_on(self, night: date) -> tuple[int, int]:
        """How many beds are free in that night, of how many that are there."""
        there = [bed for bed in self.beds if bed.is_there(night)]
        taken = sum(any(each.first <= night < each.until for each in bed.spans) for bed in there)
        return len(there) - taken, len(there)


@dataclass(frozen=True, slots=True)
class Run:
    row: Row
    first: date
    until: date | None
    """None where it goes on without an end that anybody knows."""


def runs_of(bed: BedYear, start: date) -> list[Run]:
    """What follows what in a bed from that night on: the same thing twice in a row is one, so that
    nobody reads from it when one person left and another came."""
    found: list[Run] = []
    at = start
    for row, first, until in _pieces(bed, start):
        if first > at:
            found.append(Run(Row.FREE, at, first))
        found.append(Run(row, first, until))
        at = until
    ends = bed.until_night
    if ends is None or ends > at:
        found.append(Run(Row.FREE, at, ends))
    if ends is not None:
        found.append(Run(Row.AWAY, max(at, ends), None))
    return _joined(found)


def _pieces(bed: BedYear, start: date) -> list[tuple[Row, date, date]]:
    """What is written down from that night on, without the free nights between."""
    before = [(Row.AWAY, start, bed.from_night)] if bed.from_night > start else []
    return before + [
        (OF_USE[span.use], max(span.first, start), span.until)
        for span in bed.spans
        if span.until > start
    ]


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for row, group in groupby(runs, key=lambda run: run.row):
        members = list(group)
        joined.append(Run(row, members[0].first, members[-1].until))
    return joined


def outlines(beds: Sequence[BedYear], year: Nights, step: int = 1) -> list[tuple[Row, str]]:
    """SVG paths of a row, to be painted in this order, each over the one before: the last one is what
    is taken. `step` nights are drawn as one, with the most that any of them holds."""
    if not beds:
        return []
    nights = len(year)
    height = [round(HEIGHT * number / len(beds)) for number in range(len(beds) + 1)]
    drawn: list[tuple[Row, str]] = []
    levels = [0] * -(-nights // step)
    for row in DRAWN:
        own = _thinned(_counts(beds, row, year), step)
        if not any(own):
            continue
        levels = [below + more for below, more in zip(levels, own, strict=True)]
        if step > 1:
            # Beds that are one thing and then another within a step would count twice.
            levels = [min(level, len(beds)) for level in levels]
        tops = [height[level] if more else 0 for level, more in zip(levels, own, strict=True)]
        drawn.append((row, _path(tops, step, nights)))
    return drawn[::-1]


def _counts(beds: Sequence[BedYear], row: Row, year: Nights) -> list[int]:
    """Of each night, how many beds are this."""
    nights = len(year)
    changes = [0] * (nights + 1)
    for first, until in _of_row(beds, row, year):
        begin, end = max(0, (first - year.first).days), min(nights, (until - year.first).days)
        if begin < end:
            changes[begin] += 1
            changes[end] -= 1
    return list(accumulate(changes))[:nights]


def _of_row(beds: Sequence[BedYear], row: Row, year: Nights) -> list[tuple[date, date]]:
    if row is Row.AWAY:
        before = [(year.first, bed.from_night) for bed in beds]
        after = [(bed.until_night, year.until) for bed in beds if bed.until_night is not None]
        return before + after
    return [
        (span.first, span.until) for bed in beds for span in bed.spans if OF_USE[span.use] is row
    ]


def _thinned(counts: list[int], step: int) -> list[int]:
    if step == 1:
        return counts
    return [max(counts[at : at + step]) for at in range(0, len(counts), step)]


def _path(tops: Sequence[int], step: int, nights: int) -> str:
    """Steps from the bottom line up, along, and down to it again; nothing where there is no height."""
    parts: list[str] = []
    at, up = 0, False
    for top, same in groupby(tops):
        width = min(len(list(same)) * step, nights - at)
        if top:
            parts.append(f"{'' if up else f'M{at} {HEIGHT}'}V{HEIGHT - top}h{width}")
        elif up:
            parts.append(f"V{HEIGHT}")
        at, up = at + width, bool(top)
    return "".join(parts) + (f"V{HEIGHT}" if up else "")


def month_lines(year: Nights) -> str:
    """A path along the first night of each month but the first."""
    places = [place for place, night in enumerate(year) if place and night.day == 1]
    return "".join(f"M{place} 0v{HEIGHT}" for place in places)
