"""A project's words in the reader's language, else as the association wrote them."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import aliased

from civic.catalogue.models import Project, ProjectLanguage, ProjectText
from civic.catalogue.rules import ProjectState, SessionState
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


def all_spoken() -> ColumnElement[str]:
    """The tags of the languages spoken at a project in one column, so that a list is one query."""
    return (
        select(func.aggregate_strings(ProjectLanguage.language, " "))
        .where(ProjectLanguage.project_id == Project.id)
        .scalar_subquery()
        .label("spoken")
    )


@lru_cache(maxsize=1000)
def in_order(spoken: str | None) -> tuple[str, ...]:
    """Tags apart again, the most usual language first."""
    return tuple(sorted((spoken or "").split(), key=_usual))


def _usual(tag: str) -> tuple[int, str]:
    return (SPOKEN.index(tag) if tag in SPOKEN else len(SPOKEN), tag)
