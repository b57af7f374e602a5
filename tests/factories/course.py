"""Two cities: a plan with something of everything in the one, case workers in the other."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.badges.startup import PLANTING
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role
from civic.plans.endings import Outcome
from civic.plans.models import (
    Barrier,
    Closing,
    Evidence,
    FollowUp,
    Milestone,
    Plan,
    PlanOccupation,
)
from civic.plans.occupations import OCCUPATIONS
from civic.plans.rules import Domain, EvidenceKind, OwedBy
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_staff
from tests.factories.badges import make_award
from tests.factories.plan_desk import Desk
from tests.factories.plans import make_action, make_goal, make_review
from tests.factories.tenancy import make_association, make_city

GROUNDSMAN, HOME_CARE, EMERGENCY, ROADS = OCCUPATIONS
WORKED_IN_FRENCH = "Je veux travailler dans les jardins."
NOTE = "Ha parlato della sua famiglia."


@dataclass(frozen=True)
class Elsewhere:
    """Where the person moves to."""

    city: City
    worker: Actor
    colleague: Actor


def make_elsewhere(ctx: Context, slug: str = "caserta") -> Elsewhere:
    city = make_city(ctx, slug)
    workers = [make_staff(ctx, Role.CASE_WORKER, city, name=name) for name in ("Rocco", "Anna")]
    return Elsewhere(city, *(actor_of(ctx, each) for each in workers))


def fill_plan(ctx: Context, desk: Desk) -> UUID:
    """Something of everything that a plan holds; the goal's id."""
    ctx.enter(desk.city.id)
    city, person_id = desk.city, desk.person.own_id
    gardeners = make_association(ctx, city)
    goal_id = make_goal(ctx, city, desk.plan_id, WORKED_IN_FRENCH, language="fr", skills=[PLANTING])
    award_id = make_award(ctx, city, gardeners, person_id, make_staff(ctx, Role.ORGANISER, city))
    kept = {"municipality_id": city.id, "goal_id": goal_id}
    blank = {"level": "", "note": "", "taken_off_reason": "", "title": ""}
    ctx.db.add_all(
        [
            Milestone(
                id=ctx.new_id(), **kept, words="Premier jour", language="fr",
                due_on=date(2026, 4, 1), set_at=ctx.now(),
            ),
            Evidence(
                id=ctx.new_id(), **kept, **blank, award_id=award_id, attached_at=ctx.now()
            ),
            Evidence(
                id=ctx.new_id(), **kept, **blank | {"title": "Corso CPIA", "level": "A2"},
                kind=EvidenceKind.ITALIAN, dated_on=date(2026, 2, 1), attached_at=ctx.now(),
                attached_by=desk.worker.own_id,
            ),
            Evidence(
                id=ctx.new_id(), **kept, **blank | {"title": "Per errore"},
                kind=EvidenceKind.OTHER, attached_at=ctx.now(), attached_by=desk.worker.own_id,
                taken_off_at=ctx.now(), taken_off_by=desk.worker.own_id,
            ),
            Barrier(
                id=ctx.new_id(), municipality_id=city.id, plan_id=desk.plan_id,
                domain=Domain.HOUSING, words="Pas de chambre", language="fr", set_at=ctx.now(),
            ),
            PlanOccupation(
                id=ctx.new_id(), municipality_id=city.id, plan_id=desk.plan_id,
                occupation=GROUNDSMAN, chosen_at=ctx.now(),
            ),
        ]
    )  # fmt: skip
    make_action(ctx, city, desk.plan_id, "Écrire à l’école", language="fr", goal_id=goal_id)
    make_action(ctx, city, desk.plan_id, "Chiamare la scuola", owed_by=OwedBy.SERVICE)
    make_review(
        ctx, city, desk.plan_id, note=NOTE, worker={Domain.WORK: 2}, person={Domain.WORK: 3},
        is_open=False,
    )  # fmt: skip
    return goal_id


def make_closing(
    ctx: Context,
    desk: Desk,
    closed_on: date,
    outcome: Outcome = Outcome.TRAINING,
    follow_ups: dict[int, date] | None = None,
) -> UUID:
    """A plan that has ended, with what is to be asked later."""
    ctx.enter(desk.city.id)
    ctx.db.get_one(Plan, desk.plan_id).closed_at = ctx.now()
    closing = Closing(
        id=ctx.new_id(),
        municipality_id=desk.city.id,
        plan_id=desk.plan_id,
        outcome=outcome,
        closed_on=closed_on,
        note="",
        closed_by=desk.worker.own_id,
        closed_at=ctx.now(),
    )
    ctx.db.add(closing)
    ctx.db.flush()
    ctx.db.add_all(
        FollowUp(
            id=ctx.new_id(),
            municipality_id=desk.city.id,
            closing_id=closing.id,
            months=months,
            due_on=due_on,
        )
        for months, due_on in (follow_ups or {}).items()
    )
    ctx.db.flush()
    return closing.id
