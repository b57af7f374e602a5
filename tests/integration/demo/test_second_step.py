"""How whoever looks at the demonstration passes the second step: as in production, and told how."""

import re
from collections.abc import Callable
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from civic.settings import Settings
from tests.conftest import make_test_app
from tests.factories.accounts import make_staff
from tests.factories.tenancy import make_city

Html = Callable[[TestResponse], str]
SIGN_IN, SECOND_STEP = "/en/staff/sign-in", "/en/staff/second-step"
TOLD = "type the letters below the picture"
IN_PRODUCTION = Settings(
    secret_key="a key for tests, long enough to be taken", smtp_url="smtp://127.0.0.1:9"
)


def test_the_staff_sign_in_says_how_the_second_step_is_passed(
    client: FlaskClient, html: Html
) -> None:
    assert TOLD in html(client.get(SIGN_IN))


def test_in_production_nothing_is_said_of_it(database: Database, html: Html) -> None:
    client = make_test_app(database, IN_PRODUCTION).test_client()
    assert TOLD not in html(client.get(SIGN_IN))


def test_without_the_digits_of_the_app_nobody_is_through(
    app: Flask,
    client: FlaskClient,
    database: Database,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Html,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        worker = make_staff(ctx, Role.CASE_WORKER, make_city(ctx, "napoli"))
    sign_in(client, worker)
    page = html(client.get(SECOND_STEP))
    assert 'class="qr"' in page
    assert not re.search(r"\b\d{6}\b", re.sub(r"<[^>]*>", "", page))
    assert client.post(SECOND_STEP, data={"code": "000000"}).status_code == 422
    assert client.get("/en/cases").status_code == 302
