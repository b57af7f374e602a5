import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import operations, passwords
from civic.accounts.errors import TooManyPasswords
from civic.accounts.models import StaffCredential
from civic.accounts.rules import PASSWORD_TRIES, PASSWORDS_PER_NETWORK
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR, Grant, Role, system_in
from tests.conftest import SETTINGS, make_test_app
from tests.factories.tenancy import make_city

PASSWORD = "una lunga parola"
Html = Callable[[TestResponse], str]


@pytest.fixture
def rosa(database: Database) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        return operations.make_staff_account(
            ctx, "Rosa", "rosa@comune.example", PASSWORD, [Grant(Role.OFFICER, city.id)]
        )


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheaper parameters where a test is about counting and not about hashing."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


def enter(client: FlaskClient, name: str, password: str, page: str = "") -> TestResponse:
    return client.post(
        f"/en/staff/sign-in{page}", data={"sign_in_name": name, "password": password}
    )


def test_right_password_leads_to_the_page_of_the_role(client: FlaskClient, rosa: UUID) -> None:
    answer = enter(client, " ROSA@Comune.example", PASSWORD)
    assert answer.headers["Location"] == "/en/city"
    assert client.get("/en/me/profile").status_code == 200


def test_one_leads_on_to_the_page_that_was_wanted(client: FlaskClient, rosa: UUID) -> None:
    client.get("/en/staff/sign-in?next=/en/city/associations")
    answer = enter(client, "rosa@comune.example", PASSWORD)
    assert answer.headers["Location"] == "/en/city/associations"


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https:"])
def test_no_address_outside_is_led_on_to(client: FlaskClient, rosa: UUID, wanted: str) -> None:
    client.get("/en/staff/sign-in", query_string={"next": wanted})
    answer = enter(client, "rosa@comune.example", PASSWORD)
    assert answer.headers["Location"] == "/en/city"


def test_wrong_password_and_unknown_name_get_the_same_answer(
    app: Flask, rosa: UUID, html: Html
) -> None:
    pages = []
    for name in ("rosa@comune.example", "nobody@comune.example"):
        answer = enter(app.test_client(), name, "wrong password")
        assert answer.status_code == 422
        page = html(answer).replace(name, "…")
        pages.append(re.sub(r'(?<=name="csrf_token" value=")[^"]+', "…", page))
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]


def test_an_unknown_name_is_checked_against_a_hash_all_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []
    check = passwords.is_password

    def noting(password: str, password_hash: str | None) -> bool:
        seen.append(password_hash)
        return check(password, password_hash)

    monkeypatch.setattr(passwords, "is_password", noting)
    enter(client, "nobody", "wrong password")
    assert seen == [None]


@pytest.mark.usefixtures("quick_hashes")
def test_a_name_is_closed_after_ten_wrong_passwords_in_every_web_process(
    database: Database, clock: FrozenClock, rosa: UUID, html: Html
) -> None:
    clients = [make_test_app(database).test_client() for _ in range(2)]
    for name in ("rosa@comune.example", "nobody"):
        for number in range(PASSWORD_TRIES):
            assert enter(clients[number % 2], name, "wrong password").status_code == 422
        for client in clients:
            answer = enter(client, name, PASSWORD)
            assert answer.status_code == 429
            assert "quarter of an hour" in html(answer)
    clock.advance(timedelta(minutes=15))
    assert enter(clients[0], "rosa@comune.example", PASSWORD).status_code == 302


@pytest.mark.usefixtures("quick_hashes")
def test_a_right_password_forgets_the_wrong_ones(app: Flask, rosa: UUID) -> None:
    for _ in range(2):
        for _ in range(PASSWORD_TRIES - 1):
            assert enter(app.test_client(), "rosa@comune.example", "wrong").status_code == 422
        assert enter(app.test_client(), "rosa@comune.example", PASSWORD).status_code == 302


def test_a_network_cannot_try_name_after_name(database: Database) -> None:
    def begin(name: str, network: str) -> None:
        with database.unit_of_work(VISITOR) as ctx:
            operations.begin_staff_sign_in(ctx, Keys(SETTINGS.secret_key), name, network)

    for number in range(PASSWORDS_PER_NETWORK):
        begin(f"name{number}", "192.0.2.1")
    with pytest.raises(TooManyPasswords):
        begin("another name", "192.0.2.1")
    begin("another name", "192.0.2.2")


def test_a_hash_of_old_parameters_is_made_anew_at_sign_in(
    client: FlaskClient, database: Database, rosa: UUID
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.get_one(StaffCredential, rosa).password_hash = old
    assert enter(client, "rosa@comune.example", PASSWORD).status_code == 302
    with database.reading(VISITOR) as ctx:
        kept = ctx.db.get_one(StaffCredential, rosa).password_hash
    assert not passwords.is_outdated(kept)
    assert passwords.is_password(PASSWORD, kept)


@pytest.mark.parametrize(
    ("name", "password"),
    [("", ""), ("rosa", ""), ("", "x"), ("x" * 300, "x"), ("\x00", "\x00"), ("rosa", "x" * 5000)],
)
def test_impossible_answers_are_told_at_their_field(
    client: FlaskClient, html: Html, name: str, password: str
) -> None:
    answer = enter(client, name, password)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in html(answer)


def test_a_typed_password_is_never_sent_back(client: FlaskClient, html: Html) -> None:
    assert "secret words" not in html(enter(client, "rosa", "secret words"))
