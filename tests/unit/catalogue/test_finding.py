from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from civic.catalogue.finding import NearCursor, Spot, kilometres
from civic.catalogue.rules import Filters, PartOfDay, next_stretch, slot, slot_of

SATURDAY = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
"""10:00 in Italy."""


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("40.64,15.80", Spot(40.64, 15.8)),
        ("40.64123, 15.80999", Spot(40.64, 15.81)),
        ("-0.001,-0.001", Spot(0.0, 0.0)),
        ("90,180", Spot(90, 180)),
    ],
)
def test_a_place_is_kept_to_the_kilometre(text: str, spot: Spot) -> None:
    assert Spot.read(text) == spot
    assert Spot.read(str(spot)) == spot
    assert "-0.00" not in str(spot)


@pytest.mark.parametrize(
    "text", ["", "here", "40.64", "40.64,15.8,1", "91,0", "0,181", "nan,nan", "inf,0", "1e400,0"]
)
def test_what_is_no_place_on_earth_is_none(text: str) -> None:
    assert Spot.read(text) is None


def test_a_degree_is_a_hundred_and_eleven_kilometres() -> None:
    assert kilometres(1.0) == pytest.approx(111, abs=1)
    assert kilometres(0) == 0


def test_a_cursor_by_distance_comes_back_as_it_went() -> None:
    cursor = NearCursor(0.1 + 0.2, UUID(int=7))
    assert NearCursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize("squared", [float("nan"), float("inf"), -1.0])
def test_a_cursor_that_is_no_distance_is_none(squared: float) -> None:
    assert NearCursor.decode(NearCursor(squared, UUID(int=7)).encode()) is None


@pytest.mark.parametrize("text", ["", "x", "é", "A" * 31, "A" * 5000])
def test_a_cursor_that_no_page_gave_is_none(text: str) -> None:
    assert NearCursor.decode(text) is None


def test_days_and_parts_of_the_day_are_combined() -> None:
    morning, evening = PartOfDay.MORNING, PartOfDay.EVENING
    assert Filters(weekdays=(5, 6), parts=(morning,)).slots == {slot(5, morning), slot(6, morning)}
    assert Filters(weekdays=(5,)).slots == {slot(5, part) for part in PartOfDay}
    assert len(Filters(parts=(evening,)).slots) == 7


def test_all_of_the_week_is_as_good_as_none_of_it() -> None:
    assert Filters(weekdays=tuple(range(7))).slots == frozenset()
    assert Filters(parts=tuple(PartOfDay)).slots == frozenset()
    assert Filters().slots == frozenset()


def test_the_next_stretch_of_the_week_that_fits_begins_now_or_later() -> None:
    saturday = Filters(weekdays=(5,)).slots
    begins, ends = next_stretch(saturday, SATURDAY)
    assert (begins, ends) == (SATURDAY, datetime(2026, 3, 14, 23, 0, tzinfo=UTC))
    begins, ends = next_stretch(Filters(weekdays=(5,), parts=(PartOfDay.MORNING,)).slots, ends)
    assert begins == datetime(2026, 3, 20, 23, 0, tzinfo=UTC)
    assert ends == datetime(2026, 3, 21, 11, 0, tzinfo=UTC)


def test_a_stretch_of_the_same_slot_a_week_on_is_another_stretch() -> None:
    slots = Filters(weekdays=(5,), parts=(PartOfDay.MORNING,)).slots
    begins, ends = next_stretch(slots, SATURDAY)
    assert begins == SATURDAY
    assert ends == datetime(2026, 3, 14, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(0, 24 * 9, 5))
def test_all_that_begins_in_a_stretch_begins_in_one_of_its_slots(hours: int) -> None:
    slots = Filters(weekdays=(0, 6), parts=(PartOfDay.EVENING, PartOfDay.MORNING)).slots
    since = SATURDAY + timedelta(hours=hours)
    begins, ends = next_stretch(slots, since)
    assert since <= begins < ends
    moment = begins
    while moment < ends:
        assert slot_of(moment) in slots
        moment += timedelta(minutes=47)
    assert slot_of(ends) not in slots
