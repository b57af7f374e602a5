"""Works in nights, euro and dates: what they take, what a bed costs, when a check comes back."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from civic.housing.rules.nights import Nights

MOST_AHEAD = timedelta(days=730)
"""How far ahead works and closures are planned; a later year is a slip of the hand."""
MOST_MONTHS = 120
SOON = timedelta(days=30)
"""How long before its day a check is shown as coming."""


class Due(StrEnum):
    LATE = "late"
    SOON = "soon"
    LATER = "later"


def how_due(due_on: date, today: date) -> Due:
    """On the day itself it is not late yet."""
    if due_on < today:
        return Due.LATE
    return Due.SOON if due_on - today <= SOON else Due.LATER


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def still_to_take(wanted: Nights, kept: Iterable[Nights]) -> list[Nights]:
    """The nights wanted that are not among those kept, each row of nights in one piece."""
    left, start = [], wanted.first
    for each in sorted(kept, key=lambda nights: nights.first):
        if each.first > start:
            left.append(Nights(start, min(each.first, wanted.until)))
        start = max(start, each.until)
    left.append(Nights(start, wanted.until))
    return [nights for nights in left if len(nights)]


def cost_per_bed(cents: int, beds: int) -> int | None:
    """In whole cents, rounded half up. None where no bed is concerned: then there is no such cost."""
    return (2 * cents + beds) // (2 * beds) if beds else None
