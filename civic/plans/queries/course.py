"""The way of a plan at a glance: what it walks towards, how it ended, whether it moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from civic.kernel.context import Context
from civic.plans.queries.closings import ClosingRow, closings_of
from civic.plans.queries.gate import PlanFacts
from civic.plans.queries.moves import MoveRow, moves_of
from civic.plans.queries.occupations import Steps, steps_of


@dataclass(frozen=True)
class Course:
    steps: tuple[Steps, ...]
    closing: ClosingRow | None
    """The one that stands."""
    move: MoveRow | None
    """One under way."""


def courses(
    ctx: Context, person_id: UUID, plans: Sequence[PlanFacts], language: str
) -> dict[UUID, Course]:
    """Of plans of one person that came through a gate."""
    steps = steps_of(ctx, person_id, [plan for plan in plans if not plan.is_closed], language)
    closings = closings_of(ctx, [plan.id for plan in plans])
    moves = moves_of(ctx, [plan.id for plan in plans])
    return {
        plan.id: Course(
            tuple(steps.get(plan.id, ())),
            next((row for row in closings.get(plan.id, ()) if row.is_standing), None),
            next((row for row in moves.get(plan.id, ()) if row.is_under_way), None),
        )
        for plan in plans
    }
