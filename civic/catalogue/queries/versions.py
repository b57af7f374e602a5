"""Versions of a project that were handed in, and what changed from one to the next."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.comparing import Changes, compare
from civic.catalogue.models import ProjectSubmission
from civic.kernel.context import Context


@dataclass(frozen=True)
class LatestVersion:
    """What was handed in last, and how it differs from the version before."""

    number: int
    submitted_at: datetime
    submitted_by: UUID
    previous_at: datetime | None
    changes: Changes | None
    """None when there is no earlier version to compare with."""

    @property
    def is_first(self) -> bool:
        return self.number == 1


def latest_version(ctx: Context, project_id: UUID) -> LatestVersion | None:
    """None for a project that was never handed in; callers hold a gate."""
    rows = ctx.db.execute(
        select(
            ProjectSubmission.number,
            ProjectSubmission.submitted_at,
            ProjectSubmission.submitted_by,
            ProjectSubmission.content,
        )
        .where(ProjectSubmission.project_id == project_id)
        .order_by(ProjectSubmission.number.desc())
        .limit(2)
    ).all()
    if not rows:
        return None
    last = rows[0]
    before = rows[1] if len(rows) > 1 else None
    return LatestVersion(
        last.number,
        last.submitted_at,
        last.submitted_by,
        before.submitted_at if before else None,
        compare(before.content, last.content, last.submitted_at) if before else None,
    )
