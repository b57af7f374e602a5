"""Any rhythm: its hour on the wall, its end, and that its parts are the whole."""

from datetime import date, datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st
from icalendar import Calendar
from recurring_ical_events import of as read_calendar

from civic.catalogue.errors import SeriesEmpty, SeriesTimesTooFar, SeriesTooLong, StartIsSkipped
from civic.catalogue.rhythm import (
    MOST_SESSIONS,
    Frequency,
    Rhythm,
    Wish,
    offered_days,
    rhythm_of,
    trimmed,
)
from civic.catalogue.rules import FURTHEST_SESSION, wall_span
from civic.kernel.clock import ROME, rome_day

DAY = timedelta(days=1)


@st.composite
def wishes(draw: st.DrawFn, frequency: Frequency | None = None) -> tuple[Wish, date]:
    """Something asked for on some day, with one end."""
    today = draw(st.dates(date(2024, 1, 1), date(2040, 1, 1)))
    from_day = today + draw(st.integers(0, 300)) * DAY
    ends = draw(st.booleans())
    wish = Wish(
        from_day=from_day,
        frequency=frequency or draw(st.sampled_from(Frequency)),
        weekdays=tuple(draw(st.sets(st.integers(0, 6), max_size=4))),
        every=draw(st.integers(1, 5)),
        week=draw(st.sampled_from([None, 1, 2, 3, 4, -1])),
        until=from_day + draw(st.integers(0, 400)) * DAY if ends else None,
        times=None if ends else draw(st.integers(1, 60)),
    )
    return wish, today


def made(asked: tuple[Wish, date]) -> Rhythm:
    try:
        return rhythm_of(*asked)
    except (SeriesEmpty, SeriesTooLong, SeriesTimesTooFar):
        assume(False)
        raise


rhythms = wishes().map(made)
weekly_rhythms = wishes(Frequency.WEEKLY).map(made)
hours = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(rhythms, hours)
def test_every_day_of_a_rhythm_shows_the_same_hour_or_skips_it(rhythm: Rhythm, at: time) -> None:
    for offered in offered_days(rhythm, at, at, ()):
        if offered.is_skipped:
            assert offered.day.month == 3
            assert at.hour == 2
            continue
        starts_at, _ends_at = wall_span(offered.day, at, at)
        assert starts_at.astimezone(ROME).time() == at
        assert rome_day(starts_at) == offered.day


@given(rhythms, hours, hours)
def test_every_night_of_a_rhythm_ends_the_next_day_at_the_same_hour(
    rhythm: Rhythm, start: time, end: time
) -> None:
    for offered in offered_days(rhythm, start, end, ()):
        if offered.is_skipped:
            continue
        starts_at, ends_at = wall_span(offered.day, start, end)
        last = offered.day + (DAY if end < start else timedelta(0))
        assert starts_at.astimezone(ROME).replace(tzinfo=None) == datetime.combine(
            offered.day, start
        )
        assert ends_at.astimezone(ROME).replace(tzinfo=None) == datetime.combine(last, end)


@given(wishes())
def test_days_come_in_order_on_their_weekdays_within_their_end(asked: tuple[Wish, date]) -> None:
    wish, today = asked
    rhythm = made(asked)
    days = rhythm.days()
    assert days == sorted(set(days))
    assert days[0] == rhythm.first_day >= wish.from_day
    assert 1 <= len(days) <= MOST_SESSIONS
    assert days[-1] - today < FURTHEST_SESSION
    assert {day.weekday() for day in days} <= set(rhythm.weekdays)
    assert wish.until is None or days[-1] <= wish.until
    assert wish.times is None or len(days) == wish.times


@given(rhythms)
def test_a_rule_comes_back_as_it_was_written(rhythm: Rhythm) -> None:
    assert Rhythm.of(rhythm.rule, rhythm.first_day) == rhythm


@given(rhythms, st.data())
def test_before_and_from_a_day_on_are_the_whole(rhythm: Rhythm, data: st.DataObject) -> None:
    days = rhythm.days()
    cut = data.draw(st.sampled_from(days))
    assert rhythm.before(cut).days() + rhythm.starting(cut).days() == days


@given(weekly_rhythms, st.integers(-20, 20))
def test_a_moved_week_moves_every_day_alike(rhythm: Rhythm, by: int) -> None:
    moved = rhythm.shifted(by * DAY)
    assert moved.days() == [day + by * DAY for day in rhythm.days()]
    assert Rhythm.of(moved.rule, moved.first_day) == moved


@given(rhythms, st.data())
def test_days_left_out_are_no_days(rhythm: Rhythm, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(rhythm.days()), min_size=1))
    shorter, left_out = trimmed(rhythm, kept)
    assert set(shorter.days()) - set(left_out) == kept
    assert set(left_out) <= set(shorter.days())


@given(rhythms, hours)
def test_a_calendar_program_reads_the_same_days_and_hours_from_the_rule(
    rhythm: Rhythm, at: time
) -> None:
    """By other people's library, as the person's phone would."""
    starts_at = datetime.combine(rhythm.first_day, at)
    text = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "UID:rhythm",
            f"DTSTART;TZID=Europe/Rome:{starts_at:%Y%m%dT%H%M%S}",
            f"RRULE:{rhythm.rule}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    try:
        wall_span(rhythm.first_day, at, at)
    except StartIsSkipped:
        assume(False)
    days = rhythm.days()
    read = read_calendar(Calendar.from_ical(text)).between(days[0], days[-1] + 40 * DAY)
    found = sorted(event["DTSTART"].dt for event in read)
    assert [moment.date() for moment in found] == days
    skipped = {o.day for o in offered_days(rhythm, at, at, ()) if o.is_skipped}
    assert {moment.time() for moment in found if moment.date() not in skipped} == {at}
