"""Asking to join and answering, each in a transaction of its own, and what is left behind."""

from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import Project, ProjectRequirement
from civic.catalogue.queries.projects import ProjectPage, project_page
from civic.catalogue.rules import RequirementKind
from civic.enrolment.models import Enrolment, RegisterEntry
from civic.enrolment.operations import joining, requests
from civic.enrolment.policy import ANSWER_REQUEST
from civic.enrolment.queries.requests import (
    JoiningStand,
    joining_stand,
)
from civic.enrolment.rules import EnrolmentState
from civic.kernel.db.database import Database
from civic.kernel.policy import Permission, system_in
from tests.factories.attendance import Ground, signed_in


def set_project(database: Database, ground: Ground, **values: object) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        project = ctx.db.get_one(Project, ground.project_id)
        for name, value in values.items():
            setattr(project, name, value)


def require(database: Database, ground: Ground, kind: RequirementKind, value: str) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.add(ProjectRequirement(project_id=ground.project_id, kind=kind, value=value))


def ask(database: Database, ground: Ground, person_id: UUID, words: str = "") -> EnrolmentState:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        return joining.enrol(ctx, ground.project_id, words)


def enrolment(database: Database, ground: Ground, person_id: UUID) -> Enrolment:
    with database.reading(system_in(ground.city.id)) as ctx:
        row = ctx.db.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()
        ctx.db.expunge(row)
        return row


def answer(
    database: Database,
    staff_id: UUID,
    enrolment_id: UUID,
    reason: str | None = None,
    permission: Permission = ANSWER_REQUEST,
) -> None:
    """Yes; with a reason, not now."""
    with database.unit_of_work(signed_in(database, staff_id)) as ctx:
        if reason is None:
            requests.approve(ctx, enrolment_id, permission)
        else:
            requests.put_off(ctx, enrolment_id, permission, reason)


def stand(database: Database, ground: Ground, person_id: UUID) -> JoiningStand:
    with database.reading(signed_in(database, person_id)) as ctx:
        return joining_stand(ctx, page_of(database, ground))


def page_of(database: Database, ground: Ground) -> ProjectPage:
    with database.reading(system_in()) as ctx:
        slug = ctx.db.scalars(select(Project.slug).where(Project.id == ground.project_id)).one()
        return project_page(ctx, slug, "it")


def register(database: Database, ground: Ground) -> list[UUID]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(RegisterEntry.person_id)))


def carry(database: Database) -> int:
    with database.unit_of_work(system_in()) as ctx:
        return requests.carry_unanswered_requests(ctx)
