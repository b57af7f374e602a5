"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.plans import queries


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        pages = queries.my_plans(ctx)
    return {
        "plans": [
            {
                "municipality": page.municipality_name,
                "case_worker": page.case_worker_name,
                "agreed": page.plan.agreed_at.isoformat(),
                "goals": [_goal(row) for row in page.goals],
            }
            for page in pages
        ]
    }


def _goal(row: queries.GoalRow) -> dict[str, Any]:
    return {
        "domain": row.domain.value,
        "words": row.words,
        "language": row.language,
        "skills": list(row.skills),
        "state": row.state.value,
        "set": row.set_at.isoformat(),
        "changed": row.changed_at.isoformat() if row.changed_at else None,
        "badges": [badge.achievement.code for badge in row.evidence],
    }
