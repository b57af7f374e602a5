"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.plans.queries.actions import ActionRow
from civic.plans.queries.plans import GoalRow, my_plans
from civic.plans.queries.reviews import ReviewRow


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        pages = my_plans(ctx)
    return {
        "plans": [
            {
                "municipality": page.municipality_name,
                "case_worker": page.case_worker_name,
                "agreed": page.plan.agreed_at.isoformat(),
                "goals": [_goal(row) for row in page.goals],
                "actions": [_action(row) for row in page.actions],
                "reviews": [_review(row) for row in page.reviews],
            }
            for page in pages
        ]
    }


def _goal(row: GoalRow) -> dict[str, Any]:
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


def _action(row: ActionRow) -> dict[str, Any]:
    return {
        "owed_by": row.owed_by.value,
        "words": row.words,
        "language": row.language,
        "due": row.due_on.isoformat() if row.due_on else None,
        "state": row.state.value,
        "set": row.set_at.isoformat(),
        "changed": row.changed_at.isoformat() if row.changed_at else None,
    }


def _review(row: ReviewRow) -> dict[str, Any]:
    return {
        "held": row.held_on.isoformat(),
        "next": row.next_on.isoformat(),
        "note": row.note,
        "completed": row.closed_at.isoformat() if row.closed_at else None,
        "scores": {
            view.value: {domain.value: score for domain, score in scores.items()}
            for view, scores in row.scores.items()
        },
    }
