"""An officer's decision on a submitted project. Each stands in the city's audit trail."""

from uuid import UUID

from sqlalchemy import update

from civic.audit import operations as audit
from civic.catalogue.errors import NoSessionToCome, ProjectAlreadyDecided, ReasonMissing
from civic.catalogue.events import ProjectPublished, ProjectSentBack
from civic.catalogue.models import Project, ProjectSession, SessionSeries
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.operations.projects import has_session_to_come
from civic.catalogue.policy import REVIEW
from civic.catalogue.queries.projects import project_for
from civic.catalogue.rules import REASON_LENGTH, ProjectState
from civic.kernel.context import Context
from civic.kernel.outbox import emit


def publish_project(ctx: Context, project_id: UUID) -> None:
    project = _undecided(ctx, project_id)
    if not has_session_to_come(ctx, project.id):
        raise NoSessionToCome
    project.state = ProjectState.PUBLISHED
    project.is_public = True
    project.decided_at = ctx.now()
    for dates in (ProjectSession, SessionSeries):
        ctx.db.execute(update(dates).where(dates.project_id == project.id).values(is_public=True))
    index_project(ctx, project.id)
    audit.record(ctx, project.municipality_id, "project.published", thing_id=project.id)
    emit(
        ctx,
        ProjectPublished(
            municipality_id=project.municipality_id,
            project_id=project.id,
            author_id=project.created_by,
        ),
    )


def send_back_project(ctx: Context, project_id: UUID, reason: str) -> None:
    """Not yet: the association reads why, changes it and submits it again."""
    project = _undecided(ctx, project_id)
    if not reason.strip():
        raise ReasonMissing
    project.state = ProjectState.SENT_BACK
    project.sent_back_reason = reason.strip()[:REASON_LENGTH]
    project.decided_at = ctx.now()
    audit.record(
        ctx, project.municipality_id, "project.sent_back", thing_id=project.id, reason=reason
    )
    emit(
        ctx,
        ProjectSentBack(
            municipality_id=project.municipality_id,
            project_id=project.id,
            author_id=project.created_by,
        ),
    )


def _undecided(ctx: Context, project_id: UUID) -> Project:
    """The second of two officers who decide at once finds it decided."""
    project = project_for(ctx, project_id, REVIEW, lock=True)
    if project.state is not ProjectState.SUBMITTED:
        raise ProjectAlreadyDecided
    return project
