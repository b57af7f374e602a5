"""The association's register of volunteers (Third-Sector Code, art. 17)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import Project
from civic.enrolment.models import Enrolment, RegisterEntry
from civic.enrolment.rules import EnrolmentState, OpenProject
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once


def _register_line(ctx: Context, project: OpenProject, person_id: UUID) -> RegisterEntry | None:
    """The newest line of the person in the association's register."""
    return ctx.db.scalar(
        select(RegisterEntry)
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.association_id == project.association_id)
        .where(RegisterEntry.municipality_id == project.municipality_id)
        .order_by(RegisterEntry.first_day.desc())
        .limit(1)
    )


def enter_in_register(ctx: Context, project: OpenProject, person_id: UUID, today: date) -> None:
    line = _register_line(ctx, project, person_id)
    if line is not None and (line.last_day is None or line.last_day >= today):
        # Left and came back within a day: the same line goes on.
        line.last_day = None
        return
    insert_once(
        ctx.db,
        RegisterEntry,
        id=ctx.new_id(),
        municipality_id=project.municipality_id,
        person_id=person_id,
        association_id=project.association_id,
        first_day=today,
        last_day=None,
    )


def end_register_line(ctx: Context, project: OpenProject, person_id: UUID) -> None:
    """Their last day, unless they take part in another project of the association there."""
    elsewhere = ctx.db.scalar(
        select(Enrolment.id)
        .join(Project, Project.id == Enrolment.project_id)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(Project.association_id == project.association_id)
        .where(Project.municipality_id == project.municipality_id)
        .limit(1)
    )
    line = _register_line(ctx, project, person_id)
    if elsewhere is None and line is not None and line.last_day is None:
        line.last_day = rome_day(ctx.now())
