"""How soon associations answer requests, and how many of their sessions take place."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select

from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.measures import LOOKED_AT, Measure
from civic.enrolment.models import Enrolment
from civic.enrolment.policy import READ_MEASURES
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Place

Body = tuple[UUID, UUID]
"""An association in a city."""


def measure_of(ctx: Context, association_id: UUID, municipality_id: UUID) -> Measure:
    """For everybody: it counts people and names none. Two statements."""
    with unscoped(ctx.db, "how soon an association answers: counts alone"):
        found = _measures(
            ctx,
            Project.association_id == association_id,
            Project.municipality_id == municipality_id,
        )
    return found.get((association_id, municipality_id), Measure())


def measures_in(ctx: Context, municipality_ids: Iterable[UUID]) -> dict[Body, Measure]:
    """For officers: all that work in their cities. Two statements."""
    cities = [
        city for city in set(municipality_ids) if READ_MEASURES.allows(ctx.actor, Place(city))
    ]
    return _measures(ctx, Project.municipality_id.in_(cities)) if cities else {}


def _measures(ctx: Context, *which: ColumnElement[bool]) -> dict[Body, Measure]:
    now = ctx.now()
    waits: dict[Body, list[timedelta]] = defaultdict(list)
    rows = ctx.db.execute(
        select(
            Project.association_id,
            Project.municipality_id,
            Enrolment.joined_at,
            Enrolment.decided_at,
        )
        .join(Project, Project.id == Enrolment.project_id)
        .where(*which)
        .where(Project.needs_approval)
        .where(Enrolment.joined_at > now - LOOKED_AT)
        # Silence that was carried to the municipality counts as long as it lasts.
        .where(or_(Enrolment.decided_at.is_not(None), Enrolment.escalated_at.is_not(None)))
    )
    for row in rows:
        waits[row[0], row[1]].append(max((row.decided_at or now) - row.joined_at, timedelta()))
    held = case((ProjectSession.state == SessionState.SCHEDULED, 1), else_=0)
    sessions = ctx.db.execute(
        select(
            Project.association_id,
            Project.municipality_id,
            func.sum(held).label("held"),
            func.count().label("sessions"),
        )
        .select_from(ProjectSession)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(*which)
        .where(ProjectSession.is_public.is_(True))
        .where(ProjectSession.starts_at > now - LOOKED_AT, ProjectSession.ends_at <= now)
        .group_by(Project.association_id, Project.municipality_id)
    )
    counts = {(row[0], row[1]): (row.held, row.sessions) for row in sessions}
    return {
        body: Measure(tuple(waits[body]), *counts.get(body, (0, 0))) for body in {*waits, *counts}
    }
