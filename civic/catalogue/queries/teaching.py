"""Where skills are to be learnt: projects that teach them and can be joined."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.catalogue.models import Project, ProjectSession, ProjectSkill
from civic.catalogue.queries.texts import PUBLISHED, SCHEDULED, title_columns, with_words
from civic.kernel.context import Context

MOST_TEACHING = 3
"""Of each skill: enough to choose from."""


@dataclass(frozen=True)
class Teaching:
    slug: str
    title: str
    title_language: str
    starts_at: datetime
    """Of its next session."""


def projects_teaching(
    ctx: Context, skills: Collection[str], municipality_ids: Collection[UUID], language: str
) -> dict[tuple[UUID, str], list[Teaching]]:
    """By city and skill the projects whose next session comes first. One statement."""
    if not skills or not municipality_ids:
        return {}
    session = ProjectSession
    soonest = (
        select(session.project_id, func.min(session.starts_at).label("starts_at"))
        .where(session.is_public.is_(True), session.state == SCHEDULED)
        .where(session.starts_at > ctx.now(), session.municipality_id.in_(municipality_ids))
        .group_by(session.project_id)
        .subquery("soonest")
    )
    place = func.row_number().over(
        partition_by=(Project.municipality_id, ProjectSkill.skill),
        order_by=(soonest.c.starts_at, Project.id),
    )
    found = (
        select(
            ProjectSkill.skill,
            Project.id.label("project_id"),
            soonest.c.starts_at,
            place.label("place"),
        )
        .join(Project, Project.id == ProjectSkill.project_id)
        .join(soonest, soonest.c.project_id == Project.id)
        .where(ProjectSkill.skill.in_(skills))
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .subquery("found")
    )
    statement = with_words(
        select(
            found.c.skill,
            Project.municipality_id,
            Project.slug,
            *title_columns(),
            found.c.starts_at,
        ).join(Project, Project.id == found.c.project_id)
    )
    teaching: dict[tuple[UUID, str], list[Teaching]] = defaultdict(list)
    for row in ctx.db.execute(
        statement.where(found.c.place <= MOST_TEACHING).order_by(found.c.starts_at, Project.id),
        {"language": language},
    ):
        teaching[row.municipality_id, row.skill].append(
            Teaching(row.slug, row.title, row.title_language, row.starts_at)
        )
    return dict(teaching)
