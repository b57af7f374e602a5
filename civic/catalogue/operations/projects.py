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
    ProjectNotPaused,
    ProjectNotPublished,
    ProjectNotRunning,
)
from civic.catalogue.events import ProjectSubmitted
from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectRequirement,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.operations.sessions import call_off_all
from civic.catalogue.operations.versions import keep_version
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_for
from civic.catalogue.rules import (
    EDITABLE,
    Area,
    ProjectState,
    RequirementKind,
    SessionState,
    can_become,
)
from civic.kernel.context import Context
from civic.kernel.ids import short_code
from civic.kernel.outbox import emit
from civic.kernel.policy import Place
from civic.kernel.slugs import slug_from
from civic.tenancy.queries.standings import is_verified

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
    """Taught there."""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_wheelchair_accessible: bool = False
    needs_no_italian: bool = False
    is_occasional: bool = False
    needs_approval: bool = False
    required_skills: tuple[str, ...] = ()
    """To be shown before joining. Badges asked for are kept apart: this leaves them alone."""


FACTS = (
    "area",
    "minimum_age",
    "district",
    "latitude",
    "longitude",
    "is_wheelchair_accessible",
    "needs_no_italian",
    "is_occasional",
    "needs_approval",
)
"""Columns of a project that an organiser fills, and that a copy takes over."""


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
        state=ProjectState.DRAFT,
        language=new.language,
        revision=1,
        created_by=ctx.actor.person_id,
        created_at=ctx.now(),
        **_facts(new.content),
    )
    ctx.db.add(project)
    ctx.db.flush()
    _write(ctx, project, new.language, new.content.words)
    _write_lists(ctx, project.id, new.content)
    return project.id


def duplicate_project(ctx: Context, project_id: UUID) -> UUID:
    """A new draft with the same words in all languages and the same facts, but without dates."""
    model = project_for(ctx, project_id, ORGANISE)
    texts = ctx.db.scalars(select(ProjectText).where(ProjectText.project_id == model.id)).all()
    title = next(text.title for text in texts if text.language == model.language)
    copy = Project(
        id=ctx.new_id(),
        slug=slug_from(title, short_code(SLUG_MARK)),
        association_id=model.association_id,
        municipality_id=model.municipality_id,
        state=ProjectState.DRAFT,
        language=model.language,
        revision=model.revision,
        created_by=ctx.actor.own_id,
        created_at=ctx.now(),
        **{name: getattr(model, name) for name in FACTS},
    )
    ctx.db.add(copy)
    ctx.db.flush()
    for text in texts:
        # A translation that was older than the original still is.
        _write(ctx, copy, text.language, _words(text), text.revision)
    for kind, columns in (
        (ProjectLanguage, ("language",)),
        (ProjectSkill, ("skill",)),
        (ProjectRequirement, ("kind", "value")),
    ):
        rows = ctx.db.execute(
            select(*(getattr(kind, name) for name in columns)).where(kind.project_id == model.id)
        )
        ctx.db.add_all(kind(project_id=copy.id, **row._mapping) for row in rows.all())
    ctx.db.flush()
    return copy.id


def revise_project(ctx: Context, project_id: UUID, content: ProjectContent) -> None:
    """Take over what the form says. Only other words make translations outdated."""
    project = _editable(ctx, project_id)
    for name, value in _facts(content).items():
        setattr(project, name, value)
    original = ctx.db.get_one(ProjectText, (project.id, project.language))
    if _words(original) != content.words:
        project.revision += 1
        _write(ctx, project, project.language, content.words)
    _write_lists(ctx, project.id, content)
    index_project(ctx, project.id)


def write_translation(ctx: Context, project_id: UUID, language: str, words: ProjectWords) -> None:
    """Words in another language; saving them unchanged says that they still hold."""
    project = _editable(ctx, project_id)
    if language == project.language:
        raise ProjectNotEditable
    _write(ctx, project, language, words)
    index_project(ctx, project.id)


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
    keep_version(ctx, project)
    emit(
        ctx,
        ProjectSubmitted(
            municipality_id=project.municipality_id,
            project_id=project.id,
            author_id=project.created_by,
        ),
    )


def pause_project(ctx: Context, project_id: UUID) -> None:
    """A break: out of the list, nobody new joins; whoever has a place keeps it."""
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if not can_become(project.state, ProjectState.PAUSED):
        raise ProjectNotRunning
    project.state = ProjectState.PAUSED
    index_project(ctx, project.id)


def resume_project(ctx: Context, project_id: UUID) -> None:
    """The break is over. It was approved before, so no officer reads it again."""
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if project.state is not ProjectState.PAUSED:
        raise ProjectNotPaused
    if not is_verified(ctx, project.association_id, project.municipality_id):
        raise AssociationNotVerified
    project.state = ProjectState.PUBLISHED
    index_project(ctx, project.id)


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
        .order_by(ProjectSession.id)
        .with_for_update()
    ).all()
    call_off_all(ctx, coming)
    index_project(ctx, project.id)
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


def _write(
    ctx: Context, project: Project, language: str, words: ProjectWords, revision: int | None = None
) -> None:
    ctx.db.merge(
        ProjectText(
            project_id=project.id,
            language=language,
            revision=revision or project.revision,
            title=words.title,
            what_you_do=words.what_you_do,
            what_to_bring=words.what_to_bring,
        )
    )


def _facts(content: ProjectContent) -> dict[str, object]:
    return {name: getattr(content, name) for name in FACTS}


def _write_lists(ctx: Context, project_id: UUID, content: ProjectContent) -> None:
    _replace(ctx, ProjectLanguage, "language", project_id, content.languages)
    _replace(ctx, ProjectSkill, "skill", project_id, content.skills)
    ctx.db.execute(
        delete(ProjectRequirement)
        .where(ProjectRequirement.project_id == project_id)
        .where(ProjectRequirement.kind == RequirementKind.SKILL)
    )
    ctx.db.add_all(
        ProjectRequirement(project_id=project_id, kind=RequirementKind.SKILL, value=skill)
        for skill in set(content.required_skills)
    )
    ctx.db.flush()


def _replace(
    ctx: Context,
    model: type[ProjectLanguage | ProjectSkill],
    column: str,
    project_id: UUID,
    wanted: Iterable[str],
) -> None:
    ctx.db.execute(delete(model).where(model.project_id == project_id))
    ctx.db.add_all(model(project_id=project_id, **{column: value}) for value in set(wanted))
