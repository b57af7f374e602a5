"""Hours as a function of what happened and what was set right, and of nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from civic.attendance.rules import Direction, Mark, in_order
from civic.kernel.clock import rome_day, rome_day_bounds

MINUTE = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(hours=3)
"""How long after its end a session is asked for people who came in and were never seen to leave:
phones without network have sent their scans by then."""
FORGOTTEN_UNTIL = timedelta(days=14)
"""After that nobody remembers when they left; hours are corrected by hand."""
WORDS_OF_FORGOTTEN = "forgotten_exit"
"""Stands as the reason of what the system proposes; pages put it into words (see `words`)."""


@dataclass(frozen=True)
class Worked:
    """What the marks of one person in one session amount to."""

    minutes: Mapping[date, int] = field(default_factory=dict)
    """By day in Italy; empty while nobody has been seen to leave."""
    open_since: datetime | None = None
    """Came in then and was not seen to leave."""

    @property
    def total(self) -> int | None:
        return sum(self.minutes.values()) if self.minutes else None


def worked(marks: Iterable[Mark], starts_at: datetime, ends_at: datetime) -> Worked:
    """Minutes between coming in and going out, breaks left out, as far as they lie within the
    session. Whole minutes are counted over the session and then split at midnight, so that a night
    shift has as many as the same hours by day."""
    stays, came_at, has_left = [], None, False
    for mark in in_order(marks):
        if mark.direction is Direction.ENTRY:
            came_at = came_at or mark.scanned_at
        elif came_at is not None:
            stays.append((max(came_at, starts_at), min(mark.scanned_at, ends_at)))
            came_at, has_left = None, True
    if not has_left:
        return Worked({}, came_at)
    return Worked(_by_day(stays, starts_at), came_at)


def _by_day(stays: Iterable[tuple[datetime, datetime]], starts_at: datetime) -> dict[date, int]:
    lengths = {rome_day(starts_at): timedelta()}
    for begin, end in stays:
        while begin < end:
            day = rome_day(begin)
            midnight = min(end, rome_day_bounds(day)[1])
            lengths[day] = lengths.get(day, timedelta()) + (midnight - begin)
            begin = midnight
    minutes, total, counted = {}, timedelta(), 0
    for day in sorted(lengths):
        total += lengths[day]
        minutes[day] = total // MINUTE - counted
        counted += minutes[day]
    return minutes


def settled(found: Worked, corrections: Mapping[date, int]) -> dict[date, int]:
    """What stands in the ledger: a confirmed correction of a day stands above what was scanned."""
    return {**found.minutes, **corrections}


def forgotten(
    marks: Iterable[Mark], starts_at: datetime, ends_at: datetime, now: datetime
) -> dict[date, int] | None:
    """Hours to be proposed for somebody who was never seen to leave, as if they had stayed to the
    end; None while they may still be there, and for who has left or never came."""
    known = list(marks)
    if now < ends_at + FORGOTTEN_AFTER or worked(known, starts_at, ends_at).open_since is None:
        return None
    marks_to_the_end = [*known, Mark(UUID(int=0), Direction.EXIT, ends_at)]
    return dict(worked(marks_to_the_end, starts_at, ends_at).minutes)


def months_first(day: date) -> date:
    return day.replace(day=1)


def booked_in(day: date, today: date, closed: Iterable[date]) -> date:
    """First day of the month in whose account a change is written: the month of the day itself, or
    today's once that is closed."""
    month = months_first(day)
    return months_first(today) if month in set(closed) else month
