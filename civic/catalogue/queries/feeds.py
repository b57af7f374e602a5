"""Public projects with all their dates, as feeds carry them: a few statements for any number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from civic.catalogue.models import Project, ProjectSession, SessionSeries
from civic.catalogue.queries.texts import Original, Wanted, all_spoken, in_order, with_words
from civic.catalogue.rules import Area, SessionState
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.tenancy.models import Association, Municipality


@dataclass(frozen=True)
class Occurrence:
    """A session, cancelled ones too: who took the date down must learn of it."""

    id: UUID
    project_id: UUID
    starts_at: datetime
    ends_at: datetime
    meeting_point: str
    places: int
    places_taken: int
    is_cancelled: bool
    sequence: int
    series_id: UUID | None
    series_day: date | None

    @property
    def places_free(self) -> int:
        return max(self.places - self.places_taken, 0)


@dataclass(frozen=True)
class SeriesFacts:
    id: UUID
    rule: str
    first_day: date
    starts: time
    ends: time
    meeting_point: str
    created_at: datetime


@dataclass(frozen=True)
class FeedProject:
    """What everybody may read of a project, and nothing about who takes part."""

    id: UUID
    slug: str
    area: Area
    title: str
    what_you_do: str
    what_to_bring: str
    text_language: str
    association_slug: str
    association_name: str
    municipality_name: str
    minimum_age: int
    district: str
    latitude: float | None
    longitude: float | None
    is_wheelchair_accessible: bool
    languages: tuple[str, ...]
    published_at: datetime
    changed_at: datetime
    sessions: tuple[Occurrence, ...] = ()
    """From today on, by start; of a series those before too."""
    series: tuple[SeriesFacts, ...] = ()

    def to_come(self, now: datetime) -> tuple[Occurrence, ...]:
        return tuple(session for session in self.sessions if session.ends_at > now)


def feed_projects(ctx: Context, slugs: Sequence[str], language: str) -> tuple[FeedProject, ...]:
    """These projects in this order; three statements, however many there are."""
    found = ctx.db.execute(_by_slugs(), {"slugs": list(slugs), "language": language}).all()
    projects = {row.slug: _project(row) for row in found}
    return _with_dates(ctx, [projects[slug] for slug in slugs if slug in projects])


def feed_project(ctx: Context, slug: str, language: str) -> FeedProject:
    projects = feed_projects(ctx, [slug], language)
    if not projects:
        raise NotFound
    return projects[0]


def _project(row: Any) -> FeedProject:
    facts = dict(row._mapping)
    spoken = facts.pop("spoken")
    return FeedProject(languages=in_order(spoken), **facts)


def _with_dates(ctx: Context, projects: Sequence[FeedProject]) -> tuple[FeedProject, ...]:
    today = rome_day_bounds(rome_day(ctx.now()))[0]
    asked = {"ids": [project.id for project in projects], "today": today}
    sessions: dict[UUID, list[Occurrence]] = defaultdict(list)
    for row in ctx.db.execute(_sessions(), asked):
        facts = dict(row._mapping)
        is_cancelled = facts.pop("state") is SessionState.CANCELLED
        sessions[row.project_id].append(Occurrence(is_cancelled=is_cancelled, **facts))
    used = {each.series_id for rows in sessions.values() for each in rows} - {None}
    series: dict[UUID, list[SeriesFacts]] = defaultdict(list)
    if used:
        for row in ctx.db.execute(_series(), {"ids": asked["ids"]}):
            if row.id in used:
                facts = dict(row._mapping)
                series[facts.pop("project_id")].append(SeriesFacts(**facts))
    return tuple(
        replace(
            project,
            sessions=tuple(sessions.get(project.id, ())),
            series=tuple(series.get(project.id, ())),
        )
        for project in projects
    )


@cache
def _by_slugs() -> Select[*tuple[Any, ...]]:
    published = func.coalesce(Project.decided_at, Project.created_at)
    statement = (
        select(
            Project.id,
            Project.slug,
            Project.area,
            func.coalesce(Wanted.title, Original.title).label("title"),
            func.coalesce(Wanted.what_you_do, Original.what_you_do).label("what_you_do"),
            func.coalesce(Wanted.what_to_bring, Original.what_to_bring).label("what_to_bring"),
            func.coalesce(Wanted.language, Original.language).label("text_language"),
            Association.slug.label("association_slug"),
            Association.name.label("association_name"),
            Municipality.name.label("municipality_name"),
            Project.minimum_age,
            Project.district,
            Project.latitude,
            Project.longitude,
            Project.is_wheelchair_accessible,
            all_spoken(),
            published.label("published_at"),
            func.coalesce(Project.changed_at, published).label("changed_at"),
        )
        .join(Municipality, Municipality.id == Project.municipality_id)
        .join(Association, Association.id == Project.association_id)
        .where(Project.slug.in_(bindparam("slugs", expanding=True)), Project.is_public.is_(True))
    )
    return with_words(statement)


@cache
def _sessions() -> Select[*tuple[Any, ...]]:
    session = ProjectSession
    return (
        select(
            session.id,
            session.project_id,
            session.starts_at,
            session.ends_at,
            session.meeting_point,
            session.places,
            session.places_taken,
            session.state,
            session.sequence,
            session.series_id,
            session.series_day,
        )
        .where(session.project_id.in_(bindparam("ids", expanding=True)))
        .where(session.is_public.is_(True))
        .where((session.ends_at > bindparam("today")) | session.series_id.is_not(None))
        .order_by(session.starts_at, session.id)
    )


@cache
def _series() -> Select[*tuple[Any, ...]]:
    series = SessionSeries
    return (
        select(
            series.id,
            series.project_id,
            series.rule,
            series.first_day,
            series.starts,
            series.ends,
            series.meeting_point,
            series.created_at,
        )
        .where(series.project_id.in_(bindparam("ids", expanding=True)))
        .where(series.is_public.is_(True))
        .order_by(series.created_at, series.id)
    )
