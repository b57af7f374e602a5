"""Which sessions a list shows: of each project that matches the next one that fits, in order.

No way reads the whole catalogue. Few projects match: each is asked for its next session. Many
match: those with the next sessions are asked, in order, whether they match, until the page is full.
For that the index of projects keeps the next session of each, and when hours, a day or free places
are asked for, which change what "next" means, the index of open sessions is walked instead, and
each is asked whether its project matches and has none before it.

That walk is cut into stretches of time, each with the index that suits it, and a stretch is walked
only if those before it did not fill the page. Sessions that closely follow another are nobody's
next one beyond `CLOSE` from now: that far stretch has an index without them, so that the last page
costs what the first does.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Label,
    Select,
    Subquery,
    Uuid,
    bindparam,
    case,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from civic.catalogue.finding import Facet, facet
from civic.catalogue.models import Project, ProjectSearch, ProjectSession
from civic.catalogue.queries.search import Search
from civic.catalogue.queries.texts import PUBLISHED, SCHEDULED
from civic.catalogue.rules import CLOSE, Cursor, next_stretch
from civic.kernel.clock import rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db import fulltext
from civic.kernel.db.base import UtcInstant
from civic.kernel.db.dialects import any_of, one_by_one
from civic.kernel.db.fulltext import Query, Shape, Term
from civic.tenancy.models import Municipality

KEPT = 500
"""Statements put together: building one costs more than running it."""
AnySession = type[ProjectSession] | AliasedClass[ProjectSession]
Condition = ColumnElement[bool]
Candidates = Select[*tuple[Any, ...]]
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
LAST = UUID(int=(1 << 128) - 1)


class Stretch(Enum):
    """Of time, as far as it decides what a statement looks like."""

    ALL = auto()
    ONE_SLOT = auto()
    """The next hours that fit: they are together, so the plain order will do."""
    NEAR = auto()
    FAR = auto()
    """Where sessions that closely follow another are nobody's next."""


@dataclass(frozen=True)
class Asked:
    """All that decides what a statement looks like; the rest are its parameters."""

    on_postgresql: bool
    shape: Shape
    """Of the words and facts that each project is asked for; empty when dates alone count."""
    has_many: bool
    has_city: bool
    """Whether only one city's projects are asked; `shape` is without it then."""
    slots: int
    """How many slots of the week will do; 0 for any."""
    has_day: bool
    has_free_places: bool
    has_age: bool
    limit: int
    """One more than a page shows, to know whether another follows."""
    is_after: bool = False
    """Whether a page by distance comes after another; by date, each comes after something."""
    stretch: Stretch = Stretch.ALL

    @property
    def is_walk(self) -> bool:
        """Whether sessions are walked, and not what is kept of each project's next."""
        return self.has_many and (self.has_dates or not (self.shape or self.has_city))

    @property
    def has_dates(self) -> bool:
        """Whether a project's next session may be none of those that fit."""
        return bool(self.slots) or self.has_day or self.has_free_places


@dataclass(frozen=True)
class Step:
    """A statement to be tried, if those before it did not fill the page."""

    asked: Asked
    begins: datetime
    ends: datetime

    def parameters(self, after: Cursor) -> dict[str, Any]:
        """`after` or the beginning of the step, whichever is later."""
        low = max((after.at, after.id), (self.begins - MOMENT, LAST))
        return {"low_at": low[0], "low_id": low[1], "ends": self.ends}


def asked_of(ctx: Context, search: Search, limit: int, *, is_after: bool = False) -> Asked:
    filters = search.filters
    asked = Asked(
        on_postgresql=fulltext.is_on_postgresql(ctx.db),
        shape=(),
        has_many=search.has_many,
        has_city=False,
        slots=len(filters.slots),
        has_day=filters.day is not None,
        has_free_places=filters.has_free_places,
        has_age=filters.age is not None,
        limit=limit + 1,
        is_after=is_after,
    )
    has_city = search.has_many and filters.city is not None
    query = _each_asked(search, has_city=has_city) if search.has_many else ()
    return replace(asked, shape=fulltext.shape_of(query), has_city=has_city)


def _each_asked(search: Search, *, has_city: bool) -> Query:
    """What each project is asked for; not for its city, if only that city's are asked."""
    if not has_city:
        return search.query
    city = Term(facet(Facet.CITY, str(search.filters.city)))
    return tuple(group for group in search.query if group != (city,))


def parameters(ctx: Context, search: Search, asked: Asked) -> dict[str, Any]:
    """Of the statements below, but for their step and page."""
    filters = search.filters
    since, until = rome_day_bounds(filters.day) if filters.day else (ctx.now(), END_OF_TIME)
    values: dict[str, Any] = {"now": ctx.now(), "since": since, "until": until}
    if search.numbers is not None:
        values["numbers"] = search.numbers.listed
    elif asked.shape:
        query = _each_asked(search, has_city=asked.has_city)
        values |= fulltext.parameters(query, on_postgresql=asked.on_postgresql)
    if asked.has_city:
        values["city"] = filters.city
    if filters.age is not None:
        values["age"] = filters.age
    return values | {f"slot_{n}": each for n, each in enumerate(sorted(filters.slots))}


def beginning(ctx: Context, after: Cursor | None) -> Cursor:
    """Where a page begins: after another one, but not before now."""
    first = Cursor(ctx.now(), LAST)
    return max(after or first, first, key=lambda each: (each.at, each.id))


def steps(ctx: Context, search: Search, asked: Asked, after: Cursor) -> list[Step]:
    """The stretches of time to walk, the nearest first."""
    filters, now = search.filters, ctx.now()
    horizon = now + CLOSE
    if filters.day:
        return [Step(asked, *rome_day_bounds(filters.day))]
    if not asked.is_walk or asked.has_free_places:
        return [Step(asked, now, END_OF_TIME)]
    near = replace(asked, stretch=Stretch.NEAR)
    far = Step(replace(asked, stretch=Stretch.FAR), horizon, END_OF_TIME)
    if not filters.slots or asked.has_city:
        return [Step(near, now, horizon), far]
    begins, ends = next_stretch(filters.slots, max(now, after.at))
    first = Step(replace(asked, stretch=Stretch.ONE_SLOT), begins, min(ends, horizon))
    return [first, Step(near, min(ends, horizon), horizon), far]


@lru_cache(maxsize=KEPT)
def soonest(asked: Asked) -> Subquery:
    """Sessions by their start, one a project, and one more than the page shows."""
    if not asked.has_many:
        return limited(_in_order(_following(asked, *few_that_match(asked))), asked)
    if not asked.is_walk:
        return _by_next(asked)
    session = ProjectSession
    order = (session.starts_at, session.id)
    by_slot = asked.stretch in (Stretch.NEAR, Stretch.FAR) and not asked.has_city
    if not asked.slots or not by_slot:
        return limited(_walk(asked).order_by(*order), asked)
    # The sessions of one slot are in order by its index.
    walks = [limited(_walk(asked, slot).order_by(*order), asked) for slot in range(asked.slots)]
    return _merged(asked, *(select(walk) for walk in walks))


def limited(statement: Candidates | CompoundSelect[*tuple[Any, ...]], asked: Asked) -> Subquery:
    """Written out and not bound: PostgreSQL keeps its plan only for a limit that it knows."""
    return statement.limit(literal_column(str(asked.limit))).subquery()


def _merged(asked: Asked, *statements: Candidates) -> Subquery:
    merged = union_all(*statements)
    columns = merged.selected_columns
    return limited(merged.order_by(columns.starts_at, columns.id), asked)


def _in_order(found: Subquery) -> Candidates:
    return (
        select(found.c.id, found.c.starts_at)
        .where(found.c.id.is_not(None), _comes_after(found.c.starts_at, found.c.id))
        .order_by(found.c.starts_at, found.c.id)
    )


def _following(asked: Asked, *conditions: Condition) -> Subquery:
    """The next session of each of these projects, if there is one."""
    columns = (next_session(asked, "id"), next_session(asked, "starts_at"))
    return select(*columns).where(*conditions).subquery("following")


def next_session(asked: Asked, name: str) -> Label[Any]:
    """A column of the next session that fits; as the index keeps it, where it can be relied on."""
    session = aliased(ProjectSession, name="coming")
    found = (
        select(getattr(session, name))
        .where(session.project_id == ProjectSearch.project_id, *fits(session, asked))
        .order_by(session.starts_at)
        .limit(literal_column("1"))
        .correlate(ProjectSearch)
        .scalar_subquery()
    )
    if asked.has_dates:
        return found.label(name)
    kept = ProjectSearch.next_session_id if name == "id" else ProjectSearch.next_starts_at
    return case((_is_to_come(), kept), (kept.is_not(None), found)).label(name)


def _is_to_come() -> Condition:
    return ProjectSearch.next_starts_at > bindparam("now", type_=UtcInstant)


def _by_next(asked: Asked) -> Subquery:
    """By the next sessions that the index keeps; those that have begun since are looked up."""
    starts_at, row = ProjectSearch.next_starts_at, ProjectSearch.next_session_id
    matching = many_that_match(asked)
    kept = (
        select(row.label("id"), starts_at.label("starts_at"))
        .where(_comes_after(starts_at, row), *matching)
        .order_by(starts_at, row)
    )
    # Between two instants PostgreSQL expects few rows, before one of them a third of all.
    begun = starts_at.between(LONG_AGO, bindparam("now", type_=UtcInstant))
    late = _in_order(_following(asked, begun, *matching))
    return _merged(asked, select(limited(kept, asked)), select(limited(late, asked)))


def _walk(asked: Asked, slot: int | None = None) -> Candidates:
    session = ProjectSession
    # All that begins in the one slot does so at the right time: to ask would mislead PostgreSQL.
    sought = replace(asked, slots=0) if asked.stretch is Stretch.ONE_SLOT else asked
    statement = (
        select(session.id, session.starts_at)
        .where(_comes_after(session.starts_at, session.id))
        .where(session.starts_at < bindparam("ends", type_=UtcInstant))
        .where(*_is_open(session, sought, slot))
    )
    if asked.stretch is Stretch.FAR:
        statement = statement.where(session.follows_closely.is_(False))
    if asked.has_city:
        city = select(Municipality.id).where(Municipality.slug == bindparam("city"))
        statement = statement.where(session.municipality_id == city.scalar_subquery())
    project: Any = ProjectSearch if asked.shape else Project
    key = ProjectSearch.project_id if asked.shape else Project.id
    statement = statement.join(project, key == session.project_id)
    if asked.shape:
        statement = statement.where(*many_that_match(replace(asked, has_city=False)))
    else:
        statement = statement.where(Project.is_public.is_(True), Project.state == PUBLISHED)
        if asked.has_age:
            statement = statement.where(Project.minimum_age <= bindparam("age"))
    return statement.where(_is_first(asked, key))


def few_that_match(asked: Asked) -> list[Condition]:
    """Those that the index of documents gave."""
    numbers = any_of(ProjectSearch.number, "numbers", on_postgresql=asked.on_postgresql)
    return [numbers, *_young_enough(asked)]


def many_that_match(asked: Asked) -> list[Condition]:
    """Each asked by itself."""
    if asked.has_city:
        in_city = ProjectSearch.city == bindparam("city")
        return [in_city, *many_that_match(replace(asked, has_city=False))]
    if not asked.shape:
        return _young_enough(asked)
    holds = fulltext.holds(ProjectSearch.document, asked.shape, on_postgresql=asked.on_postgresql)
    return [holds, *_young_enough(asked)]


def _young_enough(asked: Asked) -> list[Condition]:
    return [ProjectSearch.minimum_age <= bindparam("age")] if asked.has_age else []


def fits(session: AnySession, asked: Asked) -> list[Condition]:
    """To come, and as the filters want it, its project aside."""
    now, since, until = (bindparam(name, type_=UtcInstant) for name in ("now", "since", "until"))
    return [
        session.starts_at > now,
        session.starts_at >= since,
        session.starts_at < until,
        *_is_open(session, asked),
    ]


def _is_open(session: AnySession, asked: Asked, slot: int | None = None) -> list[Condition]:
    """As the filters want it, but for its day; `slot` is the one being walked."""
    wanted = [session.is_public.is_(True), session.state == SCHEDULED]
    if slot is not None:
        wanted.append(session.slot == bindparam(f"slot_{slot}", type_=Integer))
    elif asked.slots:
        # A sum stands in no index: the sessions of one project are meant, not all of a slot.
        places = [bindparam(f"slot_{number}", type_=Integer) for number in range(asked.slots)]
        wanted.append((session.slot + literal_column("0")).in_(places))
    if asked.has_free_places:
        wanted.append(session.places_taken < session.places)
    return wanted


def _is_first(asked: Asked, project_id: Any) -> Condition:
    """No earlier session of the project fits. The last condition, as the dearest to find out;
    SQLite asks it before it looks for a row of which nothing is said here, so it names the
    project's, which is looked for first. PostgreSQL would make a join of "there is none"."""
    earlier = aliased(ProjectSession, name="earlier")
    before_it = (
        select(earlier.id)
        .where(earlier.project_id == project_id, *fits(earlier, asked))
        .where(earlier.starts_at < ProjectSession.starts_at)
    )
    return one_by_one(~before_it.exists(), on_postgresql=asked.on_postgresql)


def _comes_after(starts_at: Any, row: Any) -> Condition:
    """After where the page begins. The only lower bound of a walk: beside any other, SQLite would
    seek to the instant alone and read all that begins at it."""
    low = (bindparam("low_at", type_=UtcInstant), bindparam("low_id", type_=Uuid))
    return tuple_(starts_at, row) > tuple_(*low)
