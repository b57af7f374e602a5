"""A project's words in the reader's language, else as the association wrote them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import aliased

from civic.catalogue.models import Project, ProjectLanguage, ProjectText
from civic.catalogue.rules import ProjectState, SessionState
from civic.kernel.context import Context
from civic.kernel.i18n import SPOKEN

# Written out and not bound, because a partial index is only matched by what stands in the SQL.
SCHEDULED: ColumnElement[str] = literal_column(f"'{SessionState.SCHEDULED.value}'")
PUBLISHED: ColumnElement[str] = literal_column(f"'{ProjectState.PUBLISHED.value}'")

Original = aliased(ProjectText, name="original")
Wanted = aliased(ProjectText, name="wanted")


def title_columns() -> tuple[Any, Any]:
    return (
        func.coalesce(Wanted.title, Original.title).label("title"),
        func.coalesce(Wanted.language, Original.language).label("title_language"),
    )


def with_words(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Join both rows of words; the reader's language is the parameter `language`."""
    return statement.join(
        Original,
        and_(Original.project_id == Project.id, Original.language == Project.language),
    ).outerjoin(
        Wanted,
        and_(Wanted.project_id == Project.id, Wanted.language == bindparam("language")),
    )


_SPOKEN = select(ProjectLanguage.project_id, ProjectLanguage.language).where(
    ProjectLanguage.project_id.in_(bindparam("ids", expanding=True))
)


def spoken_in(ctx: Context, project_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The languages spoken at each project, the most usual first."""
    found: dict[UUID, list[str]] = {project_id: [] for project_id in project_ids}
    if found:
        for project_id, tag in ctx.db.execute(_SPOKEN, {"ids": list(found)}):
            found[project_id].append(tag)
    return {project_id: tuple(sorted(tags, key=spoken_order)) for project_id, tags in found.items()}


def spoken_order(tag: str) -> tuple[int, str]:
    return (SPOKEN.index(tag) if tag in SPOKEN else len(SPOKEN), tag)
