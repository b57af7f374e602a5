"""Setting the PIN of a card: by the person, at home or at the desk, and never by another."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import passwords
from civic.accounts.rules import PIN_TRIES
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground
from tests.factories.tenancy import make_city
from tests.integration.accounts.browser import is_signed_in
from tests.integration.attendance.card_moves import OTHER, PIN, enter

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheaper parameters: here it is about pages and not about hashing."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


def test_the_person_sets_their_own_pin_by_typing_it_twice(
    client: FlaskClient, html: Html, database: Database, sign_in: SignIn, amina: UUID, code: str
) -> None:
    sign_in(client, amina)
    page = html(client.post("/en/me/pin", data={"pin": OTHER, "again": PIN}))
    assert "These are not the same digits" in page
    assert OTHER not in page
    assert client.post("/en/me/pin", data={"pin": OTHER, "again": OTHER}).status_code == 302
    assert "You set your PIN on 14 March 2026." in html(client.get("/en/me/pin"))
    client.post("/en/sign-out")
    assert enter(client, code, PIN).status_code == 422
    assert enter(client, code, OTHER).status_code == 302


def test_an_easy_pin_is_refused_at_its_field(
    client: FlaskClient, html: Html, sign_in: SignIn, amina: UUID
) -> None:
    sign_in(client, amina)
    answer = client.post("/en/me/pin", data={"pin": "123456", "again": "123456"})
    assert answer.status_code == 422
    assert "easy to guess" in html(answer)


def test_who_came_by_the_pin_shows_it_once_more_before_changing_it(
    client: FlaskClient, html: Html, code: str
) -> None:
    enter(client, code)
    with client.session_transaction() as session:
        before = session["_user_id"]
    new = {"pin": OTHER, "again": OTHER}
    assert client.post("/en/me/pin", data=new).status_code == 422
    answer = client.post("/en/me/pin", data=new | {"present": "902817"})
    assert "This is not your PIN." in html(answer)
    assert client.post("/en/me/pin", data=new | {"present": PIN}).status_code == 302
    with client.session_transaction() as session:
        assert session["_user_id"] != before
        assert not session.permanent
    assert is_signed_in(client)


def test_guessing_the_present_pin_on_a_screen_left_open_locks_it(
    client: FlaskClient, database: Database, amina: UUID, clock: FrozenClock, code: str
) -> None:
    enter(client, code)
    guess = {"present": "902817", "pin": OTHER, "again": OTHER}
    for _ in range(5):
        assert client.post("/en/me/pin", data=guess).status_code == 422
    right = guess | {"present": PIN}
    assert client.post("/en/me/pin", data=right).status_code == 422
    clock.advance(timedelta(minutes=15))
    assert client.post("/en/me/pin", data=right).status_code == 302


def test_the_desk_hands_over_the_keyboard_in_the_persons_language(
    client: FlaskClient,
    html: Html,
    database: Database,
    sign_in: SignIn,
    ground: Ground,
    amina: UUID,
    code: str,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        rosa = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(client, rosa)
    desk = html(client.get(f"/en/city/people/{amina}/pass"))
    assert f"/it/city/people/{amina}/pin?desk=en" in desk
    where = f"/it/city/people/{amina}/pin?desk=en"
    assert "Amina" in html(client.get(where))
    assert client.post(where, data={"pin": OTHER, "again": PIN}).status_code == 422
    answer = client.post(where, data={"pin": OTHER, "again": OTHER})
    assert answer.headers["Location"] == f"/en/city/people/{amina}/pass"
    page = html(client.get(answer.headers["Location"]))
    assert OTHER not in page
    assert "They set it on 14 March 2026." in page
    client.post("/en/sign-out")
    assert enter(client, code, OTHER).status_code == 302


def test_a_locked_pin_is_told_at_the_desk_and_opened_by_a_new_one(
    app: Flask,
    html: Html,
    database: Database,
    sign_in: SignIn,
    clock: FrozenClock,
    ground: Ground,
    amina: UUID,
    code: str,
) -> None:
    for _ in range(PIN_TRIES):
        clock.advance(timedelta(hours=5))
        enter(app.test_client(), code, OTHER)
    with database.unit_of_work(system_in()) as ctx:
        rosa = make_staff(ctx, Role.OFFICER, ground.city)
    desk = app.test_client()
    sign_in(desk, rosa)
    assert "locked after too many wrong tries" in html(desk.get(f"/en/city/people/{amina}/pass"))
    desk.post(f"/en/city/people/{amina}/pin", data={"pin": OTHER, "again": OTHER})
    assert enter(app.test_client(), code, OTHER).status_code == 302


def test_no_desk_of_another_city_and_no_participant_sets_a_pin_for_somebody(
    client: FlaskClient, database: Database, sign_in: SignIn, ground: Ground, amina: UUID, code: str
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        stranger = make_staff(ctx, Role.OFFICER, make_city(ctx, "caserta"))
        bilal = make_person(ctx, "Bilal", ground.city)
    for person in (stranger, bilal, amina):
        sign_in(client, person)
        answer = client.post(f"/en/city/people/{amina}/pin", data={"pin": OTHER, "again": OTHER})
        assert answer.status_code == 404
    client.post("/en/sign-out")
    assert enter(client, code, PIN, city="potenza").status_code == 302


def test_who_holds_a_role_is_told_to_use_their_password(
    client: FlaskClient, html: Html, database: Database, sign_in: SignIn, ground: Ground
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        rosa = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(client, rosa)
    answer = client.get("/en/me/pin")
    assert answer.status_code == 409
    assert "signs in with a name and a password" in html(answer)
