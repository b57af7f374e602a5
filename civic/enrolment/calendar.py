"""A person's sessions as a calendar file (RFC 5545) that a phone's own calendar takes in."""

from collections.abc import Callable, Sequence

from icalendar import Calendar, Event, Timezone

from civic.enrolment.queries.bookings import CalendarEntry
from civic.kernel.clock import ROME

CONTENT_TYPE = "text/calendar; charset=utf-8"
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


def calendar_file(
    entries: Sequence[CalendarEntry], host: str, page_of: Callable[[str], str]
) -> bytes:
    """`page_of` gives the address of a project's page from its slug.

    Times carry their zone and the file brings the zone's rules along, so that a session in
    April shows the right hour on a phone that took it in before the clocks changed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Civic//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_ical(ITALIAN_TIME))
    for entry in entries:
        calendar.add_component(_event(entry, host, page_of))
    body: bytes = calendar.to_ical()
    return body


def _event(entry: CalendarEntry, host: str, page_of: Callable[[str], str]) -> Event:
    facts = entry.facts
    event = Event()
    event.add("uid", f"{facts.id}@{host}")
    event.add("dtstamp", entry.changed_at)
    event.add("sequence", facts.sequence)
    event.add("dtstart", facts.starts_at.astimezone(ROME))
    event.add("dtend", facts.ends_at.astimezone(ROME))
    event.add("summary", facts.title, parameters={"LANGUAGE": facts.title_language})
    event.add("location", facts.meeting_point)
    event.add("description", facts.association_name)
    event.add("url", page_of(facts.slug))
    event.add("status", "CANCELLED" if facts.is_cancelled else "CONFIRMED")
    return event
