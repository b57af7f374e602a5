"""How many beds, how much money and which day somebody meant."""

from datetime import date

import pytest

from civic.housing.rules.dwellings import check_beds, check_day, read_beds
from civic.housing.rules.grants import read_grant_cents
from civic.housing.stock_errors import (
    BedsUnreadable,
    DayTooFar,
    GrantEmpty,
    GrantTooLarge,
    NoBeds,
    TooManyBeds,
)
from civic.housing.support_errors import AmountEmpty, AmountNegative, AmountTooFine
from civic.kernel.errors import CivicError

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("typed", "beds"),
    [
        ("2", (2,)),
        ("2, 2, 1", (2, 2, 1)),
        (" 2 2;1 ", (2, 2, 1)),
        ("2+2+1", (2, 2, 1)),
        ("٢، ١", (2, 1)),
        ("40, 40, 20", (40, 40, 20)),
    ],
)
def test_a_number_for_each_room(typed: str, beds: tuple[int, ...]) -> None:
    assert read_beds(typed) == beds


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", BedsUnreadable),
        ("two", BedsUnreadable),
        ("2.5", BedsUnreadable),
        ("-2", BedsUnreadable),
        ("2,,", BedsUnreadable),
        ("9" * 5000, BedsUnreadable),
        ("0", NoBeds),
        ("2, 0", NoBeds),
        ("41", TooManyBeds),
        ("500", TooManyBeds),
        ("40, 40, 21", TooManyBeds),
    ],
)
def test_what_is_no_number_of_beds_is_refused(typed: str, refusal: type[CivicError]) -> None:
    with pytest.raises(refusal):
        read_beds(typed)


def test_a_hundred_beds_are_the_most_of_one_dwelling() -> None:
    check_beds(100)
    with pytest.raises(TooManyBeds):
        check_beds(101)


@pytest.mark.parametrize("day", [date(26, 3, 14), date(1900, 1, 1), date(2226, 1, 1), date.max])
def test_a_slip_in_the_year_is_refused(day: date) -> None:
    with pytest.raises(DayTooFar):
        check_day(day, TODAY)


@pytest.mark.parametrize("day", [TODAY, date(1970, 1, 1), date(2055, 1, 1)])
def test_an_old_lease_and_a_long_one_are_not(day: date) -> None:
    assert check_day(day, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("1.000.000,01", 100_000_001), ("20000000", 2_000_000_000), ("0,01", 1), ("€ 350", 35_000)],
)
def test_a_grant_may_be_large(typed: str, cents: int) -> None:
    assert read_grant_cents(typed) == cents


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("20.000.000,01", GrantTooLarge),
        ("9" * 50, GrantTooLarge),
        ("0", GrantEmpty),
        ("0,00", GrantEmpty),
        ("-1", AmountNegative),
        ("(350)", AmountNegative),
        ("1,123456789012", AmountTooFine),
        ("", AmountEmpty),
    ],
)
def test_what_is_no_grant_is_refused(typed: str, refusal: type[CivicError]) -> None:
    with pytest.raises(refusal):
        read_grant_cents(typed)
