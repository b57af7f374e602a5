"""Corrections that wait for a second person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from civic.accounts.models import Person
from civic.attendance.models import Correction
from civic.attendance.queries.to_look_at import theirs_to_correct
from civic.attendance.rules import CorrectionKind, CorrectionState
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.kernel.context import Context
from civic.kernel.policy import Actor

MOST_SHOWN = 200

_Writer = aliased(Person)


@dataclass(frozen=True)
class Proposed:
    """Minutes of one day as somebody, or the system, says they were."""

    id: UUID
    session_id: UUID
    person_id: UUID
    name: str
    day: date
    minutes: int
    kind: CorrectionKind
    reason: str
    made_by: UUID | None
    writer: str | None
    """Nobody, when the system proposed it."""
    made_at: datetime

    def can_be_confirmed_by(self, actor: Actor) -> bool:
        """By a second person: not who wrote it, nor whose hours they are."""
        return actor.person_id not in (self.made_by, self.person_id)

    def can_be_refused_by(self, actor: Actor) -> bool:
        """Also by whoever wrote it: they take it back."""
        return actor.person_id != self.person_id

    def is_written_by(self, actor: Actor) -> bool:
        return self.made_by is not None and self.made_by == actor.person_id


def _proposed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Correction.id,
            Correction.session_id,
            Correction.person_id,
            Person.name,
            Correction.day,
            Correction.minutes,
            Correction.kind,
            Correction.reason,
            Correction.made_by,
            _Writer.name,
            Correction.made_at,
        )
        .join(Person, Person.id == Correction.person_id)
        .outerjoin(_Writer, _Writer.id == Correction.made_by)
        .where(Correction.state == CorrectionState.PROPOSED)
        .limit(MOST_SHOWN)
    )


def proposals_of(ctx: Context, session_id: UUID) -> dict[UUID, list[Proposed]]:
    """Of a session, by person and day; callers hold a gate."""
    rows = ctx.db.execute(
        _proposed()
        .where(Correction.session_id == session_id)
        .order_by(Correction.day, Correction.made_at, Correction.id)
    )
    found: dict[UUID, list[Proposed]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(_as_proposed(row))
    return found


def proposals(ctx: Context) -> list[tuple[SessionFacts, list[Proposed]]]:
    """Wherever the actor may correct hours, the oldest first, since they wait the longest; those
    that wait for somebody else stand there too. Two statements."""
    rows = ctx.db.execute(
        _proposed()
        .join(ProjectSession, ProjectSession.id == Correction.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(theirs_to_correct(ctx.actor))
        .order_by(Correction.made_at, Correction.day, Correction.id)
    )
    by_session: dict[UUID, list[Proposed]] = {}
    for row in rows:
        by_session.setdefault(row.session_id, []).append(_as_proposed(row))
    facts = session_facts(ctx, by_session) if by_session else {}
    return [(facts[key], found) for key, found in by_session.items() if key in facts]


def _as_proposed(row: Row[*tuple[Any, ...]]) -> Proposed:
    return Proposed(*row)
