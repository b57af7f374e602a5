"""When a scan happened, by a clock that may be wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.attendance.clocks import read_clock
from civic.attendance.rules import Flag

NOW = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def test_without_an_offset_the_device_is_believed() -> None:
    found = read_clock(NOW - MINUTE, None, None, NOW)
    assert (found.at, found.flags) == (NOW - MINUTE, ())


def test_the_last_known_offset_is_added() -> None:
    assert read_clock(NOW - 5 * MINUTE, 3 * MINUTE, None, NOW).at == NOW - 2 * MINUTE
    assert read_clock(NOW + 3 * MINUTE, -4 * MINUTE, None, NOW).at == NOW - MINUTE


def test_without_it_what_the_device_says_as_it_sends_is_taken() -> None:
    assert read_clock(NOW - 5 * MINUTE, None, 4 * MINUTE, NOW).at == NOW - MINUTE


def test_the_offset_of_the_time_of_the_scan_counts_before_that_of_its_arrival() -> None:
    """The clock was put right in between."""
    found = read_clock(NOW - HOUR - 3 * HOUR, 3 * HOUR, timedelta(), NOW)
    assert found.at == NOW - HOUR
    assert Flag.CLOCK_OFF in found.flags


def test_an_offset_of_nothing_is_an_offset() -> None:
    assert read_clock(NOW - MINUTE, timedelta(), HOUR, NOW).at == NOW - MINUTE


@pytest.mark.parametrize(
    ("offset", "skew", "is_off"),
    [
        (10 * MINUTE, None, False),
        (10 * MINUTE + SECOND, None, True),
        (-10 * MINUTE, None, False),
        (-10 * MINUTE - SECOND, None, True),
        (None, 10 * MINUTE + SECOND, True),
        (None, -3 * HOUR, True),
        (timedelta(), 3 * HOUR, True),
        (3 * HOUR, timedelta(), True),
        (None, None, False),
    ],
)
def test_more_than_ten_minutes_off_is_flagged_either_way(
    offset: timedelta | None, skew: timedelta | None, is_off: bool
) -> None:
    found = read_clock(NOW - 4 * HOUR, offset, skew, NOW)
    assert (Flag.CLOCK_OFF in found.flags) is is_off


@pytest.mark.parametrize(
    ("ahead", "is_clamped"),
    [(SECOND, False), (10 * MINUTE, False), (10 * MINUTE + SECOND, True), (40 * HOUR, True)],
)
def test_what_lies_in_the_future_counts_as_of_its_arrival_and_is_flagged_from_ten_minutes_on(
    ahead: timedelta, is_clamped: bool
) -> None:
    found = read_clock(NOW + ahead, None, None, NOW)
    assert found.at == NOW
    assert (Flag.CLAMPED in found.flags) is is_clamped
    assert Flag.LATE not in found.flags


@pytest.mark.parametrize(("ago", "is_late"), [(2 * MINUTE, False), (2 * MINUTE + SECOND, True)])
def test_what_arrives_more_than_two_minutes_after_it_happened_is_late(
    ago: timedelta, is_late: bool
) -> None:
    assert read_clock(NOW - ago, None, None, NOW).flags == ((Flag.LATE,) if is_late else ())


def test_a_clock_three_hours_slow_is_set_right_and_not_late() -> None:
    found = read_clock(NOW - 3 * HOUR, 3 * HOUR, 3 * HOUR, NOW)
    assert (found.at, found.flags) == (NOW, (Flag.CLOCK_OFF,))
