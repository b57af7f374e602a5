"""The course “Rules of living together”: a project of the site, and who has been there often enough."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import Project
from civic.catalogue.rules import ProjectState
from civic.housing.book_errors import CourseUnknown
from civic.housing.market_models import HousingCourse
from civic.housing.operations.steps import take_step
from civic.housing.placing_models import Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.market import attended, course_of
from civic.housing.rules.market import MOST_SESSIONS
from civic.housing.rules.steps import Step
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place


def choose_course(ctx: Context, municipality_id: UUID, project_id: UUID, sessions: int) -> None:
    """From now on this project is the course; whoever was there often enough has done it already.
    CourseUnknown."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    project = ctx.db.scalars(select(Project).where(Project.id == project_id)).first()
    if (
        project is None
        or project.municipality_id != municipality_id
        or project.state is not ProjectState.PUBLISHED
        or not 1 <= sessions <= MOST_SESSIONS
    ):
        raise CourseUnknown
    row = ctx.db.scalars(
        select(HousingCourse)
        .where(HousingCourse.municipality_id == municipality_id)
        .with_for_update()
    ).first()
    if row is None:
        row = HousingCourse(id=ctx.new_id(), municipality_id=municipality_id)
        ctx.db.add(row)
    row.project_id, row.sessions = project.id, sessions
    row.chosen_at, row.chosen_by = ctx.now(), ctx.actor.person_id
    ctx.db.flush()
    residents = ctx.db.scalars(
        select(Resident)
        .where(Resident.municipality_id == municipality_id, Resident.person_id.is_not(None))
        .order_by(Resident.id)
    ).all()
    _see(ctx, row, residents)


def see_course(ctx: Context, municipality_id: UUID, person_id: UUID) -> None:
    """After somebody's hours changed: whether that was the session that was missing."""
    course = course_of(ctx, municipality_id)
    if course is None:
        return
    residents = ctx.db.scalars(
        select(Resident).where(
            Resident.municipality_id == municipality_id, Resident.person_id == person_id
        )
    ).all()
    _see(ctx, course, residents)


def _see(ctx: Context, course: HousingCourse, residents: Sequence[Resident]) -> None:
    been = attended(ctx, course, [each.person_id for each in residents if each.person_id])
    for each in residents:
        if each.person_id and been.get(each.person_id, 0) >= course.sessions:
            take_step(ctx, each.id, Step.COURSE_DONE, rome_day(ctx.now()), course.project_id)
