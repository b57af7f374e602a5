"""Whose turn it is, and for how long a place is held, from values alone."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.enrolment.line import (
    LAST_CALL,
    LONGEST_OFFER,
    SHORTEST_OFFER,
    InLine,
    Missing,
    offer_until,
    units,
    what_is_missing,
    whose_turn,
)
from tests.factories.attendance import TEN

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "held"),
    [
        (30 * DAY, DAY),
        (4 * DAY + MINUTE, DAY),
        (2 * DAY, 12 * HOUR),
        (8 * HOUR, 2 * HOUR),
        (2 * HOUR, 30 * MINUTE),
        (1 * HOUR, 30 * MINUTE),
        (45 * MINUTE, 30 * MINUTE),
    ],
)
def test_an_offer_holds_for_a_quarter_of_the_time_left(left: timedelta, held: timedelta) -> None:
    assert offer_until(TEN - left, TEN) == TEN - left + held


@pytest.mark.parametrize("left", [45 * MINUTE - timedelta(seconds=1), MINUTE, 0 * MINUTE, -HOUR])
def test_shortly_before_the_start_nothing_is_held_for_anybody(left: timedelta) -> None:
    assert offer_until(TEN - left, TEN) is None


@given(st.timedeltas(min_value=-DAY, max_value=400 * DAY))
def test_an_offer_is_never_too_short_too_long_or_too_late(left: timedelta) -> None:
    now = TEN - left
    until = offer_until(now, TEN)
    if until is not None:
        assert SHORTEST_OFFER <= until - now <= LONGEST_OFFER
        assert until <= TEN - LAST_CALL
    else:
        assert left < SHORTEST_OFFER + LAST_CALL


def one(number: int, group: int | None = None, missing: Missing | None = None) -> InLine:
    together = None if group is None else UUID(int=group)
    return InLine(UUID(int=number), UUID(int=100 + number), together, missing)


def served(line: list[InLine], free: int, places: int = 10) -> list[list[int]]:
    return [[each.booking_id.int for each in unit] for unit in whose_turn(line, free, places)]


def test_the_first_in_line_are_served_as_far_as_the_places_go() -> None:
    assert served([one(1), one(2), one(3)], free=2) == [[1], [2]]
    assert served([one(1)], free=0) == []


def test_who_is_not_ready_keeps_their_place_and_stops_nobody() -> None:
    line = [one(1, missing=Missing.COVER), one(2), one(3)]
    assert served(line, free=1) == [[2]]


def test_a_group_is_served_whole_or_not_at_all() -> None:
    line = [one(1, group=9), one(2, group=9), one(3)]
    assert served(line, free=2) == [[1, 2]]
    assert served(line, free=3) == [[1, 2], [3]]


def test_nobody_passes_a_group_that_waits_for_enough_places() -> None:
    assert served([one(1, group=9), one(2, group=9), one(3)], free=1) == []


def test_a_group_with_one_who_is_not_ready_waits_whole_and_stops_nobody() -> None:
    line = [one(1, group=9), one(2, group=9, missing=Missing.CONSENT), one(3)]
    assert served(line, free=2) == [[3]]


def test_a_group_larger_than_the_session_stops_nobody() -> None:
    line = [one(1, group=9), one(2, group=9), one(3, group=9), one(4)]
    assert served(line, free=2, places=2) == [[4]]


def test_two_groups_in_a_row_are_two_units() -> None:
    line = [one(1, group=8), one(2, group=8), one(3, group=9), one(4), one(5)]
    assert [len(unit) for unit in units(line)] == [2, 1, 1, 1]


def test_what_is_missing_is_said_in_the_order_in_which_it_can_be_had() -> None:
    assert what_is_missing(is_active=False, is_agreed=False, is_insured=False) is Missing.APPROVAL
    assert what_is_missing(is_active=True, is_agreed=False, is_insured=False) is Missing.CONSENT
    assert what_is_missing(is_active=True, is_agreed=True, is_insured=False) is Missing.COVER
    assert what_is_missing(is_active=True, is_agreed=True, is_insured=True) is None
