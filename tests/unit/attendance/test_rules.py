"""The gate and the hours, from values alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from civic.attendance.hours import settled, worked
from civic.attendance.rules import (
    Direction,
    Gate,
    Mark,
    Presence,
    Reason,
    is_short_code,
    judge_scan,
    pass_token,
    presence,
    read_code,
)
from civic.kernel.keys import Keys
from civic.web import qr

TEN = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
ONE = TEN + timedelta(hours=3)
SATURDAY = date(2026, 3, 21)
ENTRY, EXIT = Direction.ENTRY, Direction.EXIT
OPEN = Gate(
    starts_at=TEN,
    ends_at=ONE,
    is_cancelled=False,
    is_revoked=False,
    is_booked=True,
    is_guardian_missing=False,
    is_covered=True,
)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def mark(number: int, direction: Direction, minutes: float, reason: Reason | None = None) -> Mark:
    return Mark(UUID(int=number), direction, at(minutes), reason)


def hours(*marks: Mark, correction: int | None = None) -> int | None:
    corrections = {} if correction is None else {SATURDAY: correction}
    days = settled(worked(marks, TEN, ONE), corrections)
    return sum(days.values()) if days else None


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [
        (-31, Reason.TOO_EARLY),
        (-30, None),
        (0, None),
        (180, None),
        (181, Reason.TOO_LATE),
    ],
)
def test_entry_is_open_from_half_an_hour_before_the_start_to_the_end(
    minutes: float, reason: Reason | None
) -> None:
    assert judge_scan(ENTRY, at(minutes), OPEN, ()) is reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_revoked": True}, Reason.REVOKED),
        ({"is_cancelled": True}, Reason.CANCELLED),
        ({"is_booked": False}, Reason.NOT_BOOKED),
        ({"is_guardian_missing": True}, Reason.GUARDIAN_MISSING),
        ({"is_covered": False}, Reason.NOT_INSURED),
    ],
)
def test_entry_is_refused_for_what_is_missing(change: dict[str, Any], reason: Reason) -> None:
    assert judge_scan(ENTRY, at(0), replace(OPEN, **change), ()) is reason


@pytest.mark.parametrize(
    "change",
    [
        {"is_cancelled": True},
        {"is_booked": False},
        {"is_guardian_missing": True},
        {"is_covered": False},
    ],
)
def test_whoever_is_in_can_leave_whatever_is_missing(change: dict[str, Any]) -> None:
    assert judge_scan(EXIT, at(100), replace(OPEN, **change), [mark(1, ENTRY, 0)]) is None


def test_exit_is_possible_until_twelve_hours_after_the_end() -> None:
    came = [mark(1, ENTRY, 0)]
    assert judge_scan(EXIT, ONE + timedelta(hours=12), OPEN, came) is None
    assert judge_scan(EXIT, ONE + timedelta(hours=12, seconds=1), OPEN, came) is Reason.TOO_LATE


def test_second_entry_while_in_is_refused_and_after_leaving_is_not() -> None:
    came = [mark(1, ENTRY, 0)]
    assert judge_scan(ENTRY, at(5), OPEN, came) is Reason.ALREADY_IN
    assert judge_scan(ENTRY, at(70), OPEN, [*came, mark(2, EXIT, 60)]) is None


def test_entry_seen_a_moment_before_one_that_arrived_first_is_still_the_second() -> None:
    assert judge_scan(ENTRY, at(0), OPEN, [mark(1, ENTRY, 0.01)]) is Reason.ALREADY_IN


def test_exit_without_entry_is_refused() -> None:
    assert judge_scan(EXIT, at(10), OPEN, ()) is Reason.ALREADY_OUT
    refused = [mark(1, ENTRY, 0, Reason.NOT_INSURED)]
    assert judge_scan(EXIT, at(10), OPEN, refused) is Reason.ALREADY_OUT


def test_presence_follows_counted_scans() -> None:
    assert presence([]) is Presence.NOT_YET
    assert presence([mark(1, ENTRY, 0, Reason.NOT_BOOKED)]) is Presence.NOT_YET
    assert presence([mark(1, ENTRY, 0)]) is Presence.IN
    assert presence([mark(2, EXIT, 9), mark(1, ENTRY, 0)]) is Presence.LEFT


def test_hours_need_an_exit() -> None:
    assert hours() is None
    assert hours(mark(1, ENTRY, 0)) is None


def test_hours_are_cut_to_the_session() -> None:
    assert hours(mark(1, ENTRY, -20), mark(2, EXIT, 300)) == 180


def test_hours_add_up_over_a_pause() -> None:
    marks = (mark(1, ENTRY, 0), mark(2, EXIT, 60), mark(3, ENTRY, 90), mark(4, EXIT, 150))
    assert hours(*marks) == 120


def test_coming_back_without_leaving_again_keeps_the_minutes_until_the_first_exit() -> None:
    assert hours(mark(1, ENTRY, 0), mark(2, EXIT, 60), mark(3, ENTRY, 90)) == 60


def test_entry_that_arrives_after_its_exit_still_gives_the_hours() -> None:
    # The exit was answered "not in", because the phone that saw the entry had no network.
    assert hours(mark(2, EXIT, 120, Reason.ALREADY_OUT), mark(1, ENTRY, 0)) == 120


def test_refused_entry_gives_no_hours() -> None:
    assert (
        hours(mark(1, ENTRY, 0, Reason.NOT_INSURED), mark(2, EXIT, 120, Reason.ALREADY_OUT)) is None
    )


def test_correction_stands_above_what_was_scanned() -> None:
    assert hours(mark(1, ENTRY, 0), mark(2, EXIT, 60), correction=150) == 150
    assert hours(correction=0) == 0


def test_token_is_128_bits_and_its_code_small_enough_for_old_cameras() -> None:
    token = pass_token(Keys("a secret of the installation, long enough").digest("pass", "an id"))
    assert len(token) == 26
    without_margin = len(qr.modules(token)) - 2 * qr.QUIET
    assert without_margin <= 33
    assert qr.data_address(token).startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize("typed", ["acd efh", "ACD-EFH", " acdefh\u202e", "ACD\x00EFH"])
def test_short_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "ACDEFH"
    assert is_short_code(read_code(typed))


@pytest.mark.parametrize("typed", ["", "😀", "ACDEF0", "ACDEFHJ", "A" * 26])
def test_other_words_are_no_short_code(typed: str) -> None:
    assert not is_short_code(read_code(typed))
