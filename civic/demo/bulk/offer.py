"""Associations, projects and sessions of a city."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.catalogue.rules import Area, ProjectState, SessionState, slug_from
from civic.catalogue.skills import SKILLS
from civic.demo.bulk.ids import Kind, made_id
from civic.demo.bulk.rows import Rows
from civic.demo.bulk.scale import COMING_SESSIONS, PAST_SESSIONS
from civic.demo.bulk.words import ACTIVITIES, PLACES
from civic.demo.shape import WEEK
from civic.kernel.clock import rome_day, rome_instant

SPOKEN_THERE = ("en", "fr", "ar", "es", "bn", "uk")
TRANSLATED = ("en", "fr", "ar")
SLOTS = tuple((weekday, hour) for weekday in range(7) for hour in (9, 15))
"""Hours at which a project meets. Two projects of one slot share nobody, so that nobody is in
two places at once."""
TRACK = COMING_SESSIONS + PAST_SESSIONS


@dataclass(frozen=True)
class MadeSession:
    id: UUID
    number: int
    day: date
    starts_at: datetime
    ends_at: datetime
    places: int

    def is_past(self, now: datetime) -> bool:
        return self.ends_at <= now


@dataclass(frozen=True)
class MadeProject:
    id: UUID
    number: int
    association_id: UUID
    organiser_id: UUID
    municipality_id: UUID
    area: Area
    published_at: datetime
    sessions: tuple[MadeSession, ...]


@dataclass(frozen=True)
class Offer:
    """Writes projects into one city."""

    rows: Rows
    chance: Random
    municipality_id: UUID
    now: datetime
    visits: int

    def project(self, number: int, slot: int, association_id: UUID, organiser_id: UUID) -> MadeProject:
        drafted = self.now - timedelta(weeks=PAST_SESSIONS + 4, minutes=number % 1440)
        project_id = made_id(Kind.PROJECT, number, drafted)
        activity = self.chance.choice(ACTIVITIES)
        place = self.chance.choice(PLACES)
        self.rows.add(
            Project,
            id=project_id,
            municipality_id=self.municipality_id,
            is_public=True,
            slug=slug_from(activity.words("it", place).title, f"{number:05}"),
            association_id=association_id,
            area=activity.area,
            state=ProjectState.PUBLISHED,
            language="it",
            revision=1,
            minimum_age=self.chance.choice((14, 16, 18)),
            created_by=organiser_id,
            created_at=drafted,
            submitted_at=drafted + timedelta(hours=1),
            decided_at=drafted + timedelta(days=2),
            sent_back_reason="",
        )
        translated = self.chance.sample(TRANSLATED, self.chance.randrange(len(TRANSLATED) + 1))
        for language in ("it", *translated):
            words = activity.words(language, place)
            self.rows.add(
                ProjectText,
                project_id=project_id,
                language=language,
                revision=1,
                title=words.title,
                what_you_do=words.what_you_do,
                what_to_bring=words.what_to_bring,
            )
        for language in ("it", *self.chance.sample(SPOKEN_THERE, self.chance.randrange(3))):
            self.rows.add(ProjectLanguage, project_id=project_id, language=language)
        taught = [skill.id for skill in SKILLS.values() if skill.area in (activity.area, None)]
        for skill in self.chance.sample(taught, 3):
            self.rows.add(ProjectSkill, project_id=project_id, skill=skill)
        return MadeProject(
            id=project_id,
            number=number,
            association_id=association_id,
            organiser_id=organiser_id,
            municipality_id=self.municipality_id,
            area=activity.area,
            published_at=drafted + timedelta(days=2),
            sessions=self._sessions(number, slot),
        )

    def _sessions(self, number: int, slot: int) -> tuple[MadeSession, ...]:
        weekday, hour = SLOTS[slot]
        # None today: nothing is half over when somebody looks.
        first = rome_day(self.now) + timedelta(days=1)
        first += timedelta(days=(weekday - first.weekday()) % 7)
        last = first - WEEK
        if last == rome_day(self.now):
            last -= WEEK
        coming = 0 if self.chance.random() < 0.1 else self.chance.randint(1, COMING_SESSIONS)
        days = [last - week * WEEK for week in reversed(range(PAST_SESSIONS))]
        days += [first + week * WEEK for week in range(coming)]
        half_hours = self.chance.choice((5, 6, 7, 8))
        places = self.visits + self.chance.randrange(5)
        made = []
        for track, day in enumerate(days):
            starts_at = rome_instant(day, time(hour))
            session_number = number * TRACK + track
            made.append(
                MadeSession(
                    id=made_id(Kind.SESSION, session_number, starts_at),
                    number=session_number,
                    day=day,
                    starts_at=starts_at,
                    ends_at=starts_at + timedelta(minutes=30 * half_hours),
                    places=places,
                )
            )
        return tuple(made)

    def write_session(self, project: MadeProject, session: MadeSession, taken: int) -> None:
        self.rows.add(
            ProjectSession,
            id=session.id,
            municipality_id=self.municipality_id,
            is_public=True,
            project_id=project.id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            meeting_point=PLACES[project.number % len(PLACES)].capitalize(),
            places=session.places,
            places_taken=taken,
            state=SessionState.SCHEDULED,
            sequence=0,
        )
