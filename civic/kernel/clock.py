"""The only place that reads the wall clock.

Instants are aware datetimes in UTC; a *day* is always a day in Europe/Rome.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FrozenClock:
    """A clock that tests and demonstration data move by hand."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def advance(self, step: timedelta) -> None:
        self.instant += step


def ticks() -> float:
    """Seconds from some beginning, for how long ago something was; they tell no time of day."""
    return monotonic()


def rome_day(instant: datetime) -> date:
    """The day on the wall calendar in Italy at that instant."""
    return instant.astimezone(ROME).date()


def rome_instant(day: date, wall_time: time) -> datetime:
    """The instant (UTC) at which Italian clocks show that day and time.

    In the hour that summer time repeats, the first one is meant; in the hour that it skips,
    the instant an hour after the skip's start, as `zoneinfo` resolves it.
    """
    return datetime.combine(day, wall_time, tzinfo=ROME).astimezone(UTC)


def rome_day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of the day and first instant of the next: 23, 24 or 25 hours apart."""
    return rome_instant(day, time.min), rome_instant(day + timedelta(days=1), time.min)
