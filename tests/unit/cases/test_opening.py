"""Open now, and when it changes: on Italian clocks, holidays and both clock changes included."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.cases.opening import Span, Standing, read_spans, say_spans, standing
from civic.kernel.clock import ROME

WEEK = [Span(0, 540, 750), Span(0, 840, 1020), Span(4, 540, 720)]
"""Monday morning and afternoon, Friday morning."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-16T08:59", Standing(False, at("2026-03-16T09:00"))),
        ("2026-03-16T09:00", Standing(True, at("2026-03-16T12:30"))),
        ("2026-03-16T12:29", Standing(True, at("2026-03-16T12:30"))),
        ("2026-03-16T12:30", Standing(False, at("2026-03-16T14:00"))),
        ("2026-03-16T17:00", Standing(False, at("2026-03-20T09:00"))),
        ("2026-03-20T12:00", Standing(False, at("2026-03-23T09:00"))),
    ],
)
def test_a_service_is_open_from_its_first_minute_to_before_its_last(
    now: str, expected: Standing
) -> None:
    assert standing(WEEK, at(now), closed_on_holidays=True) == expected


def test_on_a_holiday_it_is_closed_if_it_says_so() -> None:
    easter_monday = at("2026-04-06T10:00")
    assert not standing(WEEK, easter_monday, closed_on_holidays=True).is_open
    assert standing(WEEK, easter_monday, closed_on_holidays=False).is_open


def test_without_hours_nothing_is_promised() -> None:
    assert standing([], at("2026-03-16T10:00"), closed_on_holidays=True) == Standing(False, None)


def test_open_until_midnight_closes_when_the_next_day_begins() -> None:
    night = [Span(0, 1200, 1440)]
    assert standing(night, at("2026-03-16T23:59"), closed_on_holidays=True) == Standing(
        True, at("2026-03-17T00:00")
    )


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_hours_stay_on_the_wall_clock_when_clocks_change(day: str) -> None:
    sunday = [Span(6, 540, 720)]
    assert standing(sunday, at(f"{day}T10:00"), closed_on_holidays=True).changes_at == at(
        f"{day}T12:00"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("9-12.30, 14:00-17:00", [(540, 750), (840, 1020)]),
        ("14-17, 9–12", [(540, 720), (840, 1020)]),
        ("0-24", [(0, 1440)]),
        ("9-12, 11-13", None),
        ("9-12, 12-13", None),
        ("12-9", None),
        ("9-9", None),
        ("9-25", None),
        ("9:75-10", None),
        ("mattina", None),
        ("9-12;14-17", None),
    ],
)
def test_hours_are_read_as_people_type_them_and_nonsense_is_not(
    text: str, expected: list[tuple[int, int]] | None
) -> None:
    assert read_spans(text) == expected


SPANS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1]),
    max_size=4,
)


@given(SPANS)
def test_what_is_said_of_a_day_is_read_as_the_same_day(pairs: list[tuple[int, int]]) -> None:
    said = say_spans([Span(0, *pair) for pair in pairs])
    read = read_spans(said)
    if read is not None:
        assert read == sorted(pairs)
        assert say_spans([Span(0, *pair) for pair in read]) == said


@given(SPANS, st.integers(0, 366 * 24 * 60))
def test_a_change_lies_ahead_and_is_one(pairs: list[tuple[int, int]], minute: int) -> None:
    if read_spans(say_spans([Span(0, *pair) for pair in pairs])) is None:
        return
    week = [Span(weekday, *pair) for weekday in range(7) for pair in pairs]
    now = (at("2026-01-01T00:00").astimezone(UTC) + timedelta(minutes=minute)).astimezone(ROME)
    found = standing(week, now, closed_on_holidays=False)
    if found.changes_at is None:
        assert not pairs or pairs == [(0, 1440)]
        return
    assert found.changes_at > now
    after = standing(week, found.changes_at, closed_on_holidays=False)
    assert after.is_open is not found.is_open
    if found.changes_at - now > timedelta(minutes=1):
        before = standing(week, found.changes_at - timedelta(minutes=1), closed_on_holidays=False)
        assert before.is_open is found.is_open
