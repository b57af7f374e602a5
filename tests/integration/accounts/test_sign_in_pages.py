import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.accounts.models import Contact, Person
from civic.accounts.rules import CODES_PER_CONTACT
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR, Role, system_in
from tests.conftest import SETTINGS, Counted, make_test_app
from tests.factories.accounts import make_person, make_staff
from tests.factories.tenancy import make_city
from tests.integration.accounts.browser import (
    PHONE,
    WELCOME,
    LastCode,
    ask,
    is_signed_in,
    sign_up,
    type_code,
)

Html = Callable[[TestResponse], str]


def test_somebody_new_asks_for_a_code_says_who_they_are_and_is_in(
    client: FlaskClient, database: Database, last_code: LastCode
) -> None:
    answer = ask(client, "333 123 4567", "/ar/sign-in")
    assert answer.headers["Location"] == "/ar/sign-in/code"
    answer = client.post("/ar/sign-in/code", data={"code": last_code(PHONE)})
    assert answer.headers["Location"] == "/ar/welcome"
    answer = client.post("/ar/welcome", data=WELCOME)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/ar/me"
    assert is_signed_in(client)
    with database.reading(VISITOR) as ctx:
        person = ctx.db.scalars(select(Person)).one()
        assert (person.name, person.birth_year, person.languages, person.page_language) == (
            "Amina",
            1995,
            ["fr", "wo"],
            "ar",
        )
        assert ctx.db.scalars(select(Contact.value)).all() == [PHONE]


def test_somebody_known_is_in_after_the_code(
    client: FlaskClient, database: Database, last_code: LastCode
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_person(ctx, phone=PHONE)
    ask(client)
    answer = type_code(client, last_code(PHONE))
    assert answer.headers["Location"] == "/en/me"
    assert is_signed_in(client)


def test_same_answer_whether_or_not_the_account_exists(
    app: Flask, database: Database, statements: Callable[[], AbstractContextManager[Counted]]
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_person(ctx, phone=PHONE)
    seen = []
    for contact in (PHONE, "+393337654321"):
        client = app.test_client()
        with statements() as counted:
            asked = ask(client, contact)
        page = client.get(asked.headers["Location"]).get_data(as_text=True)
        wrong = type_code(client, "0000000").get_data(as_text=True)
        shown = re.sub(r"\+39[\d ]+", "…", page + wrong)
        shown = re.sub(r'(?<=name="csrf_token" value=")[^"]+', "…", shown)
        seen.append((asked.status_code, asked.headers["Location"], shown, counted.total))
    assert seen[0] == seen[1]


def test_a_role_holders_code_opens_nothing_but_the_way_to_the_password(
    client: FlaskClient, database: Database, last_code: LastCode
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_staff(ctx, Role.OFFICER, make_city(ctx), email="rosa@example.org")
    ask(client, "rosa@example.org")
    answer = type_code(client, last_code("rosa@example.org"))
    assert answer.headers["Location"] == "/en/staff/sign-in"
    assert not is_signed_in(client)


@pytest.mark.parametrize("digits", ["{}", " {} ", "٠"])
def test_a_code_is_taken_with_spaces_and_in_arabic_digits(
    client: FlaskClient, last_code: LastCode, digits: str
) -> None:
    ask(client)
    code = last_code(PHONE)
    if digits == "٠":
        typed = "".join(chr(ord("٠") + int(digit)) for digit in code)
    else:
        typed = digits.format(f"{code[:3]} {code[3:]}")
    assert type_code(client, typed).headers["Location"] == "/en/welcome"


def test_wrong_code_is_told_and_the_sixth_right_one_is_refused(
    client: FlaskClient, last_code: LastCode, html: Html
) -> None:
    ask(client)
    code = last_code(PHONE)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        answer = type_code(client, wrong)
        assert answer.status_code == 422
        assert "not the digits we sent" in html(answer)
    answer = type_code(client, code)
    assert answer.status_code == 422
    assert "does not work any more" in html(answer)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "😀😀😀😀😀😀", "\x00", "9" * 300]
)
def test_what_is_no_code_does_not_count_as_a_try(
    client: FlaskClient, last_code: LastCode, typed: str
) -> None:
    ask(client)
    for _ in range(6):
        assert type_code(client, typed).status_code == 422
    assert type_code(client, last_code(PHONE)).status_code == 302


@pytest.mark.parametrize("typed", ["", "amina", "\x00", "12", "x" * 300, "😀", "06 6982 1234"])
def test_a_bad_contact_is_answered_422_and_kept(
    client: FlaskClient, html: Html, typed: str
) -> None:
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in html(answer)
    if typed.isascii() and typed.isprintable() and typed:
        assert f'value="{typed}"' in html(answer)


def test_throttle_holds_across_two_web_processes(database: Database, html: Html) -> None:
    clients = [make_test_app(database).test_client() for _ in range(2)]
    for number in range(CODES_PER_CONTACT):
        assert ask(clients[number % 2]).status_code == 302
    for client in clients:
        answer = ask(client)
        assert answer.status_code == 429
        assert "Wait an hour" in html(answer)


def test_pages_of_the_way_in_lead_back_to_its_beginning(
    client: FlaskClient, clock: FrozenClock, last_code: LastCode
) -> None:
    for page in ("/en/sign-in/code", "/en/welcome"):
        assert client.get(page).headers["Location"] == "/en/sign-in"
        assert client.post(page).headers["Location"] == "/en/sign-in"
    ask(client)
    assert client.get("/en/welcome").headers["Location"] == "/en/sign-in"
    type_code(client, last_code(PHONE))
    assert client.get("/en/welcome").status_code == 200
    clock.advance(timedelta(minutes=15))
    assert client.post("/en/welcome", data=WELCOME).headers["Location"] == "/en/sign-in"


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"name": "x" * 300}, "too long"),
        ({"name": "😀" * 81}, "too long"),
        ({"name": "\x00\u202e"}, "name you go by"),
        ({"name": ""}, "name you go by"),
        ({"birth_year": "2013"}, "from the age of 14"),
        ({"birth_year": "1850"}, "from the age of 14"),
        ({"birth_year": "95"}, "four digits"),
        ({"birth_year": "soon"}, "four digits"),
        ({"birth_year": ""}, "year you were born"),
        ({"languages": ["klingon"]}, "not a valid choice"),
        ({"agreed": ""}, "Without your agreement"),
    ],
)
def test_a_bad_answer_is_told_at_its_field_and_the_others_are_kept(
    client: FlaskClient,
    database: Database,
    last_code: LastCode,
    html: Html,
    over: dict[str, Any],
    sentence: str,
) -> None:
    answer = sign_up(client, last_code, **over)
    assert answer.status_code == 422
    assert sentence in html(answer)
    if "birth_year" not in over:
        assert 'value="1995"' in html(answer)
    with database.reading(VISITOR) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Amina\x00\u202e  Diallo ", "Amina Diallo"),
        ("😀", "😀"),
        ("محمد", "محمد"),
        ("<script>", "<script>"),
    ],
)
def test_names_are_cleaned_of_what_cannot_be_seen_and_nothing_else(
    client: FlaskClient, database: Database, last_code: LastCode, typed: str, kept: str
) -> None:
    assert sign_up(client, last_code, name=typed).status_code == 302
    with database.reading(VISITOR) as ctx:
        assert ctx.db.scalars(select(Person.name)).all() == [kept]
    assert "<script>" not in client.get("/en/me/profile").get_data(as_text=True)


def test_birth_year_in_arabic_digits(
    client: FlaskClient, database: Database, last_code: LastCode
) -> None:
    assert sign_up(client, last_code, birth_year="١٩٩٥").status_code == 302
    with database.reading(VISITOR) as ctx:
        assert ctx.db.scalars(select(Person.birth_year)).all() == [1995]


def test_two_clicks_on_the_last_button_make_one_person(
    client: FlaskClient, database: Database, last_code: LastCode
) -> None:
    assert sign_up(client, last_code).status_code == 302
    assert client.post("/en/welcome", data=WELCOME).headers["Location"] == "/en/me"
    with database.reading(VISITOR) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Person)) == 1


def test_one_leads_on_to_the_page_that_was_wanted(client: FlaskClient, last_code: LastCode) -> None:
    client.get("/en/sign-in?next=/en/me/profile?x=1")
    assert sign_up(client, last_code).headers["Location"] == "/en/me/profile?x=1"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:",
        "https://evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "",
    ],
)
def test_no_address_outside_is_led_on_to(
    client: FlaskClient, last_code: LastCode, wanted: str
) -> None:
    client.get("/en/sign-in", query_string={"next": wanted})
    assert sign_up(client, last_code).headers["Location"] == "/en/me"


def test_where_phones_cannot_be_texted_only_an_address_is_asked_for(
    database: Database, html: Html
) -> None:
    settings = replace(SETTINGS, mode="production", smtp_url="smtp://127.0.0.1")
    client = make_test_app(database, settings).test_client()
    page = html(client.get("/en/sign-in"))
    assert "Phone number" not in page
    assert 'type="email"' in page
    answer = ask(client)
    assert answer.status_code == 422
    assert "only write to e-mail addresses" in html(answer)
    assert ask(client, "a@example.org").status_code == 302


@pytest.mark.parametrize("language", ["it", "en", "fr", "ar"])
def test_pages_stand_in_every_language(client: FlaskClient, html: Html, language: str) -> None:
    for path in ("sign-in", "staff/sign-in"):
        page = html(client.get(f"/{language}/{path}"))
        assert f'lang="{language}"' in page
        assert ('dir="rtl"' in page.split("<head>")[0]) is (language == "ar")
