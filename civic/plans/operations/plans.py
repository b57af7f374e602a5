"""Opening a plan, setting goals, and the badges that stand behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from civic.attendance.queries import presence as attendance
from civic.audit import operations as audit
from civic.badges import queries as badges
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.plans.errors import (
    AgreementMissing,
    CityNotYours,
    CodeUnknown,
    GoalClosed,
    PlanElsewhere,
)
from civic.plans.models import Evidence, Goal, Plan
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import plan_for, plan_of
from civic.plans.queries.plans import PlanPage, living_goals, plan_pages
from civic.plans.rules import Domain, GoalState, supports


@dataclass(frozen=True)
class NewGoal:
    domain: Domain
    words: str
    language: str
    skills: tuple[str, ...]
    words_it: str = ""
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def open_plan(ctx: Context, municipality_id: UUID, short_code: str, agreed: bool) -> UUID:
    """Begin a plan with the person whose pass carries the code; their own plan, when the same
    case worker opened one before."""
    if not WORK_ON_PLANS.allows(ctx.actor, Place(municipality_id=municipality_id)):
        raise CityNotYours
    if not agreed:
        raise AgreementMissing
    person_id = attendance.person_by_short_code(ctx, municipality_id, short_code)
    if person_id is None:
        raise CodeUnknown
    plan_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Plan,
        id=plan_id,
        municipality_id=municipality_id,
        person_id=person_id,
        case_worker_id=ctx.actor.person_id,
        agreed_at=ctx.now(),
        opened_at=ctx.now(),
    )
    if not is_new:
        there = plan_of(ctx, person_id, municipality_id)
        if there is None or there.case_worker_id != ctx.actor.person_id:
            raise PlanElsewhere
        return there.id
    audit.record(ctx, municipality_id, "plan.opened", subject_id=person_id, thing_id=plan_id)
    return plan_id


def read_plan(ctx: Context, plan_id: UUID) -> PlanPage:
    """The plan's page; that it was read is on record, so this is a change."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    return plan_pages(ctx, [plan])[0]


def set_goal(ctx: Context, plan_id: UUID, new: NewGoal) -> UUID:
    """Write down a goal; badges the person already holds stand behind it from the start."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    goal_id = new.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Goal,
        id=goal_id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        domain=new.domain,
        words=new.words,
        language=new.language,
        words_it=new.words_it,
        skills=list(new.skills),
        state=GoalState.OPEN,
        set_at=ctx.now(),
    )
    if not is_new:
        there = ctx.db.get(Goal, goal_id)
        if there is None or there.plan_id != plan.id:
            raise NotFound
        return goal_id
    for badge in badges.badges_of(ctx, plan.person_id):
        _attach(ctx, plan.municipality_id, goal_id, new.skills, badge.award_id, badge.skills)
    record_change(ctx, plan, "set", goal=goal_id)
    return goal_id


def mark_goal(ctx: Context, plan_id: UUID, goal_id: UUID, state: GoalState) -> None:
    """Reached or dropped, or taken up again."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    goal = ctx.db.get(Goal, goal_id)
    if goal is None or goal.plan_id != plan.id:
        raise NotFound
    from_state = GoalState.OPEN if state is not GoalState.OPEN else goal.state
    changed = ctx.db.scalar(
        update(Goal)
        .where(Goal.id == goal_id, Goal.state == from_state)
        .values(state=state, changed_at=ctx.now())
        .returning(Goal.id)
    )
    if changed is None:
        raise GoalClosed
    record_change(ctx, plan, state.value, goal=goal_id)


def attach_badge(ctx: Context, person_id: UUID, award_id: UUID, skills: Sequence[str]) -> int:
    """Put a badge behind every living goal it supports; returns how many are new."""
    return sum(
        _attach(ctx, municipality_id, goal_id, wanted, award_id, skills)
        for goal_id, municipality_id, wanted in living_goals(ctx, person_id)
    )


def _attach(
    ctx: Context,
    municipality_id: UUID,
    goal_id: UUID,
    wanted: Sequence[str],
    award_id: UUID,
    shown: Sequence[str],
) -> bool:
    return supports(wanted, shown) and insert_once(
        ctx.db,
        Evidence,
        id=ctx.new_id(),
        municipality_id=municipality_id,
        goal_id=goal_id,
        award_id=award_id,
        attached_at=ctx.now(),
    )
