"""What a device's token is worth, and how every refusal is told."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from civic.accounts.models import RoleGrant
from civic.attendance.operations.passes import PassShown
from civic.attendance.tokens import BAD_TOKENS, Scope
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.attendance import TEN, Ground, make_ground
from tests.integration.attendance.api import gate_of
from tests.integration.attendance.conftest import SignIn


@pytest.fixture(autouse=True)
def _doors_open(clock: FrozenClock) -> None:
    clock.instant = TEN


def asked(client: FlaskClient, authorization: str | None) -> TestResponse:
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.post("/api/v1/scans", json={"scans": []}, headers=headers)


@pytest.mark.parametrize(
    "shown", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer nobody's", "Bearer " + "x" * 5000]
)
def test_without_a_token_that_was_given_out_nothing_opens(
    client: FlaskClient, shown: str | None
) -> None:
    answer = asked(client, shown)
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "token_unknown"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_token_that_is_over_says_so(
    client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    gate = gate_of(client, database, ground)
    clock.instant = TEN + timedelta(hours=14, minutes=-1)  # 23:59 in Italy
    assert gate.post({"scans": []}).status_code == 200
    clock.advance(timedelta(minutes=1))
    answer = gate.post({"scans": []})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "token_expired")
    assert "conservate" in answer.get_json()["text"]


def test_a_token_is_worth_nothing_once_its_maker_holds_no_role_there(
    client: FlaskClient, database: Database, ground: Ground
) -> None:
    gate = gate_of(client, database, ground)
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.execute(delete(RoleGrant).where(RoleGrant.person_id == ground.organiser_id))
        matera = make_ground(ctx, "matera")
        ctx.db.add(
            RoleGrant(
                id=ctx.new_id(),
                person_id=ground.organiser_id,
                role=Role.ORGANISER,
                municipality_id=matera.city.id,
                association_id=matera.association.id,
            )
        )
    answer = gate.post({"scans": []})
    assert (answer.status_code, answer.get_json()["error"]) == (401, "token_revoked")


@pytest.mark.parametrize(("scope", "may_scan"), [(Scope.SCAN, True), (Scope.ROSTER, False)])
def test_a_device_does_what_it_was_let_in_for_and_no_more(
    client: FlaskClient, database: Database, ground: Ground, scope: Scope, may_scan: bool
) -> None:
    gate = gate_of(client, database, ground, scopes=frozenset({scope}))
    answers = gate.post({"scans": []}), gate.roster()
    assert [each.status_code for each in answers] == ([200, 403] if may_scan else [403, 200])
    refused = answers[1 if may_scan else 0].get_json()
    assert refused["error"] == "scope"
    assert refused["text"]


def test_too_many_unknown_tokens_make_a_network_wait_but_no_device_of_it(
    client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    gate = gate_of(client, database, ground)
    for number in range(BAD_TOKENS):
        assert asked(client, f"Bearer guess{number}").status_code == 401
    answer = asked(client, "Bearer another")
    assert (answer.status_code, answer.get_json()["error"]) == (429, "throttled")
    assert asked(client, None).status_code == 401
    assert gate.post({"scans": []}).status_code == 200
    clock.advance(timedelta(minutes=16))
    assert asked(client, "Bearer another").status_code == 401


def test_the_texts_are_in_the_device_s_language(
    client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    gate = gate_of(client, database, ground, language="it")
    assert gate.scan("nobody's")["text"] != gate_of(client, database, ground).scan("x")["text"]


def test_cookies_are_not_looked_at(client: FlaskClient, sign_in: SignIn, ground: Ground) -> None:
    sign_in(client, ground.organiser_id)
    assert asked(client, None).status_code == 401
    assert "Organiser" not in client.get("/api/v1/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v2/", 404, "not_found"),
        ("GET", "/api/v1/scans", 405, "method_not_allowed"),
        ("POST", "/api/v1/roster", 405, "method_not_allowed"),
        ("POST", f"/api/v1/scans/{UUID(int=7)}/undo", 404, "not_found"),
        ("POST", "/api/v1/scans/7/undo", 404, "not_found"),
    ],
)
def test_every_refusal_is_json_with_a_code_and_a_sentence(
    client: FlaskClient,
    database: Database,
    ground: Ground,
    method: str,
    path: str,
    status: int,
    code: str,
) -> None:
    gate = gate_of(client, database, ground)
    answer = client.open(path, method=method, headers=gate.headers)
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json()["error"] == code
    assert answer.get_json()["text"]


def test_what_breaks_is_told_in_json_and_names_nobody(
    app: Flask,
    client: FlaskClient,
    database: Database,
    ground: Ground,
    shown: PassShown,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError(shown.token)

    gate = gate_of(client, database, ground)
    app.testing = False
    monkeypatch.setattr("civic.attendance.operations.batches.take_in", broken)
    answer = gate.post({"scans": []})
    assert (answer.status_code, answer.get_json()["error"]) == (500, "broken")
    assert shown.token not in caplog.text + answer.get_data(as_text=True)
