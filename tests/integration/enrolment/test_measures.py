"""How associations answer: words for visitors, figures for officers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.catalogue.models import Project
from civic.catalogue.rules import SessionState
from civic.enrolment.queries.measures import measure_of, measures_in
from civic.enrolment.rules import EnrolmentState
from civic.enrolment.views.measures import LIFE
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR, Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, on_ground, signed_in
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_enrolment

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
DAYS = timedelta(days=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(Project, ground.project_id).needs_approval = True
    return ground


@pytest.fixture
def slug(database: Database, ground: Ground) -> str:
    with database.reading(system_in()) as ctx:
        return ctx.db.get_one(Project, ground.project_id).slug


def answered(database: Database, ground: Ground, *waits: timedelta, ago: timedelta = DAYS) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for wait in waits:
            asked = ctx.now() - ago - wait
            make_enrolment(
                ctx,
                make_person(ctx, "Amina"),
                ground.project_id,
                joined_at=asked,
                decided_at=asked + wait,
            )


def held(database: Database, ground: Ground, number: int, cancelled: int = 0) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for day in range(1, number + 1):
            starts_at = ctx.now() - day * DAYS
            state = SessionState.CANCELLED if day <= cancelled else SessionState.SCHEDULED
            make_session(
                ctx, ground.project_id, starts_at, starts_at + timedelta(hours=2), state=state
            )


def test_words_say_how_soon_they_answer_and_how_many_sessions_took_place(
    client: FlaskClient, html: Html, database: Database, ground: Ground, slug: str
) -> None:
    answered(database, ground, DAYS, 2 * DAYS, 9 * DAYS)
    held(database, ground, 20, cancelled=1)

    page = html(client.get(f"/en/projects/{slug}"))

    assert "They usually answer within 2 days." in page
    assert "19 of the last 20 sessions took place." in page


def test_too_little_known_says_nothing(
    client: FlaskClient, html: Html, database: Database, ground: Ground, slug: str
) -> None:
    answered(database, ground, DAYS, DAYS)
    held(database, ground, 4)

    page = html(client.get(f"/en/projects/{slug}"))

    assert "They usually answer" not in page
    assert "took place" not in page


def test_what_is_older_than_half_a_year_counts_no_more(database: Database, ground: Ground) -> None:
    answered(database, ground, DAYS, DAYS, DAYS, ago=181 * DAYS)

    with database.reading(VISITOR) as ctx:
        assert measure_of(ctx, ground.association.id, ground.city.id).answers == ()


def test_silence_carried_to_the_municipality_counts_as_long_as_it_lasts(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for escalated_at in (None, ctx.now() - 2 * DAYS):
            make_enrolment(
                ctx,
                make_person(ctx, "Amina"),
                ground.project_id,
                state=EnrolmentState.REQUESTED,
                joined_at=ctx.now() - 7 * DAYS,
                escalated_at=escalated_at,
            )

    with database.reading(VISITOR) as ctx:
        assert measure_of(ctx, ground.association.id, ground.city.id).answers == (7 * DAYS,)


def test_an_association_is_measured_in_each_city_by_itself(
    database: Database, ground: Ground
) -> None:
    """The same association works in both."""
    far = on_ground(database, slug="caserta")
    assert far.association.id == ground.association.id
    held(database, ground, 6)

    with database.reading(VISITOR) as ctx:
        here = measure_of(ctx, ground.association.id, ground.city.id)
        there = measure_of(ctx, far.association.id, far.city.id)
    assert (here.sessions, there.sessions) == (6, 0)
    with database.unit_of_work(system_in()) as ctx:
        stranger = make_staff(ctx, Role.OFFICER, far.city)
    with database.reading(signed_in(database, stranger)) as ctx:
        assert measures_in(ctx, [ground.city.id]) == {}


def test_officers_see_the_figures(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    answered(database, ground, DAYS, 2 * DAYS, 9 * DAYS)
    held(database, ground, 20, cancelled=1)
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(client, officer)

    page = html(client.get("/en/city/associations"))

    assert "How they answer" in page
    assert "19 of 20 (95%)" in page


def test_the_words_cost_two_statements_and_are_kept_for_a_while(
    client: FlaskClient,
    database: Database,
    clock: FrozenClock,
    slug: str,
    statements: Counting,
) -> None:
    client.get(f"/en/projects/{slug}")  # fills what each process keeps
    costs = []
    for pause in (timedelta(), LIFE):
        clock.advance(pause)
        with statements() as counted:
            client.get(f"/en/projects/{slug}")
        costs.append([s for s in counted.statements if "escalated_at" in s or "count(*)" in s])

    assert [len(cost) for cost in costs] == [0, 2]
