"""Sessions as values, and the gate by which an id becomes one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.texts import SCHEDULED, title_columns, with_words
from civic.catalogue.rules import LONGEST_SESSION, Area, SessionState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place
from civic.tenancy.models import Association

MOST_SHOWN = 100


@dataclass(frozen=True)
class SessionBasics:
    """What the gate must know of a session: no words."""

    id: UUID
    project_id: UUID
    area: Area
    association_id: UUID
    municipality_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: SessionState

    @property
    def is_cancelled(self) -> bool:
        return self.state is SessionState.CANCELLED


BASICS = (
    ProjectSession.id,
    ProjectSession.project_id,
    Project.area,
    Project.association_id,
    ProjectSession.municipality_id,
    ProjectSession.starts_at,
    ProjectSession.ends_at,
    ProjectSession.state,
)
"""Of which `SessionBasics` are made, in this order."""


@dataclass(frozen=True)
class SessionFacts(SessionBasics):
    """A session and what it is a session of."""

    slug: str
    title: str
    title_language: str
    association_name: str
    meeting_point: str
    places: int
    places_taken: int
    minimum_age: int
    sequence: int

    @property
    def places_free(self) -> int:
        return max(self.places - self.places_taken, 0)


@cache
def _facts() -> Select[*tuple[Any, ...]]:
    session = ProjectSession
    statement = (
        select(
            *BASICS,
            Project.slug,
            *title_columns(),
            Association.name,
            session.meeting_point,
            session.places,
            session.places_taken,
            Project.minimum_age,
            session.sequence,
        )
        .join(Project, Project.id == session.project_id)
        .join(Association, Association.id == Project.association_id)
    )
    return with_words(statement)


@cache
def _some() -> Select[*tuple[Any, ...]]:
    return _facts().where(ProjectSession.id.in_(bindparam("ids", expanding=True)))


_DATES = (
    ProjectSession.id,
    ProjectSession.starts_at,
    ProjectSession.ends_at,
    ProjectSession.meeting_point,
    ProjectSession.places,
    ProjectSession.places_taken,
    ProjectSession.state,
    ProjectSession.sequence,
)


@cache
def _to_come() -> Select[*tuple[Any, ...]]:
    session = ProjectSession
    return (
        select(*_DATES)
        .where(session.project_id == bindparam("project_id"))
        # The start alone stands in an index; no session is longer than this.
        .where(session.starts_at > bindparam("lately"), session.ends_at > bindparam("now"))
        .where(session.state == SCHEDULED)
        .order_by(session.starts_at)
        .limit(MOST_SHOWN)
    )


def sessions_to_come(ctx: Context, project_id: UUID, **project: Any) -> tuple[SessionFacts, ...]:
    """Scheduled and not over yet, the nearest first; what holds for the project is known already."""
    now = ctx.now()
    asked = {"project_id": project_id, "now": now, "lately": now - LONGEST_SESSION}
    rows = ctx.db.execute(_to_come(), asked)
    return tuple(SessionFacts(project_id=project_id, **project, **row._mapping) for row in rows)


def sessions_of(ctx: Context, project_id: UUID, language: str) -> tuple[SessionFacts, ...]:
    """All of them, the latest first, cancelled ones too, for those who run the project."""
    rows = ctx.db.execute(
        _facts()
        .where(ProjectSession.project_id == project_id)
        .order_by(ProjectSession.starts_at.desc())
        .limit(MOST_SHOWN),
        {"language": language},
    )
    return tuple(SessionFacts(*row) for row in rows)


def session_facts(
    ctx: Context, ids: Iterable[UUID], language: str | None = None
) -> dict[UUID, SessionFacts]:
    """Those the actor may read, in the actor's language unless another is named."""
    rows = ctx.db.execute(
        _some(), {"language": language or ctx.actor.language, "ids": list(set(ids))}
    )
    return {row[0]: SessionFacts(*row) for row in rows}


def session_for(ctx: Context, session_id: UUID, permission: Permission) -> SessionFacts:
    """The gate: a session where the actor may do this."""
    facts = session_facts(ctx, [session_id]).get(session_id)
    if facts is None:
        raise NotFound
    permission.require(ctx.actor, Place(facts.municipality_id, facts.association_id))
    return facts
