"""How many rooms and beds a dwelling has, as somebody types it; and which days can be meant."""

import re
from datetime import date, timedelta

from civic.housing.stock_errors import BedsUnreadable, DayTooFar, NoBeds, TooManyBeds

MOST_BEDS = 100
"""In one dwelling; a larger house is written down floor by floor."""
MOST_IN_ROOM = 40
SHAPE = re.compile(r"\d{1,6}(?:[\s,;+،؛]+\d{1,6})*")
FAR_BACK = timedelta(days=366 * 60)
FAR_ON = timedelta(days=366 * 30)
"""Leases are old, and some run long; a year of 0026 or 20266 is a slip."""


def read_beds(typed: str) -> tuple[int, ...]:
    """`2, 2, 1` are three rooms with so many beds; digits of any script. BedsUnreadable, NoBeds,
    TooManyBeds."""
    text = typed.strip()
    if not SHAPE.fullmatch(text):
        raise BedsUnreadable
    beds = tuple(int(number) for number in re.findall(r"\d+", text))
    if not all(beds):
        raise NoBeds
    if max(beds) > MOST_IN_ROOM:
        raise TooManyBeds(room=MOST_IN_ROOM, unit=MOST_BEDS)
    check_beds(sum(beds))
    return beds


def check_beds(count: int) -> None:
    """Of a whole dwelling: TooManyBeds."""
    if count > MOST_BEDS:
        raise TooManyBeds(room=MOST_IN_ROOM, unit=MOST_BEDS)


def check_day(
    day: date, today: date, *, back: timedelta = FAR_BACK, on: timedelta = FAR_ON
) -> date:
    """DayTooFar for a day that nobody can mean."""
    if not today - back <= day <= today + on:
        raise DayTooFar
    return day
