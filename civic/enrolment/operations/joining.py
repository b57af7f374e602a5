"""Joining a project."""

from uuid import UUID

from sqlalchemy import select

from civic.accounts import operations as accounts
from civic.accounts import queries as people
from civic.catalogue.rules import ProjectState
from civic.enrolment.errors import AgeUnknown, ProjectNotOpen, TooYoung
from civic.enrolment.models import Enrolment
from civic.enrolment.operations.register import enter_in_register
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.queries import enrolments
from civic.enrolment.rules import EnrolmentState, OpenProject, is_old_enough
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


def enrol(ctx: Context, project_id: UUID) -> None:
    """The actor joins a project; a second time changes nothing."""
    person_id = take_turn(ctx)
    join(ctx, enrolments.project_to_join(ctx, project_id=project_id), person_id)


def join(ctx: Context, project: OpenProject, person_id: UUID) -> None:
    if project.state is not ProjectState.PUBLISHED:
        raise ProjectNotOpen
    today = rome_day(ctx.now())
    birth_year = people.birth_year(ctx, person_id)
    if birth_year is None:
        raise AgeUnknown
    if not is_old_enough(birth_year, project.minimum_age, today):
        raise TooYoung(minimum=project.minimum_age)
    ctx.enter(project.municipality_id)
    accounts.note_in_city(ctx, person_id, project.municipality_id)
    enrolment = enrolment_of(ctx, project.id, person_id)
    if enrolment is None:
        enrolment = Enrolment(
            id=ctx.new_id(),
            municipality_id=project.municipality_id,
            person_id=person_id,
            project_id=project.id,
            state=EnrolmentState.WITHDRAWN,
            joined_at=ctx.now(),
        )
        ctx.db.add(enrolment)
    if enrolment.state is EnrolmentState.WITHDRAWN:
        enrolment.state, enrolment.joined_at = EnrolmentState.ACTIVE, ctx.now()
        ctx.db.flush()
    enter_in_register(ctx, project, person_id, today)


def enrolment_of(ctx: Context, project_id: UUID, person_id: UUID) -> Enrolment | None:
    return ctx.db.scalar(
        select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.project_id == project_id)
    )
