"""One project as a page shows it, and the gate by which an id becomes one."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, bindparam, cast, func, select

from civic.catalogue.models import Project, ProjectRequirement, ProjectSkill
from civic.catalogue.queries.sessions import SessionFacts, sessions_to_come
from civic.catalogue.queries.texts import Original, Wanted, all_spoken, in_order, with_words
from civic.catalogue.rules import Area, ProjectState, Requirement, RequirementKind
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place
from civic.tenancy.models import Association, Municipality


@dataclass(frozen=True)
class ProjectPage:
    """All that a project's page shows."""

    id: UUID
    slug: str
    area: Area
    state: ProjectState
    minimum_age: int
    district: str
    latitude: float | None
    longitude: float | None
    is_wheelchair_accessible: bool
    needs_no_italian: bool
    is_occasional: bool
    needs_approval: bool
    association_id: UUID
    association_name: str
    municipality_id: UUID
    municipality_slug: str
    municipality_name: str
    title: str
    what_you_do: str
    what_to_bring: str
    text_language: str
    original_language: str
    is_outdated: bool
    """The association changed its words after this translation was made."""
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    """To be shown before one can join."""
    sessions: tuple[SessionFacts, ...]
    """Scheduled and not over yet."""

    @property
    def is_closed(self) -> bool:
        return self.state is ProjectState.CLOSED

    @property
    def is_paused(self) -> bool:
        return self.state is ProjectState.PAUSED

    @property
    def required_skills(self) -> tuple[str, ...]:
        return tuple(each.value for each in self.requirements if each.kind is RequirementKind.SKILL)


def project_for(
    ctx: Context, project_id: UUID, permission: Permission, *, lock: bool = False
) -> Project:
    """The gate: a project where the actor may do this; locked, if it is going to be changed."""
    statement = select(Project).where(Project.id == project_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    project = ctx.db.scalar(statement)
    if project is None:
        raise NotFound
    permission.require(ctx.actor, Place(project.municipality_id, project.association_id))
    return project


def project_page(ctx: Context, slug: str, language: str) -> ProjectPage:
    """What everybody may read: a project once published, also after it closed."""
    return _page(ctx, _public(), {"slug": slug, "language": language})


def project_shown(
    ctx: Context, project_id: UUID, permission: Permission, language: str
) -> ProjectPage:
    """The same page of a project in any state, for those who work on it."""
    page = _page(ctx, _any(), {"project_id": project_id, "language": language})
    permission.require(ctx.actor, Place(page.municipality_id, page.association_id))
    return page


def _page(ctx: Context, statement: Select[*tuple[Any, ...]], asked: dict[str, Any]) -> ProjectPage:
    """Two statements, whatever the project holds."""
    row = ctx.db.execute(statement, asked).first()
    if row is None:
        raise NotFound
    facts = dict(row._mapping)
    spoken, taught, asked_for = facts.pop("spoken"), facts.pop("taught"), facts.pop("asked_for")
    return ProjectPage(
        **facts,
        languages=in_order(spoken),
        skills=tuple(sorted((taught or "").split())),
        requirements=_requirements(asked_for),
        sessions=sessions_to_come(
            ctx,
            row.id,
            slug=row.slug,
            title=row.title,
            title_language=row.text_language,
            area=row.area,
            association_id=row.association_id,
            association_name=row.association_name,
            municipality_id=row.municipality_id,
            minimum_age=row.minimum_age,
        ),
    )


def _requirements(text: str | None) -> tuple[Requirement, ...]:
    pairs = (each.partition(":") for each in (text or "").split())
    return tuple(sorted(Requirement(RequirementKind(kind), value) for kind, _, value in pairs))


@cache
def _public() -> Select[*tuple[Any, ...]]:
    return _words().where(Project.slug == bindparam("slug"), Project.is_public.is_(True))


@cache
def _any() -> Select[*tuple[Any, ...]]:
    return _words().where(Project.id == bindparam("project_id"))


def _words() -> Select[*tuple[Any, ...]]:
    statement = (
        select(
            Project.id,
            Project.slug,
            Project.area,
            Project.state,
            Project.minimum_age,
            Project.district,
            Project.latitude,
            Project.longitude,
            Project.is_wheelchair_accessible,
            Project.needs_no_italian,
            Project.is_occasional,
            Project.needs_approval,
            Project.association_id,
            Association.name.label("association_name"),
            Project.municipality_id,
            Municipality.slug.label("municipality_slug"),
            Municipality.name.label("municipality_name"),
            func.coalesce(Wanted.title, Original.title).label("title"),
            func.coalesce(Wanted.what_you_do, Original.what_you_do).label("what_you_do"),
            func.coalesce(Wanted.what_to_bring, Original.what_to_bring).label("what_to_bring"),
            func.coalesce(Wanted.language, Original.language).label("text_language"),
            Original.language.label("original_language"),
            func.coalesce(Wanted.revision < Project.revision, False).label("is_outdated"),
            all_spoken(),
            select(func.aggregate_strings(ProjectSkill.skill, " "))
            .where(ProjectSkill.project_id == Project.id)
            .scalar_subquery()
            .label("taught"),
            select(
                func.aggregate_strings(
                    cast(ProjectRequirement.kind, String)
                    .concat(":")
                    .concat(ProjectRequirement.value),
                    " ",
                )
            )
            .where(ProjectRequirement.project_id == Project.id)
            .scalar_subquery()
            .label("asked_for"),
        )
        .join(Municipality, Municipality.id == Project.municipality_id)
        .join(Association, Association.id == Project.association_id)
    )
    return with_words(statement)
