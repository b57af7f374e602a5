"""A device of the staff in other hands opens one page, until four digits give it back."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts import handing_over, operations
from civic.accounts.handing_over import TRIES, is_within
from civic.accounts.login import OPEN_IN_OTHER_HANDS
from civic.accounts.models import LoginSession
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Actor, system_in
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.plans import make_review

Acting = Callable[[Actor], AbstractContextManager[Context]]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]
KEYS = Keys("a key for tests")
ANYTHING = UUID(int=7)


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def review(acting: Acting, desk: Desk) -> str:
    with acting(system_in(desk.city.id)) as ctx:
        return f"/plans/{desk.plan_id}/reviews/{make_review(ctx, desk.city, desk.plan_id)}"


@pytest.fixture
def tablet(
    client: FlaskClient, sign_in: Callable[[FlaskClient, UUID], None], desk: Desk
) -> FlaskClient:
    sign_in(client, desk.worker.own_id)
    return client


def handed_over(tablet: FlaskClient, review: str, html: Html) -> str:
    """The digits that give it back."""
    page = html(tablet.post(f"/en{review}/hand-over"))
    (digits,) = re.findall(r'<bdi dir="ltr">(\d{4})</bdi>', page)
    return str(digits)


def test_of_all_addresses_only_the_page_it_was_handed_over_to_opens(
    app: Flask, tablet: FlaskClient, review: str, html: Html
) -> None:
    handed_over(tablet, review, html)
    assert tablet.get(f"/ar{review}/person").status_code == 200
    opened = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_IN_OTHER_HANDS:
            continue
        path = re.sub(
            r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>",
            lambda found: "it" if found[2] == "lang" else (
                str(ANYTHING) if found[1] == "uuid" else "7"
            ),
            rule.rule,
        )  # fmt: skip
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = tablet.open(path, method=method)
            if answer.status_code != 403 or "no-store" not in answer.headers["Cache-Control"]:
                opened.append((method, rule.rule, answer.status_code))
    assert opened == []


def test_the_page_that_is_refused_says_nothing_of_who_works_here(
    tablet: FlaskClient, review: str, html: Html
) -> None:
    handed_over(tablet, review, html)
    page = html(tablet.get("/en/plans"))
    assert "Please give it back" in page
    assert "Giulia" not in page
    assert f'href="/en{review}/person"' in page


def test_another_tab_of_the_same_browser_is_held_to_the_page_as_well(
    app: Flask, tablet: FlaskClient, review: str, html: Html
) -> None:
    cookie = tablet.get_cookie("civic")
    assert cookie is not None
    tab = app.test_client()
    tab.set_cookie("civic", cookie.value)
    assert tab.get("/en/plans").status_code == 200
    handed_over(tablet, review, html)
    assert tab.get("/en/plans").status_code == 403


def test_the_right_digits_give_it_back_where_it_was(
    tablet: FlaskClient, review: str, html: Html
) -> None:
    digits = handed_over(tablet, review, html)
    answer = tablet.post("/ar/give-back", data={"digits": digits})
    assert answer.headers["Location"] == f"/en{review}"
    assert tablet.get("/en/plans").status_code == 200
    assert tablet.get("/en/give-back").headers["Location"] == "/en/"


def test_digits_of_another_script_are_the_same_digits(
    tablet: FlaskClient, review: str, html: Html
) -> None:
    digits = handed_over(tablet, review, html)
    arabic = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert tablet.post("/ar/give-back", data={"digits": arabic}).status_code == 302


def test_the_fifth_wrong_try_ends_the_session(tablet: FlaskClient, review: str, html: Html) -> None:
    digits = handed_over(tablet, review, html)
    wrong = f"{(int(digits) + 1) % 10**4:04}"
    for _ in range(TRIES - 1):
        answer = tablet.post("/en/give-back", data={"digits": wrong})
        assert answer.status_code == 422
        assert "These are other digits." in html(answer)
    answer = tablet.post("/en/give-back", data={"digits": wrong})
    assert answer.headers["Location"] == "/en/staff/sign-in"
    assert tablet.get("/en/plans").status_code == 302


def test_who_forgot_the_digits_signs_out_and_in_again(
    tablet: FlaskClient, review: str, html: Html
) -> None:
    handed_over(tablet, review, html)
    assert tablet.post("/en/sign-out").status_code == 302
    assert tablet.get("/en/").status_code == 200


def test_a_page_asks_no_statement_more_for_it(
    tablet: FlaskClient, review: str, html: Html, statements: Statements
) -> None:
    handed_over(tablet, review, html)
    with statements() as asked:
        tablet.get("/en/plans")
    assert asked.total == 1


def test_a_visitor_without_a_session_is_asked_nothing(
    client: FlaskClient, statements: Statements
) -> None:
    assert client.get("/en/give-back").headers["Location"] == "/en/"
    with statements() as asked:
        client.get("/en/give-back")
    assert asked.total == 0


def test_guessed_by_many_at_once_no_more_than_the_tries_are_looked_at(
    real_database: Database,
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)
        token = operations.open_session(ctx, desk.worker.own_id)
    with real_database.unit_of_work(desk.worker) as ctx:
        digits = handing_over.hand_over(ctx, KEYS, token, "/plans/x", "/en/plans")
    guesses = [f"{(int(digits) + step) % 10**4:04}" for step in range(1, 20)]

    def guess(code: str) -> str | None:
        with real_database.unit_of_work(desk.worker) as ctx:
            return handing_over.hand_back(ctx, KEYS, token, code)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(guess, guesses)) == {None}
    assert guess(digits) is None
    with real_database.unit_of_work(system_in()) as ctx:
        row = ctx.db.scalars(select(LoginSession)).one()
        assert row.revoked_at is not None
        assert row.hand_back_tries == TRIES


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/it/plans/1/person", True),
        ("/ar/plans/1/person/", True),
        ("/ar/plans/1/person/sign", True),
        ("/it/plans/1/personal", False),
        ("/it/plans/1", False),
        ("/plans/1/person", False),
        ("/", False),
    ],
)
def test_a_page_is_the_same_in_each_language_and_what_lies_below_belongs_to_it(
    path: str, expected: bool
) -> None:
    assert is_within(path, "/plans/1/person") is expected
