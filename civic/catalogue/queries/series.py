"""What repeats, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import ProjectSession, SessionSeries
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.queries.texts import SCHEDULED
from civic.catalogue.rhythm import Rhythm
from civic.kernel.context import Context


@dataclass(frozen=True)
class Repetition:
    """The series of a session that can be changed."""

    rhythm: Rhythm
    following: int
    """Sessions from this one on, itself counted, that can be changed."""
    coming: int
    """All of them."""


def repetition_of(ctx: Context, facts: SessionFacts) -> Repetition | None:
    """None for a session that stands alone. No gate: callers hold one."""
    row = ctx.db.execute(
        select(
            SessionSeries.id, SessionSeries.rule, SessionSeries.first_day, ProjectSession.series_day
        )
        .join(ProjectSession, ProjectSession.series_id == SessionSeries.id)
        .where(ProjectSession.id == facts.id)
    ).first()
    if row is None or row.series_day is None:
        return None
    days: list[date | None] = list(
        ctx.db.scalars(
            select(ProjectSession.series_day)
            .where(ProjectSession.series_id == row.id)
            .where(ProjectSession.state == SCHEDULED)
            .where(ProjectSession.starts_at > ctx.now())
        )
    )
    following = sum(1 for day in days if day is not None and day >= row.series_day)
    return Repetition(Rhythm.of(row.rule, row.first_day), following, len(days))


def starts_there(ctx: Context, project_id: UUID) -> frozenset[datetime]:
    """When sessions of the project to come begin, cancelled ones too. No gate: callers hold one."""
    return frozenset(
        ctx.db.scalars(
            select(ProjectSession.starts_at)
            .where(ProjectSession.project_id == project_id)
            .where(ProjectSession.starts_at > ctx.now())
        )
    )
