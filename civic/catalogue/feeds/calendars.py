"""Public dates as calendar files (RFC 5545), and what every calendar file of ours begins with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from icalendar import Calendar, Event, Timezone, vRecur, vText

from civic.catalogue.feeds.recurrence import Recurrence, recurrence_of
from civic.catalogue.feeds.text import printable
from civic.catalogue.queries.feeds import FeedProject, Occurrence, SeriesFacts
from civic.kernel.clock import ROME

CONTENT_TYPE = "text/calendar; charset=utf-8"
END = b"END:VCALENDAR\r\n"
EVENTS_KEPT = 1000
"""Projects, of some 2 kB each."""
ASK_AGAIN_AFTER = timedelta(hours=4)
ITALIAN_TIME = """\
BEGIN:VTIMEZONE
TZID:Europe/Rome
BEGIN:DAYLIGHT
TZNAME:CEST
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
"""As a rule that goes on for ever. The library can list the changes of chosen years instead, but
gives the March one by the new clock, an hour later than RFC 5545 has it."""

PageOf = Callable[[str], str]
"""The address of a project's page from its slug."""


@dataclass(frozen=True)
class Site:
    """What a file says of where it comes from."""

    host: str
    page_of: PageOf


@dataclass(frozen=True)
class Origin:
    """The same of one project."""

    host: str
    url: str


def new_calendar(name: str, description: str = "") -> Calendar:
    """Times carry their zone and the file brings the zone's rules along, so that a session in
    April shows the right hour on a phone that took it in before the clocks changed."""
    calendar = Calendar()
    calendar.add("prodid", "-//Civic//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for old, new, text in (
        ("x-wr-calname", "name", name),
        ("x-wr-caldesc", "description", description),
    ):
        if text:
            # As text and nothing else: the library would else write it out as it stands.
            calendar.add(old, vText(printable(text)))
            calendar.add(new, vText(printable(text)))
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{ASK_AGAIN_AFTER // timedelta(hours=1)}H")
    calendar.add_component(Timezone.from_ical(ITALIAN_TIME))
    return calendar


def add_times(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    event.add("dtstart", starts_at.astimezone(ROME))
    event.add("dtend", ends_at.astimezone(ROME))


def write_calendar(
    projects: Iterable[FeedProject], site: Site, name: str, description: str = ""
) -> bytes:
    frame: bytes = new_calendar(name, description).to_ical()
    written = [
        _written(project, Origin(site.host, site.page_of(project.slug))) for project in projects
    ]
    return b"".join((frame.removesuffix(END), *written, END))


@lru_cache(maxsize=EVENTS_KEPT)
def _written(project: FeedProject, origin: Origin) -> bytes:
    """Remembered by all that stands in it: the library needs a millisecond for an event."""
    return b"".join(event.to_ical() for event in project_events(project, origin))


def project_events(project: FeedProject, origin: Origin) -> list[Event]:
    """One event for each series with what differs from its rule, one for each other session."""
    events: list[Event] = []
    told = set()
    for series in project.series:
        recurrence = recurrence_of(series, project.sessions)
        if recurrence is None:
            continue
        events += _series_events(project, series, recurrence, origin)
        told |= {session.id for session in project.sessions if session.series_id == series.id} - {
            session.id for session in recurrence.apart
        }
    return events + [
        _session_event(project, session, origin)
        for session in project.sessions
        if session.id not in told
    ]


def _series_events(
    project: FeedProject, series: SeriesFacts, recurrence: Recurrence, origin: Origin
) -> list[Event]:
    uid = f"{series.id}@{origin.host}"
    # Of all series: sessions change theirs when one is split, and it must not fall.
    sequence = sum(each.sequence for each in project.sessions if each.series_id is not None)
    master = _event(project, origin, uid, sequence)
    master.add("dtstart", recurrence.starts_at)
    # Not its end: programs disagree on how long the others last when clocks change during one.
    master.add("duration", recurrence.duration)
    master.add("rrule", vRecur.from_ical(recurrence.rule))
    if recurrence.left_out:
        master.add("exdate", list(recurrence.left_out))
    _add_place(master, series.meeting_point, is_cancelled=False)
    return [
        master,
        *(
            _differing_event(project, session, ruled, (origin, uid, sequence))
            for ruled, session in recurrence.differing
        ),
    ]


def _differing_event(
    project: FeedProject, session: Occurrence, ruled: datetime, of: tuple[Origin, str, int]
) -> Event:
    event = _event(project, *of)
    event.add("recurrence-id", ruled)
    add_times(event, session.starts_at, session.ends_at)
    _add_place(event, session.meeting_point, is_cancelled=session.is_cancelled)
    return event


def _session_event(project: FeedProject, session: Occurrence, origin: Origin) -> Event:
    event = _event(project, origin, f"{session.id}@{origin.host}", session.sequence)
    add_times(event, session.starts_at, session.ends_at)
    _add_place(event, session.meeting_point, is_cancelled=session.is_cancelled)
    return event


def _event(project: FeedProject, origin: Origin, uid: str, sequence: int) -> Event:
    event = Event()
    language = {"LANGUAGE": project.text_language}
    event.add("uid", uid)
    event.add("dtstamp", project.changed_at)
    event.add("sequence", sequence)
    event.add("summary", printable(project.title), parameters=language)
    event.add("description", printable(project.what_you_do), parameters=language)
    event.add("url", origin.url)
    return event


def _add_place(event: Event, meeting_point: str, *, is_cancelled: bool) -> None:
    event.add("location", printable(meeting_point))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
