"""What was done on the two plans since they began: reviews from both sides, steps, what stands in the way,
who does what, and one of them signed by both."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from civic.accounts.queries import actor_of_person
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.kernel.clock import rome_day
from civic.plans.occupations import OCCUPATIONS
from civic.plans.operations import actions, barriers, goal_content, occupations, reviews, versions
from civic.plans.operations.actions import NewAction
from civic.plans.operations.barriers import NewBarrier
from civic.plans.operations.goal_content import NewEvidence, NewMilestone
from civic.plans.operations.reviews import NewReview
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import plan_for
from civic.plans.queries.goals import goals_of
from civic.plans.rules import Domain, EvidenceKind, OwedBy, View

LOOKED_AT = (timedelta(days=21), timedelta(days=4))
"""Ago: when the two looked at where things stand."""
SCORES = (
    (
        {Domain.WORK: 1, Domain.ITALIAN: 2, Domain.HOUSING: 3, Domain.RELATIONS: 2},
        {Domain.WORK: 2, Domain.ITALIAN: 2, Domain.HOUSING: 2, Domain.RELATIONS: 3},
    ),
    (
        {Domain.WORK: 2, Domain.ITALIAN: 3, Domain.HOUSING: 3, Domain.RELATIONS: 3},
        {Domain.WORK: 2, Domain.ITALIAN: 3, Domain.HOUSING: 3, Domain.RELATIONS: 4},
    ),
)
"""Of each review: the case worker's view and the person's own."""


def work_on(timeline: Timeline, stage: Stage, plan_ids: Sequence[UUID]) -> None:
    """The last plan is signed by both; the first, the walk's, is left for whoever walks."""
    for plan_id in plan_ids:
        _look_together(timeline, stage, plan_id)
        _write_down(timeline, stage, plan_id)
    for plan_id in plan_ids[1:]:
        _sign(timeline, stage, plan_id)


def _look_together(timeline: Timeline, stage: Stage, plan_id: UUID) -> None:
    for ago, (worker, person) in zip(LOOKED_AT, SCORES, strict=True):
        at = timeline.now - ago
        with timeline.acting(stage.case_worker, at) as ctx:
            review_id = reviews.begin_review(ctx, plan_id, NewReview(rome_day(at), 3))
            reviews.score(ctx, plan_id, review_id, View.WORKER, worker)
            reviews.score(ctx, plan_id, review_id, View.PERSON, person)
            reviews.complete_review(ctx, plan_id, review_id, "")


def _write_down(timeline: Timeline, stage: Stage, plan_id: UUID) -> None:
    at = timeline.now - timedelta(days=3)
    with timeline.acting(stage.case_worker, at) as ctx:
        plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
        goals = {goal.domain: goal.id for goal in goals_of(ctx, [plan.id])[plan.id]}
        italian = goals[Domain.ITALIAN]
        for words, due_on, is_reached in _steps(rome_day(at)):
            step = goal_content.add_milestone(
                ctx, plan_id, italian, NewMilestone(words, "it", due_on)
            )
            if is_reached:
                goal_content.mark_milestone(ctx, plan_id, italian, step, is_reached=True)
        goal_content.put_behind(
            ctx,
            plan_id,
            italian,
            NewEvidence(EvidenceKind.ITALIAN, "CPIA di Potenza, primo livello", "A2"),
        )
        barriers.add_barrier(
            ctx,
            plan_id,
            NewBarrier(Domain.WORK, "La mattina presto non c'è l'autobus per il vivaio.", "it"),
        )
        for new in (
            NewAction(
                OwedBy.PERSON,
                "Portare in segreteria il certificato del corso.",
                "it",
                rome_day(at) + timedelta(days=14),
            ),
            NewAction(
                OwedBy.SERVICE,
                "Chiedere al vivaio se un turno può cominciare alle nove.",
                "it",
                rome_day(at) + timedelta(days=10),
                goals.get(Domain.WORK) or goals.get(Domain.SKILLS),
            ),
        ):
            actions.add_action(ctx, plan_id, new)
        occupations.choose_occupation(ctx, plan_id, next(iter(OCCUPATIONS)))


def _steps(today: date) -> tuple[tuple[str, date | None, bool], ...]:
    return (
        ("Iscriversi al corso serale", today - timedelta(days=10), True),
        ("Parlare al telefono con l'ufficio, da soli", today + timedelta(days=30), False),
    )


def _sign(timeline: Timeline, stage: Stage, plan_id: UUID) -> None:
    at = timeline.now - timedelta(days=2)
    with timeline.acting(stage.case_worker, at) as ctx:
        version_id = versions.freeze_version(ctx, plan_id)
        versions.sign_for_service(ctx, plan_id, version_id)
        person = actor_of_person(ctx, plan_for(ctx, plan_id, WORK_ON_PLANS).person_id)
    with timeline.acting(person, at + timedelta(hours=1)) as ctx:
        versions.sign_own(ctx, version_id)
