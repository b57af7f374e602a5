"""Sessions that come again: a rule by weekday and wall-clock time, and the days it makes.

Days are counted on the wall calendar (RFC 5545 over naive local time, by dateutil) and become
instants one by one, so that ten o'clock stays ten o'clock when the clocks change.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Literal, Self

import holidays
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from civic.catalogue.errors import (
    SeriesDayFixed,
    SeriesEmpty,
    SeriesEndsTwice,
    SeriesEndTooFar,
    SeriesTimesTooFar,
    SeriesTooLong,
    SeriesWithoutEnd,
    SessionInPast,
    StartIsSkipped,
)
from civic.catalogue.rules import FURTHEST_SESSION, wall_span
from civic.kernel.clock import ROME, rome_instant
from civic.kernel.i18n import N_

MOST_SESSIONS = 200
"""In one series: two years of weekends. Somebody has to look through them."""
DAY = timedelta(days=1)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Frequency(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


STEPS: dict[Frequency, Literal[1, 2]] = {
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
}


@dataclass(frozen=True)
class Rhythm:
    """What repeats, and how long. The first day is always one of the days it makes."""

    first_day: date
    frequency: Frequency
    weekdays: tuple[int, ...]
    """0 is Monday."""
    every: int = 1
    """Weeks or months from one round to the next."""
    week: int | None = None
    """Which one in the month: 1 to 4, or -1 for the last; only when monthly."""
    until: date | None = None
    """The last day that may still be one."""
    times: int | None = None
    """How many days, those left out counted too."""
    week_start: int = 0

    @property
    def rule(self) -> str:
        """The RRULE value of RFC 5545. Its end is in UTC, as a start with a time zone asks for."""
        prefix = "" if self.week is None else str(self.week)
        parts = {"FREQ": self.frequency.upper()}
        if self.every != 1:
            parts["INTERVAL"] = str(self.every)
        if self.week_start:
            parts["WKST"] = DAYS[self.week_start]
        parts["BYDAY"] = ",".join(prefix + DAYS[number] for number in self.weekdays)
        if self.times is not None:
            parts["COUNT"] = str(self.times)
        if self.until is not None:
            last = rome_instant(self.until + DAY, time.min) - timedelta(seconds=1)
            parts["UNTIL"] = f"{last:%Y%m%dT%H%M%SZ}"
        return ";".join(f"{name}={value}" for name, value in parts.items())

    @classmethod
    def of(cls, rule: str, first_day: date) -> Self:
        """From what `rule` wrote."""
        parts = dict(part.split("=", 1) for part in rule.split(";"))
        days = parts["BYDAY"].split(",")
        week, until, times = days[0][:-2], parts.get("UNTIL"), parts.get("COUNT")
        return cls(
            first_day=first_day,
            frequency=Frequency(parts["FREQ"].lower()),
            weekdays=tuple(DAYS.index(name[-2:]) for name in days),
            every=int(parts.get("INTERVAL", 1)),
            week=int(week) if week else None,
            until=_day_of(until) if until else None,
            times=int(times) if times else None,
            week_start=DAYS.index(parts.get("WKST", "MO")),
        )

    def days(self) -> list[date]:
        """All of them, in order; one more than there may be when there are too many."""
        made = rrule(
            STEPS[self.frequency],
            dtstart=datetime.combine(self.first_day, time.min),
            interval=self.every,
            wkst=weekday(self.week_start),
            byweekday=[weekday(number, self.week) for number in self.weekdays],
            until=datetime.combine(self.until, time.max) if self.until else None,
            count=self.times,
        )
        return [moment.date() for moment in islice(made, MOST_SESSIONS + 1)]

    def before(self, day: date) -> Self:
        """The part that ends before the day."""
        return replace(self, until=day - DAY, times=None)

    def starting(self, day: date) -> Self:
        """The part from the day on, which is one of its days."""
        left = self.times
        if left is not None:
            left -= sum(1 for earlier in self.days() if earlier < day)
        return replace(self, first_day=day, times=left)

    def shifted(self, by: timedelta) -> Self:
        """Every day so many days later, or earlier. Weeks then begin on another day too: else
        those of every second week would fall apart."""
        if not by:
            return self
        if self.frequency is Frequency.MONTHLY:
            raise SeriesDayFixed
        return replace(
            self,
            first_day=self.first_day + by,
            weekdays=tuple(sorted((number + by.days) % 7 for number in self.weekdays)),
            week_start=(self.week_start + by.days) % 7 if self.every > 1 else 0,
            until=self.until and self.until + by,
        )


def _day_of(until: str) -> date:
    return datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(ROME).date()


@dataclass(frozen=True)
class Wish:
    """What an organiser asked for. It may have no end, two ends, or begin on no such day."""

    from_day: date
    frequency: Frequency
    weekdays: tuple[int, ...] = ()
    """None given means the weekday of the first day."""
    every: int = 1
    week: int | None = None
    until: date | None = None
    times: int | None = None


def rhythm_of(wish: Wish, today: date) -> Rhythm:
    """The rhythm, from the first day that fits; refuses one that ends never, twice or too late."""
    if wish.from_day < today:
        raise SessionInPast(day=wish.from_day)
    _check_end(wish, today)
    is_monthly = wish.frequency is Frequency.MONTHLY
    rhythm = Rhythm(
        first_day=wish.from_day,
        frequency=wish.frequency,
        weekdays=tuple(sorted(set(wish.weekdays))) or (wish.from_day.weekday(),),
        every=wish.every,
        week=(wish.week or _week_in_month(wish.from_day)) if is_monthly else None,
        until=wish.until,
        times=wish.times,
    )
    # Looked for in every week or month: the count of rounds begins where the first day is.
    earliest = replace(rhythm, every=1, until=None, times=1).days()[0]
    rhythm = replace(rhythm, first_day=earliest)
    days = rhythm.days()
    if not days:
        raise SeriesEmpty
    if len(days) > MOST_SESSIONS:
        raise SeriesTooLong(most=MOST_SESSIONS)
    if days[-1] - today >= FURTHEST_SESSION:
        raise SeriesTimesTooFar(day=days[-1])
    return rhythm


def _check_end(wish: Wish, today: date) -> None:
    if wish.until is None and wish.times is None:
        raise SeriesWithoutEnd
    if wish.until is not None and wish.times is not None:
        raise SeriesEndsTwice
    if wish.times is not None and wish.times > MOST_SESSIONS:
        raise SeriesTooLong(most=MOST_SESSIONS)
    if wish.until is not None and wish.until - today >= FURTHEST_SESSION:
        raise SeriesEndTooFar
    if wish.until is not None and wish.until < wish.from_day:
        raise SeriesEmpty


def _week_in_month(day: date) -> int:
    """Which one of its weekday in the month it is; a fifth is the last."""
    number = (day.day - 1) // 7 + 1
    return number if number <= 4 else -1


HOLIDAY_NAMES = {
    "New Year's Day": N_("New Year's Day"),
    "Epiphany": N_("Epiphany"),
    "Easter Sunday": N_("Easter"),
    "Easter Monday": N_("Easter Monday"),
    "Liberation Day": N_("Liberation Day"),
    "Labor Day": N_("Labour Day"),
    "Republic Day": N_("Republic Day"),
    "Assumption Of Mary Day": N_("Assumption"),
    "Saint Francis of Assisi, Patron Saint of Italy": N_("Saint Francis"),
    "All Saints' Day": N_("All Saints"),
    "Immaculate Conception": N_("Immaculate Conception"),
    "Christmas Day": N_("Christmas"),
    "Saint Stephen's Day": N_("Saint Stephen"),
}
"""By what the library calls them. What it lists beside these is no day off work."""


def holiday_name(day: date) -> str | None:
    """What Italy celebrates that day, at home from work."""
    for name in _holidays(day.year).get(day, "").split("; "):
        if name in HOLIDAY_NAMES:
            return HOLIDAY_NAMES[name]
    return None


@cache
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("IT", years=year, language="en_US"))


@dataclass(frozen=True)
class OfferedDay:
    """A day of a rhythm, before anybody has agreed to it."""

    day: date
    holiday: str | None
    is_skipped: bool
    """Clocks jump over its start or end."""
    is_there: bool
    """The project has a session at this very time."""

    @property
    def is_possible(self) -> bool:
        return not (self.is_skipped or self.is_there)


def offered_days(
    rhythm: Rhythm, start: time, end: time, there: Container[datetime]
) -> list[OfferedDay]:
    """The days of a rhythm with what speaks against each."""
    offered = []
    for day in rhythm.days():
        try:
            is_skipped, is_there = False, wall_span(day, start, end)[0] in there
        except StartIsSkipped:
            is_skipped, is_there = True, False
        offered.append(OfferedDay(day, holiday_name(day), is_skipped, is_there))
    return offered


def trimmed(rhythm: Rhythm, kept: Iterable[date]) -> tuple[Rhythm, list[date]]:
    """The rhythm from the first day that is kept, and those after it that are left out."""
    wanted = set(kept)
    rhythm = rhythm.starting(min(wanted))
    return rhythm, [day for day in rhythm.days() if day not in wanted]


class Scope(StrEnum):
    """Which sessions of a series somebody means."""

    ONE = "one"
    FOLLOWING = "following"
    """This one and those after it."""
    ALL = "all"
    """All still to come."""
