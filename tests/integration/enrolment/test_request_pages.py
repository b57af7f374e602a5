"""Asking to join, reading what is missing, and answering, through the pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.catalogue.models import Project, ProjectRequirement
from civic.catalogue.rules import RequirementKind
from civic.enrolment.models import Enrolment
from civic.enrolment.operations import requests
from civic.enrolment.rules import EnrolmentState, LegalBasis
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, on_ground
from tests.factories.catalogue import PRUNE_HEDGES, make_project, make_session
from tests.factories.enrolment import make_enrolment
from tests.integration.enrolment.asking import newcomer

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
MOST_FOR_LIST = 5
"""Statements of a list of requests: two to know who asks for the page, at most two for the rows."""


@pytest.fixture
def ground(database: Database) -> Ground:
    """A project whose organiser says yes to each person."""
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(Project, ground.project_id).needs_approval = True
    return ground


@pytest.fixture
def slug(database: Database, ground: Ground) -> str:
    with database.reading(system_in()) as ctx:
        return ctx.db.get_one(Project, ground.project_id).slug


def state_of(database: Database, ground: Ground) -> EnrolmentState:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.scalars(select(Enrolment.state)).one()


def asking(database: Database, ground: Ground, name: str = "Amina", **over: object) -> UUID:
    """The id of a request."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        person_id = make_person(ctx, name, ground.city, languages=("fr", "bm"))
        values = {"state": EnrolmentState.REQUESTED} | over
        return make_enrolment(ctx, person_id, ground.project_id, **values)


def test_project_with_approval_asks_and_offers_no_place_before_the_answer(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, slug: str
) -> None:
    sign_in(client, newcomer(database))
    page = html(client.get(f"/en/projects/{slug}"))
    assert "Ask to join" in page
    assert "Take a place" not in page

    answer = client.post(
        f"/en/projects/{slug}/join", data={"words": "Je sais tailler."}, follow_redirects=True
    )

    assert "Your request is with the association." in html(answer)
    assert "You asked to join on Saturday 14 March." in html(answer)
    assert "Take a place" not in html(answer)


def test_visitor_sees_no_form_of_a_request(client: FlaskClient, html: Html, slug: str) -> None:
    assert "asked-words" not in html(client.get(f"/en/projects/{slug}"))


def test_too_many_words_are_refused_beside_the_field_and_kept(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, slug: str
) -> None:
    sign_in(client, newcomer(database))

    answer = client.post(f"/en/projects/{slug}/join", data={"words": "সালাম " * 100})

    assert answer.status_code == 422
    assert "This is too long: at most 300 letters." in html(answer)
    assert "সালাম সালাম" in html(answer)


def test_request_is_taken_back_by_one_button(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    slug: str,
) -> None:
    sign_in(client, newcomer(database))
    client.post(f"/en/projects/{slug}/join")

    answer = client.post(f"/en/projects/{slug}/request/take-back", follow_redirects=True)

    assert "Your request is taken back." in html(answer)
    assert state_of(database, ground) is EnrolmentState.WITHDRAWN
    again = client.post(f"/en/projects/{slug}/request/take-back")
    assert again.status_code == 409


def test_not_yet_names_each_obstacle_and_the_projects_that_teach_the_skill(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database
) -> None:
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for kind, value in (
            (RequirementKind.SKILL, PRUNE_HEDGES),
            (RequirementKind.BADGE, "green-12"),
        ):
            ctx.db.add(ProjectRequirement(project_id=ground.project_id, kind=kind, value=value))
        teaching = make_project(
            ctx, ground.association.id, ground.city.id, ground.organiser_id, title="Orto scuola"
        )
        make_session(ctx, teaching, TEN, ONE)
        slug = ctx.db.get_one(Project, ground.project_id).slug
    sign_in(client, newcomer(database))

    answer = client.post(f"/en/projects/{slug}/join", follow_redirects=True)

    page = html(answer)
    assert "2 things are missing." in page
    assert "You need a skill first: prune hedges and trees." in page
    assert "Orto scuola" in page
    assert "It takes 12 hours in at least 4 sessions." in page
    assert "You still need: 4 more sessions and 12 hours." in page


def test_too_young_reads_the_day_and_finds_projects_of_their_age(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database
) -> None:
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        project = ctx.db.get_one(Project, ground.project_id)
        project.minimum_age, slug = 18, project.slug
    sign_in(client, newcomer(database, birth_year=2009))

    page = html(client.post(f"/en/sessions/{ground.session_id}/book", follow_redirects=True))

    assert "This project is for people aged 18 and over." in page
    assert "You can join from 31 December 2027." in page
    assert "age=16" in page
    assert slug in page


def test_not_yet_of_somebody_who_can_join_leads_to_the_project(
    client: FlaskClient, sign_in: SignIn, database: Database, slug: str
) -> None:
    sign_in(client, newcomer(database))

    answer = client.get(f"/en/projects/{slug}/not-yet")

    assert answer.location == f"/en/projects/{slug}"


def test_a_language_nobody_shares_is_told_on_the_page(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database
) -> None:
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        kim = make_person(ctx, "Kim", languages=("bn",))
        slug = ctx.db.get_one(Project, ground.project_id).slug
    sign_in(client, kim)

    page = html(client.get(f"/en/projects/{slug}"))

    assert "People there speak: Italian, English. You can come all the same." in page
    assert "Take a place" in page


def test_organiser_reads_who_asks_and_says_yes(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    request_id = asking(
        database,
        ground,
        asked_words="Je sais <b>tailler</b>.",
        legal_basis=LegalBasis.ASYLUM_SEEKER,
    )
    sign_in(client, ground.organiser_id)
    assert "1 person asks to join a project of yours." in html(client.get("/en/organise"))

    page = html(client.get("/en/organise/requests"))
    assert "Amina" in page
    assert "French, Bambara" in page
    assert "Je sais &lt;b&gt;tailler&lt;/b&gt;." in page
    assert "Through the municipality" in page
    assert "sylum" not in page

    answer = client.post(f"/en/organise/requests/{request_id}/approve", follow_redirects=True)
    assert "They are in." in html(answer)
    assert state_of(database, ground) is EnrolmentState.ACTIVE
    again = client.post(f"/en/organise/requests/{request_id}/approve", follow_redirects=True)
    assert "This request does not wait any more" in html(again)


def test_not_now_without_a_reason_is_refused_and_the_words_are_kept(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    request_id = asking(database, ground)
    field = f"r{request_id.hex}-reason"
    url = f"/en/organise/requests/{request_id}/put-off"
    sign_in(client, ground.organiser_id)

    empty = client.post(url, data={field: "  "})
    long = client.post(url, data={field: "Piove. " * 100})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Write why not now: the person reads it." in html(empty)
    assert "Piove. Piove." in html(long)
    answer = client.post(url, data={field: "A maggio."}, follow_redirects=True)
    assert "We told them, with your words." in html(answer)
    assert state_of(database, ground) is EnrolmentState.REJECTED


def test_officer_answers_what_was_carried_on_and_nothing_else(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
) -> None:
    early = asking(database, ground, "Amina")
    clock.advance(timedelta(days=5))
    with database.unit_of_work(system_in()) as ctx:
        requests.carry_unanswered_requests(ctx)
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    late = asking(database, ground, "Bilal")
    sign_in(client, officer)
    assert "1 request to join was left unanswered." in html(client.get("/en/city"))

    page = html(client.get("/en/city/requests"))
    assert "Amina" in page
    assert "Bilal" not in page
    assert "1 more request is with the associations" in page

    assert client.post(f"/en/city/requests/{late}/approve").status_code == 404
    answer = client.post(f"/en/city/requests/{early}/approve", follow_redirects=True)
    assert "They are in." in html(answer)


def test_a_list_of_requests_costs_the_same_however_many_ask(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    statements: Counting,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    for name in ("Amina", "Bilal", "Chidi", "Dawit", "Esi", "Fatou"):
        asking(database, ground, name)
    for person_id, url in (
        (ground.organiser_id, "/en/organise/requests"),
        (officer, "/en/city/requests"),
    ):
        sign_in(client, person_id)
        with statements() as counted:
            assert client.get(url).status_code == 200
        assert counted.total <= MOST_FOR_LIST, counted.statements


def test_unknown_answer_and_other_methods_are_not_found(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    request_id = asking(database, ground)
    sign_in(client, ground.organiser_id)

    assert client.post(f"/en/organise/requests/{request_id}/perhaps").status_code == 404
    assert client.get(f"/en/organise/requests/{request_id}/approve").status_code == 405
    assert state_of(database, ground) is EnrolmentState.REQUESTED
