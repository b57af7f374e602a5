"""The screen held up at the place: a code that changes, and for whom."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.attendance import TEN, Ground, make_booked_person, on_ground
from tests.integration.attendance.cards import drawn_in, modules_across, read_codes
from tests.integration.attendance.door import stored
from tests.integration.attendance.place import Phone, screen_of

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
SECOND = timedelta(seconds=1)


@pytest.fixture
def screen(app: Flask, ground: Ground, sign_in: SignIn, clock: FrozenClock) -> FlaskClient:
    """The organiser's, held up at the place."""
    clock.instant = TEN
    held_up = app.test_client()
    sign_in(held_up, ground.organiser_id)
    return held_up


def test_another_decoder_reads_the_screen_and_its_address_leads_to_the_session(
    screen: FlaskClient,
    phone: Phone,
    html: Html,
    ground: Ground,
    amina: UUID,
    sign_in: SignIn,
) -> None:
    page = html(screen.get(screen_of(ground)))
    [drawing] = drawn_in(page)
    [code] = read_codes(drawing)
    assert modules_across(code) <= 37
    address = urlsplit(code.text)
    assert f"{address.scheme}://{address.netloc}" == "http://127.0.0.1:8000"
    assert ground.session_id.hex not in code.text
    sign_in(phone.client, amina)
    answer = phone.client.get(
        address.path, follow_redirects=True, headers={"Accept-Language": "en"}
    )
    assert "Are you \u2068Amina\u2069?" in html(answer)


def test_screen_fetches_a_new_code_every_half_minute_and_knows_how_long_it_holds(
    screen: FlaskClient, ground: Ground, clock: FrozenClock
) -> None:
    clock.instant = TEN + 10 * SECOND
    first = screen.get(screen_of(ground, ".json")).get_json()
    clock.advance(20 * SECOND)
    second = screen.get(screen_of(ground, ".json")).get_json()
    assert (first["next_in"], first["holds_for"]) == (20_000, 80_000)
    assert (second["next_in"], second["holds_for"]) == (30_000, 90_000)
    assert first["picture"] != second["picture"]


def test_screen_speaks_italian_and_what_those_with_a_place_read(
    screen: FlaskClient, html: Html, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for name, language in (("Amina", "ar"), ("Bilal", "ar"), ("Chloé", "fr")):
            make_booked_person(ctx, ground, name, page_language=language)
    page = html(screen.get(screen_of(ground)))
    shown = re.findall(r'<li lang="(\w+)" dir="(\w+)">', page)
    assert shown == [("it", "ltr"), ("ar", "rtl"), ("fr", "ltr")]
    assert 'http-equiv="refresh"' in page


def test_gate_of_the_screen_stays_and_is_written_with_the_scan(
    screen: FlaskClient,
    phone: Phone,
    html: Html,
    database: Database,
    ground: Ground,
    amina: UUID,
    sign_in: SignIn,
) -> None:
    page = html(screen.get(screen_of(ground, "?gate=North+gate")))
    assert page.count("North gate") >= 2
    assert "code.json?gate=North+gate" in page
    [code] = read_codes(next(drawn_in(page)))
    sign_in(phone.client, amina)
    phone.client.get(urlsplit(code.text).path)
    phone.tap()
    assert [event.gate for event in stored(database, ground)] == ["North gate"]


def test_screen_of_a_cancelled_session_shows_no_code(
    screen: FlaskClient, html: Html, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.CANCELLED
    page = html(screen.get(screen_of(ground)))
    assert list(drawn_in(page)) == []
    assert "This session was cancelled." in page
    assert screen.get(screen_of(ground, ".json")).get_json()["picture"] is None


def test_screen_is_for_those_who_may_check_in_alone(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    for address in (screen_of(ground), screen_of(ground, ".json")):
        assert "/sign-in" in client.get(address).location
    elsewhere = on_ground(database, slug="caserta")
    for person_id in (amina, elsewhere.organiser_id):
        sign_in(client, person_id)
        for address in (screen_of(ground), screen_of(ground, ".json")):
            assert client.get(address).status_code == 404


def test_roster_leads_to_the_screen(screen: FlaskClient, html: Html, ground: Ground) -> None:
    roster = html(screen.get(f"/en/organise/sessions/{ground.session_id}"))
    assert screen_of(ground) in roster
