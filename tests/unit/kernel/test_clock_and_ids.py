from datetime import UTC, date, datetime, time, timedelta

from civic.kernel.clock import FrozenClock, rome_day, rome_day_bounds, rome_instant
from civic.kernel.ids import SHORT_CODE_ALPHABET, short_code, uuid7


def test_a_day_means_a_day_in_rome() -> None:
    just_after_midnight_in_rome = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert rome_day(just_after_midnight_in_rome) == date(2026, 7, 2)


def test_the_day_summer_time_begins_has_23_hours_and_the_day_it_ends_25() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)):
        first, after = rome_day_bounds(day)
        assert after - first == timedelta(hours=hours)


def test_the_same_wall_time_is_another_instant_in_summer() -> None:
    winter, summer = (rome_instant(date(2026, month, 10), time(10)) for month in (1, 7))
    assert (winter.hour, summer.hour) == (9, 8)


def test_ids_sort_by_the_time_they_were_made() -> None:
    clock = FrozenClock(datetime(2026, 3, 14, 9, tzinfo=UTC))
    ids = []
    for _ in range(50):
        ids.append(uuid7(clock.now()))
        clock.advance(timedelta(milliseconds=1))
    assert ids == sorted(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}


def test_ids_made_in_the_same_millisecond_differ() -> None:
    now = datetime(2026, 3, 14, 9, tzinfo=UTC)
    assert len({uuid7(now) for _ in range(1000)}) == 1000


def test_short_codes_hold_no_letters_that_look_alike() -> None:
    assert not set(SHORT_CODE_ALPHABET) & set("0OQ1ILB8S5G6UZ")
    assert len(short_code()) == 6
    assert set("".join(short_code() for _ in range(500))) <= set(SHORT_CODE_ALPHABET)
