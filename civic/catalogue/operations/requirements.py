"""Badges that a project asks for. The rooms above know what they are called."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete

from civic.catalogue.models import ProjectRequirement
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.operations.sessions import editable
from civic.catalogue.rules import RequirementKind
from civic.kernel.context import Context


def ask_for_badges(ctx: Context, project_id: UUID, codes: Iterable[str]) -> None:
    """These and no others; whoever has joined already stays in."""
    project = editable(ctx, project_id)
    ctx.db.execute(
        delete(ProjectRequirement)
        .where(ProjectRequirement.project_id == project.id)
        .where(ProjectRequirement.kind == RequirementKind.BADGE)
    )
    ctx.db.add_all(
        ProjectRequirement(project_id=project.id, kind=RequirementKind.BADGE, value=code)
        for code in sorted(set(codes))
    )
    ctx.db.flush()
    index_project(ctx, project.id)
