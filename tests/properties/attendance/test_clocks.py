"""Whatever a device's clock shows, a scan stands at a moment that can be."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.attendance.clocks import read_clock
from civic.attendance.rules import Flag

NOW = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)
SPANS = st.integers(-7200, 7200).map(lambda seconds: timedelta(seconds=seconds)) | st.timedeltas(
    timedelta(days=-400), timedelta(days=400)
)
OFFSETS = st.none() | SPANS


@given(SPANS, OFFSETS, OFFSETS)
def test_a_scan_never_lies_after_its_arrival(
    ago: timedelta, offset: timedelta | None, skew: timedelta | None
) -> None:
    assert read_clock(NOW - ago, offset, skew, NOW).at <= NOW


@given(SPANS, SPANS, OFFSETS)
def test_the_last_known_offset_is_honoured(
    ago: timedelta, offset: timedelta, skew: timedelta | None
) -> None:
    assert read_clock(NOW - ago, offset, skew, NOW).at == min(NOW - ago + offset, NOW)


@given(SPANS, SPANS)
def test_without_one_what_the_device_says_as_it_sends_is_honoured(
    ago: timedelta, skew: timedelta
) -> None:
    assert read_clock(NOW - ago, None, skew, NOW) == read_clock(NOW - ago, skew, None, NOW)


@given(SPANS, OFFSETS, OFFSETS)
def test_a_clock_is_off_exactly_when_an_offset_passes_ten_minutes(
    ago: timedelta, offset: timedelta | None, skew: timedelta | None
) -> None:
    is_off = Flag.CLOCK_OFF in read_clock(NOW - ago, offset, skew, NOW).flags
    known = [abs(each) for each in (offset, skew) if each is not None]
    assert is_off is (max(known, default=timedelta()) > TEN_MINUTES)


@given(SPANS, OFFSETS, OFFSETS)
def test_it_is_clamped_exactly_when_it_lay_more_than_ten_minutes_ahead(
    ago: timedelta, offset: timedelta | None, skew: timedelta | None
) -> None:
    found = read_clock(NOW - ago, offset, skew, NOW)
    put_right = NOW - ago + next((each for each in (offset, skew) if each is not None), timedelta())
    assert (Flag.CLAMPED in found.flags) is (put_right - NOW > TEN_MINUTES)
    if Flag.CLAMPED in found.flags:
        assert found.at == NOW


@given(SPANS, SPANS)
def test_a_wrong_clock_whose_offset_is_known_loses_nothing(
    happened: timedelta, wrong_by: timedelta
) -> None:
    """However wrong: what it shows and what it misses add up to when it happened."""
    ago = abs(happened)
    assert read_clock(NOW - ago - wrong_by, wrong_by, wrong_by, NOW).at == NOW - ago
