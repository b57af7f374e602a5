"""Signing in with card and PIN: at the desk's tablet, on a phone that many use."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts import operations, passwords
from civic.accounts.rules import PIN_TRIES, PIN_WINDOW, PINS_PER_CARD
from civic.attendance.models import Pass
from civic.attendance.operations.passes import replace_pass
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Grant, Role, system_in
from tests.conftest import make_test_app
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, signed_in
from tests.factories.tenancy import make_city
from tests.integration.accounts.browser import is_signed_in
from tests.integration.attendance.card_moves import OTHER, PIN, enter, set_pin
from tests.integration.attendance.door import pass_of

NO_SUCH_CARD = "RRR 333"
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheaper parameters where a test is about counting and not about hashing."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


def plain(page: str, *typed: str) -> str:
    """Without what differs between any two answers: the form's token, and what was typed."""
    for text in typed:
        page = page.replace(text, "…")
    return re.sub(r'(?<=name="csrf_token" value=")[^"]+', "…", page)


# Coming in


def test_code_and_pin_lead_to_the_persons_own_page(
    client: FlaskClient, html: Html, code: str
) -> None:
    answer = enter(client, f" {code[:3].lower()}-{code[3:]}")
    assert answer.headers["Location"] == "/en/me"
    assert "Amina" in html(client.get("/en/me/pass"))


def test_the_pin_may_be_typed_in_the_digits_of_ones_own_script(
    client: FlaskClient, code: str
) -> None:
    assert enter(client, code, "٤٨٣٩٢٠").status_code == 302


def test_the_ordinary_sign_in_page_leads_to_the_one_for_cards(
    client: FlaskClient, html: Html
) -> None:
    page = html(client.get("/en/sign-in"))
    assert "I have a card" in page
    assert "/en/sign-in/card" in page


def test_one_leads_on_to_the_page_that_was_wanted(client: FlaskClient, code: str) -> None:
    client.get("/en/sign-in/card?next=/en/me/hours")
    assert enter(client, code).headers["Location"] == "/en/me/hours"


def test_sign_in_gives_a_new_session_and_keeps_nothing_of_the_visitor(
    client: FlaskClient, code: str
) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = "a token somebody planted"
        session["planted"] = "yes"
    enter(client, code)
    with client.session_transaction() as session:
        assert session["_user_id"] != "a token somebody planted"
        assert "planted" not in session


def test_the_session_ends_with_the_browser_and_at_the_latest_after_twelve_hours(
    client: FlaskClient, clock: FrozenClock, code: str
) -> None:
    cookie = enter(client, code).headers["Set-Cookie"]
    assert "Expires" not in cookie
    assert is_signed_in(client)
    clock.advance(timedelta(hours=12))
    assert not is_signed_in(client)


def test_where_there_are_several_cities_one_is_chosen_from_the_list(
    app: Flask, html: Html, database: Database, ground: Ground, code: str
) -> None:
    client = app.test_client()
    assert 'name="city"' not in html(client.get("/en/sign-in/card"))
    with database.unit_of_work(system_in()) as ctx:
        make_city(ctx, "caserta")
    page = html(client.get("/en/sign-in/card?city=potenza"))
    assert 'selected value="potenza"' in page
    assert enter(client, code, city="caserta").status_code == 422
    assert enter(client, code, city="nowhere").status_code == 422
    assert enter(client, code).status_code == 422
    assert enter(client, code, city="potenza").status_code == 302


def test_the_same_code_in_two_cities_is_two_cards(
    app: Flask, database: Database, keys: Keys, ground: Ground, code: str
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        bilal = make_person(ctx, "Bilal", caserta)
    pass_of(database, keys, bilal, caserta.id)
    set_pin(database, bilal, OTHER)
    with database.unit_of_work(system_in(caserta.id)) as ctx:
        ctx.db.scalars(select(Pass)).one().short_code = code
    for slug, pin, name in (("potenza", PIN, "Amina"), ("caserta", OTHER, "Bilal")):
        client = app.test_client()
        assert enter(client, code, pin, city=slug).status_code == 302
        assert name in client.get("/en/me/profile").get_data(as_text=True)
    assert enter(app.test_client(), code, PIN, city="caserta").status_code == 422


# Staying out


def test_unknown_code_no_pin_wrong_pin_and_a_locked_one_get_the_same_answer(
    app: Flask,
    html: Html,
    database: Database,
    keys: Keys,
    ground: Ground,
    amina: UUID,
    code: str,
    clock: FrozenClock,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        without = make_person(ctx, "Bilal", ground.city)
    no_pin = pass_of(database, keys, without, ground.city.id).short_code
    answers = [enter(app.test_client(), typed, OTHER) for typed in (NO_SUCH_CARD, no_pin, code)]
    for _ in range(PIN_TRIES):
        clock.advance(timedelta(hours=5))
        enter(app.test_client(), code, OTHER)
    clock.advance(timedelta(days=2))
    answers.append(enter(app.test_client(), code, PIN))
    assert {answer.status_code for answer in answers} == {422}
    pages = {plain(html(answer), NO_SUCH_CARD, no_pin, code) for answer in answers}
    assert len(pages) == 1
    assert "do not belong together" in pages.pop()


def test_a_hash_is_compared_whatever_was_typed_so_that_it_takes_as_long(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    seen: list[bool] = []
    check = passwords.is_password

    def noting(password: str, password_hash: str | None) -> bool:
        seen.append(password_hash is not None)
        return check(password, password_hash)

    monkeypatch.setattr(passwords, "is_password", noting)
    enter(client, NO_SUCH_CARD)
    enter(client, code, OTHER)
    assert seen == [False, True]


@pytest.mark.usefixtures("quick_hashes")
def test_a_card_is_closed_for_a_while_after_five_tries_in_every_web_process(
    database: Database, html: Html, clock: FrozenClock, code: str
) -> None:
    clients = [make_test_app(database).test_client() for _ in range(2)]
    for typed in (code, NO_SUCH_CARD):
        for number in range(PINS_PER_CARD):
            assert enter(clients[number % 2], typed, OTHER).status_code == 422
        for client in clients:
            answer = enter(client, typed)
            assert answer.status_code == 429
            assert "quarter of an hour" in html(answer)
    clock.advance(PIN_WINDOW)
    assert enter(clients[0], code).status_code == 302


def test_replacing_the_own_pass_ends_what_was_opened_with_the_old_card(
    app: Flask, client: FlaskClient, sign_in: SignIn, amina: UUID, ground: Ground, code: str
) -> None:
    """A phone was lost, and the card with it."""
    enter(client, code)
    assert is_signed_in(client)
    own = app.test_client()
    sign_in(own, amina)
    assert own.post(f"/en/me/pass/{ground.city.id}/replace").status_code == 302
    assert not is_signed_in(client)
    assert is_signed_in(own)


def test_a_replaced_card_signs_nobody_in(
    client: FlaskClient, database: Database, keys: Keys, ground: Ground, amina: UUID, code: str
) -> None:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        new = replace_pass(ctx, keys, amina, ground.city.id).short_code
    assert enter(client, code).status_code == 422
    assert enter(client, new).status_code == 302


def test_replacing_a_lost_card_at_the_desk_ends_the_sessions_that_it_began(
    app: Flask, database: Database, sign_in: SignIn, ground: Ground, amina: UUID, code: str
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        rosa = make_staff(ctx, Role.OFFICER, ground.city)
    finder, desk = app.test_client(), app.test_client()
    enter(finder, code)
    assert is_signed_in(finder)
    sign_in(desk, rosa)
    desk.post(f"/en/city/people/{amina}/pass/replace")
    assert not is_signed_in(finder)


def test_who_holds_a_role_cannot_sign_in_by_card(
    app: Flask, html: Html, database: Database, ground: Ground, amina: UUID, code: str
) -> None:
    inside = app.test_client()
    enter(inside, code)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        operations.grant_role(ctx, amina, Grant(Role.OFFICER, ground.city.id))
    assert not is_signed_in(inside)
    answer = enter(app.test_client(), code)
    assert answer.status_code == 422
    assert "do not belong together" in html(answer)


@pytest.mark.parametrize(
    "address",
    ["/en/city", "/en/organise", "/en/network", "/en/plans", "/en/city/desk", "/en/admin"],
)
def test_a_session_by_card_opens_what_a_participant_may_open_and_no_desk(
    client: FlaskClient, code: str, address: str
) -> None:
    enter(client, code)
    assert client.get("/en/me").status_code == 200
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("code", "pin"),
    [
        ("", ""),
        ("ACD479", ""),
        ("", PIN),
        ("x" * 300, PIN),
        ("\x00", "\x00"),
        ("ACD479", "9" * 5000),
    ],
)
def test_impossible_answers_are_told_at_their_field(
    client: FlaskClient, html: Html, ground: Ground, code: str, pin: str
) -> None:
    answer = enter(client, code, pin)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in html(answer)


def test_a_typed_pin_is_never_sent_back(client: FlaskClient, html: Html, code: str) -> None:
    assert OTHER not in html(enter(client, code, OTHER))


def test_without_the_forms_token_nothing_is_sent(app: Flask, ground: Ground) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert enter(app.test_client(), "ACD479").status_code == 400
