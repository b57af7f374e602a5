"""What an officer was given to read, kept each time a project is handed in."""

from typing import Any

from sqlalchemy import func, select

from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectRequirement,
    ProjectSession,
    ProjectSkill,
    ProjectSubmission,
    ProjectText,
)
from civic.catalogue.rules import SessionState
from civic.kernel.context import Context

MOST_DATES = 400


def keep_version(ctx: Context, project: Project) -> None:
    """Called with the project's row locked, so that numbers follow each other."""
    ctx.db.flush()
    last = ctx.db.scalar(
        select(func.max(ProjectSubmission.number)).where(ProjectSubmission.project_id == project.id)
    )
    ctx.db.add(
        ProjectSubmission(
            id=ctx.new_id(),
            municipality_id=project.municipality_id,
            project_id=project.id,
            number=(last or 0) + 1,
            submitted_at=ctx.now(),
            submitted_by=ctx.actor.own_id,
            content=_content(ctx, project),
        )
    )
    ctx.db.flush()


def _content(ctx: Context, project: Project) -> dict[str, Any]:
    """Plain values alone: the columns may change, and old versions must still be read."""
    return {
        "language": project.language,
        "texts": _texts(ctx, project),
        "facts": {
            "area": project.area.value,
            "minimum_age": project.minimum_age,
            "district": project.district,
            "place": None
            if project.latitude is None or project.longitude is None
            else [project.latitude, project.longitude],
            "is_wheelchair_accessible": project.is_wheelchair_accessible,
            "needs_no_italian": project.needs_no_italian,
            "is_occasional": project.is_occasional,
            "needs_approval": project.needs_approval,
            "languages": _column(ctx, ProjectLanguage.language, ProjectLanguage, project),
            "skills": _column(ctx, ProjectSkill.skill, ProjectSkill, project),
            "requirements": _requirements(ctx, project),
        },
        "dates": _dates(ctx, project),
    }


def _texts(ctx: Context, project: Project) -> dict[str, dict[str, str]]:
    rows = ctx.db.execute(
        select(
            ProjectText.language,
            ProjectText.title,
            ProjectText.what_you_do,
            ProjectText.what_to_bring,
        ).where(ProjectText.project_id == project.id)
    )
    return {
        row.language: {
            "title": row.title,
            "what_you_do": row.what_you_do,
            "what_to_bring": row.what_to_bring,
        }
        for row in rows
    }


def _column(ctx: Context, column: Any, model: Any, project: Project) -> list[str]:
    return sorted(ctx.db.scalars(select(column).where(model.project_id == project.id)))


def _requirements(ctx: Context, project: Project) -> list[list[str]]:
    rows = ctx.db.execute(
        select(ProjectRequirement.kind, ProjectRequirement.value).where(
            ProjectRequirement.project_id == project.id
        )
    )
    return sorted([row.kind.value, row.value] for row in rows)


def _dates(ctx: Context, project: Project) -> list[dict[str, Any]]:
    """Those to come: what the officer decides on."""
    rows = ctx.db.execute(
        select(
            ProjectSession.starts_at,
            ProjectSession.ends_at,
            ProjectSession.meeting_point,
            ProjectSession.places,
        )
        .where(ProjectSession.project_id == project.id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .order_by(ProjectSession.starts_at)
        .limit(MOST_DATES)
    )
    return [
        {
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
            "meeting_point": row.meeting_point,
            "places": row.places,
        }
        for row in rows
    ]
