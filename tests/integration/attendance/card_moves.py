"""What people do with a printed card and its PIN."""

from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import passwords, pins
from civic.kernel.db.database import Database
from tests.factories.attendance import signed_in

PIN, OTHER = "483920", "715306"


def set_pin(database: Database, person_id: UUID, pin: str) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        pins.set_own_pin(ctx, passwords.hash_password(pin))


def enter(client: FlaskClient, code: str, pin: str = PIN, **more: str) -> TestResponse:
    return client.post("/en/sign-in/card", data={"code": code, "pin": pin, **more})
