"""What fits a person first: ranked by what is remembered of all projects, then looked at closely.

The ranking knows each project's slots of the week but not each date; so of the first few the
sessions to come are read, and a project whose sessions all clash with the person's own is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Subquery, and_, bindparam, func, select

from civic.catalogue.facets import Bits, CityFacets, best_first
from civic.catalogue.fit import Facets, Rank, Reason, Wishes, reasons
from civic.catalogue.models import Project, ProjectSearch, ProjectSession
from civic.catalogue.queries.facets import CityStamp, city_stamps, facets_of
from civic.catalogue.queries.listing import PAGE, Card
from civic.catalogue.queries.search import Search
from civic.catalogue.queries.texts import (
    PUBLISHED,
    SCHEDULED,
    Original,
    Wanted,
    all_spoken,
    in_order,
    title_columns,
)
from civic.catalogue.rules import Filters
from civic.kernel.clock import rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db import fulltext
from civic.tenancy.models import Association, Municipality

SPARE = 4
"""So many more are looked at than shown, for those that turn out to clash."""
DATES_LOOKED_AT = 40
"""Of each project: who is busy at all of these has no time for it."""


@dataclass(frozen=True)
class Fitting:
    card: Card
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class FittingPage:
    found: tuple[Fitting, ...]
    next: str | None
    """Cursor of the page after this one, None on the last."""


def best_fitting(
    ctx: Context,
    search: Search,
    wishes: Wishes,
    language: str,
    after: Rank | None = None,
    limit: int = PAGE,
) -> FittingPage:
    """Published projects, each once, by what suits the person; two statements as a rule, and one
    more for words."""
    if search.found_nothing:
        return FittingPage((), None)
    ranked = _ranked(ctx, search, wishes, after)
    found: list[tuple[Rank, Fitting]] = []
    size = limit + 1 + SPARE
    while len(found) <= limit and (some := list(islice(ranked, size))):
        dates = _dates(ctx, search.filters, [facets.project_id for _, facets in some], language)
        for rank, facets in some:
            fitting = _fitting(facets, dates.get(facets.project_id, ()), wishes)
            if fitting is not None:
                found.append((rank, fitting))
        size *= 2
    shown = found[:limit]
    return FittingPage(
        tuple(fitting for _, fitting in shown),
        shown[-1][0].encode() if len(found) > limit else None,
    )


def _ranked(
    ctx: Context, search: Search, wishes: Wishes, after: Rank | None
) -> Iterator[tuple[Rank, Facets]]:
    """The whole ranking, worked out only as far as it is read."""
    filters = search.filters
    named = _matching(ctx, search) if filters.words and search.query else None
    day = rome_day_bounds(filters.day) if filters.day else None
    cities = [city for city in city_stamps(ctx) if filters.city in (None, city.slug)]
    for ring in _rings(cities, wishes):
        groups = [
            (facets, facets.ranked(wishes, ctx.now(), _within(facets, filters, named)))
            for facets in facets_of(ctx, ring)
        ]
        for rank, facets in best_first(groups, after):
            if day is None or facets.may_meet(*day):
                yield rank, facets


def _rings(cities: Sequence[CityStamp], wishes: Wishes) -> Iterator[list[CityStamp]]:
    """A person's own cities, then the others: no points make up for what cannot be reached."""
    if wishes.near is None:
        yield [city for city in cities if city.id in wishes.cities]
        yield [city for city in cities if city.id not in wishes.cities]
    else:
        yield list(cities)


def _within(facets: CityFacets, filters: Filters, named: frozenset[UUID] | None) -> Bits:
    found = facets.within(filters)
    return found if named is None else found & facets.only(named)


def _matching(ctx: Context, search: Search) -> frozenset[UUID]:
    on_postgresql = fulltext.is_on_postgresql(ctx.db)
    asked = fulltext.parameters(search.query, on_postgresql=on_postgresql)
    return frozenset(ctx.db.scalars(_with_words_of(on_postgresql), asked))


@cache
def _with_words_of(on_postgresql: bool) -> Select[UUID]:
    table = ProjectSearch.__table__
    numbers = fulltext.numbers(
        ProjectSearch.__tablename__, table.c.number, table.c.document, on_postgresql=on_postgresql
    )
    return select(ProjectSearch.project_id).where(ProjectSearch.number.in_(numbers))


def _fitting(facets: Facets, dates: Sequence[Any], wishes: Wishes) -> Fitting | None:
    date = _best_date(dates, wishes)
    if date is None:
        return None
    project = dates[0]
    card = Card(
        project.slug, project.title, project.title_language, project.area, project.city,
        project.association, date.starts_at, date.ends_at, date.meeting_point,
        max(date.places - date.places_taken, 0), in_order(project.spoken), project.district,
    )  # fmt: skip
    # The free time that is named is that of the date shown.
    return Fitting(card, reasons(replace(facets, slots=frozenset({date.slot})), wishes))


def _best_date(dates: Iterable[Any], wishes: Wishes) -> Any | None:
    """Of those that clash with nothing: in free time, with free places, the nearest."""
    return min(
        (date for date in dates if wishes.is_free(date.starts_at, date.ends_at)),
        key=lambda date: (
            date.slot not in wishes.free,
            date.places_taken >= date.places,
            date.starts_at,
        ),
        default=None,
    )


def _dates(
    ctx: Context, filters: Filters, ids: Sequence[UUID], language: str
) -> dict[UUID, list[Any]]:
    """Of each project its sessions to come, in order; the first row holds the project's words."""
    asked: dict[str, object] = {"ids": ids, "now": ctx.now(), "most": DATES_LOOKED_AT}
    if filters.day:
        asked["first"], asked["next_day"] = rome_day_bounds(filters.day)
    if filters.slots:
        asked["slots"] = list(filters.slots)
    names = frozenset(asked) | ({"free"} if filters.has_free_places else set())
    dates: dict[UUID, list[Any]] = defaultdict(list)
    for row in ctx.db.execute(_coming(names), asked | {"language": language}):
        dates[row.project_id].append(row)
    return dates


@cache
def _coming(asked: frozenset[str]) -> Select[*tuple[Any, ...]]:
    dates = _numbered(asked)
    shown = [column for column in dates.c if column.key != "number"]
    return (
        select(
            *shown,
            Project.slug,
            Project.area,
            Project.district,
            *title_columns(),
            Municipality.name.label("city"),
            Association.name.label("association"),
            all_spoken(),
        )
        .select_from(dates)
        # Words are fetched once a project and not for every date.
        .outerjoin(Project, and_(Project.id == dates.c.project_id, dates.c.number == 1))
        .outerjoin(Municipality, Municipality.id == Project.municipality_id)
        .outerjoin(Association, Association.id == Project.association_id)
        .outerjoin(
            Original,
            and_(Original.project_id == Project.id, Original.language == Project.language),
        )
        .outerjoin(
            Wanted, and_(Wanted.project_id == Project.id, Wanted.language == bindparam("language"))
        )
        .where(dates.c.number <= bindparam("most", type_=Integer))
        .order_by(dates.c.project_id, dates.c.number)
    )


def _numbered(asked: frozenset[str]) -> Subquery:
    """Sessions to come of these projects that the filters let through, in order for each."""
    session = ProjectSession
    number = func.row_number().over(partition_by=session.project_id, order_by=session.starts_at)
    statement = (
        select(
            session.project_id,
            session.starts_at,
            session.ends_at,
            session.slot,
            session.meeting_point,
            session.places,
            session.places_taken,
            number.label("number"),
        )
        .join(Project, Project.id == session.project_id)
        .where(session.project_id.in_(bindparam("ids", expanding=True)))
        .where(session.is_public.is_(True), session.state == SCHEDULED)
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .where(session.starts_at > bindparam("now"))
    )
    if "first" in asked:
        statement = statement.where(session.starts_at >= bindparam("first"))
        statement = statement.where(session.starts_at < bindparam("next_day"))
    if "slots" in asked:
        statement = statement.where(session.slot.in_(bindparam("slots", expanding=True)))
    if "free" in asked:
        statement = statement.where(session.places_taken < session.places)
    return statement.subquery("dates")
