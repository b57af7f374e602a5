from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from civic.catalogue.feeds.calendars import project_events
from civic.catalogue.rhythm import Frequency, Rhythm
from civic.kernel.clock import ROME, rome_instant
from tests.unit.catalogue.dates import (
    ORIGIN,
    a_project,
    a_series,
    a_session,
    calendar_of,
    held,
    seen,
)

SATURDAYS = Rhythm(date(2026, 1, 10), Frequency.WEEKLY, (5,), until=date(2026, 12, 26))
"""Over the change of 29 March and that of 25 October."""
TEN_TO_ONE = a_series(SATURDAYS, time(10), time(13))


def master(events: list[Event]) -> Event:
    return next(event for event in events if "RRULE" in event)


def test_a_series_over_both_clock_changes_keeps_its_hour_in_a_readers_calendar() -> None:
    sessions = tuple(a_session(TEN_TO_ONE, day) for day in SATURDAYS.days())
    dates = seen(calendar_of(a_project((TEN_TO_ONE,), sessions)))
    assert dates == held(sessions)
    assert {date.starts.time() for date in dates} == {time(10)}
    assert {date.ends.time() for date in dates} == {time(13)}
    assert len({session.starts_at.time() for session in sessions}) == 2


def test_a_series_is_one_event_in_italian_time_that_ends_in_utc() -> None:
    sessions = tuple(a_session(TEN_TO_ONE, day) for day in SATURDAYS.days())
    file = calendar_of(a_project((TEN_TO_ONE,), sessions)).decode()
    assert file.count("BEGIN:VEVENT") == 1
    assert "DTSTART;TZID=Europe/Rome:20260110T100000" in file
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261226T225959Z;BYDAY=SA" in file
    assert file.count("BEGIN:VTIMEZONE") == 1


def test_days_left_out_are_no_dates() -> None:
    days = [day for day in SATURDAYS.days() if day != date(2026, 4, 4)]
    sessions = tuple(a_session(TEN_TO_ONE, day) for day in days)
    project = a_project((TEN_TO_ONE,), sessions)
    assert seen(calendar_of(project)) == held(sessions)
    assert "EXDATE;TZID=Europe/Rome:20260404T100000" in calendar_of(project).decode()


def test_a_moved_session_stands_at_its_new_time_and_not_at_the_old() -> None:
    sessions = [a_session(TEN_TO_ONE, day) for day in SATURDAYS.days()]
    sessions[3] = replace(
        sessions[3],
        starts_at=rome_instant(date(2026, 2, 1), time(15)),
        ends_at=rome_instant(date(2026, 2, 1), time(17)),
        meeting_point="Parco Aranci",
        sequence=1,
    )
    project = a_project((TEN_TO_ONE,), tuple(sessions))
    assert seen(calendar_of(project)) == held(tuple(sessions))
    moved = next(event for event in project_events(project, ORIGIN) if "RECURRENCE-ID" in event)
    assert moved.decoded("RECURRENCE-ID") == datetime(2026, 1, 31, 10, tzinfo=ROME)
    assert moved.decoded("SEQUENCE") == 1


def test_a_cancelled_session_of_a_series_is_written_as_cancelled() -> None:
    sessions = [a_session(TEN_TO_ONE, day) for day in SATURDAYS.days()]
    sessions[5] = replace(sessions[5], is_cancelled=True, sequence=1)
    dates = seen(calendar_of(a_project((TEN_TO_ONE,), tuple(sessions))))
    assert [date.starts.date() for date in dates if date.is_cancelled] == [date(2026, 2, 14)]
    assert dates == held(tuple(sessions))


def test_a_night_with_a_clock_change_has_its_own_line() -> None:
    """Programs that count hours and those that count by the wall would show different ends."""
    night = a_series(replace(SATURDAYS, until=date(2026, 4, 30)), time(22), time(6))
    sessions = tuple(a_session(night, day) for day in Rhythm.of(night.rule, night.first_day).days())
    project = a_project((night,), sessions)
    own = [event for event in project_events(project, ORIGIN) if "RECURRENCE-ID" in event]
    assert [event.decoded("RECURRENCE-ID").date() for event in own] == [date(2026, 3, 28)]
    assert seen(calendar_of(project)) == held(sessions)


def test_the_hour_that_clocks_skip_is_left_out_of_the_rule() -> None:
    early = a_series(
        Rhythm(date(2026, 3, 22), Frequency.WEEKLY, (6,), times=3), time(2, 30), time(5)
    )
    days = [date(2026, 3, 22), date(2026, 4, 5)]
    by_hand = a_session(early, date(2026, 3, 29), series_day=date(2026, 3, 29))
    sessions = (*(a_session(early, day) for day in days), by_hand)
    project = a_project((early,), sessions)
    events = project_events(project, ORIGIN)
    assert [str(event["UID"]) for event in events if "RRULE" not in event] == [
        f"{by_hand.id}@civic.example"
    ]
    assert seen(calendar_of(project)) == held(project.sessions)


def test_sessions_that_the_rule_no_longer_reaches_stand_alone() -> None:
    cut = a_series(SATURDAYS.before(date(2026, 6, 1)), time(10), time(13))
    later = a_session(cut, date(2026, 9, 5))
    sessions = (*(a_session(cut, day) for day in SATURDAYS.days()[:4]), later)
    project = a_project((cut,), sessions)
    events = project_events(project, ORIGIN)
    assert len(events) == 2
    assert seen(calendar_of(project)) == held(sessions)
    assert "UNTIL=20260131T" in master(events).to_ical().decode()


def test_a_series_without_any_session_left_is_no_event() -> None:
    assert project_events(a_project((TEN_TO_ONE,), ()), ORIGIN) == []


def test_single_sessions_are_single_events() -> None:
    single = a_session(TEN_TO_ONE, date(2026, 5, 2), series_id=None, series_day=None)
    events = project_events(a_project((), (single,)), ORIGIN)
    assert len(events) == 1
    assert "RRULE" not in events[0]


def test_the_number_of_changes_never_falls_when_a_series_is_split() -> None:
    sessions = [a_session(TEN_TO_ONE, day, sequence=2) for day in SATURDAYS.days()[:10]]
    before = master(project_events(a_project((TEN_TO_ONE,), tuple(sessions)), ORIGIN))
    rest = replace(TEN_TO_ONE, id=UUID(int=77), first_day=SATURDAYS.days()[5])
    split = tuple(
        replace(session, series_id=rest.id if number >= 5 else session.series_id)
        for number, session in enumerate(sessions)
    )
    after = project_events(a_project((TEN_TO_ONE, rest), split), ORIGIN)
    assert [event.decoded("SEQUENCE") for event in after if "RRULE" in event] == [20, 20]
    assert before.decoded("SEQUENCE") == 20


def test_hostile_words_cannot_leave_their_line() -> None:
    single = a_session(TEN_TO_ONE, date(2026, 5, 2), series_id=None, series_day=None)
    bad = 'A "quoted"; ]]>\r\nEND:VEVENT\nBEGIN:VALARM,\x0b\x00\\n'
    file = calendar_of(a_project((), (single,), title=bad, what_you_do=bad))
    assert file.count(b"\r\nBEGIN:VEVENT") == 1
    assert b"\r\nBEGIN:VALARM" not in file
    event = Calendar.from_ical(file).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == 'A "quoted"; ]]>\nEND:VEVENT\nBEGIN:VALARM,\\n'


def test_joiners_of_other_scripts_stay() -> None:
    single = a_session(TEN_TO_ONE, date(2026, 5, 2), series_id=None, series_day=None)
    title = "\u0645\u06cc\u200c\u06a9\u0627\u0631\u06cc\u0645 \u0995\u09cd\u200d\u09b7"
    file = calendar_of(a_project((), (single,), title=title, text_language="fa"))
    event = Calendar.from_ical(file).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == title
    assert "SUMMARY;LANGUAGE=fa:" in event.to_ical().decode()


def test_a_calendar_asks_to_be_read_again() -> None:
    file = calendar_of(a_project())
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H" in file
    assert Calendar.from_ical(file).decoded("REFRESH-INTERVAL") == timedelta(hours=4)
