"""What a goal carries: its words in Italian, its milestones, and what stands behind it by hand."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.plans.errors import EvidenceInFuture, GoalClosed, LevelMissing, TakenOffBefore
from civic.plans.models import Evidence, Goal, Milestone
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, plan_for
from civic.plans.queries.goals import GoalRow, goals_of
from civic.plans.rules import LEVELS, EvidenceKind, GoalState


@dataclass(frozen=True)
class NewMilestone:
    words: str
    language: str
    due_on: date | None = None
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


@dataclass(frozen=True)
class NewEvidence:
    kind: EvidenceKind
    title: str
    level: str = ""
    dated_on: date | None = None
    note: str = ""
    id: UUID | None = None


def read_goal(ctx: Context, plan_id: UUID, goal_id: UUID) -> tuple[PlanFacts, GoalRow]:
    """That it was read is on record, so this is a change."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    found = next((row for row in goals_of(ctx, [plan.id])[plan.id] if row.id == goal_id), None)
    if found is None:
        raise NotFound
    return plan, found


def write_in_italian(ctx: Context, plan_id: UUID, goal_id: UUID, words_it: str) -> None:
    """While the goal is under way; the person's own words stay as they said them."""
    plan, goal = _goal(ctx, plan_id, goal_id)
    written = ctx.db.scalar(
        update(Goal)
        .where(Goal.id == goal.id, Goal.state == GoalState.OPEN)
        .values(words_it=words_it, changed_at=ctx.now())
        .returning(Goal.id)
        .execution_options(synchronize_session=False)
    )
    if written is None:
        raise GoalClosed
    record_change(ctx, plan, "written_in_italian", goal=goal_id)


def add_milestone(ctx: Context, plan_id: UUID, goal_id: UUID, new: NewMilestone) -> UUID:
    plan, goal = _goal(ctx, plan_id, goal_id)
    milestone_id = new.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Milestone,
        id=milestone_id,
        municipality_id=plan.municipality_id,
        goal_id=goal.id,
        words=new.words,
        language=new.language,
        due_on=new.due_on,
        set_at=ctx.now(),
    )
    if not is_new:
        _milestone(ctx, goal, milestone_id)
        return milestone_id
    record_change(ctx, plan, "set", milestone=milestone_id)
    return milestone_id


def mark_milestone(
    ctx: Context, plan_id: UUID, goal_id: UUID, milestone_id: UUID, *, is_reached: bool
) -> None:
    """Reached today, or not reached after all. A second time it stays as it is."""
    plan, goal = _goal(ctx, plan_id, goal_id)
    milestone = _milestone(ctx, goal, milestone_id)
    if is_reached is (milestone.reached_on is not None):
        return
    milestone.reached_on = rome_day(ctx.now()) if is_reached else None
    ctx.db.flush()
    record_change(ctx, plan, "reached" if is_reached else "open", milestone=milestone_id)


def put_behind(ctx: Context, plan_id: UUID, goal_id: UUID, new: NewEvidence) -> UUID:
    """By hand: a document, a level of Italian. Badges come by themselves."""
    plan, goal = _goal(ctx, plan_id, goal_id)
    if new.kind is EvidenceKind.ITALIAN and new.level not in LEVELS:
        raise LevelMissing
    if new.dated_on is not None and new.dated_on > rome_day(ctx.now()):
        raise EvidenceInFuture
    evidence_id = new.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Evidence,
        id=evidence_id,
        municipality_id=plan.municipality_id,
        goal_id=goal.id,
        kind=new.kind,
        title=new.title,
        level=new.level if new.kind is EvidenceKind.ITALIAN else "",
        dated_on=new.dated_on,
        note=new.note,
        attached_at=ctx.now(),
        attached_by=ctx.actor.own_id,
    )
    if not is_new:
        _evidence(ctx, goal, evidence_id)
        return evidence_id
    record_change(ctx, plan, "put_behind", evidence=evidence_id)
    return evidence_id


def take_off(ctx: Context, plan_id: UUID, goal_id: UUID, evidence_id: UUID, reason: str) -> None:
    """It stays on record, and a badge does not come back by itself."""
    plan, goal = _goal(ctx, plan_id, goal_id)
    _evidence(ctx, goal, evidence_id)
    taken = ctx.db.scalar(
        update(Evidence)
        .where(Evidence.id == evidence_id, Evidence.taken_off_at.is_(None))
        .values(taken_off_at=ctx.now(), taken_off_by=ctx.actor.own_id, taken_off_reason=reason)
        .returning(Evidence.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise TakenOffBefore
    record_change(ctx, plan, "taken_off", evidence=evidence_id)


def _goal(ctx: Context, plan_id: UUID, goal_id: UUID) -> tuple[PlanFacts, Goal]:
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    goal = ctx.db.get(Goal, goal_id)
    if goal is None or goal.plan_id != plan.id:
        raise NotFound
    return plan, goal


def _milestone(ctx: Context, goal: Goal, milestone_id: UUID) -> Milestone:
    found = ctx.db.scalars(
        select(Milestone)
        .where(Milestone.id == milestone_id, Milestone.goal_id == goal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def _evidence(ctx: Context, goal: Goal, evidence_id: UUID) -> None:
    asked = select(Evidence.id).where(Evidence.id == evidence_id, Evidence.goal_id == goal.id)
    if ctx.db.scalar(asked) is None:
        raise NotFound
