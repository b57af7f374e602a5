"""Days in SQL, which the two databases count differently."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Text, case, cast, func, literal, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

Column = ColumnElement[Any] | InstrumentedAttribute[Any]

_JULIAN_OF_DAY_0 = 1721424.5


def day_number(day: Column, *, on_postgresql: bool) -> ColumnElement[int]:
    """The number that `date.toordinal` gives the day; the difference of two is days in between."""
    if on_postgresql:
        return cast(day - literal(date.min, Date), Integer) + 1
    return cast(func.julianday(day) - _JULIAN_OF_DAY_0, Integer)


def month_name(day: Column, *, on_postgresql: bool) -> ColumnElement[str]:
    """Year and month of the day, `2026-03`."""
    if on_postgresql:
        return func.to_char(day, "YYYY-MM", type_=Text)
    return func.substr(day, 1, 7, type_=Text)


def earlier(one: Column, other: date, *, on_postgresql: bool) -> ColumnElement[date]:
    return _of_two("least", "min", one, other, on_postgresql=on_postgresql)


def later(one: Column, other: date, *, on_postgresql: bool) -> ColumnElement[date]:
    return _of_two("greatest", "max", one, other, on_postgresql=on_postgresql)


def _of_two(
    postgresql: str, sqlite: str, one: Column, other: date, *, on_postgresql: bool
) -> ColumnElement[date]:
    which = getattr(func, postgresql if on_postgresql else sqlite)
    found: ColumnElement[date] = which(one, literal(other, Date), type_=Date)
    return found


def day_in_rome(instant: Column, *, on_postgresql: bool) -> ColumnElement[date]:
    """The day on the wall calendar in Italy at that instant, as `clock.rome_day` knows it.

    SQLite knows no time zones: there the day is a later one from 23:00 UTC on, and in summer time
    from 22:00 UTC on. Summer time lasts from the last Sunday of March to that of October, as in the
    whole Union since 1996 (now Directive 2000/84/EC); no row of ours is older."""
    if on_postgresql:
        return cast(func.timezone("Europe/Rome", instant), Date)
    hour, year = func.substr(instant, 12, 2, type_=Text), func.substr(instant, 1, 4, type_=Text)
    day = func.date(instant, type_=Text)
    is_summer = day >= _last_sunday_before(year, "-04-01")
    is_summer &= day < _last_sunday_before(year, "-11-01")
    next_day = func.date(instant, "+1 day", type_=Text)
    found = case((hour == "23", next_day), ((hour == "22") & is_summer, next_day), else_=day)
    return type_coerce(found, Date)


def _last_sunday_before(year: ColumnElement[str], first_of_month: str) -> ColumnElement[str]:
    """From seven days before the first of the month on to the next Sunday."""
    first = year.concat(first_of_month)
    return func.date(first, "-7 days", "weekday 0", type_=Text)
