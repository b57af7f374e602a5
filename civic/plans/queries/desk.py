"""A case worker's plans, those first whose review presses."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts import queries as accounts
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.models import Goal, Plan
from civic.plans.queries.reviews import latest_reviews
from civic.plans.rules import Due, GoalState, due
from civic.tenancy.queries import standings as tenancy

PRESSING = list(Due)


@dataclass(frozen=True)
class PlanRow:
    id: UUID
    person_name: str
    municipality_name: str
    open_goals: int
    reached_goals: int
    opened_at: datetime
    due: Due
    next_on: date | None
    """Set at the last review."""


def own_plans(ctx: Context) -> list[PlanRow]:
    """The open plans of the case worker who asks: reviews overdue, soon, under way; then the newest."""
    plans = ctx.db.scalars(
        select(Plan)
        .where(Plan.case_worker_id == ctx.actor.person_id, Plan.closed_at.is_(None))
        .order_by(Plan.opened_at.desc(), Plan.id)
    ).all()
    counts: dict[tuple[UUID, GoalState], int] = defaultdict(int)
    for plan_id, state, number in ctx.db.execute(
        select(Goal.plan_id, Goal.state, func.count())
        .where(Goal.plan_id.in_([plan.id for plan in plans]))
        .group_by(Goal.plan_id, Goal.state)
    ):
        counts[plan_id, state] = number
    reviews = latest_reviews(ctx, [plan.id for plan in plans])
    people = accounts.names(ctx, (plan.person_id for plan in plans))
    cities = tenancy.city_names(ctx, (plan.municipality_id for plan in plans))
    today = rome_day(ctx.now())
    rows = []
    for plan in plans:
        last = reviews.get(plan.id)
        next_on = last.next_on if last else None
        rows.append(
            PlanRow(
                id=plan.id,
                person_name=people.get(plan.person_id, ""),
                municipality_name=cities.get(plan.municipality_id, ""),
                open_goals=counts[plan.id, GoalState.OPEN],
                reached_goals=counts[plan.id, GoalState.REACHED],
                opened_at=plan.opened_at,
                due=due(next_on, is_open=last is not None and last.is_open, today=today),
                next_on=next_on,
            )
        )
    return sorted(rows, key=_pressing)


def _pressing(row: PlanRow) -> tuple[int, date]:
    """Only where the day presses does it decide; the rest stay as they came, the newest first."""
    is_pressing = row.due in (Due.OVERDUE, Due.SOON) and row.next_on is not None
    return PRESSING.index(row.due), row.next_on if is_pressing and row.next_on else date.min
