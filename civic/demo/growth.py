"""What people got out of it: badges proposed and confirmed, and two plans."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.attendance.queries.presence import living_pass
from civic.audit import operations as audit
from civic.badges import operations as badges
from civic.badges import queries as held
from civic.badges.models import Award
from civic.catalogue.rules import Area
from civic.demo.ids import DEMO_NUMBERS, Kind, made_id
from civic.demo.journal import Journal
from civic.demo.participants import Participants
from civic.demo.people import PEOPLE, WALKER
from civic.demo.recognition import Earned, Recognition, earned_by, standards
from civic.demo.shape import DemoPerson, skills
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.kernel.context import Context
from civic.plans.operations import plans
from civic.plans.rules import Domain

UNDECIDED = 9
"""Each ninth proposal still waits for its assessor's word."""
NEWEST = 10
"""Each tenth is confirmed only now."""
WITHIN = timedelta(hours=13)
"""How long it took until somebody was confirmed, at most."""
PLANS_BEGAN = timedelta(days=24)


def recognise(
    timeline: Timeline, stage: Stage, people: Participants, journal: Journal, at: datetime
) -> None:
    """Most of what was earned was confirmed and stands in the trail; the newest goes through the
    assessors' own operation, so that their messages are on their way."""
    recognition = Recognition(journal.rows)
    assessors = {
        (stage.associations[association], stage.cities[city]): actor
        for (association, city), actor in stage.organisers.items()
    }
    newest: list[tuple[UUID, Earned, datetime]] = []
    order = {person_id: place for place, person_id in enumerate(people.ids.values())}
    found = earned_by(journal.worked, standards(timeline.connection))
    in_order = sorted(found, key=lambda each: (order[each.person_id], each.standard.code))
    for place, what in enumerate(in_order):
        number = DEMO_NUMBERS + place
        counted_at = journal.counted_at[what.municipality_id, what.person_id]
        opened_at = max(at - timedelta(days=1), counted_at)
        is_for_walk = what.person_id == people.ids[WALKER]
        is_too_new = opened_at + WITHIN > timeline.now
        if is_too_new or (place % UNDECIDED == 0 and not is_for_walk):
            recognition.propose(number, what, opened_at)
        elif place % NEWEST == 1:
            newest.append((recognition.propose(number, what, opened_at), what, opened_at))
        else:
            assessor = assessors[what.association_id, what.municipality_id]
            decided_at = opened_at + place * WITHIN / len(in_order)
            is_new = not recognition.is_held(what)
            proposal_id = recognition.propose(
                number, what, opened_at, decided_at, assessor.person_id
            )
            award_id = made_id(Kind.AWARD, number, decided_at)
            with timeline.acting(assessor, decided_at) as ctx:
                _put_on_record(ctx, what, award_id if is_new else proposal_id, is_new)
    journal.rows.write()
    for proposal_id, what, opened_at in newest:
        assessor = assessors[what.association_id, what.municipality_id]
        with timeline.acting(assessor, opened_at + WITHIN) as ctx:
            badges.confirm(ctx, proposal_id, what.standard.skills, what.standard.ratings)


def _put_on_record(ctx: Context, what: Earned, thing_id: UUID, is_new: bool) -> None:
    audit.record(
        ctx,
        what.municipality_id,
        "badge.confirmed",
        subject_id=what.person_id,
        thing_id=thing_id,
        details={
            "achievement": what.standard.code,
            "skills": list(what.standard.skills),
            "is_new": is_new,
        },
    )


def agree_on_plans(timeline: Timeline, stage: Stage, people: Participants) -> list[UUID]:
    """The walker's plan waits for its evidence; the other one has some from its first day."""
    found = [_open(timeline, stage, people.ids[WALKER], _WALKERS_GOALS)]
    companion = _holder_of_care_badge(timeline, stage, people)
    if companion:
        goals = [
            plans.NewGoal(Domain.WORK, _CARE[companion.page_language], companion.page_language,
                          skills("accompany people", "show empathy"), _CARE["it"]),
            plans.NewGoal(Domain.ITALIAN, _ITALIAN[companion.page_language],
                          companion.page_language, skills("interact verbally in Italian"),
                          _ITALIAN["it"]),
        ]  # fmt: skip
        found.append(_open(timeline, stage, people.ids[companion], goals))
    return found


def _open(timeline: Timeline, stage: Stage, person_id: UUID, goals: list[plans.NewGoal]) -> UUID:
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
    return plan_id


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
