"""Plans as rows, with their goals, actions and reviews."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.models import (
    Action,
    Barrier,
    Evidence,
    Goal,
    Milestone,
    Plan,
    Review,
    ReviewScore,
)
from civic.plans.rules import ActionState, Domain, EvidenceKind, GoalState, OwedBy, View
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


def make_action(
    ctx: Context,
    city: City,
    plan_id: UUID,
    words: str = "Iscriversi alla scuola di italiano",
    *,
    language: str = "it",
    owed_by: OwedBy = OwedBy.PERSON,
    due_on: date | None = None,
    goal_id: UUID | None = None,
    state: ActionState = ActionState.OPEN,
) -> UUID:
    action = Action(
        id=ctx.new_id(),
        municipality_id=city.id,
        plan_id=plan_id,
        goal_id=goal_id,
        owed_by=owed_by,
        words=words,
        language=language,
        due_on=due_on,
        state=state,
        set_at=ctx.now(),
    )
    ctx.db.add(action)
    ctx.db.flush()
    return action.id


def make_review(
    ctx: Context,
    city: City,
    plan_id: UUID,
    held_on: date | None = None,
    *,
    next_on: date | None = None,
    note: str = "",
    worker: Mapping[Domain, int] | None = None,
    person: Mapping[Domain, int] | None = None,
    is_open: bool = True,
) -> UUID:
    held_on = held_on or rome_day(ctx.now())
    review = Review(
        id=ctx.new_id(),
        municipality_id=city.id,
        plan_id=plan_id,
        held_on=held_on,
        made_by=ctx.db.get_one(Plan, plan_id).case_worker_id,
        note=note,
        next_on=next_on or held_on + timedelta(days=30),
        created_at=ctx.now(),
        closed_at=None if is_open else ctx.now(),
    )
    ctx.db.add(review)
    ctx.db.flush()
    for view, scores in ((View.WORKER, worker or {}), (View.PERSON, person or {})):
        for domain, score in scores.items():
            ctx.db.add(
                ReviewScore(
                    id=ctx.new_id(),
                    municipality_id=city.id,
                    review_id=review.id,
                    domain=domain,
                    view=view,
                    score=score,
                )
            )
    ctx.db.flush()
    return review.id


def make_milestone(
    ctx: Context,
    city: City,
    goal_id: UUID,
    words: str = "Prendere la patente",
    *,
    language: str = "it",
    due_on: date | None = None,
    reached_on: date | None = None,
) -> UUID:
    milestone = Milestone(
        id=ctx.new_id(),
        municipality_id=city.id,
        goal_id=goal_id,
        words=words,
        language=language,
        due_on=due_on,
        set_at=ctx.now(),
        reached_on=reached_on,
    )
    ctx.db.add(milestone)
    ctx.db.flush()
    return milestone.id


def make_paper(ctx: Context, city: City, goal_id: UUID, title: str = "Corso di italiano") -> UUID:
    """Evidence that a case worker put there by hand."""
    paper = Evidence(
        id=ctx.new_id(),
        municipality_id=city.id,
        goal_id=goal_id,
        kind=EvidenceKind.ITALIAN,
        title=title,
        level="A2",
        dated_on=rome_day(ctx.now()),
        attached_at=ctx.now(),
    )
    ctx.db.add(paper)
    ctx.db.flush()
    return paper.id


def make_barrier(
    ctx: Context,
    city: City,
    plan_id: UUID,
    words: str = "Nessun autobus la mattina",
    *,
    language: str = "it",
    domain: Domain = Domain.WORK,
) -> UUID:
    barrier = Barrier(
        id=ctx.new_id(),
        municipality_id=city.id,
        plan_id=plan_id,
        domain=domain,
        words=words,
        language=language,
        set_at=ctx.now(),
    )
    ctx.db.add(barrier)
    ctx.db.flush()
    return barrier.id
