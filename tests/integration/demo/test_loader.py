"""The small demonstration, loaded on a Saturday morning."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select

from civic.accounts import queries as accounts
from civic.accounts.models import Person, StaffCredential
from civic.accounts.passwords import is_password
from civic.attendance.models import Pass
from civic.attendance.operations import scans as attendance
from civic.attendance.rules import Direction, Outcome
from civic.audit.queries import verify_chain
from civic.badges import operations as badges
from civic.badges.explaining import explained
from civic.badges.models import Achievement, Award, Proposal
from civic.badges.rules import ProposalState
from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.rules import ProjectState
from civic.demo.loader import load, refresh
from civic.demo.people import ALREADY_IN, PEOPLE, WALKER
from civic.demo.projects.potenza_green import TODAYS_GARDEN
from civic.demo.shape import WEEK, DemoPerson
from civic.demo.staff import OFFICER_OF_CASERTA, ORGANISER, WITH_SIGN_IN
from civic.demo.today import STILL_TO_GO
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.ids import uuid7
from civic.kernel.policy import Actor, system_in
from civic.kernel.vault import Vault
from civic.notifications.models import Message
from civic.plans.models import Evidence, Goal, Plan
from civic.plans.queries.goals import goals_of
from civic.plans.queries.reviews import reviews_of
from civic.plans.queries.versions import versions_of
from civic.plans.rules import View
from civic.recognition.models import RecognitionPath
from civic.recognition.rules import PathState
from civic.tenancy.models import Municipality
from tests.conftest import SETTINGS
from tests.integration.demo import truth


@pytest.fixture
def database(
    loaded_connection: Connection, clock: FrozenClock, demo_vault: Vault
) -> Iterator[Database]:
    attempt = loaded_connection.begin_nested()
    yield Database.within(loaded_connection, clock, demo_vault)
    attempt.rollback()


def id_of(ctx: Context, name: str) -> UUID:
    return ctx.db.scalars(select(Person.id).where(Person.name == name)).one()


def running_session(ctx: Context) -> ProjectSession:
    """Of the garden at which the check-in is tried; the one with most time left."""
    return ctx.db.scalars(
        select(ProjectSession)
        .join(ProjectText, ProjectText.project_id == ProjectSession.project_id)
        .where(ProjectText.title == TODAYS_GARDEN.words["it"].title)
        .where(ProjectSession.starts_at <= ctx.now(), ProjectSession.ends_at > ctx.now())
        .order_by(ProjectSession.ends_at.desc())
        .limit(1)
    ).one()


def test_everything_loaded_keeps_the_rules(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        truth.check(ctx)
        for city_id in ctx.db.scalars(select(Municipality.id)):
            assert verify_chain(ctx, city_id) is None
        states = dict(
            ctx.db.execute(select(Project.state, func.count()).group_by(Project.state)).all()
        )
    assert states.pop(ProjectState.PUBLISHED) >= 20
    assert states == {
        ProjectState.DRAFT: 1,
        ProjectState.SUBMITTED: 1,
        ProjectState.SENT_BACK: 1,
    }


def test_a_second_load_changes_nothing(database: Database) -> None:
    def counts() -> list[int | None]:
        with truth.everywhere(database) as ctx:
            models = (Person, Project, ProjectSession, Booking, Award)
            return [ctx.db.scalar(select(func.count()).select_from(model)) for model in models]

    before = counts()
    assert not load(database, SETTINGS)
    assert counts() == before


def test_staff_can_sign_in_with_what_is_printed(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        for person in WITH_SIGN_IN:
            credential = accounts.credential_of(ctx, person.sign_in_name)
            assert credential is not None
            actor = accounts.actor_of_person(ctx, credential.person_id)
            assert [grant.role for grant in actor.grants] == [person.role]
        assert ctx.db.scalar(select(func.count()).select_from(StaffCredential)) == len(WITH_SIGN_IN)
        first = accounts.credential_of(ctx, ORGANISER.sign_in_name)
    assert first is not None
    assert is_password(ORGANISER.password, first.password_hash)


def test_sessions_lie_ten_weeks_back_and_six_ahead(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        now = ctx.now()
        starts = ctx.db.scalars(select(ProjectSession.starts_at)).all()
        full = ctx.db.scalar(
            select(func.count())
            .select_from(Booking)
            .join(ProjectSession, ProjectSession.id == Booking.session_id)
            .where(Booking.state == BookingState.WAITING)
            .where(ProjectSession.places_taken == ProjectSession.places)
        )
    assert now - 10.5 * WEEK < min(starts) < now - 9 * WEEK
    assert now + 5 * WEEK < max(starts) < now + 6.5 * WEEK
    assert full


def scan(database: Database, who: DemoPerson, direction: Direction) -> attendance.Answer:
    with truth.everywhere(database) as ctx:
        session = running_session(ctx)
        code = ctx.db.scalars(
            select(Pass.short_code).where(Pass.person_id == id_of(ctx, who.name))
        ).one()
        organiser = accounts.actor_of_person(ctx, id_of(ctx, ORGANISER.name))
    with database.unit_of_work(organiser) as ctx:
        now = ctx.now()
        one = attendance.Scan(uuid7(now), code, direction, now)
        return attendance.record_scan(ctx, session.id, one)[1]


def confirm_green(database: Database, who: DemoPerson) -> None:
    with truth.everywhere(database) as ctx:
        row = ctx.db.execute(
            select(Proposal.id, Achievement.skills)
            .join(Achievement, Achievement.id == Proposal.achievement_id)
            .where(Proposal.person_id == id_of(ctx, who.name))
            .where(Achievement.code == "green-12", Proposal.state == ProposalState.OPEN)
        ).one()
        organiser = accounts.actor_of_person(ctx, id_of(ctx, ORGANISER.name))
    with database.unit_of_work(organiser) as ctx:
        badges.confirm(ctx, row.id, row.skills)


def test_the_walker_is_one_session_from_a_badge_that_their_plan_waits_for(
    database: Database, clock: FrozenClock, drain: Callable[[], int]
) -> None:
    assert scan(database, WALKER, Direction.ENTRY).outcome is Outcome.ACCEPTED
    clock.advance(timedelta(minutes=1))
    assert scan(database, WALKER, Direction.EXIT).outcome is Outcome.ACCEPTED
    drain()
    confirm_green(database, WALKER)
    drain()
    with truth.everywhere(database) as ctx:
        behind = ctx.db.scalars(
            select(Goal.words)
            .join(Evidence, Evidence.goal_id == Goal.id)
            .join(Award, Award.id == Evidence.award_id)
            .where(Award.person_id == id_of(ctx, WALKER.name))
        ).all()
    assert len(behind) == 1


def test_who_is_in_already_earns_the_badge_by_leaving(
    database: Database, drain: Callable[[], int]
) -> None:
    assert scan(database, ALREADY_IN, Direction.EXIT).outcome is Outcome.ACCEPTED
    drain()
    confirm_green(database, ALREADY_IN)


def test_whoever_has_a_place_today_was_told(database: Database, drain: Callable[[], int]) -> None:
    assert drain() > 0
    with truth.everywhere(database) as ctx:
        told = ctx.db.scalars(select(Message.person_id).where(Message.kind == "place_confirmed"))
        assert id_of(ctx, WALKER.name) in set(told)


@pytest.mark.parametrize("passed", [timedelta(days=1), timedelta(days=9), timedelta(weeks=20)])
def test_a_later_day_gets_its_coming_sessions_and_one_under_way(
    database: Database, clock: FrozenClock, passed: timedelta
) -> None:
    clock.advance(passed)
    assert not load(database, SETTINGS)
    with truth.everywhere(database) as ctx:
        assert running_session(ctx).ends_at >= ctx.now() + STILL_TO_GO
        last = max(ctx.db.scalars(select(ProjectSession.starts_at)))
        assert last > ctx.now() + 5 * WEEK
        assert rome_day(last) <= rome_day(ctx.now()) + 6 * WEEK
        truth.check(ctx)
    refresh(database, SETTINGS)
    with truth.everywhere(database) as ctx:
        assert running_session(ctx).ends_at >= ctx.now() + STILL_TO_GO


def test_the_same_day_loads_the_same_history(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        rows = ctx.db.execute(
            select(Person.name, func.count(Booking.id))
            .join(Booking, Booking.person_id == Person.id)
            .group_by(Person.name)
        )
        booked = dict(rows.all())
    assert len(booked) > len(PEOPLE) * 0.7
    assert booked[WALKER.name] == 4


def test_nobody_of_caserta_reaches_potenza(database: Database) -> None:
    with truth.everywhere(database) as ctx:
        officer: Actor = accounts.actor_of_person(ctx, id_of(ctx, OFFICER_OF_CASERTA.name))
    with database.reading(officer) as ctx:
        cities = set(ctx.db.scalars(select(Proposal.municipality_id)))
    assert cities <= officer.municipalities


def test_every_badge_of_the_demonstration_follows_from_the_ledger(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "all badges"):
        found = list(explained(ctx))
    assert len(found) > 100
    assert [each.award_id for each in found if not each.is_right] == []


def test_two_plans_were_looked_at_twice_from_both_sides_and_one_is_signed_by_both(
    database: Database,
) -> None:
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "all plans"):
        plan_ids = list(ctx.db.scalars(select(Plan.id)))
        reviews = reviews_of(ctx, plan_ids)
        signed = [
            version.is_complete
            for versions in versions_of(ctx, plan_ids).values()
            for version in versions
        ]
        goals = goals_of(ctx, plan_ids)
    assert [len(reviews[plan_id]) for plan_id in plan_ids] == [2, 2]
    assert all(each.scores[view] for rows in reviews.values() for each in rows for view in View)
    assert signed == [True]
    assert all(goal.words_it for rows in goals.values() for goal in rows)


def test_a_city_and_an_association_have_badges_of_their_own_that_people_hold(
    database: Database,
) -> None:
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "all badges"):
        rows = ctx.db.execute(
            select(Achievement.association_id, func.count(Award.id))
            .join(Award, Award.achievement_id == Achievement.id)
            .where(Achievement.municipality_id.is_not(None))
            .group_by(Achievement.id, Achievement.association_id)
        ).all()
    assert sorted(row.association_id is None for row in rows) == [False, True]
    assert all(count > 0 for _, count in rows)


def test_a_path_of_recognition_is_under_way(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "all paths"):
        (state,) = ctx.db.scalars(select(RecognitionPath.state))
    assert state is PathState.UNDER_WAY
