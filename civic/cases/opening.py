"""When a service is open, decided from its week: on Italian clocks, and closed on holidays if it says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from civic.catalogue.rhythm import holiday_name
from civic.kernel.clock import ROME

DAYS = 7
MINUTES_A_DAY = 24 * 60
SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?")
LOOK_AHEAD = 14
"""Days; a service that is closed for longer says so in words."""


@dataclass(frozen=True, order=True)
class Span:
    """Open on that weekday (0 is Monday) from one minute of the day to another, that one left out."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Standing:
    """How a service stands at a moment."""

    is_open: bool
    changes_at: datetime | None
    """When it closes, or opens next; None when it does neither within two weeks."""


def read_spans(text: str) -> list[tuple[int, int]] | None:
    """`9-12.30, 14:00-17:00` as minutes of a day; None for what is no such list, overlaps or runs
    backwards. An empty text is a day on which it is closed."""
    spans = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        found = SPAN.fullmatch(part)
        if found is None:
            return None
        opens, closes = (_minutes(*found.group(at, at + 1)) for at in (1, 3))
        if not 0 <= opens < closes <= MINUTES_A_DAY:
            return None
        spans.append((opens, closes))
    ordered = sorted(spans)
    is_apart = all(one[1] < other[0] for one, other in pairwise(ordered))
    return ordered if is_apart else None


def _minutes(hours: str, minutes: str | None) -> int:
    past = int(minutes or 0)
    return int(hours) * 60 + past if past < 60 else -1


def say_spans(spans: Sequence[Span]) -> str:
    """Back again, as it is typed."""
    return ", ".join(f"{_clock(span.opens)}-{_clock(span.closes)}" for span in sorted(spans))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def standing(week: Sequence[Span], now: datetime, *, closed_on_holidays: bool) -> Standing:
    there = now.astimezone(ROME)
    today = spans_on(week, there.date(), closed_on_holidays=closed_on_holidays)
    minute = there.hour * 60 + there.minute
    for span in today:
        if span.opens <= minute < span.closes:
            closes = _closing(week, there.date(), span, closed_on_holidays=closed_on_holidays)
            return Standing(is_open=True, changes_at=closes)
    for ahead in range(LOOK_AHEAD + 1):
        day = there.date() + timedelta(days=ahead)
        for span in spans_on(week, day, closed_on_holidays=closed_on_holidays):
            if ahead or span.opens > minute:
                return Standing(is_open=False, changes_at=_moment(day, span.opens))
    return Standing(is_open=False, changes_at=None)


def _closing(
    week: Sequence[Span], day: date, span: Span, *, closed_on_holidays: bool
) -> datetime | None:
    """Of a span that ends at midnight, when the next day goes on with it; None for never."""
    for ahead in range(1, LOOK_AHEAD + 1):
        if span.closes < MINUTES_A_DAY:
            break
        following = day + timedelta(days=ahead)
        spans = spans_on(week, following, closed_on_holidays=closed_on_holidays)
        if not spans or spans[0].opens > 0:
            return _moment(following, 0)
        if ahead == LOOK_AHEAD:
            return None
        span = spans[0]
        if span.closes < MINUTES_A_DAY:
            return _moment(following, span.closes)
    return _moment(day, span.closes)


def spans_on(week: Sequence[Span], day: date, *, closed_on_holidays: bool) -> list[Span]:
    if closed_on_holidays and holiday_name(day):
        return []
    return sorted(span for span in week if span.weekday == day.weekday())


def _moment(day: date, minute: int) -> datetime:
    """Wall-clock minutes of a day in Italy; midnight at its end is the next day's beginning."""
    extra, minute = divmod(minute, MINUTES_A_DAY)
    day += timedelta(days=extra)
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ROME)
