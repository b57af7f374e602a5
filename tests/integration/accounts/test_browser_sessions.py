import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.accounts.models import LoginSession
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.conftest import SETTINGS, Counted, make_test_app
from tests.factories.accounts import make_person
from tests.factories.tenancy import make_city
from tests.integration.accounts.browser import (
    PHONE,
    LastCode,
    ask,
    is_signed_in,
    sign_up,
)


def test_sign_in_gives_a_new_token_and_keeps_nothing_of_the_visitor(
    client: FlaskClient, last_code: LastCode
) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = "a token somebody planted"
        session["planted"] = "yes"
    sign_up(client, last_code)
    with client.session_transaction() as session:
        assert session["_user_id"] != "a token somebody planted"
        assert "planted" not in session
        assert "sign_in" not in session


def test_cookie_is_for_this_site_and_no_script(
    client: FlaskClient, database: Database, last_code: LastCode
) -> None:
    cookie = sign_up(client, last_code).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    safe = make_test_app(database, replace(SETTINGS, public_url="https://civic.example"))
    answer = ask(safe.test_client(), "a@example.org")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_no_remember_cookie_is_ever_set(client: FlaskClient, last_code: LastCode) -> None:
    sign_up(client, last_code)
    client.get("/en/me/profile")
    assert client.get_cookie("remember_token") is None


def test_revoked_session_is_out(
    client: FlaskClient, database: Database, clock: FrozenClock, last_code: LastCode
) -> None:
    sign_up(client, last_code)
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.scalars(select(LoginSession)).one().revoked_at = clock.now()
    assert not is_signed_in(client)


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    app: Flask, client: FlaskClient, last_code: LastCode
) -> None:
    sign_up(client, last_code)
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert client.post("/en/sign-out").headers["Location"] == "/en/"
    assert not is_signed_in(client)
    thief = app.test_client()
    with thief.session_transaction() as session:
        session["_user_id"] = token
    assert not is_signed_in(thief)
    assert client.post("/en/sign-out").status_code == 302


def test_signing_out_everywhere_ends_every_session(
    app: Flask, database: Database, sign_in: Callable[[FlaskClient, UUID], None]
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        amina, other = make_person(ctx), make_person(ctx, "Other")
    clients = [app.test_client() for _ in range(3)]
    for client, person_id in zip(clients, (amina, amina, other), strict=True):
        sign_in(client, person_id)
    clients[0].post("/en/me/profile/sign-out-everywhere")
    assert [is_signed_in(client) for client in clients] == [False, False, True]


def test_without_the_forms_token_nothing_is_sent(app: Flask, database: Database) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    for page in ("/en/sign-in", "/en/staff/sign-in", "/en/sign-out", "/en/welcome"):
        assert client.post(page, data={"contact": PHONE}).status_code == 400
    page = client.get("/en/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post("/en/sign-in", data={"contact": PHONE, "csrf_token": token[1]})
    assert answer.status_code == 302


def test_a_visitor_without_cookie_costs_no_statement(
    client: FlaskClient, statements: Callable[[], AbstractContextManager[Counted]]
) -> None:
    with statements() as counted:
        assert client.get("/en/sign-in").status_code == 200
        assert client.get("/en/sign-in").status_code == 200
    assert counted.total == 0


def test_knowing_who_asks_takes_one_statement(
    app: Flask,
    database: Database,
    sign_in: Callable[[FlaskClient, UUID], None],
    statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        amina = make_person(ctx, city=make_city(ctx))
    client = app.test_client()
    sign_in(client, amina)
    with statements() as counted:
        assert client.get("/en/sign-in").status_code == 302
    assert counted.total == 1
