"""Hours from marks and corrections, rule by rule."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from civic.attendance.hours import Worked, booked_in, forgotten, months_first, settled, worked
from civic.attendance.rules import Direction, Mark, Reason
from civic.catalogue.rules import wall_span
from civic.kernel.clock import rome_instant

TEN = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
ONE = TEN + timedelta(hours=3)
SATURDAY = date(2026, 3, 21)
ENTRY, EXIT, BREAK = Direction.ENTRY, Direction.EXIT, Direction.BREAK


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def seen(*marks: tuple[Direction, float]) -> list[Mark]:
    return [
        Mark(UUID(int=number), direction, at(minutes))
        for number, (direction, minutes) in enumerate(marks, start=1)
    ]


def minutes(*marks: tuple[Direction, float]) -> int | None:
    return worked(seen(*marks), TEN, ONE).total


# Coming and going


def test_nobody_seen_is_nothing_worked() -> None:
    assert worked([], TEN, ONE) == Worked({}, None)


def test_who_has_not_left_has_no_hours_yet_and_is_open_since_they_came() -> None:
    found = worked(seen((ENTRY, 5)), TEN, ONE)
    assert (found.total, found.open_since) == (None, at(5))


def test_who_came_and_left_has_the_minutes_between() -> None:
    assert worked(seen((ENTRY, 5), (EXIT, 65)), TEN, ONE) == Worked({SATURDAY: 60}, None)


def test_who_left_before_the_start_was_there_for_no_minute_of_it() -> None:
    assert worked(seen((ENTRY, -20), (EXIT, -5)), TEN, ONE) == Worked({SATURDAY: 0}, None)


def test_a_second_entry_moves_nothing() -> None:
    assert minutes((ENTRY, 0), (ENTRY, 50), (EXIT, 60)) == 60


def test_a_second_exit_adds_nothing() -> None:
    assert minutes((ENTRY, 0), (EXIT, 60), (EXIT, 170)) == 60


def test_an_exit_before_any_entry_is_not_a_stay() -> None:
    assert minutes((EXIT, 30)) is None
    assert minutes((EXIT, 30), (ENTRY, 60), (EXIT, 90)) == 30


def test_seconds_of_several_stays_add_up_before_they_become_minutes() -> None:
    half = 0.5
    assert minutes((ENTRY, 0), (EXIT, 10 + half), (ENTRY, 20), (EXIT, 30 + half)) == 21


def test_at_one_instant_the_entry_comes_before_the_exit() -> None:
    assert minutes((EXIT, 30), (ENTRY, 30)) == 0


# Breaks


def test_a_break_does_not_count() -> None:
    assert minutes((ENTRY, 0), (BREAK, 60), (ENTRY, 90), (EXIT, 180)) == 150


def test_who_does_not_come_back_from_a_break_has_left() -> None:
    found = worked(seen((ENTRY, 0), (BREAK, 60)), TEN, ONE)
    assert (found.total, found.open_since) == (60, None)


def test_who_leaves_during_a_break_has_the_minutes_before_it() -> None:
    assert minutes((ENTRY, 0), (BREAK, 60), (EXIT, 90)) == 60


def test_who_came_back_is_open_again_and_keeps_the_minutes_before() -> None:
    found = worked(seen((ENTRY, 0), (BREAK, 60), (ENTRY, 90)), TEN, ONE)
    assert (found.total, found.open_since) == (60, at(90))


# What counts


@pytest.mark.parametrize(
    ("reason", "is_forced", "counts"),
    [
        (None, False, True),
        (Reason.ALREADY_IN, False, True),
        (Reason.ALREADY_OUT, False, True),
        (Reason.NOT_INSURED, False, False),
        (Reason.NOT_INSURED, True, True),
        (Reason.INVALID, False, False),
    ],
)
def test_a_refused_entry_counts_only_when_it_happened_all_the_same(
    reason: Reason | None, is_forced: bool, counts: bool
) -> None:
    marks = [Mark(UUID(int=1), ENTRY, TEN, reason, is_forced), Mark(UUID(int=2), EXIT, at(60))]
    assert worked(marks, TEN, ONE).total == (60 if counts else None)


# By day


NIGHT = wall_span(SATURDAY, time(22), time(6))
SUNDAY = date(2026, 3, 22)


def night(*marks: tuple[Direction, datetime]) -> dict[date, int]:
    stays = [
        Mark(UUID(int=number), direction, instant)
        for number, (direction, instant) in enumerate(marks)
    ]
    return dict(worked(stays, *NIGHT).minutes)


def test_a_night_is_split_at_midnight_in_italy() -> None:
    assert night((ENTRY, NIGHT[0]), (EXIT, NIGHT[1])) == {SATURDAY: 120, SUNDAY: 360}


def test_the_day_on_which_the_session_starts_is_always_there() -> None:
    one = rome_instant(SUNDAY, time(1))
    assert night((ENTRY, one), (EXIT, one + timedelta(hours=1))) == {SATURDAY: 0, SUNDAY: 60}


def test_a_minute_over_midnight_is_counted_once() -> None:
    midnight, half = rome_instant(SUNDAY, time(0)), timedelta(seconds=30)
    assert night((ENTRY, midnight - half), (EXIT, midnight + half)) == {SATURDAY: 0, SUNDAY: 1}


@pytest.mark.parametrize(
    ("evening", "first", "second"),
    [(date(2026, 10, 24), 120, 7 * 60), (date(2026, 3, 28), 120, 5 * 60)],
)
def test_a_night_in_which_clocks_change_has_the_minutes_that_passed(
    evening: date, first: int, second: int
) -> None:
    start, end = wall_span(evening, time(22), time(6))
    marks = [Mark(UUID(int=1), ENTRY, start), Mark(UUID(int=2), EXIT, end)]
    assert worked(marks, start, end).minutes == {
        evening: first,
        evening + timedelta(days=1): second,
    }


# Corrections


def test_a_correction_of_one_day_leaves_the_other_as_it_was_scanned() -> None:
    found = Worked({SATURDAY: 120, SUNDAY: 360})
    assert settled(found, {SUNDAY: 300}) == {SATURDAY: 120, SUNDAY: 300}


def test_a_correction_stands_for_who_was_never_scanned() -> None:
    assert settled(Worked(), {SATURDAY: 45}) == {SATURDAY: 45}


# Forgotten exits


LATER = ONE + timedelta(hours=3)


def test_a_forgotten_exit_is_proposed_as_staying_to_the_end() -> None:
    assert forgotten(seen((ENTRY, 30)), TEN, ONE, LATER) == {SATURDAY: 150}


def test_nothing_is_proposed_until_three_hours_after_the_end() -> None:
    assert forgotten(seen((ENTRY, 30)), TEN, ONE, LATER - timedelta(seconds=1)) is None


def test_nothing_is_proposed_for_who_left_never_came_or_went_on_a_break() -> None:
    for marks in ([], seen((ENTRY, 0), (EXIT, 60)), seen((ENTRY, 0), (BREAK, 60))):
        assert forgotten(marks, TEN, ONE, LATER) is None


def test_what_they_had_before_they_came_back_is_part_of_the_proposal() -> None:
    assert forgotten(seen((ENTRY, 0), (EXIT, 60), (ENTRY, 90)), TEN, ONE, LATER) == {SATURDAY: 150}


# Months


def test_a_change_is_booked_in_the_month_of_its_day() -> None:
    assert booked_in(SATURDAY, date(2026, 5, 20), []) == date(2026, 3, 1)


def test_a_change_of_a_closed_month_is_booked_in_the_open_one() -> None:
    closed = [date(2026, 3, 1), date(2026, 4, 1)]
    assert booked_in(SATURDAY, date(2026, 5, 20), closed) == date(2026, 5, 1)


def test_a_month_is_known_by_its_first_day() -> None:
    assert months_first(SATURDAY) == date(2026, 3, 1)
