from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from civic.catalogue.errors import (
    EndIsSkipped,
    EndsBeforeStart,
    PlacesOutOfRange,
    SessionInPast,
    SessionTooFar,
    SessionTooLong,
    StartIsSkipped,
)
from civic.catalogue.rules import (
    NEXT_STATES,
    Cursor,
    ProjectState,
    can_become,
    check_places,
    check_session,
    overlaps,
    wall_span,
)
from civic.kernel.clock import ROME
from civic.kernel.slugs import is_slug, slug_from

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [(time(2, 30), time(5), StartIsSkipped), (time(1), time(2, 30), EndIsSkipped)],
)
def test_an_hour_lost_to_summer_time_is_refused(
    start: time, end: time, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        wall_span(date(2026, 3, 29), start, end)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 27), 8), (date(2026, 3, 28), 7), (date(2026, 10, 24), 9)],
)
def test_an_end_before_the_start_is_the_next_day_by_the_clock_on_the_wall(
    day: date, hours: int
) -> None:
    starts_at, ends_at = wall_span(day, time(22), time(6))
    assert ends_at - starts_at == hours * HOUR
    assert starts_at.astimezone(ROME).replace(tzinfo=None) == datetime.combine(day, time(22))
    assert ends_at.astimezone(ROME).replace(tzinfo=None) == datetime.combine(
        day + timedelta(days=1), time(6)
    )
    check_session(starts_at, ends_at, NOW)


def test_a_night_that_ends_in_the_hour_lost_to_summer_time_is_refused_for_its_last_day() -> None:
    with pytest.raises(EndIsSkipped) as refused:
        wall_span(date(2026, 3, 28), time(22), time(2, 30))
    assert refused.value.values == {"day": date(2026, 3, 29)}


def test_start_and_end_at_the_same_hour_are_no_night_of_a_whole_day() -> None:
    span = wall_span(date(2026, 3, 28), time(22), time(22))
    with pytest.raises(EndsBeforeStart):
        check_session(*span, NOW)


def test_an_hour_before_the_start_is_no_session_of_twenty_three_hours() -> None:
    span = wall_span(date(2026, 3, 27), time(10), time(9))
    with pytest.raises(SessionTooLong):
        check_session(*span, NOW)


def test_the_hour_that_comes_twice_is_taken() -> None:
    starts_at, ends_at = wall_span(date(2026, 10, 25), time(2, 30), time(4))
    assert ends_at - starts_at == timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "refusal"),
    [
        (NOW + 2 * HOUR, NOW + HOUR, EndsBeforeStart),
        (NOW + HOUR, NOW + HOUR, EndsBeforeStart),
        (NOW + HOUR, NOW + 18 * HOUR, SessionTooLong),
        (NOW - HOUR, NOW + HOUR, SessionInPast),
        (NOW, NOW + HOUR, SessionInPast),
        (NOW + timedelta(days=800), NOW + timedelta(days=800) + HOUR, SessionTooFar),
    ],
)
def test_times_that_no_session_can_have_are_refused(
    starts_at: datetime, ends_at: datetime, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_session(starts_at, ends_at, NOW)


def test_a_session_of_sixteen_hours_is_taken() -> None:
    check_session(NOW + HOUR, NOW + 17 * HOUR, NOW)


@pytest.mark.parametrize("places", [-1, 0, 501])
def test_no_places_or_too_many_are_refused(places: int) -> None:
    with pytest.raises(PlacesOutOfRange):
        check_places(places)


def test_one_place_and_five_hundred_are_taken() -> None:
    check_places(1)
    check_places(500)


def test_only_the_states_of_the_table_follow_each_other() -> None:
    allowed = {(a, b) for a in ProjectState for b in ProjectState if can_become(a, b)}
    assert allowed == {(a, b) for a, targets in NEXT_STATES.items() for b in targets}
    assert not can_become(ProjectState.DRAFT, ProjectState.PUBLISHED)
    assert not can_become(ProjectState.CLOSED, ProjectState.PUBLISHED)


def test_sessions_that_touch_do_not_overlap() -> None:
    assert not overlaps(NOW, NOW + HOUR, NOW + HOUR, NOW + 2 * HOUR)
    assert overlaps(NOW, NOW + 2 * HOUR, NOW + HOUR, NOW + 3 * HOUR)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Più verde a Villa Giaquinto!", "piu-verde-a-villa-giaquinto-ab2cd"),
        ("زراعة الأشجار", "project-ab2cd"),
        ("🌳🌳", "project-ab2cd"),
        ("x" * 300, "x" * 60 + "-ab2cd"),
    ],
)
def test_an_address_is_plain_letters_whatever_the_title(title: str, slug: str) -> None:
    assert slug_from(title, "AB2CD") == slug
    assert is_slug(slug)


@pytest.mark.parametrize("text", ["", "A", "a\x00b", "-a", "a-", "a--b", "a b", "ä"])
def test_what_is_no_address_of_ours_is_known_without_asking(text: str) -> None:
    assert not is_slug(text)


def test_a_cursor_comes_back_as_it_went() -> None:
    cursor = Cursor(NOW + timedelta(microseconds=7), UUID(int=5))
    assert Cursor.decode(cursor.encode()) == cursor


@pytest.mark.parametrize("text", ["", "-1", "zz", "é", "A" * 32, "A" * 31, "_" * 32, "A" * 4000])
def test_a_cursor_that_nobody_gave_out_is_no_cursor_or_a_harmless_one(text: str) -> None:
    decoded = Cursor.decode(text)
    assert decoded is None or decoded.at.year <= 9999
