from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.models import Action
from civic.plans.rules import ActionState, OwedBy, is_overdue


@dataclass(frozen=True)
class ActionRow:
    id: UUID
    goal_id: UUID | None
    owed_by: OwedBy
    words: str
    language: str
    due_on: date | None
    state: ActionState
    is_overdue: bool
    set_at: datetime
    changed_at: datetime | None


def actions_of(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, list[ActionRow]]:
    """Of plans that came through a gate: what is to do, the nearest day first, then the rest."""
    today = rome_day(ctx.now())
    rows = ctx.db.scalars(
        select(Action)
        .where(Action.plan_id.in_(plan_ids))
        .order_by(Action.state != ActionState.OPEN, Action.due_on.is_(None), Action.due_on)
        .order_by(Action.set_at, Action.id)
    )
    found: dict[UUID, list[ActionRow]] = defaultdict(list)
    for row in rows:
        found[row.plan_id].append(
            ActionRow(
                id=row.id,
                goal_id=row.goal_id,
                owed_by=row.owed_by,
                words=row.words,
                language=row.language,
                due_on=row.due_on,
                state=row.state,
                is_overdue=is_overdue(row.state, row.due_on, today),
                set_at=row.set_at,
                changed_at=row.changed_at,
            )
        )
    return found
