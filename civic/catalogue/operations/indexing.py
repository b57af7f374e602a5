"""Keeps what projects are found by in step with the projects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, bindparam, delete, or_, select, tuple_, update

from civic.catalogue.finding import Facet, facet
from civic.catalogue.lexicon import FREE, spelled_words, tokens_of, words_in
from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectSearch,
    ProjectSession,
    ProjectText,
    SearchWord,
)
from civic.catalogue.operations.facets import note_facets
from civic.catalogue.queries.texts import PUBLISHED, SCHEDULED
from civic.catalogue.rules import CLOSE
from civic.catalogue.stop_words import STOP_WORDS
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert
from civic.kernel.policy import system_in
from civic.tenancy.models import Association, Municipality

T = TypeVar("T")

EDITION = 1
"""To be counted up when the rules of the documents change: then all are made again."""
BATCH = 500
MOST_ROWS = 5_000
"""Of one statement: both databases limit how much can be said in one."""
SHORTEST_WORD = 3
"""That anybody is told they may have meant."""


def index_project(ctx: Context, project_id: UUID) -> None:
    """At the end of whatever changes a project's words, facts, state or sessions."""
    ctx.db.flush()
    ctx.db.execute(update(Project).where(Project.id == project_id).values(changed_at=ctx.now()))
    if _write(ctx, [project_id]):
        note_facets(ctx, project_id)


def index_missing(ctx: Context, most: int = BATCH) -> int:
    """Index published projects that have no document, or one of an older edition."""
    ids = ctx.db.scalars(
        select(Project.id)
        .outerjoin(ProjectSearch, ProjectSearch.project_id == Project.id)
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .where(or_(ProjectSearch.number.is_(None), ProjectSearch.edition != EDITION))
        .limit(most)
        .with_for_update(of=Project, skip_locked=True)
    ).all()
    if ids:
        _write(ctx, ids)
    return len(ids)


def index_begun(ctx: Context, most: int = BATCH) -> int:
    """Look for the next session of projects whose last known one has begun."""
    ids = ctx.db.scalars(
        select(ProjectSearch.project_id)
        .where(ProjectSearch.next_starts_at <= ctx.now())
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    if ids:
        found = _order_sessions(ctx, ids)
        table = cast("Table", ProjectSearch.__table__)
        change = (
            update(table)
            .where(table.c.project_id == bindparam("of_project"))
            .values(next_starts_at=bindparam("starts"), next_session_id=bindparam("session"))
        )
        rows = [(each, found.get(each, NO_SESSION)) for each in ids]
        ctx.db.connection().execute(
            change,
            [
                {"of_project": each, "starts": next_.starts_at, "session": next_.id}
                for each, next_ in rows
            ],
        )
    return len(ids)


def index_all(database: Database) -> int:
    """Bring the whole index up to now, some hundred projects a transaction."""
    total = 0
    for work in (index_missing, index_begun):
        done = BATCH
        while done == BATCH:
            with database.unit_of_work(system_in()) as ctx:
                done = work(ctx)
            total += done
    return total


@dataclass(frozen=True)
class _Next:
    """A project's next session."""

    id: UUID | None
    starts_at: datetime | None


NO_SESSION = _Next(None, None)


@dataclass
class _Found:
    """What a project is found by."""

    city: str
    minimum_age: int
    latitude: float | None
    longitude: float | None
    tokens: set[str]
    words: set[tuple[str, str]] = field(default_factory=set)

    def read(self, language: str, text: str) -> None:
        self.tokens |= tokens_of(language, text)
        dull = STOP_WORDS.get(language, frozenset())
        for spelled in spelled_words(text):
            is_told = len(spelled) >= SHORTEST_WORD and not spelled.isdecimal()
            if is_told and dull.isdisjoint(words_in(spelled)):
                self.words.add((language, spelled))


def _write(ctx: Context, ids: Sequence[UUID]) -> bool:
    """Write what is published and remove what no longer is; whether there was any of either."""
    found = _read(ctx, ids)
    gone = [each for each in ids if each not in found]
    removed = bool(gone) and _remove(ctx, gone)
    if not found:
        return removed
    coming = _order_sessions(ctx, list(found))
    statement = insert(ctx.db, ProjectSearch).values(
        [
            {
                "project_id": project_id,
                "edition": EDITION,
                "city": each.city,
                "minimum_age": each.minimum_age,
                "latitude": each.latitude,
                "longitude": each.longitude,
                "next_starts_at": coming.get(project_id, NO_SESSION).starts_at,
                "next_session_id": coming.get(project_id, NO_SESSION).id,
                "document": each.tokens,
            }
            for project_id, each in found.items()
        ]
    )
    ctx.db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["project_id"],
            set_={
                column.name: statement.excluded[column.name]
                for column in ProjectSearch.__table__.columns
                if column.name not in ("number", "project_id")
            },
        )
    )
    _note_words(ctx, {word for each in found.values() for word in each.words})
    return True


def _remove(ctx: Context, ids: Sequence[UUID]) -> bool:
    done = ctx.db.execute(delete(ProjectSearch).where(ProjectSearch.project_id.in_(ids)))
    return cast("CursorResult[Any]", done).rowcount > 0


def _read(ctx: Context, ids: Sequence[UUID]) -> dict[UUID, _Found]:
    """Of these projects the published ones; four statements for any number."""
    rows = ctx.db.execute(
        select(
            Project.id,
            Project.area,
            Project.district,
            Project.minimum_age,
            Project.latitude,
            Project.longitude,
            Project.is_wheelchair_accessible,
            Project.needs_no_italian,
            Municipality.slug.label("city"),
            Municipality.name.label("city_name"),
            Association.name.label("association_name"),
        )
        .join(Municipality, Municipality.id == Project.municipality_id)
        .join(Association, Association.id == Project.association_id)
        .where(Project.id.in_(ids), Project.is_public.is_(True), Project.state == PUBLISHED)
    )
    found = {row.id: _facts(row) for row in rows}
    texts = select(
        ProjectText.project_id,
        ProjectText.language,
        ProjectText.title,
        ProjectText.what_you_do,
        ProjectText.what_to_bring,
    ).where(ProjectText.project_id.in_(found))
    for project_id, language, *parts in ctx.db.execute(texts):
        for text in parts:
            found[project_id].read(language, text)
    spoken = select(ProjectLanguage.project_id, ProjectLanguage.language)
    for project_id, tag in ctx.db.execute(spoken.where(ProjectLanguage.project_id.in_(found))):
        found[project_id].tokens.add(facet(Facet.SPOKEN, tag))
    points = (
        select(ProjectSession.project_id, ProjectSession.meeting_point)
        .where(ProjectSession.project_id.in_(found), ProjectSession.state == SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .distinct()
    )
    for project_id, point in ctx.db.execute(points):
        found[project_id].read(FREE, point)
    return found


def _facts(row: Any) -> _Found:
    tokens = {facet(Facet.AREA, row.area), facet(Facet.CITY, row.city)}
    if row.district:
        tokens.add(facet(Facet.DISTRICT, row.city, *words_in(row.district)))
    if row.is_wheelchair_accessible:
        tokens.add(facet(Facet.WHEELCHAIR))
    if row.needs_no_italian:
        tokens.add(facet(Facet.NO_ITALIAN))
    found = _Found(row.city, row.minimum_age, row.latitude, row.longitude, tokens)
    for name in (row.city_name, row.district, row.association_name):
        found.read(FREE, name)
    return found


def _note_words(ctx: Context, words: Iterable[tuple[str, str]]) -> None:
    """Only those that are new, so that two who publish at once rarely wait for each other."""
    for some in _in_parts(sorted(words), MOST_ROWS):
        pair = tuple_(SearchWord.language, SearchWord.word)
        known = {tuple(row) for row in ctx.db.execute(select(*pair).where(pair.in_(some)))}
        new = [
            {"language": language, "word": word}
            for language, word in some
            if (language, word) not in known
        ]
        if new:
            statement = insert(ctx.db, SearchWord).values(new).on_conflict_do_nothing()
            ctx.db.connection().execute(statement)


def _order_sessions(ctx: Context, ids: Sequence[UUID]) -> dict[UUID, _Next]:
    """Write into each session to come whether another stands closely before it; returns the first
    of each project."""
    rows = ctx.db.execute(
        select(
            ProjectSession.id,
            ProjectSession.project_id,
            ProjectSession.slot,
            ProjectSession.starts_at,
            ProjectSession.follows_closely,
        )
        .where(ProjectSession.project_id.in_(ids))
        .where(ProjectSession.is_public.is_(True), ProjectSession.state == SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now() - CLOSE)
        .order_by(ProjectSession.starts_at, ProjectSession.id)
    )
    before: dict[tuple[UUID, int], datetime] = {}
    wrong: dict[bool, list[UUID]] = defaultdict(list)
    coming: dict[UUID, _Next] = {}
    for session_id, project_id, slot, starts_at, said in rows:
        earlier = before.get((project_id, slot))
        follows = earlier is not None and starts_at - earlier <= CLOSE
        before[project_id, slot] = starts_at
        if starts_at > ctx.now():
            coming.setdefault(project_id, _Next(session_id, starts_at))
        if follows is not said:
            wrong[follows].append(session_id)
    for follows, session_ids in wrong.items():
        for some in _in_parts(session_ids, MOST_ROWS):
            ctx.db.execute(
                update(ProjectSession)
                .where(ProjectSession.id.in_(some))
                .values(follows_closely=follows),
                execution_options={"synchronize_session": False},
            )
    return coming


def _in_parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part
