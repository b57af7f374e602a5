from datetime import UTC, date, datetime, time, timedelta

import pytest

from civic.catalogue.errors import (
    SeriesDayFixed,
    SeriesEmpty,
    SeriesEndsTwice,
    SeriesEndTooFar,
    SeriesTimesTooFar,
    SeriesTooLong,
    SeriesWithoutEnd,
    SessionInPast,
)
from civic.catalogue.rhythm import (
    MOST_SESSIONS,
    Frequency,
    Rhythm,
    Wish,
    holiday_name,
    offered_days,
    rhythm_of,
    trimmed,
)
from civic.catalogue.rules import wall_span
from civic.kernel.clock import ROME
from civic.kernel.errors import Invalid

TODAY = date(2026, 3, 14)
MONDAY = date(2026, 3, 16)
MO, TH, SA = 0, 3, 5
WEEKLY, MONTHLY = Frequency.WEEKLY, Frequency.MONTHLY
UNTIL_JUNE = Wish(MONDAY, WEEKLY, (SA,), until=date(2026, 6, 30))


def test_every_saturday_until_june_begins_on_the_first_saturday() -> None:
    rhythm = rhythm_of(UNTIL_JUNE, TODAY)
    assert rhythm.first_day == date(2026, 3, 21)
    assert rhythm.rule == "FREQ=WEEKLY;BYDAY=SA;UNTIL=20260630T215959Z"
    days = rhythm.days()
    assert (days[0], days[-1], len(days)) == (date(2026, 3, 21), date(2026, 6, 27), 15)


def test_the_hour_stays_across_both_changes_of_the_clocks() -> None:
    wish = Wish(date(2026, 3, 21), WEEKLY, until=date(2026, 11, 7))
    spans = [wall_span(day, time(10), time(13)) for day in rhythm_of(wish, TODAY).days()]
    assert {start.hour for start, _end in spans} == {8, 9}
    assert {start.astimezone(ROME).time() for start, _end in spans} == {time(10)}
    assert {end - start for start, end in spans} == {timedelta(hours=3)}


def test_no_weekday_means_that_of_the_first_day() -> None:
    assert rhythm_of(Wish(MONDAY, WEEKLY, times=2), TODAY).weekdays == (MO,)


def test_every_second_week_counts_from_the_week_of_the_first_day() -> None:
    wish = Wish(date(2026, 3, 20), WEEKLY, (MO, SA), every=2, times=4)
    rhythm = rhythm_of(wish, TODAY)
    assert rhythm.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SA;COUNT=4"
    assert rhythm.days() == [
        date(2026, 3, 21),
        date(2026, 3, 30),
        date(2026, 4, 4),
        date(2026, 4, 13),
    ]


@pytest.mark.parametrize(
    ("week", "days"),
    [
        (1, [date(2026, 4, 4), date(2026, 5, 2)]),
        (-1, [date(2026, 3, 28), date(2026, 4, 25)]),
        (None, [date(2026, 3, 21), date(2026, 4, 18)]),
    ],
)
def test_once_a_month_on_the_first_the_last_or_the_same_saturday(
    week: int | None, days: list[date]
) -> None:
    wish = Wish(date(2026, 3, 21), MONTHLY, week=week, times=2)
    assert rhythm_of(wish, TODAY).days() == days


def test_a_fifth_saturday_is_the_last_of_its_month() -> None:
    assert rhythm_of(Wish(date(2026, 5, 30), MONTHLY, times=1), TODAY).week == -1


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (Wish(MONDAY, WEEKLY), SeriesWithoutEnd),
        (Wish(MONDAY, WEEKLY, times=3, until=date(2026, 5, 1)), SeriesEndsTwice),
        (Wish(MONDAY, WEEKLY, times=10_000), SeriesTooLong),
        (Wish(MONDAY, WEEKLY, times=10**30), SeriesTooLong),
        (Wish(MONDAY, WEEKLY, tuple(range(7)), until=date(2027, 3, 1)), SeriesTooLong),
        (Wish(MONDAY, WEEKLY, times=MOST_SESSIONS), SeriesTimesTooFar),
        (Wish(MONDAY, MONTHLY, times=30), SeriesTimesTooFar),
        (Wish(date(2999, 1, 1), WEEKLY, times=1), SeriesTimesTooFar),
        (Wish(MONDAY, WEEKLY, until=date(2028, 3, 20)), SeriesEndTooFar),
        (Wish(MONDAY, WEEKLY, until=date(2999, 12, 31)), SeriesEndTooFar),
        (Wish(MONDAY, WEEKLY, (SA,), until=date(2026, 3, 20)), SeriesEmpty),
        (Wish(MONDAY, WEEKLY, until=TODAY), SeriesEmpty),
        (Wish(date(2026, 3, 13), WEEKLY, times=2), SessionInPast),
        (Wish(date(2000, 1, 1), WEEKLY, until=date(2026, 5, 1)), SessionInPast),
    ],
)
def test_a_wish_without_a_good_end_is_refused(wish: Wish, refusal: type[Invalid]) -> None:
    with pytest.raises(refusal):
        rhythm_of(wish, TODAY)


def test_as_many_as_there_may_be_are_made() -> None:
    wish = Wish(MONDAY, WEEKLY, tuple(range(7)), times=MOST_SESSIONS)
    assert len(rhythm_of(wish, TODAY).days()) == MOST_SESSIONS


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 5), "Easter"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2027, 3, 28), "Easter"),
        (date(2026, 4, 25), "Liberation Day"),
        (date(2026, 11, 1), "All Saints"),
        (date(2026, 12, 26), "Saint Stephen"),
        (date(2027, 11, 7), None),
        (date(2026, 4, 4), None),
    ],
)
def test_days_off_work_have_a_name(day: date, name: str | None) -> None:
    assert holiday_name(day) == name


def test_an_offered_day_says_what_speaks_against_it() -> None:
    rhythm = Rhythm(date(2026, 3, 22), WEEKLY, (6,), times=3)
    there = {datetime(2026, 3, 22, 1, 30, tzinfo=UTC)}
    sundays = offered_days(rhythm, time(2, 30), time(5), there)
    assert [offered.is_there for offered in sundays] == [True, False, False]
    assert [offered.is_skipped for offered in sundays] == [False, True, False]
    assert [offered.is_possible for offered in sundays] == [False, False, True]
    assert [offered.holiday for offered in sundays] == [None, None, "Easter"]


def test_a_series_begins_on_the_first_day_that_is_kept() -> None:
    rhythm = Rhythm(MONDAY, WEEKLY, (MO,), times=5)
    days = rhythm.days()
    shorter, left_out = trimmed(rhythm, [days[1], days[4]])
    assert (shorter.first_day, shorter.times) == (days[1], 4)
    assert left_out == days[2:4]


def test_a_monthly_series_does_not_move_to_another_day() -> None:
    rhythm = Rhythm(date(2026, 4, 4), MONTHLY, (SA,), week=1, times=3)
    assert rhythm.shifted(timedelta(0)) == rhythm
    with pytest.raises(SeriesDayFixed):
        rhythm.shifted(timedelta(days=1))
