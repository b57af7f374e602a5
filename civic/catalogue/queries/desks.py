"""Projects as organisers and officers work on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, false, func, or_, select, tuple_

from civic.catalogue.models import Project, ProjectSession, ProjectSubmission, ProjectText
from civic.catalogue.queries.projects import project_for
from civic.catalogue.queries.texts import SCHEDULED, title_columns, with_words
from civic.catalogue.rules import Area, Cursor, ProjectState
from civic.kernel.context import Context
from civic.kernel.i18n import LANGUAGES
from civic.kernel.policy import Permission, Role
from civic.tenancy.models import Association, AssociationInCity, Municipality

PAGE = 50


@dataclass(frozen=True)
class DeskRow:
    """A project in a list of work."""

    id: UUID
    title: str
    title_language: str
    area: Area
    state: ProjectState
    association_name: str
    municipality_name: str
    created_at: datetime
    submitted_at: datetime | None
    next_session: datetime | None
    versions: int
    """How many times it was handed in."""


@dataclass(frozen=True)
class DeskPage:
    rows: tuple[DeskRow, ...]
    next: str | None


@dataclass(frozen=True)
class Desk:
    """An association in a city for which the actor may draft projects."""

    association_id: UUID
    municipality_id: UUID
    association_name: str
    municipality_name: str


@dataclass(frozen=True)
class Words:
    """A project's words in one language."""

    language: str
    title: str
    what_you_do: str
    what_to_bring: str
    is_outdated: bool


@dataclass(frozen=True)
class Draft:
    """What stands behind a project's page, for those who work on it."""

    id: UUID
    created_by: UUID
    state: ProjectState
    original: Words
    translations: tuple[Words, ...]
    submitted_at: datetime | None
    decided_at: datetime | None
    sent_back_reason: str

    @property
    def untranslated(self) -> tuple[str, ...]:
        there = {self.original.language, *(words.language for words in self.translations)}
        return tuple(language.tag for language in LANGUAGES if language.tag not in there)

    def words(self, language: str) -> Words | None:
        return next((words for words in self.translations if words.language == language), None)


def desks(ctx: Context) -> list[Desk]:
    """Where the actor organises: names for each pair of association and city."""
    pairs = [
        (grant.association_id, grant.municipality_id)
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER
    ]
    rows = ctx.db.execute(
        select(Association.id, Municipality.id, Association.name, Municipality.name)
        .join(AssociationInCity, AssociationInCity.association_id == Association.id)
        .join(Municipality, Municipality.id == AssociationInCity.municipality_id)
        .where(tuple_(Association.id, Municipality.id).in_(pairs))
    )
    return sorted((Desk(*row) for row in rows), key=lambda desk: desk.association_name)


def own_projects(ctx: Context, language: str, after: Cursor | None = None) -> DeskPage:
    """Projects of the associations the actor organises for, the newest first."""
    mine = or_(
        false(),
        *(
            and_(
                Project.association_id == grant.association_id,
                Project.municipality_id == grant.municipality_id,
            )
            for grant in ctx.actor.grants
            if grant.role is Role.ORGANISER
        ),
    )
    statement = _rows().where(mine).order_by(Project.created_at.desc(), Project.id.desc())
    if after:
        statement = statement.where(
            tuple_(Project.created_at, Project.id) < tuple_(after.at, after.id)
        )
    rows = _fetch(ctx, statement.limit(PAGE + 1), language)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return DeskPage(rows[:PAGE], Cursor(last.created_at, last.id).encode() if last else None)


def submitted_projects(ctx: Context, language: str, after: Cursor | None = None) -> DeskPage:
    """What waits for a decision in the actor's cities, the longest waiting first."""
    cities = [g.municipality_id for g in ctx.actor.grants if g.role is Role.OFFICER]
    statement = (
        _rows()
        .where(Project.state == ProjectState.SUBMITTED, Project.municipality_id.in_(cities))
        .order_by(Project.submitted_at, Project.id)
    )
    if after:
        statement = statement.where(
            tuple_(Project.submitted_at, Project.id) > tuple_(after.at, after.id)
        )
    rows = _fetch(ctx, statement.limit(PAGE + 1), language)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    more = Cursor(last.submitted_at, last.id) if last and last.submitted_at else None
    return DeskPage(rows[:PAGE], more.encode() if more else None)


def _fetch(ctx: Context, statement: Select[*tuple[Any, ...]], language: str) -> tuple[DeskRow, ...]:
    rows = ctx.db.execute(with_words(statement), {"language": language, "now": ctx.now()})
    return tuple(DeskRow(*row) for row in rows)


def _rows() -> Select[*tuple[Any, ...]]:
    session = ProjectSession
    return (
        select(
            Project.id,
            *title_columns(),
            Project.area,
            Project.state,
            Association.name,
            Municipality.name,
            Project.created_at,
            Project.submitted_at,
        )
        .join(Municipality, Municipality.id == Project.municipality_id)
        .join(Association, Association.id == Project.association_id)
        .add_columns(
            select(func.min(session.starts_at))
            .where(session.project_id == Project.id, session.state == SCHEDULED)
            .where(session.starts_at > bindparam("now"))
            .scalar_subquery(),
            select(func.count(ProjectSubmission.id))
            .where(ProjectSubmission.project_id == Project.id)
            .scalar_subquery(),
        )
    )


def draft_for(ctx: Context, project_id: UUID, permission: Permission) -> Draft:
    """The gate for the pages that show a project's work: two statements."""
    project = project_for(ctx, project_id, permission)
    rows = ctx.db.execute(
        select(
            ProjectText.language,
            ProjectText.title,
            ProjectText.what_you_do,
            ProjectText.what_to_bring,
            (ProjectText.revision < project.revision).label("is_outdated"),
        )
        .where(ProjectText.project_id == project.id)
        .order_by(ProjectText.language)
    )
    words = [Words(*row) for row in rows]
    return Draft(
        id=project.id,
        created_by=project.created_by,
        state=project.state,
        original=next(w for w in words if w.language == project.language),
        translations=tuple(w for w in words if w.language != project.language),
        submitted_at=project.submitted_at,
        decided_at=project.decided_at,
        sent_back_reason=project.sent_back_reason,
    )
