"""Steps towards a home stand in the person's plan by themselves, once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.events import HoursCredited
from civic.attendance.models import HoursLine
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import ProjectState
from civic.housing.book_errors import CourseUnknown
from civic.housing.events import StepTaken
from civic.housing.handlers import on_step_taken
from civic.housing.market_models import HousingStep
from civic.housing.operations.arrears import see_arrears
from civic.housing.operations.course import choose_course
from civic.housing.operations.steps import take_step
from civic.housing.rules.steps import Step
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Actor, Role, system_in
from civic.plans.models import Action, Evidence
from civic.plans.operations.from_housing import StepTold, take_in_step
from civic.plans.rules import BY_HAND, ActionState, Domain, EvidenceKind, GoalState
from tests.factories.accounts import make_person, make_staff, with_second_factor
from tests.factories.badges import work_hours
from tests.factories.catalogue import make_project
from tests.factories.housing import make_resident
from tests.factories.housing_support import (
    FIRST_DUE,
    Tenancy,
    make_payment,
    make_support,
    make_tenancy,
)
from tests.factories.plans import make_action, make_goal, make_plan
from tests.factories.tenancy import make_association

Acting = Callable[[Actor], AbstractContextManager[Context]]
Drain = Callable[[], int]
TODAY = date(2026, 3, 14)


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def plan_id(acting: Acting, tenancy: Tenancy) -> UUID:
    with acting(system_in()) as ctx:
        worker = make_staff(ctx, Role.CASE_WORKER, tenancy.city)
        return make_plan(ctx, tenancy.city, tenancy.person_id, worker)


def take(acting: Acting, tenancy: Tenancy, step: Step = Step.MOVED_IN) -> bool:
    with acting(tenancy.officer) as ctx:
        return take_step(ctx, tenancy.resident_id, step, TODAY, tenancy.placement_id)


def evidence(acting: Acting, tenancy: Tenancy) -> list[Evidence]:
    with acting(system_in(tenancy.city.id)) as ctx:
        return list(ctx.db.scalars(select(Evidence).order_by(Evidence.id)))


def actions(acting: Acting, tenancy: Tenancy) -> list[Action]:
    with acting(system_in(tenancy.city.id)) as ctx:
        return list(ctx.db.scalars(select(Action).order_by(Action.id)))


def test_a_step_is_evidence_behind_goals_about_housing_and_an_action_that_is_done(
    acting: Acting, tenancy: Tenancy, plan_id: UUID, drain: Drain
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        home = make_goal(ctx, tenancy.city, plan_id, "Une maison", domain=Domain.HOUSING)
        make_goal(ctx, tenancy.city, plan_id, "Un travail", domain=Domain.WORK)
        make_goal(
            ctx, tenancy.city, plan_id, "Autre", domain=Domain.HOUSING, state=GoalState.DROPPED
        )
    assert take(acting, tenancy)
    drain()
    (row,) = evidence(acting, tenancy)
    assert (row.goal_id, row.kind, row.dated_on) == (home, EvidenceKind.HOUSING, TODAY)
    assert (row.attached_by, row.title) == (None, "Moved in")
    (action,) = actions(acting, tenancy)
    assert (action.goal_id, action.state, action.language) == (home, ActionState.DONE, "fr")


def test_the_same_step_and_the_same_event_twice_stand_once(
    acting: Acting, tenancy: Tenancy, plan_id: UUID, drain: Drain, app: Flask
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        make_goal(ctx, tenancy.city, plan_id, "Une maison", domain=Domain.HOUSING)
    assert take(acting, tenancy)
    assert not take(acting, tenancy)
    drain()
    with acting(system_in(tenancy.city.id)) as ctx:
        step_id = ctx.db.scalars(select(HousingStep.id)).one()
        event = StepTaken(
            municipality_id=tenancy.city.id,
            step_id=step_id,
            person_id=tenancy.person_id,
            step=Step.MOVED_IN.value,
            on_day=TODAY,
        )
        with app.app_context():
            on_step_taken(ctx, event)
    assert len(evidence(acting, tenancy)) == 1
    assert len(actions(acting, tenancy)) == 1


def test_an_open_action_that_says_the_same_is_done_and_no_other_is_written(
    acting: Acting, tenancy: Tenancy, plan_id: UUID
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        planned = make_action(ctx, tenancy.city, plan_id, "trasferirsi ", language="it")
        other = make_action(ctx, tenancy.city, plan_id, "Iscriversi alla scuola")
        told = StepTold(ctx.new_id(), "Moved in", {"fr": "Emménager", "it": "Trasferirsi"}, TODAY)
        for _ in range(2):
            assert take_in_step(ctx, tenancy.city.id, tenancy.person_id, told)
    states = {row.id: row.state for row in actions(acting, tenancy)}
    assert states == {planned: ActionState.DONE, other: ActionState.OPEN}


def test_a_plan_without_a_goal_about_housing_has_the_action_alone(
    acting: Acting, tenancy: Tenancy, plan_id: UUID, drain: Drain
) -> None:
    take(acting, tenancy)
    drain()
    assert evidence(acting, tenancy) == []
    (action,) = actions(acting, tenancy)
    assert (action.goal_id, action.state) == (None, ActionState.DONE)


def test_no_case_worker_puts_such_a_step_behind_a_goal_by_hand() -> None:
    assert set(EvidenceKind) - set(BY_HAND) == {EvidenceKind.HOUSING}


def test_without_a_plan_or_an_account_nothing_is_written(
    acting: Acting, tenancy: Tenancy, drain: Drain
) -> None:
    take(acting, tenancy)
    with acting(system_in(tenancy.city.id)) as ctx:
        without = make_resident(ctx, tenancy.city, "Bilal Khan")
        assert take_step(ctx, without, Step.MOVED_IN, TODAY)
    drain()
    assert evidence(acting, tenancy) == []
    assert actions(acting, tenancy) == []


def test_the_plan_shows_the_step_in_the_language_of_its_page(
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    plan_id: UUID,
    drain: Drain,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        make_goal(ctx, tenancy.city, plan_id, "Une maison", domain=Domain.HOUSING)
    take(acting, tenancy)
    drain()
    sign_in(client, tenancy.person_id)
    page = html(client.get("/en/me/plan", follow_redirects=True))
    assert "A step towards a home" in page
    assert "Moved in" in page


def test_three_parts_in_a_row_on_time_are_a_step_found_when_the_last_is_paid(
    acting: Acting, tenancy: Tenancy, clock: FrozenClock
) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    for day, cents in ((date(2026, 4, 1), 10_000), (date(2026, 5, 6), 20_000)):
        clock.instant = at(day)
        with acting(tenancy.officer) as ctx:
            make_payment(ctx, tenancy, decision_id, cents, day)
    assert steps(acting, tenancy) == []
    clock.instant = at(date(2026, 6, 1))
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 30_000, date(2026, 6, 1))
    assert steps(acting, tenancy) == [Step.RENT_ON_TIME]


def test_who_paid_ahead_takes_the_step_when_its_day_has_come(
    database: Database, acting: Acting, tenancy: Tenancy, clock: FrozenClock
) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
        make_payment(ctx, tenancy, decision_id, 60_000, TODAY)
    clock.instant = at(FIRST_DUE + timedelta(days=40))
    see_arrears(database)
    assert steps(acting, tenancy) == []
    for _ in range(2):
        clock.instant = at(date(2026, 6, 1))
        see_arrears(database)
        assert steps(acting, tenancy) == [Step.RENT_ON_TIME]


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Rome"))


def steps(acting: Acting, tenancy: Tenancy) -> list[Step]:
    with acting(system_in(tenancy.city.id)) as ctx:
        return list(ctx.db.scalars(select(HousingStep.step).order_by(HousingStep.taken_at)))


def course_for(ctx: Context, tenancy: Tenancy, sessions: int) -> UUID:
    """The tenant was there as often; what they did is a project of the city."""
    association = make_association(ctx, tenancy.city)
    made = work_hours(ctx, tenancy.city, association, tenancy.person_id, [120] * sessions)
    return ctx.db.get_one(ProjectSession, made[0]).project_id


def test_who_was_there_often_enough_has_done_the_course(acting: Acting, tenancy: Tenancy) -> None:
    with acting(system_in()) as ctx:
        project_id = course_for(ctx, tenancy, 3)
        make_resident(ctx, tenancy.city, "Bilal", person_id=make_person(ctx, "Bilal", tenancy.city))
    with acting(tenancy.officer) as ctx:
        choose_course(ctx, tenancy.city.id, project_id, 4)
    assert steps(acting, tenancy) == []
    for _ in range(2):
        with acting(tenancy.officer) as ctx:
            choose_course(ctx, tenancy.city.id, project_id, 3)
    assert steps(acting, tenancy) == [Step.COURSE_DONE]


def test_the_session_that_was_missing_makes_it_done(
    acting: Acting, tenancy: Tenancy, drain: Drain
) -> None:
    with acting(system_in()) as ctx:
        project_id = course_for(ctx, tenancy, 3)
        line = ctx.db.scalars(select(HoursLine).limit(1)).one()
        line.minutes = 0
        ctx.db.flush()
        session_id = line.session_id
    with acting(tenancy.officer) as ctx:
        choose_course(ctx, tenancy.city.id, project_id, 3)
    assert steps(acting, tenancy) == []
    with acting(system_in(tenancy.city.id)) as ctx:
        line = ctx.db.scalars(select(HoursLine).where(HoursLine.session_id == session_id)).one()
        line.minutes = 60
        emit(
            ctx,
            HoursCredited(
                municipality_id=tenancy.city.id,
                person_id=tenancy.person_id,
                session_id=session_id,
                association_id=line.association_id,
                area=line.area.value,
                minutes=60,
            ),
        )
    drain()
    assert steps(acting, tenancy) == [Step.COURSE_DONE]


@pytest.mark.parametrize("state", [ProjectState.DRAFT, ProjectState.CLOSED])
def test_only_a_published_project_of_the_city_can_be_the_course(
    acting: Acting, tenancy: Tenancy, state: ProjectState
) -> None:
    with acting(system_in()) as ctx:
        abroad = make_tenancy(ctx, "latina", name="Chen Wei")
        association = make_association(ctx, tenancy.city)
        author = make_staff(ctx, Role.ORGANISER, tenancy.city, association)
        unfit = make_project(ctx, association.id, tenancy.city.id, author, state=state)
        theirs = make_project(ctx, association.id, abroad.city.id, author)
    for project_id in (unfit, theirs):
        with pytest.raises(CourseUnknown), acting(tenancy.officer) as ctx:
            choose_course(ctx, tenancy.city.id, project_id, 3)
    with pytest.raises(NotFound), acting(abroad.officer) as ctx:
        choose_course(ctx, tenancy.city.id, theirs, 3)


def test_the_course_is_chosen_on_its_page_and_shown_on_the_way(
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
) -> None:
    with acting(system_in()) as ctx:
        project_id = course_for(ctx, tenancy, 2)
    assert tenancy.officer.person_id
    sign_in(client, tenancy.officer.person_id)
    with_second_factor(client)
    address = "/en/housing/support/course"
    assert "Siepe di alloro" in html(client.get(address))
    assert client.post(address, data={"project": "", "sessions": "3"}).status_code == 422
    wrong = client.post(address, data={"project": str(project_id), "sessions": "0"})
    assert wrong.status_code == 422
    chosen = client.post(address, data={"project": str(project_id), "sessions": "3"})
    assert chosen.status_code == 302
    page = html(client.get(f"/en/housing/market/{tenancy.resident_id}"))
    assert "2 of 3 sessions attended" in page
