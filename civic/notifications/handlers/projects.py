"""The municipality's answer to whoever wrote a project."""

from civic.catalogue.events import ProjectPublished, ProjectSentBack
from civic.catalogue.models import Project, ProjectText
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_project_published(ctx: Context, event: ProjectPublished) -> None:
    _tell_author(ctx, event, MessageKind.PROJECT_PUBLISHED)


def on_project_sent_back(ctx: Context, event: ProjectSentBack) -> None:
    _tell_author(ctx, event, MessageKind.PROJECT_SENT_BACK)


def _tell_author(
    ctx: Context, event: ProjectPublished | ProjectSentBack, kind: MessageKind
) -> None:
    project = ctx.db.get(Project, event.project_id)
    if project is None:
        return
    original = ctx.db.get_one(ProjectText, (project.id, project.language))
    # A project can be sent back, handed in again and sent back once more.
    when = project.decided_at or project.submitted_at or project.created_at
    letters.send_to_person(
        ctx,
        event.author_id,
        kind,
        f"{kind}:{project.id.hex}:{event.author_id.hex}:{int(when.timestamp())}",
        lambda language: {
            "title": letters.isolated(original.title, original.language, language),
            "slug": project.slug,
            "reason": project.sent_back_reason,
        },
    )
