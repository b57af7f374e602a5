"""After a move everybody booked is asked whether they still come, and silence changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations.series import cancel_series, change_series
from civic.catalogue.operations.sessions import SessionPlan, change_session
from civic.catalogue.rhythm import Scope
from civic.enrolment.models import Booking, InsurancePolicy
from civic.enrolment.operations import places, reconfirming
from civic.enrolment.queries.reconfirming import asked_again, unanswered, unanswered_names
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
    make_booked_person,
    on_ground,
    signed_in,
)
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_booking
from tests.factories.series import make_series

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
Drain = Callable[[], int]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def amina(database: Database, ground: Ground) -> Actor:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_booked_person(ctx, ground)
    return signed_in(database, person_id)


def move(database: Database, ground: Ground, by: timedelta, point: str = "Piazza Cavour") -> None:
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        row = ctx.db.get_one(ProjectSession, ground.session_id)
        plan = SessionPlan(row.starts_at + by, row.ends_at + by, point, row.places)
        change_session(ctx, ground.session_id, plan)


def booking_of(ctx: Context, person_id: UUID) -> Booking:
    return ctx.db.scalars(select(Booking).where(Booking.person_id == person_id)).one()


def test_a_move_asks_whoever_has_a_place_is_offered_one_or_waits(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        others = {
            state: make_person(ctx, state.value, ground.city)
            for state in BookingState
            if state is not BookingState.CONFIRMED
        }
        for state, person_id in others.items():
            make_booking(ctx, person_id, ground.session_id, state)
    move(database, ground, DAY)
    drain()
    with database.reading(system_in(ground.city.id)) as ctx:
        names = unanswered_names(ctx, ground.session_id)
        assert unanswered(ctx, ground.project_id) == {ground.session_id: 3}
    assert names == ["Amina", "offered", "waiting"]


def test_other_places_alone_ask_nobody(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        row = ctx.db.get_one(ProjectSession, ground.session_id)
        plan = SessionPlan(row.starts_at, row.ends_at, row.meeting_point, 9)
        change_session(ctx, ground.session_id, plan)
    drain()
    with database.reading(amina) as ctx:
        assert asked_again(ctx) == []


def test_the_person_sees_what_was_agreed_beside_what_holds_after_two_moves(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    for point in ("Piazza Cavour", "Via Gemito"):
        move(database, ground, DAY, point)
        drain()
    with database.reading(amina) as ctx:
        (asked,) = asked_again(ctx, "it")
    assert (asked.old_starts_at, asked.old_ends_at) == (TEN, ONE)
    assert asked.old_meeting_point == "Villa Giaquinto, ingresso di via Gasparri"
    assert (asked.facts.starts_at, asked.facts.meeting_point) == (TEN + 2 * DAY, "Via Gemito")
    assert asked.clash is None


def test_a_session_that_came_back_still_says_where_it_was_in_between(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    point = "Villa Giaquinto, ingresso di via Gasparri"
    for by in (DAY, -DAY):
        move(database, ground, by, point)
        drain()
    with database.reading(amina) as ctx:
        (asked,) = asked_again(ctx)
    assert (asked.old_starts_at, asked.facts.starts_at) == (TEN + DAY, TEN)


def test_i_still_come_ends_the_question_and_keeps_the_place(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    move(database, ground, DAY)
    drain()
    with database.unit_of_work(amina) as ctx:
        assert reconfirming.still_come(ctx, ground.session_id)
        assert reconfirming.still_come(ctx, ground.session_id)
        row = booking_of(ctx, amina.own_id)
        assert (row.state, row.asked_again_at, row.agreed_starts_at) == ("confirmed", None, None)
    with database.reading(amina) as ctx:
        assert asked_again(ctx) == []


def test_silence_changes_nothing_and_ends_when_the_session_begins(
    database: Database, ground: Ground, amina: Actor, drain: Drain, clock: FrozenClock
) -> None:
    move(database, ground, DAY)
    drain()
    clock.instant = TEN + DAY
    with database.reading(amina) as ctx:
        assert booking_of(ctx, amina.own_id).state == "confirmed"
        assert asked_again(ctx) == []
        assert unanswered(ctx, ground.project_id) == {}


def test_i_cannot_come_gives_the_place_to_the_first_who_waits_and_asks_no_more(
    database: Database, ground: Ground, amina: Actor, drain: Drain, clock: FrozenClock
) -> None:
    move(database, ground, DAY)
    drain()
    clock.advance(HOUR)
    with database.unit_of_work(amina) as ctx:
        places.give_back(ctx, ground.session_id)
    with database.unit_of_work(amina) as ctx:
        assert not reconfirming.still_come(ctx, ground.session_id)
        places.book_place(ctx, ground.session_id)
    with database.reading(amina) as ctx:
        assert asked_again(ctx) == []


def test_nobody_answers_for_a_session_they_never_booked(
    database: Database, ground: Ground, amina: Actor
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    with (
        pytest.raises(NotFound),
        database.unit_of_work(signed_in(database, stranger)) as ctx,
    ):
        reconfirming.still_come(ctx, ground.session_id)


def test_another_session_that_falls_into_the_new_hours_is_named(
    database: Database, ground: Ground, amina: Actor, drain: Drain, subtests: pytest.Subtests
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for start, end in ((TEN + DAY - HOUR, TEN + DAY), (TEN + DAY + HOUR, ONE + DAY)):
            other = make_session(ctx, ground.project_id, start, end)
            make_booking(ctx, amina.own_id, other)
    move(database, ground, DAY)
    drain()
    with database.reading(amina) as ctx:
        (asked,) = asked_again(ctx)
    assert asked.clash is not None
    assert asked.clash.starts_at == TEN + DAY + HOUR


def test_a_series_asks_for_each_session_and_one_answer_is_enough_for_all(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    organiser = signed_in(database, ground.organiser_id)
    with database.unit_of_work(organiser) as ctx:
        ids = make_series(ctx, ground.project_id, times=3, weekdays=(6,))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for session_id in ids:
            make_booking(ctx, amina.own_id, session_id)
    with database.unit_of_work(organiser) as ctx:
        row = ctx.db.get_one(ProjectSession, ids[0])
        later = SessionPlan(row.starts_at + HOUR, row.ends_at + HOUR, row.meeting_point, row.places)
        change_series(ctx, ids[0], Scope.ALL, later)
    drain()
    with database.reading(amina) as ctx:
        assert [asked.facts.id for asked in asked_again(ctx)] == ids
    with database.unit_of_work(amina) as ctx:
        assert reconfirming.still_come_to_all(ctx) == 3
        assert reconfirming.still_come_to_all(ctx) == 0


def test_a_cancelled_series_withdraws_everybody_and_gives_every_place_back(
    database: Database, ground: Ground, amina: Actor, drain: Drain
) -> None:
    organiser = signed_in(database, ground.organiser_id)
    with database.unit_of_work(organiser) as ctx:
        ids = make_series(ctx, ground.project_id, times=3, weekdays=(6,))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for session_id in ids:
            make_booking(ctx, amina.own_id, session_id)
    with database.unit_of_work(organiser) as ctx:
        cancel_series(ctx, ids[0], Scope.ALL)
    drain()
    with database.reading(system_in(ground.city.id)) as ctx:
        states = ctx.db.scalars(select(Booking.state).where(Booking.session_id.in_(ids))).all()
        taken = ctx.db.scalars(
            select(ProjectSession.places_taken).where(ProjectSession.id.in_(ids))
        ).all()
    assert (set(states), set(taken)) == ({BookingState.WITHDRAWN}, {0})


@pytest.fixture
def phone(client: FlaskClient, sign_in: SignIn, amina: Actor) -> FlaskClient:
    sign_in(client, amina.own_id)
    return client


def test_the_question_stands_on_my_page_the_project_and_behind_the_message(
    database: Database, ground: Ground, phone: FlaskClient, drain: Drain, html: Html
) -> None:
    assert "Nothing to answer" in html(phone.get("/en/me/changes"))
    move(database, ground, DAY)
    drain()
    with database.reading(system_in()) as ctx:
        slug = ctx.db.get_one(Project, ground.project_id).slug
    for path in ("/en/me", f"/en/projects/{slug}", "/en/me/changes"):
        page = html(phone.get(path))
        assert "Do you still come?" in page
        assert "Saturday 21 March" in page
        assert "Sunday 22 March" in page
        assert page.count("I cannot come") == 1
    answer = phone.post(f"/en/sessions/{ground.session_id}/still-come", data={"next": "/en/me"})
    assert answer.location == "/en/me"
    page = html(phone.get("/en/me"))
    assert "Thank you. See you there." in page
    assert "I still come" not in page


def test_the_answer_leads_nowhere_else(
    database: Database, ground: Ground, phone: FlaskClient, drain: Drain
) -> None:
    move(database, ground, DAY)
    drain()
    path = f"/en/sessions/{ground.session_id}/still-come"
    for wrong in ("https://elsewhere.example/", "//elsewhere.example"):
        assert phone.post(path, data={"next": wrong}).location == "/en/me/changes"
    assert phone.post("/en/me/changes/still-come").location == "/en/me"


def test_those_who_run_it_see_who_has_not_answered(
    database: Database,
    ground: Ground,
    amina: Actor,
    client: FlaskClient,
    sign_in: SignIn,
    drain: Drain,
    html: Html,
) -> None:
    move(database, ground, DAY)
    drain()
    sign_in(client, ground.organiser_id)
    desk = html(client.get(f"/en/organise/projects/{ground.project_id}"))
    assert "1 person has not said yet whether they still come" in desk
    roster = html(client.get(f"/en/organise/sessions/{ground.session_id}"))
    assert "have not said yet whether they still come" in roster
    with database.unit_of_work(amina) as ctx:
        reconfirming.still_come(ctx, ground.session_id)
    desk = html(client.get(f"/en/organise/projects/{ground.project_id}"))
    assert "has not said yet" not in desk


def test_whoever_is_insured_on_the_new_day_alone_has_their_turn_there(
    database: Database, ground: Ground, drain: Drain
) -> None:
    later = TEN + 7 * DAY
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(starts_on=rome_day(later)))
        person_id = make_person(ctx, "Bilal", ground.city)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        assert places.book_place(ctx, ground.session_id) is BookingState.WAITING
    move(database, ground, 7 * DAY)
    drain()
    with database.reading(signed_in(database, person_id)) as ctx:
        assert booking_of(ctx, person_id).state is BookingState.OFFERED
