"""What visitors find. Columns become small frozen values: no mapped object is made a row."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, bindparam, select, tuple_
from sqlalchemy.orm import aliased

from civic.catalogue.models import Project, ProjectLanguage, ProjectSession
from civic.catalogue.queries.texts import (
    PUBLISHED,
    SCHEDULED,
    all_spoken,
    in_order,
    title_columns,
    with_words,
)
from civic.catalogue.rules import Area, Cursor, Filters
from civic.kernel.clock import rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.tenancy.models import Association, Municipality

PAGE = 20


@dataclass(frozen=True)
class Card:
    """A project in a list, by its next session."""

    slug: str
    title: str
    title_language: str
    area: Area
    municipality_name: str
    association_name: str
    starts_at: datetime
    ends_at: datetime
    meeting_point: str
    places_free: int
    languages: tuple[str, ...]


@dataclass(frozen=True)
class CardPage:
    cards: tuple[Card, ...]
    next: str | None
    """Cursor of the page after this one, None on the last."""


def find_projects(
    ctx: Context, filters: Filters, language: str, after: Cursor | None = None, limit: int = PAGE
) -> CardPage:
    """Published projects, each once, by their next session; one statement whatever is found."""
    asked: dict[str, object] = {"now": ctx.now(), "language": language, "limit": limit + 1}
    if after:
        asked |= {"after_at": after.at, "after_id": after.id}
    if filters.day:
        first, next_day = rome_day_bounds(filters.day)
        asked |= {"first": first, "next_day": next_day}
    for name in ("area", "city", "spoken"):
        if value := getattr(filters, name):
            asked[name] = value
    rows = ctx.db.execute(_cards(frozenset(asked)), asked).all()
    shown = rows[:limit]
    cards = tuple(
        Card(
            row.slug, row.title, row.title_language, row.area, row.city, row.association,
            row.starts_at, row.ends_at, row.meeting_point,
            max(row.places - row.places_taken, 0), in_order(row.spoken),
        )
        for row in shown
    )  # fmt: skip
    more = len(rows) > limit
    return CardPage(cards, Cursor(shown[-1].starts_at, shown[-1].id).encode() if more else None)


@cache
def _cards(asked: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The statement for these parameters, put together once: building it costs more than it runs."""
    session = ProjectSession
    statement = (
        select(
            session.id,
            Project.slug,
            Project.area,
            *title_columns(),
            Municipality.name.label("city"),
            Association.name.label("association"),
            session.starts_at,
            session.ends_at,
            session.meeting_point,
            session.places,
            session.places_taken,
            all_spoken(),
        )
        .where(session.id.in_(_nearest(asked)))
        .join(Project, Project.id == session.project_id)
        .join(Municipality, Municipality.id == Project.municipality_id)
        .join(Association, Association.id == Project.association_id)
        .order_by(session.starts_at, session.id)
    )
    return with_words(statement)


def _nearest(asked: frozenset[str]) -> Select[UUID]:
    """Ids of sessions, one a project and one more than asked.

    Walks the index of open sessions in order and stops at the limit; whether a project has an
    earlier one is a look into the unique index of (project, start). So the size of the whole
    catalogue does not matter.
    """
    session, earlier = ProjectSession, aliased(ProjectSession, name="earlier")
    statement = (
        select(session.id)
        .join(Project, Project.id == session.project_id)
        .where(session.is_public.is_(True), session.state == SCHEDULED)
        .where(session.starts_at > bindparam("now"))
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .order_by(session.starts_at, session.id)
        .limit(bindparam("limit", type_=Integer))
    )
    before_it = (
        select(earlier.id)
        .where(earlier.project_id == session.project_id)
        .where(earlier.starts_at > bindparam("now"), earlier.starts_at < session.starts_at)
        .where(earlier.is_public.is_(True), earlier.state == SCHEDULED)
    )
    if "after_at" in asked:
        after = (bindparam("after_at", type_=UtcInstant), bindparam("after_id", type_=Uuid))
        # The first half is what the index can seek to; SQLite does not see it in the pair alone.
        statement = statement.where(session.starts_at >= after[0]).where(
            tuple_(session.starts_at, session.id) > tuple_(*after)
        )
    if "first" in asked:
        statement = statement.where(session.starts_at >= bindparam("first"))
        statement = statement.where(session.starts_at < bindparam("next_day"))
        before_it = before_it.where(earlier.starts_at >= bindparam("first"))
    if "area" in asked:
        statement = statement.where(Project.area == bindparam("area"))
    if "city" in asked:
        city = select(Municipality.id).where(Municipality.slug == bindparam("city"))
        statement = statement.where(Project.municipality_id == city.scalar_subquery())
    if "spoken" in asked:
        statement = statement.where(
            select(ProjectLanguage.project_id)
            .where(ProjectLanguage.project_id == session.project_id)
            .where(ProjectLanguage.language == bindparam("spoken"))
            .exists()
        )
    # Last, as the dearest to find out.
    return statement.where(~before_it.exists())


def languages_offered(ctx: Context) -> tuple[str, ...]:
    """Languages spoken in at least one published project."""
    tags = ctx.db.scalars(
        select(ProjectLanguage.language)
        .join(Project, Project.id == ProjectLanguage.project_id)
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .distinct()
    )
    return in_order(" ".join(tags))
