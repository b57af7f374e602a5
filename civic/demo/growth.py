"""What people got out of it: badges proposed and confirmed, and two plans."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.attendance.queries import living_pass
from civic.badges import operations as badges
from civic.badges import queries as held
from civic.badges.models import Achievement, Award, Proposal
from civic.catalogue.rules import Area
from civic.demo.journal import Journal
from civic.demo.participants import Participants
from civic.demo.people import PEOPLE, WALKER
from civic.demo.shape import DemoPerson, skills
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.plans import operations as plans
from civic.plans.rules import Domain

UNDECIDED = 9
"""Each ninth proposal still waits for its assessor's word."""
PLANS_BEGAN = timedelta(days=24)


def recognise(
    timeline: Timeline, stage: Stage, people: Participants, journal: Journal, at: datetime
) -> None:
    order = {person_id: place for place, person_id in enumerate(people.ids.values())}
    for (city_id, person_id), lines in journal.worked.items():
        last = lines[-1].association_id
        if last is not None:
            with timeline.acting(stage.everywhere, at) as ctx:
                badges.propose_earned(ctx, person_id, city_id, last)
    with timeline.acting(stage.everywhere, at) as ctx:
        proposals = ctx.db.execute(
            select(
                Proposal.id,
                Proposal.association_id,
                Proposal.municipality_id,
                Proposal.person_id,
                Achievement.code,
                Achievement.skills,
            ).join(Achievement, Achievement.id == Proposal.achievement_id)
        ).all()
    assessors = {
        (stage.associations[association], stage.cities[city]): actor
        for (association, city), actor in stage.organisers.items()
    }
    in_order = sorted(proposals, key=lambda row: (order[row.person_id], row.code))
    for place, row in enumerate(in_order):
        is_for_walk = row.person_id == people.ids[WALKER]
        if is_for_walk or place % UNDECIDED:
            decided_at = at + timedelta(minutes=10 * place)
            assessor = assessors[row.association_id, row.municipality_id]
            with timeline.acting(assessor, decided_at) as ctx:
                badges.confirm(ctx, row.id, row.skills)


def agree_on_plans(timeline: Timeline, stage: Stage, people: Participants) -> None:
    """The walker's plan waits for its evidence; the other one has some from its first day."""
    _open(timeline, stage, people.ids[WALKER], _WALKERS_GOALS)
    companion = _holder_of_care_badge(timeline, stage, people)
    if companion:
        goals = [
            plans.NewGoal(Domain.WORK, _CARE[companion.page_language], companion.page_language,
                          skills("accompany people", "show empathy")),
            plans.NewGoal(Domain.ITALIAN, _ITALIAN[companion.page_language],
                          companion.page_language, skills("interact verbally in Italian")),
        ]  # fmt: skip
        _open(timeline, stage, people.ids[companion], goals)


def _open(timeline: Timeline, stage: Stage, person_id: UUID, goals: list[plans.NewGoal]) -> None:
    city_id = stage.cities["potenza"]
    began_at = timeline.now - PLANS_BEGAN
    with timeline.acting(stage.case_worker, began_at) as ctx:
        shown = living_pass(ctx, person_id, city_id)
        if shown is None:
            raise LookupError("everybody of the demonstration holds a pass")
        plan_id = plans.open_plan(ctx, city_id, shown.short_code, agreed=True)
    for week, goal in enumerate(goals):
        with timeline.acting(stage.case_worker, began_at + timedelta(weeks=week)) as ctx:
            plans.set_goal(ctx, plan_id, goal)


def _holder_of_care_badge(
    timeline: Timeline, stage: Stage, people: Participants
) -> DemoPerson | None:
    with timeline.acting(stage.everywhere) as ctx:
        care = {each.id for each in held.achievements(ctx) if each.area is Area.CARE}
        holders = set(
            ctx.db.scalars(
                select(Award.person_id)
                .where(Award.achievement_id.in_(care))
                .where(Award.municipality_id == stage.cities["potenza"])
            )
        )
    return next((person for person in PEOPLE if people.ids[person] in holders), None)


_WALKERS_GOALS = [
    plans.NewGoal(
        Domain.SKILLS,
        "Imparare a curare un giardino: un giorno vorrei farlo di mestiere.",
        "it",
        skills("perform ground maintenance activities", "plant green plants"),
    ),
    plans.NewGoal(
        Domain.ITALIAN,
        "Parlare italiano al lavoro senza vergognarmi.",
        "it",
        skills("interact verbally in Italian"),
    ),
    plans.NewGoal(Domain.HOUSING, "Trovare una stanza con un'amica entro l'estate.", "it", ()),
]
_CARE = {
    "it": "Lavorare con gli anziani, in una casa o in un centro.",
    "en": "Work with older people, in a home or in a centre.",
    "fr": "Travailler avec des personnes âgées, à domicile ou dans un centre.",
    "ar": "العمل مع كبار السن، في بيت أو في مركز.",
}
_ITALIAN = {
    "it": "Capire il medico e farmi capire.",
    "en": "Understand the doctor and be understood.",
    "fr": "Comprendre le médecin et me faire comprendre.",
    "ar": "أن أفهم الطبيب ويفهمني.",
}
