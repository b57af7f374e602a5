"""A series and its sessions as RFC 5545 says it: a rule, days left out, and those that differ.

The rule alone is not believed. What a reader's calendar will make of it is compared with the
sessions there are, day by day, so that every difference is written down whatever caused it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from civic.catalogue.queries.feeds import Occurrence, SeriesFacts
from civic.catalogue.rhythm import DAY, Rhythm
from civic.kernel.clock import ROME, rome_instant


@dataclass(frozen=True)
class Recurrence:
    rule: str
    """With its end, in UTC as a start with a time zone asks for."""
    starts_at: datetime
    """By Italian clocks, which the rule goes by."""
    duration: timedelta
    left_out: tuple[datetime, ...]
    differing: tuple[tuple[datetime, Occurrence], ...]
    """When the rule would have it, and what there is instead."""
    apart: tuple[Occurrence, ...]
    """Sessions of the series that the rule cannot reach."""


def recurrence_of(series: SeriesFacts, sessions: Iterable[Occurrence]) -> Recurrence | None:
    """None when no session stands on a day of the rule any more."""
    rows = [session for session in sessions if session.series_id == series.id]
    rhythm = Rhythm.of(series.rule, series.first_day)
    ruled = rhythm.days()
    reachable = {day for day in ruled if _is_shown(day, series.starts)}
    by_day = {row.series_day: row for row in rows if row.series_day in reachable}
    held = [day for day in ruled if day in by_day]
    if not held:
        return None
    between = [day for day in ruled if held[0] <= day <= held[-1]]
    return Recurrence(
        rule=replace(rhythm, until=held[-1], times=None).rule,
        starts_at=_wall(held[0], series.starts),
        duration=_wall_duration(series),
        left_out=tuple(_wall(day, series.starts) for day in between if day not in by_day),
        differing=tuple(
            (_wall(day, series.starts), by_day[day])
            for day in held
            if not _is_as_ruled(by_day[day], day, series)
        ),
        apart=tuple(row for row in rows if row.series_day not in by_day),
    )


def _wall(day: date, wall_time: time) -> datetime:
    return datetime.combine(day, wall_time, tzinfo=ROME)


def _wall_duration(series: SeriesFacts) -> timedelta:
    day = series.first_day
    span = datetime.combine(day, series.ends) - datetime.combine(day, series.starts)
    return span if span > timedelta() else span + DAY


def _is_shown(day: date, wall_time: time) -> bool:
    """Whether clocks show that time that day. If they jump over it, some calendar programs leave
    the day out and others move it."""
    wall = datetime.combine(day, wall_time)
    return rome_instant(day, wall_time).astimezone(ROME).replace(tzinfo=None) == wall


def _is_as_ruled(row: Occurrence, day: date, series: SeriesFacts) -> bool:
    """In time, length and place; also for programs that count hours, where a night has one less."""
    starts_at, duration = rome_instant(day, series.starts), _wall_duration(series)
    wall_end = datetime.combine(day, series.starts) + duration
    return (
        not row.is_cancelled
        and row.meeting_point == series.meeting_point
        and row.starts_at == starts_at
        and row.ends_at == starts_at + duration
        and row.ends_at.astimezone(ROME).replace(tzinfo=None) == wall_end
    )
