"""Plans with all that stands on their pages, for whoever came through the gate."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.kernel.context import Context
from civic.plans.models import Goal, Plan
from civic.plans.queries.actions import ActionRow, actions_of
from civic.plans.queries.barriers import BarrierRow, barriers_of
from civic.plans.queries.by_itself import ByItself, by_itself
from civic.plans.queries.gate import PlanFacts, plans_about_oneself
from civic.plans.queries.goals import GoalRow, goals_of
from civic.plans.queries.reviews import ReviewRow, reviews_of
from civic.plans.rules import GoalState
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class PlanPage:
    plan: PlanFacts
    person_name: str
    case_worker_name: str
    municipality_name: str
    goals: tuple[GoalRow, ...]
    actions: tuple[ActionRow, ...]
    """What is still to do first, by its day."""
    by_itself: ByItself
    """What stands behind the plan as a whole."""
    barriers: tuple[BarrierRow, ...]
    """What still stands in the way first."""
    reviews: tuple[ReviewRow, ...]
    """In the order of their days."""

    @property
    def open_review(self) -> ReviewRow | None:
        return next((each for each in self.reviews if each.is_open), None)


def plan_pages(ctx: Context, plans: Iterable[PlanFacts]) -> list[PlanPage]:
    """Everything on the pages of plans that came through a gate."""
    plans = list(plans)
    plan_ids = [plan.id for plan in plans]
    goals = goals_of(ctx, plan_ids)
    barriers = barriers_of(ctx, plan_ids)
    behind = by_itself(ctx, plans)
    actions = actions_of(ctx, plan_ids)
    reviews = reviews_of(ctx, plan_ids)
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
            actions=tuple(actions.get(plan.id, ())),
            by_itself=behind[plan.id],
            barriers=tuple(barriers.get(plan.id, ())),
            reviews=tuple(reviews.get(plan.id, ())),
        )
        for plan in plans
    ]


def my_plans(ctx: Context) -> list[PlanPage]:
    """A person's own plans, one for each city that follows them; closed ones come last."""
    return plan_pages(ctx, plans_about_oneself(ctx))


def living_goals(ctx: Context, person_id: UUID) -> list[tuple[UUID, UUID, tuple[str, ...]]]:
    """Goals not dropped, in open plans of the person within the context's reach: id, city, skills."""
    rows = ctx.db.execute(
        select(Goal.id, Goal.municipality_id, Goal.skills)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.person_id == person_id, Plan.closed_at.is_(None))
        .where(Goal.state != GoalState.DROPPED)
        .order_by(Goal.id)
    )
    return [(row.id, row.municipality_id, tuple(row.skills)) for row in rows]


def wanted_skills(ctx: Context) -> frozenset[str]:
    """What the open goals of the actor's own open plans ask for."""
    rows = ctx.db.scalars(
        select(Goal.skills)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.person_id == ctx.actor.person_id, Plan.closed_at.is_(None))
        .where(Goal.state == GoalState.OPEN)
    )
    return frozenset(skill for skills in rows for skill in skills)
