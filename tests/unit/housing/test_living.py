"""When somebody has stayed on, and when to ask again how it went."""

from datetime import UTC, date, datetime

import pytest

from civic.housing.rules.living import (
    CONDITION_NAMES,
    HOUSE_RULES,
    METER_NAMES,
    THING_NAMES,
    Condition,
    Meter,
    Thing,
    is_over,
    months_later,
)


@pytest.mark.parametrize(
    ("until", "now", "over"),
    [
        (date(2026, 3, 15), datetime(2026, 3, 14, 22, tzinfo=UTC), False),
        (date(2026, 3, 14), datetime(2026, 3, 14, 16, 59, tzinfo=UTC), False),
        (date(2026, 3, 14), datetime(2026, 3, 14, 17, tzinfo=UTC), True),  # six in Italy
        (date(2026, 3, 29), datetime(2026, 3, 29, 16, tzinfo=UTC), True),  # summer time since today
        (date(2026, 3, 14), datetime(2026, 3, 14, 23, tzinfo=UTC), True),  # already the 15th there
        (date(2026, 3, 13), datetime(2026, 3, 14, 6, tzinfo=UTC), True),
    ],
)
def test_who_leaves_today_has_stayed_on_from_six_in_the_evening(
    until: date, now: datetime, over: bool
) -> None:
    assert is_over(until, now) is over


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 3, 14), 6, date(2026, 9, 14)),
        (date(2026, 3, 14), 12, date(2027, 3, 14)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 6, 15), 6, date(2026, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one_of_a_shorter_month(
    day: date, months: int, then: date
) -> None:
    assert months_later(day, months) == then


def test_everything_that_is_counted_has_a_name_and_the_rules_are_few() -> None:
    assert set(THING_NAMES) == set(Thing)
    assert set(CONDITION_NAMES) == set(Condition)
    assert set(METER_NAMES) == set(Meter)
    assert len(HOUSE_RULES) <= 12
