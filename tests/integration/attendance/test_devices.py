"""Devices at the gate: opened, let in, told apart, signed out; and what a token is worth."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import RoleGrant
from civic.attendance.models import ScannerDevice
from civic.attendance.operations.passes import PassShown
from civic.attendance.tokens import hash_of
from civic.audit.models import AuditEntry
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_staff
from tests.factories.attendance import ONE, TEN, Ground
from tests.factories.catalogue import make_project, make_session
from tests.factories.tenancy import make_association
from tests.integration.attendance.api import Gate, gate_of, let_in
from tests.integration.attendance.conftest import SignIn


@pytest.fixture(autouse=True)
def _doors_open(clock: FrozenClock) -> None:
    clock.instant = TEN


@pytest.fixture
def phone(app: Flask, sign_in: SignIn, ground: Ground) -> FlaskClient:
    """The organiser's."""
    client = app.test_client()
    sign_in(client, ground.organiser_id)
    return client


def load(phone: FlaskClient, **body: Any) -> dict[str, Any]:
    answer = phone.post("/en/scanner/load", json={"device_id": None, "gate": "North", **body})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = answer.get_json()
    return told


def rows(database: Database, ground: Ground) -> list[ScannerDevice]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(ScannerDevice)))


# The page at the gate


def test_a_phone_takes_a_token_for_half_a_day_and_the_roster_along(
    phone: FlaskClient, client: FlaskClient, ground: Ground, database: Database, shown: PassShown
) -> None:
    told = load(phone)
    assert told["expires_at"] == (TEN + timedelta(hours=12)).isoformat()
    assert told["device"]["gate"] == "North"
    assert [person[:2] for person in told["sessions"][0]["people"]] == [["Amina", shown.short_code]]
    gate = Gate(client, ground.session_id, told["token"])
    assert gate.scan(shown.token)["outcome"] == "accepted"
    [row] = rows(database, ground)
    assert row.token_hash == hash_of(told["token"])
    assert told["token"] not in str(vars(row))


def test_the_same_phone_again_is_the_same_device_with_another_token(
    phone: FlaskClient, client: FlaskClient, ground: Ground, database: Database, shown: PassShown
) -> None:
    first = load(phone)
    again = load(phone, device_id=first["device"]["id"], gate="South")
    assert again["device"] == {"id": first["device"]["id"], "name": "South", "gate": "South"}
    assert len(rows(database, ground)) == 1
    assert Gate(client, ground.session_id, first["token"]).roster().status_code == 401
    assert Gate(client, ground.session_id, again["token"]).roster().status_code == 200


def test_what_was_signed_out_or_over_opens_again_for_its_owner(
    phone: FlaskClient, sign_in: SignIn, ground: Ground, database: Database, clock: FrozenClock
) -> None:
    first = load(phone)
    phone.post("/en/scanner/leave", json={"device_id": first["device"]["id"]})
    clock.advance(timedelta(days=2))
    sign_in(phone, ground.organiser_id)
    again = load(phone, device_id=first["device"]["id"])
    assert again["device"]["id"] == first["device"]["id"]
    assert rows(database, ground)[0].revoked_at is None


def test_a_device_of_somebody_else_is_left_alone(
    app: Flask, phone: FlaskClient, sign_in: SignIn, ground: Ground, database: Database
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        colleague_id = make_staff(ctx, Role.ORGANISER, ground.city, ground.association, "Rosa")
    colleague = app.test_client()
    sign_in(colleague, colleague_id)
    theirs = load(colleague)
    mine = load(phone, device_id=theirs["device"]["id"])
    assert mine["device"]["id"] != theirs["device"]["id"]
    assert Gate(app.test_client(), ground.session_id, theirs["token"]).roster().status_code == 200


def test_software_of_others_is_not_turned_into_a_page(
    phone: FlaskClient, database: Database, ground: Ground
) -> None:
    other = let_in(database, ground, days=30)
    told = load(phone, device_id=str(other.device.id))
    assert told["device"]["id"] != str(other.device.id)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"device_id": 3, "gate": [], "session_id": {}}',
        b'"\\ud800"',
        b"[" * 9999,
    ],
)
def test_what_the_phone_remembers_wrongly_is_forgotten(phone: FlaskClient, body: bytes) -> None:
    answer = phone.post("/en/scanner/load", data=body, content_type="application/json")
    assert answer.status_code == 200


def test_no_visitor_and_no_participant_opens_a_scanner(
    client: FlaskClient, app: Flask, sign_in: SignIn, amina: UUID
) -> None:
    assert client.post("/en/scanner/load", json={}).status_code == 302
    assert client.post("/en/scanner/leave", json={}).status_code == 404
    participant = app.test_client()
    sign_in(participant, amina)
    assert participant.post("/en/scanner/load", json={}).status_code == 404
    assert participant.post("/en/scanner/leave", json={}).status_code == 404


def test_a_foreign_site_can_make_no_browser_load_or_leave(app: Flask, phone: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert phone.post("/en/scanner/load", json={}).status_code == 400
    assert phone.post("/en/scanner/leave", json={}).status_code == 400


def test_a_token_needs_no_form_of_ours(
    app: Flask, client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    gate = gate_of(client, database, ground)
    answer = gate.scan(shown.token)
    assert answer["outcome"] == "accepted"
    assert gate.undo(answer["id"]).status_code == 200
    assert client.post("/en/scanner/leave", headers=gate.headers).status_code == 204


def test_leaving_by_token_or_by_session_ends_the_token_and_twice_is_once(
    phone: FlaskClient, client: FlaskClient, ground: Ground
) -> None:
    told = load(phone)
    gate = Gate(client, ground.session_id, told["token"])
    assert client.post("/en/scanner/leave", headers=gate.headers).status_code == 204
    assert gate.roster().get_json()["error"] == "token_revoked"
    told = load(phone, device_id=told["device"]["id"])
    for _ in range(2):
        left = phone.post("/en/scanner/leave", json={"device_id": told["device"]["id"]})
        assert left.status_code == 204
    assert Gate(client, ground.session_id, told["token"]).roster().status_code == 401


def test_who_organises_in_two_places_names_a_session_or_has_one_today(
    phone: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_association(ctx, ground.city, "Another")
        ctx.db.add(
            RoleGrant(
                id=ctx.new_id(),
                person_id=ground.organiser_id,
                role=Role.ORGANISER,
                municipality_id=ground.city.id,
                association_id=other.id,
            )
        )
        project = make_project(ctx, other.id, ground.city.id, ground.organiser_id)
        session = make_session(
            ctx, project, starts_at=TEN + timedelta(days=3), ends_at=ONE + timedelta(days=3)
        )
    assert load(phone)["sessions"][0]["id"] == str(ground.session_id)
    told = load(phone, session_id=str(session), day="2026-03-24")
    assert told["sessions"][0]["id"] == str(session)
    clock.advance(timedelta(days=1))
    sign_in(phone, ground.organiser_id)
    answer = phone.post("/en/scanner/load", json={})
    assert (answer.status_code, answer.get_json()["error"]) == (422, "which_association")


def test_an_officer_opens_the_scanner_for_a_session_and_for_no_more_than_its_association(
    app: Flask, sign_in: SignIn, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, ground.city)
        other = make_association(ctx, ground.city, "Another")
        project = make_project(ctx, other.id, ground.city.id, ground.organiser_id)
        elsewhere = make_session(ctx, project, starts_at=TEN, ends_at=ONE)
    officer = app.test_client()
    sign_in(officer, officer_id)
    told = load(officer, session_id=str(ground.session_id))
    gate = Gate(app.test_client(), ground.session_id, told["token"])
    assert gate.scan(shown.token)["outcome"] == "accepted"
    assert gate.scan(shown.token, session_id=str(elsewhere))["outcome"] == "malformed"


# The organiser's page


def test_an_organiser_lets_software_in_sees_its_token_once_and_takes_it_back(
    phone: FlaskClient,
    client: FlaskClient,
    html: Callable[[TestResponse], str],
    database: Database,
    ground: Ground,
    shown: PassShown,
) -> None:
    page = html(phone.get("/en/organise/devices"))
    assert "Let in software of others" in page
    [whose] = re.findall(r'<option value="([^"]+)">All sessions', page)
    form = {
        "name": "Turnstile",
        "gate": "North gate",
        "whose": whose,
        "scopes": ["scan"],
        "until": "2026-04-30",
    }
    made = phone.post("/en/organise/devices", data=form)
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    [token] = [
        each
        for each in re.findall(r"[\w-]{43}", html(made))
        if hash_of(each) in known(database, ground)
    ]
    gate = Gate(client, ground.session_id, token)
    assert gate.scan(shown.token)["outcome"] == "accepted"
    assert gate.roster().status_code == 403

    page = html(phone.get("/en/organise/devices"))
    assert "Turnstile" in page
    assert "North gate" in page
    assert token not in page
    [address] = re.findall(r'action="(/en/organise/devices/[^"]+/revoke)"', page)
    assert phone.post(address).status_code == 302
    assert gate.post({"scans": []}).get_json()["error"] == "token_revoked"
    assert "Turnstile" not in html(phone.get("/en/organise/devices"))
    with database.reading(system_in(ground.city.id)) as ctx:
        actions = ctx.db.scalars(select(AuditEntry.action)).all()
    assert [each for each in actions if each.startswith("device.")] == [
        "device.made",
        "device.revoked",
    ]


def known(database: Database, ground: Ground) -> set[str]:
    return {row.token_hash for row in rows(database, ground)}


@pytest.mark.parametrize("until", ["2026-03-20", "2027-04-25", "2030-01-01", "", "soon"])
def test_no_token_is_made_for_yesterday_or_for_ever(
    phone: FlaskClient, database: Database, ground: Ground, until: str
) -> None:
    form = {"name": "Till", "whose": str(ground.session_id), "scopes": ["scan"], "until": until}
    assert phone.post("/en/organise/devices", data=form).status_code == 422
    assert rows(database, ground) == []


def test_a_device_for_one_session_scans_for_no_other(
    phone: FlaskClient, client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        later = make_session(
            ctx, ground.project_id, starts_at=ONE, ends_at=ONE + timedelta(hours=1)
        )
    form = {"name": "Till", "whose": str(later), "scopes": ["scan"], "until": "2026-03-21"}
    assert phone.post("/en/organise/devices", data=form).status_code == 200
    assert rows(database, ground)[0].session_id == later
    one = gate_of(client, database, ground, session_id=later)
    assert one.scan(shown.token)["outcome"] == "malformed"
    assert one.scan(shown.token, session_id=str(later))["outcome"] == "refused"


def test_devices_of_other_associations_are_absent(
    app: Flask, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    handed = let_in(database, ground)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_association(ctx, ground.city, "Another")
        stranger_id = make_staff(ctx, Role.ORGANISER, ground.city, other)
    stranger = app.test_client()
    sign_in(stranger, stranger_id)
    assert "Turnstile" not in stranger.get("/en/organise/devices").get_data(as_text=True)
    assert stranger.post(f"/en/organise/devices/{handed.device.id}/revoke").status_code == 404
    form = {"name": "X", "whose": str(ground.session_id), "scopes": ["scan"], "until": "2026-03-21"}
    assert stranger.post("/en/organise/devices", data=form).status_code == 422
