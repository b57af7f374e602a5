"""The cases of the demonstration, in Napoli and in Latina: through the rooms' own operations, as whoever
would have done it, at the moments at which they would have."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, select

from civic.accounts.models import Person, RoleGrant, StaffCredential
from civic.accounts.queries import actor_of_person
from civic.cases.access import CaseRole, Data
from civic.cases.models import Appointment, CaseAccess, CaseConsent, CaseFile
from civic.cases.operations import emergency, entries, households, outings, referrals
from civic.cases.operations.appointments import NewAppointment, make_appointment
from civic.cases.operations.entries import NewAlert
from civic.cases.operations.outings import Meeting, Walk
from civic.cases.operations.referrals import NewReferral
from civic.cases.states import COUNTED
from civic.cases.vocabulary import AlertKind, Purpose, Relation
from civic.demo import case_arrivals as arriving
from civic.demo import case_people as people_of
from civic.demo import founding
from civic.demo import stage as stages
from civic.demo.case_shape import DemoCase, Met
from civic.demo.case_work import HANDED, OPENED, TURNED, CaseWork, on_working_day
from civic.demo.participants import Participants
from civic.demo.staff import (
    DESK,
    DESK_OF_LATINA,
    LEAD,
    LEAD_OF_LATINA,
    MOBILE_UNIT,
    ON_CASES,
)
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role

EVENING = time(20, 30)
OUTING = timedelta(hours=3)
JUST_NOW = timedelta(minutes=40)
NIGHT = time(22, 45)
REFERRED = 17
"""Days ago."""
AHEAD, AT_TEN = 2, time(10)
"""When somebody is awaited again, where the demonstration was loaded long ago."""


def begin(timeline: Timeline, stage: Stage, people: Participants) -> None:
    napoli = CaseWork(timeline, stage, "napoli", LEAD)
    latina = CaseWork(timeline, stage, "latina", LEAD_OF_LATINA)
    _walk_the_streets(napoli)
    for case in (*people_of.IN_CHARGE, *arriving.AT_THE_DESK):
        _work_on(napoli, case, people)
    _take_in_from_the_street(napoli)
    _join_household(napoli)
    _keep_in_mind(napoli)
    _come_in_at_night(napoli)
    _come_again_under_another_name(napoli)
    for case in arriving.OF_LATINA:
        _work_on(latina, case, people)
    _refer(napoli, latina)


def _work_on(work: CaseWork, case: DemoCase, people: Participants) -> None:
    person = next((each for each in people.ids if each.name == case.participant), None)
    person_id = people.ids[person] if person else None
    known = {"born": str(people.birth_years[person])} if person else {}
    case_id = work.open(case, work.at(case.opened, OPENED), person_id, **known)
    # What the desk took down yesterday waits there for a colleague.
    if case.opener is not work.lead and case.intake is not None:
        work.hand(case_id, case.opener, work.at(case.opened, HANDED))
    work.follow(case, case_id)


# The street


def _walk_the_streets(work: CaseWork) -> None:
    walked = []
    for place, outing in enumerate(arriving.OUTINGS):
        at = work.at(outing.days, EVENING)
        with work.acting(MOBILE_UNIT, at + OUTING) as ctx:
            walk = Walk(
                ctx.new_id(), arriving.TEAM, outing.area, at, at + OUTING, outing.tally, place + 1
            )
            outings.keep_outing(ctx, work.city_id, walk)
        walked.append((walk.id, at))
    for met in arriving.MET:
        outing_id, at = walked[met.outing]
        _meet(work, met, outing_id, at + timedelta(minutes=met.minute))


def _meet(work: CaseWork, met: Met, outing_id: UUID, at: datetime) -> None:
    values = {
        "called": met.called,
        "age_band": met.age_band,
        "needs": list(met.needs),
        "help": list(met.help),
        "where": met.where,
        "words": met.words,
        "follow_up": met.follow_up,
    }
    with work.acting(MOBILE_UNIT, at) as ctx:
        case_id = work.made.setdefault(met.key, ctx.new_id())
        meeting = Meeting(ctx.new_id(), case_id, at, values, outing_id, 1, met.language)
        outings.keep_meeting(ctx, work.city_id, meeting)


def _take_in_from_the_street(work: CaseWork) -> None:
    """Under the name he gave at last; the unit sees him no more."""
    case = people_of.IBRAHIMA
    case_id = work.made[case.key]
    work.hand(case_id, MOBILE_UNIT, work.at(case.intake or 0, OPENED))
    work.follow(case, case_id)


def _come_in_at_night(work: CaseWork) -> None:
    case_id = work.made[people_of.IBRAHIMA.key]
    with work.acting(MOBILE_UNIT, work.at(2, NIGHT)) as ctx:
        emergency.break_glass(
            ctx, case_id, "È svenuto in piazza. Il 118 chiede che cosa prende e chi lo conosce."
        )
        access_id = ctx.db.scalars(
            select(CaseAccess.id).where(
                CaseAccess.case_id == case_id, CaseAccess.is_emergency.is_(True)
            )
        ).one()
    with work.acting(LEAD, work.at(1, OPENED)) as ctx:
        emergency.review(ctx, case_id, access_id, was_right=True)


# Around some of the cases


def _join_household(work: CaseWork) -> None:
    mother = people_of.SVITLANA.key
    at = work.at(20, TURNED)
    for other, relation in (
        (people_of.ANDRII, Relation.PARTNER),
        (people_of.DARYNA, Relation.CHILD),
        (people_of.MATVII, Relation.CHILD),
    ):
        at += timedelta(minutes=1)
        with work.acting(LEAD, at) as ctx:
            households.add_member(ctx, work.made[mother], work.made[other.key], relation)


def _keep_in_mind(work: CaseWork) -> None:
    with work.acting(LEAD, work.at(5, TURNED)) as ctx:
        alert = NewAlert(
            Data.SOCIAL,
            AlertKind.DANGER,
            "Non telefonare la sera e non lasciare messaggi: chiama lei.",
            work.today + timedelta(days=90),
        )
        entries.add_alert(ctx, work.made[arriving.NADIA.key], alert)


def _come_again_under_another_name(work: CaseWork) -> None:
    """Taken down a moment ago, and not yet laid beside the file that is there already."""
    now = work.timeline.now
    case_id = work.open(arriving.MOHAMED, now - JUST_NOW)
    work.hand(case_id, DESK, now - JUST_NOW / 2)


def _refer(napoli: CaseWork, latina: CaseWork) -> None:
    """Asked of the other city while he was still followed here, and taken in there the day after."""
    case_id, there = napoli.made[people_of.TESFAY.key], arriving.TESFAY_IN_LATINA
    with napoli.acting(LEAD, napoli.at(REFERRED, TURNED)) as ctx:
        consent_id = ctx.db.scalars(
            select(CaseConsent.id).where(
                CaseConsent.case_id == case_id, CaseConsent.purpose == Purpose.SHARING
            )
        ).one()
        carried = (Data.IDENTITY, Data.LEGAL_STATUS, Data.SOCIAL)
        words = "Lavora da voi da lunedì. Chiede di essere seguito per la residenza."
        referrals.refer(ctx, case_id, NewReferral(consent_id, carried, words=words))
    with latina.acting(DESK_OF_LATINA, latina.at(there.opened, OPENED)) as ctx:
        (arrival,) = referrals.read_arrivals(ctx, latina.city_id)
        taken_in = referrals.answer_arrival(ctx, arrival.id, accepted=True)
    if taken_in is None:
        raise LookupError("what was accepted is a case")
    latina.hand(taken_in, DESK_OF_LATINA, latina.at(there.opened, HANDED))
    latina.follow(there, taken_in)


# On a later day


def is_stale(ctx: Context) -> bool:
    """Whether there are no cases yet, as in a demonstration of before, or nobody is awaited any more."""
    return not _is_begun(ctx) or bool(_unawaited(ctx))


def renew(timeline: Timeline, stage: Stage, people: Participants) -> None:
    with timeline.acting(stage.everywhere) as ctx:
        is_begun = _is_begun(ctx)
        waiting = _unawaited(ctx)
        if not is_begun:
            for person in ON_CASES:
                founding.employ(ctx, person, stage.cities, stage.associations)
            stage = stages.find(ctx)
    if not is_begun:
        begin(timeline, stage, people)
    for case_id, lead in waiting:
        with timeline.acting(lead) as ctx:
            at = on_working_day(rome_day(timeline.now), AHEAD, AT_TEN)
            make_appointment(ctx, case_id, NewAppointment(at, 45, "A che punto siamo"))


def _is_begun(ctx: Context) -> bool:
    names = [person.sign_in_name for person in ON_CASES]
    first = select(StaffCredential.person_id).where(StaffCredential.sign_in_name.in_(names))
    return ctx.db.scalars(first.limit(1)).first() is not None


def _unawaited(ctx: Context) -> list[tuple[UUID, Actor]]:
    """Of those who have a page of their own, whoever has no appointment ahead, with who leads the case.
    One that was called off counts: what somebody changed is left as they wanted it."""
    names = [case.participant for case in (people_of.SOULEYMANE, arriving.ROKEYA)]
    ahead = exists().where(Appointment.case_id == CaseFile.id, Appointment.at > ctx.now())
    rows = ctx.db.execute(
        select(CaseFile.id, CaseAccess.person_id)
        .join(Person, Person.id == CaseFile.person_id)
        .join(CaseAccess, CaseAccess.case_id == CaseFile.id)
        .join(
            RoleGrant,
            and_(
                RoleGrant.person_id == CaseAccess.person_id,
                RoleGrant.municipality_id == CaseFile.municipality_id,
                RoleGrant.role == Role.CASE_WORKER,
            ),
        )
        .where(Person.name.in_(names), CaseFile.state.in_(COUNTED))
        .where(CaseFile.merged_into_id.is_(None), CaseFile.erased_at.is_(None))
        .where(CaseAccess.role == CaseRole.CASE_LEAD, CaseAccess.until.is_(None))
        .where(CaseAccess.is_emergency.is_(False), ~ahead)
        .order_by(CaseFile.opened_at, CaseFile.id)
    )
    return [(row[0], actor_of_person(ctx, row[1])) for row in rows if row[1]]
