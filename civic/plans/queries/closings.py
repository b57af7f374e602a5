"""How plans ended, and when somebody asks again what has become of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts import queries as accounts
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission
from civic.plans.endings import (
    ASKED_EARLY,
    FollowUpAnswer,
    Outcome,
    is_time_to_ask,
    now_is,
)
from civic.plans.models import Closing, FollowUp, Plan
from civic.plans.queries.gate import PlanFacts, plan_for


@dataclass(frozen=True)
class FollowUpRow:
    id: UUID
    months: int
    due_on: date
    answer: FollowUpAnswer | None
    outcome: Outcome | None
    asked_on: date | None
    note: str
    is_time: bool
    """The day has come, or is near."""
    is_overdue: bool


@dataclass(frozen=True)
class ClosingRow:
    id: UUID
    plan_id: UUID
    outcome: Outcome
    closed_on: date
    note: str
    closed_at: datetime
    reopened_at: datetime | None
    reason: str
    follow_ups: tuple[FollowUpRow, ...]

    @property
    def is_standing(self) -> bool:
        return self.reopened_at is None

    @property
    def outcome_now(self) -> Outcome:
        return now_is(self.outcome, (each.outcome for each in self.follow_ups))


def closings_of(ctx: Context, plan_ids: Collection[UUID]) -> dict[UUID, list[ClosingRow]]:
    """Of plans that came through a gate, the newest first; two statements."""
    rows = ctx.db.scalars(
        select(Closing)
        .where(Closing.plan_id.in_(plan_ids))
        .order_by(Closing.closed_at.desc(), Closing.id)
    ).all()
    if not rows:
        return {}
    follow_ups: dict[UUID, list[FollowUpRow]] = defaultdict(list)
    today = rome_day(ctx.now())
    for row in ctx.db.scalars(
        select(FollowUp)
        .where(FollowUp.closing_id.in_([row.id for row in rows]))
        .order_by(FollowUp.months)
    ):
        follow_ups[row.closing_id].append(_follow_up(row, today))
    found: dict[UUID, list[ClosingRow]] = defaultdict(list)
    for closing in rows:
        found[closing.plan_id].append(
            ClosingRow(
                id=closing.id,
                plan_id=closing.plan_id,
                outcome=closing.outcome,
                closed_on=closing.closed_on,
                note=closing.note,
                closed_at=closing.closed_at,
                reopened_at=closing.reopened_at,
                reason=closing.reason,
                follow_ups=tuple(follow_ups[closing.id]),
            )
        )
    return found


def _follow_up(row: FollowUp, today: date) -> FollowUpRow:
    return FollowUpRow(
        id=row.id,
        months=row.months,
        due_on=row.due_on,
        answer=row.answer,
        outcome=row.outcome,
        asked_on=row.asked_on,
        note=row.note,
        is_time=is_time_to_ask(row.due_on, today),
        is_overdue=row.answer is None and row.due_on < today,
    )


def standing_closing(ctx: Context, plan_id: UUID) -> ClosingRow | None:
    closings = closings_of(ctx, [plan_id]).get(plan_id, ())
    return next((row for row in closings if row.is_standing), None)


def follow_up_for(
    ctx: Context, plan_id: UUID, follow_up_id: UUID, permission: Permission
) -> tuple[PlanFacts, ClosingRow, FollowUpRow]:
    """The gate: a follow-up of a plan of the case worker's, as long as its end stands."""
    plan = plan_for(ctx, plan_id, permission, closed_too=True)
    for closing in closings_of(ctx, [plan.id]).get(plan.id, ()):
        for follow_up in closing.follow_ups:
            if follow_up.id == follow_up_id and closing.is_standing:
                return plan, closing, follow_up
    raise NotFound


@dataclass(frozen=True)
class ToAsk:
    """A follow-up on a case worker's list."""

    id: UUID
    plan_id: UUID
    person_name: str
    months: int
    due_on: date
    is_overdue: bool


def follow_ups_to_ask(ctx: Context) -> list[ToAsk]:
    """Those of the actor's own plans whose day has come or is near, the longest due first."""
    today = rome_day(ctx.now())
    rows = ctx.db.execute(
        select(FollowUp.id, Plan.id, Plan.person_id, FollowUp.months, FollowUp.due_on)
        .join(Closing, Closing.id == FollowUp.closing_id)
        .join(Plan, Plan.id == Closing.plan_id)
        .where(Plan.case_worker_id == ctx.actor.person_id, Closing.reopened_at.is_(None))
        .where(FollowUp.answer.is_(None), FollowUp.due_on <= today + ASKED_EARLY)
        .order_by(FollowUp.due_on, FollowUp.id)
    ).all()
    if not rows:
        return []
    people = accounts.names(ctx, (person_id for _, _, person_id, _, _ in rows))
    return [
        ToAsk(follow_up_id, plan_id, people.get(person_id, ""), months, due_on, due_on < today)
        for follow_up_id, plan_id, person_id, months, due_on in rows
    ]


@dataclass(frozen=True)
class FollowUpDue:
    """The day on which somebody is to ask again, and who."""

    day: date
    case_worker_id: UUID


def follow_ups_between(ctx: Context, first: date, last: date) -> list[FollowUpDue]:
    """Those not answered yet, within the context's reach."""
    rows = ctx.db.execute(
        select(FollowUp.due_on, Plan.case_worker_id)
        .join(Closing, Closing.id == FollowUp.closing_id)
        .join(Plan, Plan.id == Closing.plan_id)
        .where(FollowUp.due_on.between(first, last), FollowUp.answer.is_(None))
        .where(Closing.reopened_at.is_(None))
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    return [FollowUpDue(*row) for row in rows]


@dataclass(frozen=True)
class ClosedPlan:
    id: UUID
    person_name: str
    outcome: Outcome
    closed_on: date


def own_closed_plans(ctx: Context) -> list[ClosedPlan]:
    """Of the case worker who asks, the latest first."""
    rows = ctx.db.execute(
        select(Plan.id, Plan.person_id, Closing.outcome, Closing.closed_on)
        .join(Closing, Closing.plan_id == Plan.id)
        .where(Plan.case_worker_id == ctx.actor.person_id, Closing.reopened_at.is_(None))
        .order_by(Closing.closed_on.desc(), Plan.id)
    ).all()
    if not rows:
        return []
    people = accounts.names(ctx, (person_id for _, person_id, _, _ in rows))
    return [
        ClosedPlan(plan_id, people.get(person_id, ""), outcome, closed_on)
        for plan_id, person_id, outcome, closed_on in rows
    ]


def outcome_counts(
    ctx: Context, first: date | None, last: date | None
) -> dict[UUID, dict[Outcome, int]]:
    """How plans ended, by city, within the context's reach. No gate of its own: rooms above ask it
    behind theirs, and hold back counts that could point at somebody."""
    statement = select(Closing.municipality_id, Closing.outcome, func.count()).where(
        Closing.reopened_at.is_(None)
    )
    if first is not None and last is not None:
        statement = statement.where(Closing.closed_on.between(first, last))
    found: dict[UUID, dict[Outcome, int]] = defaultdict(dict)
    for city_id, outcome, number in ctx.db.execute(
        statement.group_by(Closing.municipality_id, Closing.outcome)
    ):
        found[city_id][outcome] = number
    return found
