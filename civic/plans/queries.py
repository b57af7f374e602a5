"""Plans, for the case worker who opened them and the person they are about. Nobody else.

Colleagues, officers, organisers, coordinators and administrators get the answer for a plan that
is not there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts import queries as accounts
from civic.badges import queries as badges
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place
from civic.plans.models import Evidence, Goal, Plan
from civic.plans.policy import READ_OWN_PLAN
from civic.plans.rules import Domain, GoalState
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class PlanRow:
    id: UUID
    person_name: str
    municipality_name: str
    open_goals: int
    reached_goals: int
    opened_at: datetime


@dataclass(frozen=True)
class PlanFacts:
    """A plan behind its gate."""

    id: UUID
    municipality_id: UUID
    person_id: UUID
    case_worker_id: UUID
    agreed_at: datetime
    opened_at: datetime


@dataclass(frozen=True)
class GoalRow:
    id: UUID
    domain: Domain
    words: str
    language: str
    skills: tuple[str, ...]
    state: GoalState
    set_at: datetime
    changed_at: datetime | None
    evidence: tuple[badges.Badge, ...]


@dataclass(frozen=True)
class PlanPage:
    plan: PlanFacts
    person_name: str
    case_worker_name: str
    municipality_name: str
    goals: tuple[GoalRow, ...]


def plan_for(ctx: Context, plan_id: UUID, permission: Permission) -> PlanFacts:
    """The gate: the plan's own case worker, for as long as they hold that role in that city."""
    row = ctx.db.scalars(select(Plan).where(Plan.id == plan_id)).first()
    if row is None or row.case_worker_id != ctx.actor.person_id:
        raise NotFound
    permission.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return _facts(row)


def _facts(row: Plan) -> PlanFacts:
    return PlanFacts(
        row.id,
        row.municipality_id,
        row.person_id,
        row.case_worker_id,
        row.agreed_at,
        row.opened_at,
    )


def plan_of(ctx: Context, person_id: UUID, municipality_id: UUID) -> PlanFacts | None:
    row = ctx.db.scalars(
        select(Plan)
        .where(Plan.person_id == person_id)
        .where(Plan.municipality_id == municipality_id)
    ).first()
    return _facts(row) if row else None


def own_plans(ctx: Context) -> list[PlanRow]:
    """The plans of the case worker who asks, newest first."""
    plans = ctx.db.scalars(
        select(Plan)
        .where(Plan.case_worker_id == ctx.actor.person_id)
        .order_by(Plan.opened_at.desc(), Plan.id)
    ).all()
    counts: dict[tuple[UUID, GoalState], int] = {}
    for plan_id, state, number in ctx.db.execute(
        select(Goal.plan_id, Goal.state, func.count())
        .where(Goal.plan_id.in_([plan.id for plan in plans]))
        .group_by(Goal.plan_id, Goal.state)
    ):
        counts[plan_id, state] = number
    people = accounts.names(ctx, (plan.person_id for plan in plans))
    cities = tenancy.city_names(ctx, (plan.municipality_id for plan in plans))
    return [
        PlanRow(
            id=plan.id,
            person_name=people.get(plan.person_id, ""),
            municipality_name=cities.get(plan.municipality_id, ""),
            open_goals=counts.get((plan.id, GoalState.OPEN), 0),
            reached_goals=counts.get((plan.id, GoalState.REACHED), 0),
            opened_at=plan.opened_at,
        )
        for plan in plans
    ]


def plan_pages(ctx: Context, plans: Iterable[PlanFacts]) -> list[PlanPage]:
    """Everything on the pages of plans that came through a gate."""
    plans = list(plans)
    goals = _goals(ctx, [plan.id for plan in plans])
    people = accounts.names(
        ctx, (person for plan in plans for person in (plan.person_id, plan.case_worker_id))
    )
    cities = tenancy.city_names(ctx, (plan.municipality_id for plan in plans))
    return [
        PlanPage(
            plan=plan,
            person_name=people.get(plan.person_id, ""),
            case_worker_name=people.get(plan.case_worker_id, ""),
            municipality_name=cities.get(plan.municipality_id, ""),
            goals=tuple(goals.get(plan.id, ())),
        )
        for plan in plans
    ]


def _goals(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, list[GoalRow]]:
    rows = ctx.db.scalars(
        select(Goal).where(Goal.plan_id.in_(plan_ids)).order_by(Goal.set_at, Goal.id)
    ).all()
    attached = ctx.db.execute(
        select(Evidence.goal_id, Evidence.award_id)
        .where(Evidence.goal_id.in_([row.id for row in rows]))
        .order_by(Evidence.attached_at, Evidence.id)
    ).all()
    held = badges.badges(ctx, (award_id for _, award_id in attached))
    evidence: dict[UUID, list[badges.Badge]] = defaultdict(list)
    for goal_id, award_id in attached:
        if award_id in held:
            evidence[goal_id].append(held[award_id])
    goals: dict[UUID, list[GoalRow]] = defaultdict(list)
    for row in rows:
        goals[row.plan_id].append(
            GoalRow(
                id=row.id,
                domain=row.domain,
                words=row.words,
                language=row.language,
                skills=tuple(row.skills),
                state=row.state,
                set_at=row.set_at,
                changed_at=row.changed_at,
                evidence=tuple(evidence[row.id]),
            )
        )
    return goals


def my_plans(ctx: Context) -> list[PlanPage]:
    """A person's own plans, one for each city that follows them."""
    READ_OWN_PLAN.require(ctx.actor)
    rows = ctx.db.scalars(
        select(Plan).where(Plan.person_id == ctx.actor.person_id).order_by(Plan.opened_at, Plan.id)
    )
    return plan_pages(ctx, [_facts(row) for row in rows])


def living_goals(ctx: Context, person_id: UUID) -> list[tuple[UUID, UUID, tuple[str, ...]]]:
    """Goals not dropped, in plans of the person within the context's reach: id, city, skills."""
    rows = ctx.db.execute(
        select(Goal.id, Goal.municipality_id, Goal.skills)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.person_id == person_id)
        .where(Goal.state != GoalState.DROPPED)
        .order_by(Goal.id)
    )
    return [(row.id, row.municipality_id, tuple(row.skills)) for row in rows]


def wanted_skills(ctx: Context) -> frozenset[str]:
    """What the open goals of the actor's own plans ask for."""
    rows = ctx.db.scalars(
        select(Goal.skills)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.person_id == ctx.actor.person_id)
        .where(Goal.state == GoalState.OPEN)
    )
    return frozenset(skill for skills in rows for skill in skills)
