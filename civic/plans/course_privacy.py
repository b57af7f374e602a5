"""What this room knows of the way of a person's plans, for them to take away."""

from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.plans.occupations import ESCO
from civic.plans.queries.closings import ClosingRow, FollowUpRow, closings_of
from civic.plans.queries.moves import MoveRow, moves_of
from civic.plans.queries.occupations import occupations_of


def ways(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Of plans that came through a gate: occupations, ends and what became of them, and moves."""
    occupations = occupations_of(ctx, plan_ids)
    closings = closings_of(ctx, plan_ids)
    moves = moves_of(ctx, plan_ids)
    return {
        plan_id: {
            "occupations": [ESCO + each for each in occupations.get(plan_id, ())],
            "closings": [_closing(row) for row in closings.get(plan_id, ())],
            "moves": [_move(row) for row in moves.get(plan_id, ())],
        }
        for plan_id in plan_ids
    }


def _closing(row: ClosingRow) -> dict[str, Any]:
    return {
        "outcome": row.outcome.value,
        "closed": row.closed_on.isoformat(),
        "note": row.note,
        "taken_up_again": row.reopened_at.isoformat() if row.reopened_at else None,
        "reason": row.reason,
        "follow_ups": [_follow_up(each) for each in row.follow_ups],
    }


def _follow_up(row: FollowUpRow) -> dict[str, Any]:
    return {
        "months": row.months,
        "due": row.due_on.isoformat(),
        "answer": row.answer.value if row.answer else None,
        "outcome": row.outcome.value if row.outcome else None,
        "asked": row.asked_on.isoformat() if row.asked_on else None,
        "note": row.note,
    }


def _move(row: MoveRow) -> dict[str, Any]:
    return {
        "to": row.to_name,
        "state": row.state.value,
        "proposed": row.proposed_at.isoformat(),
        "decided": row.decided_at.isoformat() if row.decided_at else None,
        "decided_by": row.decided_by_name,
        "language": row.language,
        "ended": row.ended_at.isoformat() if row.ended_at else None,
        "went_along": row.parcel,
    }
