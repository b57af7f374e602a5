"""The page of the second step, who is led there, and how long it lasts."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts import operations
from civic.accounts.models import LoginSession
from civic.accounts.policy import holds_a_role
from civic.accounts.rules import IDLE_LIFE, SECOND_FACTOR_TRIES, SEEN_EVERY
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Grant, Permission, Role, system_in
from civic.web.guard import requires
from civic.web.transaction import actor
from tests.conftest import Counted, make_test_app
from tests.factories.accounts import make_person, make_staff, with_second_factor
from tests.factories.tenancy import make_city

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[Counted]]
PAGE = "/en/staff/second-step"
CONFIDENTIAL = "/en/confidential"
ASKS = f"{PAGE}?next=/en/confidential"
SECOND = timedelta(seconds=1)


@pytest.fixture
def app(database: Database) -> Flask:
    """The site with a page more, one that asks for the second step."""
    app = make_test_app(database)

    @requires(Permission("tests.confidential", holds_a_role, second_factor=True))
    def confidential() -> str:
        return f"told in confidence to {actor().name}"

    app.add_url_rule("/<lang>/confidential", "confidential", confidential, methods=["GET", "POST"])
    return app


@pytest.fixture
def rosa(database: Database, client: FlaskClient, sign_in: SignIn) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_staff(ctx, Role.OFFICER, make_city(ctx), name="Rosa")
    sign_in(client, person_id)
    return person_id


def secret_in(page: str) -> str:
    (groups,) = re.findall(r'<p class="code-big" dir="ltr">([A-Z2-7 ]+)</p>', page)
    assert all(len(group) == 4 for group in groups.split())
    return str(groups).replace(" ", "")


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["_user_id"])


def digits_of(secret: str, clock: FrozenClock) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def set_up(client: FlaskClient, clock: FrozenClock, html: Html) -> str:
    """Her phone's secret, with the session past the second step."""
    secret = secret_in(html(client.get(PAGE)))
    assert client.post(PAGE, data={"code": digits_of(secret, clock)}).status_code == 302
    clock.advance(timedelta(seconds=30))
    return secret


# Who is led there


def test_who_has_not_taken_the_second_step_is_led_to_it_and_back(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html
) -> None:
    answer = client.get(f"{CONFIDENTIAL}?part=2")
    assert answer.headers["Location"] == f"{ASKS}?part%3D2"
    secret = secret_in(html(client.get(answer.headers["Location"])))
    answer = client.post(PAGE, data={"code": digits_of(secret, clock)})
    assert answer.headers["Location"] == f"{CONFIDENTIAL}?part=2"
    assert html(client.get(CONFIDENTIAL)) == "told in confidence to Rosa"


def test_it_is_asked_in_the_language_of_the_page(client: FlaskClient, rosa: UUID) -> None:
    answer = client.get("/ar/confidential")
    assert answer.headers["Location"] == "/ar/staff/second-step?next=/ar/confidential"


def test_what_is_sent_without_the_second_step_is_refused_in_a_sentence(
    client: FlaskClient, rosa: UUID, html: Html
) -> None:
    answer = client.post(CONFIDENTIAL)
    assert answer.status_code == 403
    assert "we need the six digits of your phone first" in html(answer)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_script_is_refused_in_json(client: FlaskClient, rosa: UUID, method: str) -> None:
    answer = client.open(CONFIDENTIAL, method=method, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.get_json()["error"] == "second_step_missing"
    assert answer.get_json()["text"].endswith("once more.")


def test_a_script_that_sends_json_is_answered_in_json(client: FlaskClient, rosa: UUID) -> None:
    assert client.post(CONFIDENTIAL, json={}).get_json()["error"] == "second_step_missing"


def test_who_may_not_see_the_page_is_told_nothing_of_a_second_step(
    app: Flask, database: Database, sign_in: SignIn
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        amina = make_person(ctx, city=make_city(ctx))
    client = app.test_client()
    sign_in(client, amina)
    assert client.get(CONFIDENTIAL).status_code == 404
    assert client.get(PAGE).status_code == 404


def test_a_visitor_signs_in_first(client: FlaskClient) -> None:
    for page in (CONFIDENTIAL, PAGE):
        assert client.get(page).headers["Location"].startswith("/en/sign-in?next=")


def test_pages_that_do_not_ask_for_it_open_without(client: FlaskClient, rosa: UUID) -> None:
    assert client.get("/en/city").status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_no_address_outside_is_led_on_to(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html, wanted: str
) -> None:
    secret = secret_in(html(client.get(PAGE, query_string={"next": wanted})))
    answer = client.post(PAGE, data={"code": digits_of(secret, clock)})
    assert answer.headers["Location"] == "/en/city"


def test_once_taken_it_is_not_asked_again(client: FlaskClient, rosa: UUID) -> None:
    with_second_factor(client)
    assert client.get(CONFIDENTIAL).status_code == 200
    assert client.get(ASKS).headers["Location"] == CONFIDENTIAL


# The page


def test_a_phone_is_set_up_with_a_picture_or_by_typing(
    client: FlaskClient, rosa: UUID, html: Html
) -> None:
    page = html(client.get(PAGE))
    assert 'src="data:image/svg+xml;base64,' in page
    assert f"secret={secret_in(page)}" in page
    assert "otpauth://totp/Civic:Rosa" in page


def test_a_phone_that_is_known_is_shown_no_secret_again(
    app: Flask, client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html, sign_in: SignIn
) -> None:
    secret = set_up(client, clock, html)
    other = app.test_client()
    sign_in(other, rosa)
    page = html(other.get(PAGE))
    assert "otpauth" not in page
    assert "data:image" not in page
    assert secret[:4] not in page
    assert other.post(PAGE, data={"code": digits_of(secret, clock)}).status_code == 302
    assert other.get(CONFIDENTIAL).status_code == 200


def test_digits_of_another_script_with_a_space_are_the_same_digits(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html
) -> None:
    digits = digits_of(secret_in(html(client.get(PAGE))), clock)
    arabic = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    answer = client.post(PAGE, data={"code": f" {arabic[:3]} {arabic[3:]} "})
    assert answer.status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３", "\x00", "9" * 5000])
def test_what_cannot_be_right_is_told_at_the_field_and_is_no_try(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html, typed: str
) -> None:
    secret = secret_in(html(client.get(PAGE)))
    for _ in range(SECOND_FACTOR_TRIES + 1):
        answer = client.post(PAGE, data={"code": typed})
        assert answer.status_code == 422
        assert "Write the six digits that your phone shows." in html(answer)
    assert client.post(PAGE, data={"code": digits_of(secret, clock)}).status_code == 302


def test_wrong_digits_keep_the_phone_that_is_being_set_up(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html
) -> None:
    secret = secret_in(html(client.get(PAGE)))
    wrong = f"{(int(digits_of(secret, clock)) + 1) % 10**6:06}"
    answer = client.post(PAGE, data={"code": wrong})
    assert answer.status_code == 422
    assert "These digits are wrong or were used before." in html(answer)
    assert secret_in(html(answer)) == secret
    assert f'value="{wrong}"' not in html(answer)


def test_too_many_tries_are_told_when_to_try_again(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html
) -> None:
    secret = secret_in(html(client.get(PAGE)))
    wrong = f"{(int(digits_of(secret, clock)) + 1) % 10**6:06}"
    for _ in range(SECOND_FACTOR_TRIES):
        assert client.post(PAGE, data={"code": wrong}).status_code == 422
    answer = client.post(PAGE, data={"code": digits_of(secret, clock)})
    assert answer.status_code == 429
    assert "From 10:15 on you can try again." in html(answer)


def test_the_token_is_a_new_one_and_the_old_one_opens_nothing(
    app: Flask, client: FlaskClient, rosa: UUID, clock: FrozenClock, html: Html
) -> None:
    planted = token_of(client)
    set_up(client, clock, html)
    assert token_of(client) != planted
    thief = app.test_client()
    with thief.session_transaction() as session:
        session["_user_id"] = planted
    assert thief.get(CONFIDENTIAL).headers["Location"].startswith("/en/sign-in")
    assert thief.get("/en/city").headers["Location"].startswith("/en/sign-in")


# Away for a while


def test_who_is_away_for_a_quarter_of_an_hour_signs_in_again(
    client: FlaskClient, rosa: UUID, clock: FrozenClock
) -> None:
    with_second_factor(client)
    clock.advance(IDLE_LIFE - SECOND)
    assert client.get(CONFIDENTIAL).status_code == 200
    clock.advance(IDLE_LIFE - SECOND)
    assert client.get(CONFIDENTIAL).status_code == 200
    clock.advance(IDLE_LIFE)
    answer = client.get(CONFIDENTIAL)
    assert answer.headers["Location"] == "/en/sign-in?next=/en/confidential"


def test_the_quarter_of_an_hour_is_the_one_that_was_agreed() -> None:
    assert timedelta(minutes=15) == IDLE_LIFE


def test_a_session_without_the_second_step_does_not_end_by_being_away(
    client: FlaskClient, rosa: UUID, clock: FrozenClock
) -> None:
    clock.advance(timedelta(hours=11))
    assert client.get("/en/city").status_code == 200


def test_being_at_work_is_written_down_once_a_minute(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, statements: Statements
) -> None:
    with_second_factor(client)

    def writes() -> int:
        with statements() as counted:
            client.get(CONFIDENTIAL)
        return sum(text.startswith("UPDATE") for text in counted.statements)

    assert writes() == 0
    clock.advance(SEEN_EVERY - SECOND)
    assert writes() == 0
    clock.advance(SECOND)
    assert [writes(), writes(), writes()] == [1, 0, 0]


def test_knowing_who_asks_still_takes_one_statement(
    client: FlaskClient, rosa: UUID, statements: Statements
) -> None:
    with_second_factor(client)
    with statements() as counted:
        client.get(CONFIDENTIAL)
    assert counted.total == 1


def test_a_session_without_the_second_step_writes_nothing(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, statements: Statements
) -> None:
    clock.advance(timedelta(hours=1))
    with statements() as counted:
        client.get("/en/sign-in")
    assert counted.total == 1


def test_what_is_written_down_is_when_they_were_seen(
    client: FlaskClient, rosa: UUID, clock: FrozenClock, database: Database
) -> None:
    with_second_factor(client)
    clock.advance(timedelta(minutes=2))
    client.get(CONFIDENTIAL)
    with database.reading(system_in()) as ctx:
        assert ctx.db.scalars(select(LoginSession.last_seen_at)).one() == clock.now()


PASSWORD = "una lunga parola"


@pytest.fixture
def working(
    database: Database, client: FlaskClient, clock: FrozenClock, html: Html
) -> Callable[[], str]:
    """Rosa signs in with her password and takes the second step; then the digits of her phone."""
    with database.unit_of_work(system_in()) as ctx:
        operations.make_staff_account(
            ctx, "Rosa", "rosa", PASSWORD, [Grant(Role.OFFICER, make_city(ctx).id)]
        )
    enter(client)
    secret = set_up(client, clock, html)
    return lambda: digits_of(secret, clock)


def enter(client: FlaskClient) -> TestResponse:
    return client.post("/en/staff/sign-in", data={"sign_in_name": "rosa", "password": PASSWORD})


def test_after_being_away_the_way_leads_through_both_steps_back_to_the_page(
    client: FlaskClient, working: Callable[[], str], clock: FrozenClock, html: Html
) -> None:
    clock.advance(IDLE_LIFE)
    away = client.get("/fr/confidential")
    way = client.get(away.headers["Location"])
    assert way.headers["Location"] == "/fr/staff/sign-in"
    assert "alert-warning" in html(client.get("/en/staff/sign-in"))
    led_on = enter(client)
    assert led_on.headers["Location"] == "/fr/confidential"
    asked = client.get("/fr/confidential")
    assert asked.headers["Location"] == "/fr/staff/second-step?next=/fr/confidential"
    client.get(asked.headers["Location"])
    back = client.post("/fr/staff/second-step", data={"code": working()})
    assert back.headers["Location"] == "/fr/confidential"
    assert client.get("/fr/confidential").status_code == 200


def test_a_form_that_was_sent_too_late_leads_back_to_its_page(
    client: FlaskClient, working: Callable[[], str], clock: FrozenClock
) -> None:
    clock.advance(IDLE_LIFE)
    for referrer, way in (
        ("http://localhost/en/confidential?part=2#form", "?next=/en/confidential?part%3D2"),
        ("http://evil.example/en/confidential", ""),
        ("http://localhost.evil.example/", ""),
        ("http://localhost//evil.example/", ""),
        ("", ""),
    ):
        answer = client.post(CONFIDENTIAL, headers={"Referer": referrer})
        assert answer.headers["Location"] == f"/en/sign-in{way}"


def test_who_takes_part_on_the_same_browser_still_finds_their_own_way_in(
    client: FlaskClient, working: Callable[[], str], clock: FrozenClock
) -> None:
    clock.advance(IDLE_LIFE)
    assert client.get("/en/sign-in").status_code == 200
    client.post("/en/sign-out")
    assert client.get("/en/sign-in?next=/en/me").status_code == 200
