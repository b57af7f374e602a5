"""What visitors find. Columns become small frozen values: no mapped object is made a row."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, select

from civic.catalogue.finding import NearCursor, Spot, kilometres
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries import candidates
from civic.catalogue.queries.candidates import KEPT, Asked
from civic.catalogue.queries.nearest import around, nearest
from civic.catalogue.queries.search import Search, search_for
from civic.catalogue.queries.texts import (
    all_spoken,
    in_order,
    title_columns,
    with_words,
)
from civic.catalogue.rules import Area, Cursor, Filters
from civic.kernel.context import Context
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
    district: str = ""
    distance_km: float | None = None
    reasons: tuple[str, ...] = ()
    """Why it suits the reader, in words."""


@dataclass(frozen=True)
class CardPage:
    cards: tuple[Card, ...]
    next: str | None
    """Cursor of the page after this one, None on the last."""


NOTHING = CardPage((), None)


def find_projects(
    ctx: Context, filters: Filters, language: str, after: Cursor | None = None, limit: int = PAGE
) -> CardPage:
    """Published projects, each once, by their next session."""
    return soonest(ctx, search_for(ctx, filters, language), language, after, limit)


def soonest(
    ctx: Context, search: Search, language: str, after: Cursor | None = None, limit: int = PAGE
) -> CardPage:
    """One statement; two more where a page reaches beyond the days ahead."""
    if search.found_nothing:
        return NOTHING
    asked = candidates.asked_of(ctx, search, limit)
    values = candidates.parameters(ctx, search, asked) | {"language": language}
    begins = candidates.beginning(ctx, after)
    rows: list[Any] = []
    for step in candidates.steps(ctx, search, asked, begins):
        if len(rows) <= limit:
            wanted = values | step.parameters(begins)
            rows += ctx.db.execute(_soonest(step.asked), wanted).all()
    shown = rows[:limit]
    more = len(rows) > limit
    return CardPage(
        tuple(map(_card, shown)),
        Cursor(shown[-1].starts_at, shown[-1].id).encode() if more else None,
    )


def nearest_to(
    ctx: Context,
    search: Search,
    spot: Spot,
    language: str,
    after: NearCursor | None = None,
    limit: int = PAGE,
) -> CardPage:
    """The same, the nearest first; those that say no place are left out. One statement."""
    if search.found_nothing:
        return NOTHING
    asked = candidates.asked_of(ctx, search, limit, is_after=after is not None)
    values = candidates.parameters(ctx, search, asked) | around(spot, after)
    values["language"] = language
    rows = ctx.db.execute(_nearest(asked), values).all()
    shown = rows[:limit]
    more = len(rows) > limit
    return CardPage(
        tuple(map(_card, shown)),
        NearCursor(shown[-1].squared, shown[-1].project_id).encode() if more else None,
    )


def _card(row: Any) -> Card:
    squared = getattr(row, "squared", None)
    return Card(
        row.slug, row.title, row.title_language, row.area, row.city, row.association,
        row.starts_at, row.ends_at, row.meeting_point,
        max(row.places - row.places_taken, 0), in_order(row.spoken), row.district,
        None if squared is None else kilometres(squared),
    )  # fmt: skip


@lru_cache(maxsize=KEPT)
def _soonest(asked: Asked) -> Select[*tuple[Any, ...]]:
    """The statement put together once: building it costs more than it runs."""
    session, found = ProjectSession, candidates.soonest(asked)
    return (
        _cards().where(session.id.in_(select(found.c.id))).order_by(session.starts_at, session.id)
    )


@lru_cache(maxsize=KEPT)
def _nearest(asked: Asked) -> Select[*tuple[Any, ...]]:
    found: Subquery = nearest(asked)
    return (
        _cards()
        .join(found, found.c.id == ProjectSession.id)
        .add_columns(found.c.squared)
        .order_by(found.c.squared, ProjectSession.project_id)
    )


def _cards() -> Select[*tuple[Any, ...]]:
    session = ProjectSession
    statement = (
        select(
            session.id,
            session.project_id,
            Project.slug,
            Project.area,
            *title_columns(),
            Project.district,
            Municipality.name.label("city"),
            Association.name.label("association"),
            session.starts_at,
            session.ends_at,
            session.meeting_point,
            session.places,
            session.places_taken,
            all_spoken(),
        )
        .join(Project, Project.id == session.project_id)
        .join(Municipality, Municipality.id == Project.municipality_id)
        .join(Association, Association.id == Project.association_id)
    )
    return with_words(statement)
