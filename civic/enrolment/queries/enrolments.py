"""Projects that can be joined, and who has."""

from uuid import UUID

from sqlalchemy import exists, select

from civic.catalogue.models import Project, ProjectRequirement
from civic.enrolment.models import (
    Enrolment,
)
from civic.enrolment.rules import (
    EnrolmentState,
    OpenProject,
)
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def project_to_join(
    ctx: Context, *, project_id: UUID | None = None, slug: str | None = None
) -> OpenProject:
    """A project that everybody may see; one that is not approved is absent to whoever joins."""
    wanted = Project.id == project_id if project_id else Project.slug == slug
    row = ctx.db.execute(
        select(
            Project.id,
            Project.slug,
            Project.association_id,
            Project.municipality_id,
            Project.state,
            Project.minimum_age,
            Project.is_occasional,
            Project.needs_approval,
            exists().where(ProjectRequirement.project_id == Project.id),
        ).where(wanted, Project.is_public.is_(True))
    ).first()
    if row is None:
        raise NotFound
    return OpenProject(*row)


def is_enrolled(ctx: Context, project_id: UUID) -> bool:
    """Whether the actor has joined."""
    return bool(
        ctx.db.scalar(
            select(Enrolment.id)
            .where(Enrolment.project_id == project_id)
            .where(Enrolment.person_id == ctx.actor.person_id)
            .where(Enrolment.state == EnrolmentState.ACTIVE)
        )
    )
