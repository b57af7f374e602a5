"""Bringing a demonstration that was loaded on an earlier day up to today."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from civic.accounts.models import Contact, Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.operations.sessions import SessionPlan, add_sessions
from civic.demo import cases, housing, today
from civic.demo import stage as stages
from civic.demo.history import History, sessions_of
from civic.demo.journal import Journal, MadeProject, MadeSession
from civic.demo.offering import dates
from civic.demo.participants import Participants
from civic.demo.people import PEOPLE, contact_of
from civic.demo.rows import Rows
from civic.demo.shape import DemoProject
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.enrolment.models import Booking, Enrolment
from civic.enrolment.rules import HELD, EnrolmentState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in

Pair = tuple[DemoProject, MadeProject]


def is_stale(ctx: Context) -> bool:
    """Whether a day has come into reach that has no session yet, none is under way, or nobody is
    awaited any more."""
    with unscoped(ctx.db, "the demonstration looks whether it is up to today"):
        pairs = stages.published(ctx, stages.find(ctx))
        sessions = sessions_of(ctx, [made for _, made in pairs])
        if cases.is_stale(ctx) or housing.is_stale(ctx):
            return True
    return _lacks_today(pairs, sessions, ctx.now()) or any(
        _missing(pair, sessions, ctx.now()) for pair in pairs
    )


def renew(timeline: Timeline, store: FileStore) -> None:
    with timeline.acting(system_in()) as ctx, unscoped(ctx.db, "the demonstration is renewed"):
        stage = stages.find(ctx)
        pairs = stages.published(ctx, stage)
        before = sessions_of(ctx, [made for _, made in pairs])
        people = _people(ctx)
    for pair in pairs:
        plans = _missing(pair, before, timeline.now)
        if plans:
            with timeline.acting(stage.organiser_of(pair[0])) as ctx:
                add_sessions(ctx, pair[1].id, plans)
    _fill_new(timeline, stage, pairs, before, people)
    if _lacks_today(pairs, before, timeline.now):
        garden = today.garden_in(pairs)
        if garden:
            today.hold(timeline, stage, people, garden)
    cases.renew(timeline, stage, people)
    housing.renew(timeline, stage, people, store)


def _lacks_today(pairs: list[Pair], sessions: list[MadeSession], now: datetime) -> bool:
    garden = today.garden_in(pairs)
    return garden is not None and not today.is_under_way(sessions, garden, now)


def _missing(pair: Pair, sessions: list[MadeSession], now: datetime) -> list[SessionPlan]:
    """Dates after the project's last one: what somebody moved or cancelled is left alone."""
    described, made = pair
    there = [session.day for session in sessions if session.project.id == made.id]
    first = max([rome_day(now), *there]) + timedelta(days=1)
    return dates(described, first, now)


def _people(ctx: Context) -> Participants:
    """Those of the demonstration who still have an account, and when they are busy."""
    positions = {contact_of(position)[1]: person for position, person in enumerate(PEOPLE)}
    found = ctx.db.execute(
        select(Contact.value, Person.id, Person.birth_year)
        .join(Person, Person.id == Contact.person_id)
        .where(Contact.value.in_(positions))
    ).all()
    people = Participants(
        ids={positions[row.value]: row.id for row in found},
        birth_years={positions[row.value]: row.birth_year for row in found},
    )
    held = ctx.db.execute(
        select(Booking.person_id, ProjectSession.starts_at, ProjectSession.ends_at)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.state.in_(HELD), ProjectSession.ends_at > ctx.now())
    )
    for person_id, starts_at, ends_at in held:
        people.occupy(person_id, starts_at, ends_at)
    return people


def _fill_new(
    timeline: Timeline,
    stage: Stage,
    pairs: list[Pair],
    before: list[MadeSession],
    people: Participants,
) -> None:
    """Some of those who joined a project take a place in its new sessions."""
    known = {session.id for session in before}
    rows = Rows(timeline.connection)
    history = History(Journal(rows), people, Random(str(timeline.now)), timeline.now, timeline.now)
    with timeline.acting(stage.everywhere) as ctx:
        joined = set(
            ctx.db.execute(
                select(Enrolment.project_id, Enrolment.person_id)
                .where(Enrolment.state == EnrolmentState.ACTIVE)
                .where(Enrolment.project_id.in_([made.id for _, made in pairs]))
            )
        )
        likings = {made.id: described.liking for described, made in pairs}
        for session in sessions_of(ctx, [made for _, made in pairs]):
            if session.id not in known:
                pool = [
                    person
                    for person, person_id in people.ids.items()
                    if (session.project.id, person_id) in joined
                ]
                history.fill(session, pool, likings[session.project.id])
        rows.write()
        history.count_places(ctx)
