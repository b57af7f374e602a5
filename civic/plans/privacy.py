"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.plans.course_privacy import ways
from civic.plans.queries.actions import ActionRow
from civic.plans.queries.barriers import BarrierRow
from civic.plans.queries.goals import ByHand, GoalRow, MilestoneRow
from civic.plans.queries.plans import my_plans
from civic.plans.queries.reviews import ReviewRow
from civic.plans.queries.versions import versions_of
from civic.signatures.queries import Document


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        pages = my_plans(ctx)
        plan_ids = [page.plan.id for page in pages]
        way = ways(ctx, plan_ids)
        versions = versions_of(ctx, plan_ids)
    return {
        "plans": [
            {
                "municipality": page.municipality_name,
                "case_worker": page.case_worker_name,
                "agreed": page.plan.agreed_at.isoformat(),
                "goals": [_goal(row) for row in page.goals],
                "actions": [_action(row) for row in page.actions],
                "minutes": page.by_itself.minutes,
                "recognised": [
                    {"association": each.association_name, "at": each.completed_at.isoformat()}
                    for each in page.by_itself.recognised
                ],
                "barriers": [_barrier(row) for row in page.barriers],
                "reviews": [_review(row) for row in page.reviews],
                **way[page.plan.id],
                "versions": [_version(each) for each in versions.get(page.plan.id, ())],
            }
            for page in pages
        ]
    }


def _version(document: Document) -> dict[str, Any]:
    return {
        "number": document.number,
        "frozen": document.frozen_at.isoformat(),
        "sha256": document.hash,
        "set_aside": document.set_aside_reason,
        "content": document.content,
        "signatures": [
            {
                "side": signed.side.value,
                "name": signed.signer_name,
                "how": signed.means.value,
                "witness": signed.witness_name,
                "at": signed.signed_at.isoformat(),
                "drawing": signed.drawing,
            }
            for signed in document.signatures.values()
        ],
    }


def _goal(row: GoalRow) -> dict[str, Any]:
    return {
        "domain": row.domain.value,
        "words": row.words,
        "language": row.language,
        "words_it": row.words_it,
        "skills": list(row.skills),
        "state": row.state.value,
        "set": row.set_at.isoformat(),
        "changed": row.changed_at.isoformat() if row.changed_at else None,
        "milestones": [_milestone(each) for each in row.milestones],
        "badges": [badge.achievement.code for badge in row.evidence],
        "by_hand": [_by_hand(each) for each in row.by_hand],
        "taken_off": [
            {
                "badge": each.badge.achievement.code if each.badge else None,
                "by_hand": _by_hand(each.by_hand) if each.by_hand else None,
                "reason": each.reason,
                "at": each.taken_off_at.isoformat(),
            }
            for each in row.taken_off
        ],
    }


def _milestone(row: MilestoneRow) -> dict[str, Any]:
    return {
        "words": row.words,
        "language": row.language,
        "due": row.due_on.isoformat() if row.due_on else None,
        "reached": row.reached_on.isoformat() if row.reached_on else None,
    }


def _by_hand(row: ByHand) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "title": row.title,
        "level": row.level,
        "dated": row.dated_on.isoformat() if row.dated_on else None,
        "note": row.note,
    }


def _barrier(row: BarrierRow) -> dict[str, Any]:
    return {
        "domain": row.domain.value,
        "words": row.words,
        "language": row.language,
        "set": row.set_at.isoformat(),
        "overcome": row.overcome_on.isoformat() if row.overcome_on else None,
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
