"""Projects and sessions as rows, for tests of this room and of those above it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectRequirement,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.rules import Area, ProjectState, SessionState
from civic.kernel.context import Context

PRUNE_HEDGES = "51097602-8e4e-4830-8f35-d77afc713fc0"
PUBLIC = frozenset({ProjectState.PUBLISHED, ProjectState.PAUSED, ProjectState.CLOSED})


def make_project(
    ctx: Context,
    association_id: UUID,
    municipality_id: UUID,
    author_id: UUID,
    **over: Any,
) -> UUID:
    """A published project in Italian; `texts` adds titles in other languages: {"ar": "…"}."""
    project_id = ctx.new_id()
    state = ProjectState(over.pop("state", ProjectState.PUBLISHED))
    language = over.pop("language", "it")
    title = over.pop("title", "Siepe di alloro a Villa Giaquinto")
    what_you_do = over.pop("what_you_do", "Piantiamo una siepe di alloro lungo il viale.")
    what_to_bring = over.pop("what_to_bring", "Scarpe chiuse e acqua.")
    texts = over.pop("texts", {})
    languages = over.pop("languages", ("it", "en"))
    skills = over.pop("skills", (PRUNE_HEDGES,))
    requirements = over.pop("requirements", ())
    now = ctx.now()
    values = {
        "slug": f"siepe-{project_id.hex[-12:]}",
        "area": Area.GREEN,
        "minimum_age": 14,
        "created_at": now,
        "submitted_at": None if state is ProjectState.DRAFT else now,
        "decided_at": now if state in PUBLIC else None,
        "is_public": state in PUBLIC,
    } | over
    project = Project(
        id=project_id,
        association_id=association_id,
        municipality_id=municipality_id,
        created_by=author_id,
        state=state,
        language=language,
        **values,
    )
    ctx.db.add(project)
    ctx.db.flush()
    for tag, words in {language: title, **texts}.items():
        ctx.db.add(
            ProjectText(
                project_id=project_id,
                language=tag,
                revision=project.revision,
                title=words,
                what_you_do=what_you_do,
                what_to_bring=what_to_bring,
            )
        )
    ctx.db.add_all(ProjectLanguage(project_id=project_id, language=tag) for tag in languages)
    ctx.db.add_all(ProjectSkill(project_id=project_id, skill=skill) for skill in skills)
    ctx.db.add_all(
        ProjectRequirement(project_id=project_id, kind=each.kind, value=each.value)
        for each in requirements
    )
    ctx.db.flush()
    return project_id


def make_session(
    ctx: Context,
    project_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    places: int = 5,
    **over: Any,
) -> UUID:
    """A scheduled session, public exactly when its project is. A published project is listed with
    it, unless more are coming and the last one will do: `is_indexed=False`."""
    is_indexed = over.pop("is_indexed", True)
    project = ctx.db.get_one(Project, project_id)
    session_id = ctx.new_id()
    values = {
        "is_public": project.is_public,
        "meeting_point": "Villa Giaquinto, ingresso di via Gasparri",
        "state": SessionState.SCHEDULED,
    } | over
    ctx.db.add(
        ProjectSession(
            id=session_id,
            project_id=project_id,
            municipality_id=project.municipality_id,
            starts_at=starts_at,
            ends_at=ends_at,
            places=places,
            **values,
        )
    )
    ctx.db.flush()
    if is_indexed and project.state is ProjectState.PUBLISHED:
        index_project(ctx, project_id)
    return session_id
