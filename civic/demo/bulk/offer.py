"""Associations, projects and sessions of a city."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.catalogue.rules import ProjectState, SessionState
from civic.catalogue.skills import SKILLS
from civic.demo.bulk.scale import COMING_SESSIONS, PAST_SESSIONS
from civic.demo.bulk.words import ACTIVITIES, DISTRICTS, PLACES
from civic.demo.ids import Kind, made_id
from civic.demo.journal import MadeProject, MadeSession
from civic.demo.rows import Rows
from civic.demo.shape import WEEK
from civic.kernel.clock import rome_day, rome_instant
from civic.kernel.slugs import slug_from

SPOKEN_THERE = ("en", "fr", "ar", "es", "bn", "uk")
TRANSLATED = ("en", "fr", "ar")
SLOTS = tuple((weekday, hour) for weekday in range(7) for hour in (9, 15))
"""Hours at which a project meets. Two projects of one slot share nobody, so that nobody is in
two places at once."""
ACCESSIBLE, WITHOUT_ITALIAN = 0.3, 0.25
ROUND = 0.006
"""Degrees around the middle of a district in which its projects meet: some 600 metres."""
TRACK = COMING_SESSIONS + PAST_SESSIONS


@dataclass(frozen=True)
class DealtProject:
    """A project, and its sessions each with a number of its own."""

    number: int
    project: MadeProject
    published_at: datetime
    sessions: tuple[tuple[int, MadeSession], ...]


@dataclass(frozen=True)
class Offer:
    """Writes projects into one city."""

    rows: Rows
    chance: Random
    municipality_id: UUID
    middle: tuple[float, float]
    """Latitude and longitude of the city."""
    now: datetime
    visits: int

    def project(
        self, number: int, slot: int, association_id: UUID, organiser_id: UUID
    ) -> DealtProject:
        drafted = self.now - timedelta(weeks=PAST_SESSIONS + 4, minutes=number % 1440)
        project_id = made_id(Kind.PROJECT, number, drafted)
        activity = self.chance.choice(ACTIVITIES)
        place = self.chance.choice(PLACES)
        district, north, east = self.chance.choice(DISTRICTS)
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
            district=district,
            latitude=round(self.middle[0] + north + self.chance.uniform(-ROUND, ROUND), 5),
            longitude=round(self.middle[1] + east + self.chance.uniform(-ROUND, ROUND), 5),
            is_wheelchair_accessible=self.chance.random() < ACCESSIBLE,
            needs_no_italian=self.chance.random() < WITHOUT_ITALIAN,
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
        project = MadeProject(
            project_id, association_id, organiser_id, self.municipality_id, activity.area
        )
        return DealtProject(
            number, project, drafted + timedelta(days=2), self._sessions(project, number, slot)
        )

    def _sessions(
        self, project: MadeProject, number: int, slot: int
    ) -> tuple[tuple[int, MadeSession], ...]:
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
            session = MadeSession(
                id=made_id(Kind.SESSION, session_number, starts_at),
                project=project,
                day=day,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=30 * half_hours),
                places=places,
            )
            made.append((session_number, session))
        return tuple(made)

    def write_session(self, session: MadeSession, taken: int) -> None:
        self.rows.add(
            ProjectSession,
            id=session.id,
            municipality_id=self.municipality_id,
            is_public=True,
            project_id=session.project.id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            meeting_point=PLACES[session.project.id.int % len(PLACES)].capitalize(),
            places=session.places,
            places_taken=taken,
            state=SessionState.SCHEDULED,
            sequence=0,
        )
