"""Places, offers and groups through the pages: few taps, kind words, few statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from civic.catalogue.models import Project
from civic.enrolment.models import InsurancePolicy
from civic.enrolment.operations import offers
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.conftest import Counted
from tests.factories.attendance import TEN, Ground, on_ground
from tests.factories.catalogue import make_session
from tests.integration.enrolment.asking import (
    book,
    give_back,
    newcomer,
    newcomers,
    set_places,
    states,
    taken,
)

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Counting = Callable[[], AbstractContextManager[Counted]]

MOST_TO_BOOK = 30
MOST_FOR_PANEL = 8
"""More than the project's page asks for a visitor."""


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, places=1)


@pytest.fixture
def slug(database: Database, ground: Ground) -> str:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.get_one(Project, ground.project_id).slug


@pytest.fixture
def offered(database: Database, ground: Ground) -> UUID:
    """Somebody for whom a place is held."""
    holder, first = newcomers(database, "Amina", "Bilal")
    for person_id in (holder, first):
        book(database, person_id, ground.session_id)
    give_back(database, holder, ground.session_id)
    return first


def test_the_page_behind_the_message_has_the_button_and_says_until_when(
    client: FlaskClient, html: Html, sign_in: SignIn, ground: Ground, offered: UUID
) -> None:
    url = f"/en/sessions/{ground.session_id}/offer"
    assert f"/en/sign-in?next={url}" in client.get(url).headers["Location"]
    sign_in(client, offered)

    page = html(client.get(url))
    assert "Sunday 15 March at 10:00" in page
    assert "Take the place" in page
    assert "I cannot come" in page

    taken_page = html(
        client.post(
            f"/en/sessions/{ground.session_id}/take",
            data={"next": "/en/me"},
            follow_redirects=True,
        )
    )
    assert "The place is yours." in taken_page
    assert "Hello" in taken_page


def test_my_page_shows_an_offer_first(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    offered: UUID,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        sooner = make_session(ctx, ground.project_id, TEN - timedelta(days=2), TEN)
    book(database, offered, sooner)
    sign_in(client, offered)
    page = html(client.get("/en/me"))
    assert page.index("We hold it until") < page.index("You have a place")


def test_an_offer_is_declined_without_blame_and_goes_on(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    offered: UUID,
) -> None:
    sign_in(client, offered)
    url = f"/en/sessions/{ground.session_id}/give-back"
    assert "Thank you for telling us." in html(client.post(url, follow_redirects=True))
    assert taken(database, ground) == 0


def test_who_comes_too_late_is_told_kindly_and_joins_the_line_again_with_one_tap(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    offered: UUID,
    clock: FrozenClock,
) -> None:
    late = newcomer(database, "Dawit")
    book(database, late, ground.session_id)
    sign_in(client, offered)
    clock.advance(timedelta(days=1))

    page = html(client.post(f"/en/sessions/{ground.session_id}/take", follow_redirects=True))

    assert "That is all right." in page
    assert "Join the line again" in page
    again = client.post(f"/en/sessions/{ground.session_id}/book", follow_redirects=True)
    assert "you are on the waiting list, number 1" in html(again)
    assert states(database, ground, late) == ["offered"]


def test_asking_again_with_an_offer_leads_to_its_page(
    client: FlaskClient, sign_in: SignIn, ground: Ground, offered: UUID
) -> None:
    sign_in(client, offered)
    answer = client.post(f"/en/sessions/{ground.session_id}/book")
    assert answer.headers["Location"].endswith(f"/en/sessions/{ground.session_id}/offer")


def test_who_is_not_insured_reads_it_when_they_ask_and_on_their_page(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 3, 20)))
    sign_in(client, newcomer(database))
    answer = client.post(f"/en/sessions/{ground.session_id}/book", follow_redirects=True)
    assert "No insurance covers you on that day yet, so nobody can give you" in html(answer)
    assert "No insurance covers you on that day yet." in html(client.get("/en/me"))


def test_a_place_open_to_all_shows_its_button_to_who_waits(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    slug: str,
) -> None:
    holder, first = newcomers(database, "Amina", "Bilal")
    for person_id in (holder, first):
        book(database, person_id, ground.session_id)
    clock.instant = TEN - timedelta(minutes=30)
    give_back(database, holder, ground.session_id)
    sign_in(client, first)
    assert "whoever takes it first has it" in html(client.get(f"/en/projects/{slug}"))
    done = client.post(f"/en/sessions/{ground.session_id}/take", follow_redirects=True)
    assert "The place is yours." in html(done)


def test_an_offer_page_of_somebody_without_a_place_helps_on(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    sign_in(client, newcomer(database))
    page = html(client.get(f"/en/sessions/{ground.session_id}/offer"))
    assert "You have no place in this session" in page
    assert client.post(f"/en/sessions/{ground.session_id}/take").status_code == 404


# Groups


def test_a_group_from_the_first_tap_to_places_for_all(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    slug: str,
) -> None:
    set_places(database, ground, 3)
    leader, friend = newcomers(database, "Amina", "Bilal")
    sign_in(client, leader)
    assert "Come with friends" in html(client.get(f"/en/projects/{slug}"))
    made = client.post(f"/en/sessions/{ground.session_id}/group")
    url = made.headers["Location"]
    page = html(client.get(url))
    code = url.rsplit("/", 1)[1]
    assert f"{code[:4]} {code[4:]}" in page
    assert "data:image/svg+xml;base64," in page
    assert "has not asked for its places yet" in html(client.get("/en/me"))

    sign_in(client, friend)
    invited = html(client.get(url))
    assert "Amina" in invited
    assert "I come along" in invited
    typed = client.get("/en/groups", query_string={"code": f" {code[:4]} {code[4:].lower()}"})
    assert typed.headers["Location"].endswith(url)
    inside = html(client.post(f"{url}/join", follow_redirects=True))
    assert "Bilal" in inside
    assert "Ask for our places" not in inside
    assert client.post(f"{url}/ask").status_code == 404

    sign_in(client, leader)
    done = html(client.post(f"{url}/ask", follow_redirects=True))
    assert "You all have a place." in done
    assert states(database, ground, leader, friend) == ["confirmed", "confirmed"]


def test_a_waiting_group_can_go_on_one_by_one(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    set_places(database, ground, 2)
    holder, leader, friend = newcomers(database, "Yonas", "Amina", "Bilal")
    book(database, holder, ground.session_id)
    sign_in(client, leader)
    url = client.post(f"/en/sessions/{ground.session_id}/group").headers["Location"]
    sign_in(client, friend)
    client.post(f"{url}/join")
    sign_in(client, leader)
    assert "you wait together" in html(client.post(f"{url}/ask", follow_redirects=True))
    assert "Take places one by one" in html(client.get(url))
    done = client.post(f"{url}/one-by-one", follow_redirects=True)
    assert "each of you has their own place in the line" in html(done)
    assert sorted(states(database, ground, leader, friend)) == ["offered", "waiting"]
    assert client.get(url).status_code == 404


def test_a_group_that_is_offered_places_and_lets_them_go_reads_both_kindly(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
) -> None:
    holder, leader = newcomers(database, "Yonas", "Amina")
    book(database, holder, ground.session_id)
    sign_in(client, leader)
    url = client.post(f"/en/sessions/{ground.session_id}/group").headers["Location"]
    client.post(f"{url}/ask")
    give_back(database, holder, ground.session_id)
    assert "Take the places" in html(client.get(url))
    clock.advance(timedelta(days=1))
    offers.expire_offers(database)
    assert "you can ask again" in html(client.get(url))


def test_an_unknown_code_is_said_beside_the_field_and_kept(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    sign_in(client, newcomer(database))
    assert "Code of the group" in html(client.get("/en/groups"))
    for typed in ("ACDE FHJK", "\u202e\x00<script>", "x" * 10_000):
        answer = client.get("/en/groups", query_string={"code": typed})
        assert answer.status_code == 422
        assert "We do not know this code." in html(answer)
    assert client.get("/en/groups/ACDEFHJK").status_code == 404


def test_a_minor_in_a_group_reads_what_is_missing_and_the_others_only_that_something_is(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    set_places(database, ground, 2)
    leader, minor = newcomer(database), newcomer(database, "Ines", birth_year=2010)
    sign_in(client, leader)
    url = client.post(f"/en/sessions/{ground.session_id}/group").headers["Location"]
    sign_in(client, minor)
    assert "Your guardian must agree first." in html(
        client.post(f"{url}/join", follow_redirects=True)
    )
    sign_in(client, leader)
    page = html(client.get(url))
    assert "Something is missing" in page
    assert "guardian" not in page
    refused = client.post(f"{url}/ask")
    assert refused.status_code == 409
    assert "Something is still missing for Ines." in html(refused)


# What it costs


def test_asking_for_a_place_costs_few_statements(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    statements: Counting,
) -> None:
    for name, most in (("Amina", MOST_TO_BOOK), ("Bilal", MOST_TO_BOOK)):
        sign_in(client, newcomer(database, name))
        with statements() as counted:
            client.post(f"/en/sessions/{ground.session_id}/book")
        assert counted.total <= most, counted.statements


def test_a_long_line_costs_no_more_than_a_short_one(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    statements: Counting,
) -> None:
    costs = []
    for number in range(12):
        sign_in(client, newcomer(database, f"Person {number}"))
        with statements() as counted:
            client.post(f"/en/sessions/{ground.session_id}/book")
        costs.append(counted.total)
    assert costs[-1] <= costs[1]


def test_the_panel_costs_few_statements_for_whoever_looks(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    statements: Counting,
    slug: str,
    offered: UUID,
) -> None:
    with statements() as visitor:
        client.get(f"/en/projects/{slug}")
    waiting = newcomer(database, "Dawit")
    book(database, waiting, ground.session_id)
    for person_id in (offered, waiting):
        sign_in(client, person_id)
        with statements() as counted:
            client.get(f"/en/projects/{slug}")
        assert counted.total - visitor.total <= MOST_FOR_PANEL, counted.statements


def test_who_leaves_a_group_that_asked_for_nothing_is_told_just_that(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    sign_in(client, newcomer(database))
    client.post(f"/en/sessions/{ground.session_id}/group")
    left = client.post(f"/en/sessions/{ground.session_id}/give-back", follow_redirects=True)
    assert "You have left the group." in html(left)
