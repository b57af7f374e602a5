"""Plans and goals as rows."""

from collections.abc import Sequence
from uuid import UUID

from civic.kernel.context import Context
from civic.plans.models import Goal, Plan
from civic.plans.rules import Domain, GoalState
from civic.tenancy.queries.standings import City


def make_plan(ctx: Context, city: City, person_id: UUID, case_worker_id: UUID) -> UUID:
    ctx.enter(city.id)
    plan = Plan(
        id=ctx.new_id(),
        municipality_id=city.id,
        person_id=person_id,
        case_worker_id=case_worker_id,
        agreed_at=ctx.now(),
        opened_at=ctx.now(),
    )
    ctx.db.add(plan)
    ctx.db.flush()
    return plan.id


def make_goal(
    ctx: Context,
    city: City,
    plan_id: UUID,
    words: str = "Voglio lavorare come giardiniere.",
    *,
    language: str = "it",
    skills: Sequence[str] = (),
    domain: Domain = Domain.WORK,
    state: GoalState = GoalState.OPEN,
) -> UUID:
    goal = Goal(
        id=ctx.new_id(),
        municipality_id=city.id,
        plan_id=plan_id,
        domain=domain,
        words=words,
        language=language,
        skills=list(skills),
        state=state,
        set_at=ctx.now(),
    )
    ctx.db.add(goal)
    ctx.db.flush()
    return goal.id
