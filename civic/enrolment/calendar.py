"""A person's sessions as a calendar file (RFC 5545) that a phone's own calendar takes in."""

from collections.abc import Sequence

from icalendar import Event

from civic.catalogue.feeds.calendars import Site, add_times, new_calendar
from civic.catalogue.feeds.text import printable
from civic.enrolment.queries.feeds import CalendarEntry


def calendar_file(entries: Sequence[CalendarEntry], site: Site, name: str) -> bytes:
    """Nothing in it names the person: many others may look at their phone."""
    calendar = new_calendar(name)
    for entry in entries:
        calendar.add_component(_event(entry, site))
    body: bytes = calendar.to_ical()
    return body


def _event(entry: CalendarEntry, site: Site) -> Event:
    facts = entry.facts
    event = Event()
    event.add("uid", f"{facts.id}@{site.host}")
    event.add("dtstamp", entry.changed_at)
    event.add("sequence", entry.sequence)
    add_times(event, facts.starts_at, facts.ends_at)
    event.add("summary", printable(facts.title), parameters={"LANGUAGE": facts.title_language})
    event.add("location", printable(facts.meeting_point))
    event.add("description", printable(facts.association_name))
    event.add("url", site.page_of(facts.slug))
    event.add("status", entry.status)
    return event
