"""Sixty hours within twelve months, and what keeps a path from its document."""

from datetime import date, timedelta

import pytest

from civic.badges.rules import Rating
from civic.recognition.atlante import SECTORS
from civic.recognition.rules import (
    LEAST_MINUTES,
    Lack,
    Missing,
    Standing,
    best_ratings,
    is_period,
    lacking,
    last_day,
    minutes_within,
)

START = date(2026, 3, 1)
WHOLE = Standing(
    is_informed=True,
    is_project_signed=True,
    minutes=LEAST_MINUTES,
    minutes_planned=LEAST_MINUTES,
    goals=frozenset({"a", "b"}),
    proven=frozenset({"a", "b"}),
    skills=frozenset({"s"}),
    assessed=frozenset({"s"}),
)


def test_the_atlante_has_twenty_four_sectors() -> None:
    assert list(SECTORS) == list(range(1, 25))
    assert len(set(SECTORS.values())) == 24


@pytest.mark.parametrize(
    ("starts_on", "expected"),
    [
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2025, 2, 27)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_twelve_months_end_on_the_day_before_the_same_day(starts_on: date, expected: date) -> None:
    assert last_day(starts_on) == expected
    assert is_period(starts_on, expected)
    assert not is_period(starts_on, expected + timedelta(days=1))
    assert is_period(starts_on, starts_on)
    assert not is_period(starts_on, starts_on - timedelta(days=1))


def test_hours_outside_the_days_of_the_project_do_not_count() -> None:
    ends = START + timedelta(days=10)
    lines = [
        (START - timedelta(days=1), 100),
        (START, 1),
        (ends, 2),
        (ends + timedelta(days=1), 100),
    ]
    assert minutes_within(lines, START, ends) == 3


def test_hours_count_within_twelve_months_however_long_the_project_says_it_is() -> None:
    lines = [(last_day(START), 1), (last_day(START) + timedelta(days=1), 100)]
    assert minutes_within(lines, START, date(2099, 1, 1)) == 1


def test_a_path_with_everything_lacks_nothing() -> None:
    assert lacking(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"is_informed": False}, Lack(Missing.INFORMATION)),
        ({"is_project_signed": False}, Lack(Missing.PROJECT)),
        ({"minutes": LEAST_MINUTES - 1}, Lack(Missing.HOURS, minutes=1)),
        ({"minutes_planned": LEAST_MINUTES + 60}, Lack(Missing.HOURS, minutes=60)),
        ({"proven": frozenset({"a"})}, Lack(Missing.EVIDENCE, goals=("b",))),
        ({"goals": frozenset(), "proven": frozenset()}, Lack(Missing.EVIDENCE)),
        ({"assessed": frozenset()}, Lack(Missing.ASSESSMENT, skills=("s",))),
    ],
)
def test_each_thing_that_is_missing_is_named(change: dict[str, object], expected: Lack) -> None:
    assert lacking(Standing(**{**vars(WHOLE), **change})) == [expected]


def test_fewer_hours_planned_than_sixty_do_not_make_sixty_fewer() -> None:
    few = Standing(**{**vars(WHOLE), "minutes_planned": 0, "minutes": 60})
    assert lacking(few) == [Lack(Missing.HOURS, minutes=LEAST_MINUTES - 60)]


def test_of_each_skill_the_best_that_was_seen_stands() -> None:
    ranks = {rating.value: rating.rank for rating in Rating}
    seen = [("s", "with_help"), ("s", "alone"), ("s", "observed"), ("t", "observed")]
    assert best_ratings(seen, ranks) == {"s": "alone", "t": "observed"}
