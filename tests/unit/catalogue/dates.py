"""A project with a series of sessions as values, and a calendar file as a reader's program sees it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import recurring_ical_events
from icalendar import Calendar

from civic.catalogue.feeds.calendars import Origin, Site, write_calendar
from civic.catalogue.queries.feeds import FeedProject, Occurrence, SeriesFacts
from civic.catalogue.rhythm import Rhythm
from civic.catalogue.rules import Area
from civic.kernel.clock import ROME, rome_instant

SITE = Site("civic.example", lambda slug: f"https://civic.example/it/projects/{slug}")
ORIGIN = Origin("civic.example", "https://civic.example/it/projects/siepe-1")
SOME_DAY = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
GATE = "Villa Giaquinto"


def a_series(rhythm: Rhythm, starts: time, ends: time) -> SeriesFacts:
    return SeriesFacts(UUID(int=1), rhythm.rule, rhythm.first_day, starts, ends, GATE, SOME_DAY)


def a_session(series: SeriesFacts, day: date, number: int = 0, **over: object) -> Occurrence:
    """The session of that day as the series makes it, with an end after its start."""
    end_day = day if series.ends > series.starts else day + timedelta(days=1)
    values: dict[str, object] = {
        "id": UUID(int=1000 + (number or day.toordinal())),
        "project_id": UUID(int=2),
        "starts_at": rome_instant(day, series.starts),
        "ends_at": rome_instant(end_day, series.ends),
        "meeting_point": GATE,
        "places": 5,
        "places_taken": 0,
        "is_cancelled": False,
        "sequence": 0,
        "series_id": series.id,
        "series_day": day,
    }
    return Occurrence(**(values | over))  # type: ignore[arg-type]  # as above


def a_project(
    series: tuple[SeriesFacts, ...] = (), sessions: tuple[Occurrence, ...] = (), **over: object
) -> FeedProject:
    values: dict[str, object] = {
        "id": UUID(int=2),
        "slug": "siepe-1",
        "area": Area.GREEN,
        "title": "Siepe di alloro",
        "what_you_do": "Piantiamo una siepe.",
        "what_to_bring": "",
        "text_language": "it",
        "association_slug": "orti",
        "association_name": "Orti in Comune",
        "municipality_name": "Caserta",
        "minimum_age": 14,
        "district": "",
        "latitude": None,
        "longitude": None,
        "is_wheelchair_accessible": False,
        "languages": ("it", "en"),
        "published_at": SOME_DAY,
        "changed_at": SOME_DAY,
        "sessions": tuple(sorted(sessions, key=lambda each: each.starts_at)),
        "series": series,
    }
    return FeedProject(**(values | over))  # type: ignore[arg-type]  # as above


@dataclass(frozen=True, order=True)
class Seen:
    """A date in a reader's calendar, as their clock on the wall has it."""

    starts: datetime
    ends: datetime
    place: str
    is_cancelled: bool


def seen(file: bytes) -> list[Seen]:
    """All dates of a calendar file, read by libraries that know nothing of ours."""
    calendar = Calendar.from_ical(file)
    found = recurring_ical_events.of(calendar).between((2020, 1, 1), (2050, 1, 1))
    return sorted(
        Seen(
            event["DTSTART"].dt.astimezone(ROME).replace(tzinfo=None),
            event["DTEND"].dt.astimezone(ROME).replace(tzinfo=None),
            str(event["LOCATION"]),
            event["STATUS"] == "CANCELLED",
        )
        for event in found
    )


def held(sessions: tuple[Occurrence, ...]) -> list[Seen]:
    """The same of our own sessions."""
    return sorted(
        Seen(
            session.starts_at.astimezone(ROME).replace(tzinfo=None),
            session.ends_at.astimezone(ROME).replace(tzinfo=None),
            session.meeting_point,
            session.is_cancelled,
        )
        for session in sessions
    )


def calendar_of(project: FeedProject) -> bytes:
    return write_calendar([project], SITE, "Civic")
