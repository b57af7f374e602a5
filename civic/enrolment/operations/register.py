"""The association's register of volunteers (Third-Sector Code, art. 17): lines are only added."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import Project
from civic.enrolment.models import Enrolment, RegisterEntry, RegisterLine
from civic.enrolment.queries import register
from civic.enrolment.register_chain import Line, Who, content_of, line_hash
from civic.enrolment.rules import EnrolmentState, LegalBasis, LineKind, OpenProject
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.tenancy.models import AssociationInCity


def lock_register(ctx: Context, association_id: UUID, municipality_id: UUID) -> None:
    """Nobody else adds a line until this transaction ends: numbers stay without a gap, and the
    chain has one end. After the people's rows, before any session's."""
    held = ctx.db.scalar(
        select(AssociationInCity.id)
        .where(AssociationInCity.association_id == association_id)
        .where(AssociationInCity.municipality_id == municipality_id)
        .with_for_update()
    )
    if held is None:
        raise NotFound


def enter_in_register(ctx: Context, project: OpenProject, person_id: UUID, today: date) -> None:
    """Who takes part as a volunteer stands in the register from that day on.

    The person's row is held by the caller, so nothing else moves their entries meanwhile.
    """
    entry = _newest_entry(ctx, project, person_id)
    if entry is not None and entry.last_day is None:
        return
    lock_register(ctx, project.association_id, project.municipality_id)
    if entry is not None and entry.last_day is not None and entry.last_day >= today:
        # Left and came back within a day: the line that ended it is set right.
        entry.last_day = None
        write_line(ctx, entry, LineKind.CORRECTED)
        return
    entry = RegisterEntry(
        id=ctx.new_id(),
        municipality_id=project.municipality_id,
        person_id=person_id,
        association_id=project.association_id,
        first_day=today,
        last_day=None,
    )
    write_line(ctx, entry, LineKind.ENTERED)
    ctx.db.add(entry)
    ctx.db.flush()


def end_register_line(ctx: Context, project: OpenProject, person_id: UUID) -> None:
    """Their last day, unless they are a volunteer in another project of the association there."""
    entry = _newest_entry(ctx, project, person_id)
    if entry is None or entry.last_day is not None:
        return
    elsewhere = ctx.db.scalar(
        select(Enrolment.id)
        .join(Project, Project.id == Enrolment.project_id)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(Enrolment.legal_basis == LegalBasis.VOLUNTEER)
        .where(Project.association_id == project.association_id)
        .where(Project.municipality_id == project.municipality_id)
        .limit(1)
    )
    if elsewhere is None:
        lock_register(ctx, project.association_id, project.municipality_id)
        entry.last_day = rome_day(ctx.now())
        write_line(ctx, entry, LineKind.LEFT)


def write_line(ctx: Context, entry: RegisterEntry, kind: LineKind) -> None:
    """The next line of the register, about the entry as it now stands. Under `lock_register`."""
    end = register.end_of(ctx, entry.association_id, entry.municipality_id)
    line = Line(
        id=ctx.new_id(),
        municipality_id=entry.municipality_id,
        association_id=entry.association_id,
        number=end.number + 1,
        kind=kind,
        person_id=entry.person_id,
        content=content_of(
            register.volunteer(ctx, entry.person_id) or Who("", None),
            entry.first_day,
            entry.last_day,
        ),
        corrects=entry.last_line if kind is LineKind.CORRECTED else None,
        recorded_at=ctx.now(),
        recorded_by=ctx.actor.person_id,
        previous_hash=end.hash,
    )
    ctx.db.add(RegisterLine(**line._asdict(), hash=line_hash(line)))
    entry.last_line = line.number
    ctx.db.flush()


def _newest_entry(ctx: Context, project: OpenProject, person_id: UUID) -> RegisterEntry | None:
    return ctx.db.scalar(
        select(RegisterEntry)
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.association_id == project.association_id)
        .where(RegisterEntry.municipality_id == project.municipality_id)
        .order_by(RegisterEntry.first_day.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
