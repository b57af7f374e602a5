"""Hours of a path, whatever the ledger holds."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.recognition.rules import last_day, minutes_within

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
LINES = st.lists(st.tuples(DAYS, st.integers(0, 600)), max_size=40)


@given(LINES, DAYS, DAYS)
def test_the_order_of_the_lines_does_not_matter_and_no_more_counts_than_there_is(
    lines: list[tuple[date, int]], starts_on: date, ends_on: date
) -> None:
    counted = minutes_within(lines, starts_on, ends_on)
    assert counted == minutes_within(reversed(lines), starts_on, ends_on)
    assert 0 <= counted <= sum(minutes for _, minutes in lines)


@given(LINES, DAYS, st.integers(0, 500))
def test_a_longer_project_counts_no_less_and_after_twelve_months_no_more(
    lines: list[tuple[date, int]], starts_on: date, days: int
) -> None:
    ends_on = starts_on + timedelta(days=days)
    shorter = minutes_within(lines, starts_on, ends_on)
    longer = minutes_within(lines, starts_on, ends_on + timedelta(days=30))
    assert shorter <= longer
    if ends_on >= last_day(starts_on):
        assert shorter == longer


@given(LINES, DAYS, st.integers(0, 300), st.integers(0, 300))
def test_two_halves_count_as_much_as_the_whole(
    lines: list[tuple[date, int]], starts_on: date, first: int, second: int
) -> None:
    middle = starts_on + timedelta(days=min(first, 180))
    end = min(middle + timedelta(days=second), last_day(starts_on))
    if end <= middle:
        return
    later = [(day, minutes) for day, minutes in lines if day > middle]
    assert minutes_within(lines, starts_on, end) == minutes_within(
        lines, starts_on, middle
    ) + minutes_within(later, middle + timedelta(days=1), end)
