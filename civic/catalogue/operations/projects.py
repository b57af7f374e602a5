"""An organiser's work on a project, from the first draft to the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from civic.catalogue.errors import (
    AssociationNotVerified,
    NoSessionToCome,
    ProjectNotDraft,
    ProjectNotEditable,
    ProjectNotPublished,
)
from civic.catalogue.events import ProjectSubmitted
from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.catalogue.operations.sessions import call_off
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_for
from civic.catalogue.rules import (
    EDITABLE,
    Area,
    ProjectState,
    SessionState,
    can_become,
    slug_from,
)
from civic.kernel.context import Context
from civic.kernel.ids import short_code
from civic.kernel.outbox import emit
from civic.kernel.policy import Place
from civic.tenancy.queries import is_verified

SLUG_MARK = 5


@dataclass(frozen=True)
class ProjectWords:
    title: str
    what_you_do: str
    what_to_bring: str = ""


@dataclass(frozen=True)
class ProjectContent:
    """What an organiser says of a project, its sessions aside."""

    words: ProjectWords
    area: Area
    minimum_age: int
    languages: tuple[str, ...]
    """Spoken there."""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewProject:
    association_id: UUID
    municipality_id: UUID
    language: str
    """The language of the words."""
    content: ProjectContent


def draft_project(ctx: Context, new: NewProject) -> UUID:
    ORGANISE.require(ctx.actor, Place(new.municipality_id, new.association_id))
    if ctx.actor.person_id is None:
        raise ProjectNotEditable
    project = Project(
        id=ctx.new_id(),
        slug=slug_from(new.content.words.title, short_code(SLUG_MARK)),
        association_id=new.association_id,
        municipality_id=new.municipality_id,
        area=new.content.area,
        state=ProjectState.DRAFT,
        language=new.language,
        revision=1,
        minimum_age=new.content.minimum_age,
        created_by=ctx.actor.person_id,
        created_at=ctx.now(),
    )
    ctx.db.add(project)
    ctx.db.flush()
    _write(ctx, project, new.language, new.content.words)
    _spoken_and_taught(ctx, project.id, new.content)
    return project.id


def revise_project(ctx: Context, project_id: UUID, content: ProjectContent) -> None:
    """Take over what the form says. Only other words make translations outdated."""
    project = _editable(ctx, project_id)
    project.area = content.area
    project.minimum_age = content.minimum_age
    original = ctx.db.get_one(ProjectText, (project.id, project.language))
    if _words(original) != content.words:
        project.revision += 1
        _write(ctx, project, project.language, content.words)
    _spoken_and_taught(ctx, project.id, content)


def write_translation(ctx: Context, project_id: UUID, language: str, words: ProjectWords) -> None:
    """Words in another language; saving them unchanged says that they still hold."""
    project = _editable(ctx, project_id)
    if language == project.language:
        raise ProjectNotEditable
    _write(ctx, project, language, words)


def submit_project(ctx: Context, project_id: UUID) -> None:
    """Hand it to the municipality, which alone publishes."""
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if not can_become(project.state, ProjectState.SUBMITTED):
        raise ProjectNotDraft
    if not is_verified(ctx, project.association_id, project.municipality_id):
        raise AssociationNotVerified
    if not has_session_to_come(ctx, project.id):
        raise NoSessionToCome
    project.state = ProjectState.SUBMITTED
    project.submitted_at = ctx.now()
    project.sent_back_reason = ""
    emit(
        ctx,
        ProjectSubmitted(
            municipality_id=project.municipality_id,
            project_id=project.id,
            author_id=project.created_by,
        ),
    )


def close_project(ctx: Context, project_id: UUID) -> int:
    """The project is over. What was still to come is cancelled; returns how many sessions."""
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if not can_become(project.state, ProjectState.CLOSED):
        raise ProjectNotPublished
    project.state = ProjectState.CLOSED
    coming = ctx.db.scalars(
        select(ProjectSession)
        .where(ProjectSession.project_id == project.id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .with_for_update()
    ).all()
    for session in coming:
        call_off(ctx, session)
    return len(coming)


def has_session_to_come(ctx: Context, project_id: UUID) -> bool:
    found = ctx.db.scalar(
        select(ProjectSession.id)
        .where(ProjectSession.project_id == project_id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .limit(1)
    )
    return found is not None


def _editable(ctx: Context, project_id: UUID) -> Project:
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if project.state not in EDITABLE:
        raise ProjectNotEditable
    return project


def _words(text: ProjectText) -> ProjectWords:
    return ProjectWords(text.title, text.what_you_do, text.what_to_bring)


def _write(ctx: Context, project: Project, language: str, words: ProjectWords) -> None:
    ctx.db.merge(
        ProjectText(
            project_id=project.id,
            language=language,
            revision=project.revision,
            title=words.title,
            what_you_do=words.what_you_do,
            what_to_bring=words.what_to_bring,
        )
    )


def _spoken_and_taught(ctx: Context, project_id: UUID, content: ProjectContent) -> None:
    _replace(ctx, ProjectLanguage, "language", project_id, content.languages)
    _replace(ctx, ProjectSkill, "skill", project_id, content.skills)


def _replace(
    ctx: Context,
    model: type[ProjectLanguage | ProjectSkill],
    column: str,
    project_id: UUID,
    wanted: Iterable[str],
) -> None:
    ctx.db.execute(delete(model).where(model.project_id == project_id))
    ctx.db.add_all(model(project_id=project_id, **{column: value}) for value in set(wanted))
