"""Scanner apps made for pretix redeem, search and annul here, in its meaning and reason codes."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from civic.attendance import pretix
from civic.attendance.operations.passes import PassShown
from civic.attendance.pretix import number_of
from civic.attendance.rules import Reason
from civic.attendance.tokens import BAD_TOKENS, Scope
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, make_ground
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_booking
from tests.integration.attendance.api import let_in
from tests.integration.attendance.door import pass_of, stored
from tests.integration.attendance.test_api_scans import JSON

DOCUMENTED = {
    "invalid",
    "unpaid",
    "blocked",
    "invalid_time",
    "canceled",
    "already_redeemed",
    "product",
    "rules",
    "ambiguous",
    "revoked",
    "unapproved",
    "error",
}


@dataclass
class App:
    """A scanner app that knows nothing but pretix."""

    client: FlaskClient
    session_id: UUID
    token: str
    organizer: str = "orti-in-comune"

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Device {self.token}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def rpc(self, name: str, **body: Any) -> TestResponse:
        path = f"/organizers/{self.organizer}/checkinrpc/{name}/"
        return self.call("POST", path, json={"lists": [number_of(self.session_id)], **body})

    def redeem(self, secret: str, **body: Any) -> tuple[int, dict[str, Any]]:
        answer = self.rpc("redeem", secret=secret, source_type="barcode", **body)
        return answer.status_code, answer.get_json()

    def search(self, text: str, *lists: int) -> TestResponse:
        path = f"/organizers/{self.organizer}/checkinrpc/search/"
        asked = {"search": text, "list": list(lists) or [number_of(self.session_id)]}
        return self.call("GET", path, query_string=asked)


@pytest.fixture
def app_at_gate(client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock) -> App:
    clock.instant = TEN
    return App(client, ground.session_id, let_in(database, ground).token)


def test_every_reason_has_a_code_that_pretix_documents() -> None:
    assert set(pretix.REASONS) == set(Reason)
    assert {*pretix.REASONS.values(), pretix.AMBIGUOUS} <= DOCUMENTED


def test_a_pass_is_redeemed_once(app_at_gate: App, ground: Ground, shown: PassShown) -> None:
    status, told = app_at_gate.redeem(shown.token, nonce="one")
    assert (status, told["status"]) == (201, "ok")
    assert told["position"]["attendee_name"] == "Amina"
    assert told["require_attention"] is False
    assert told["list"]["id"] == number_of(ground.session_id)
    status, told = app_at_gate.redeem(shown.token, nonce="two")
    assert (status, told["status"], told["reason"]) == (200, "error", "already_redeemed")
    assert told["reason_explanation"]


def test_the_same_nonce_is_the_same_check_in(
    app_at_gate: App, database: Database, ground: Ground, shown: PassShown
) -> None:
    for _ in range(3):
        status, told = app_at_gate.redeem(shown.token, nonce="Pvrk50vUzQd0DhdpNRL4I4OcXsvg70uA")
        assert (status, told["status"]) == (201, "ok")
    assert len(stored(database, ground)) == 1


def test_a_refusal_sent_again_is_the_same_refusal(app_at_gate: App) -> None:
    for _ in range(2):
        status, told = app_at_gate.redeem("nobody's", nonce="n")
        assert (status, told["status"], told["reason"]) == (404, "error", "invalid")
        assert told["detail"] == "Not found."


def test_exits_and_the_time_of_the_scan_are_kept(
    app_at_gate: App, database: Database, ground: Ground, shown: PassShown, clock: FrozenClock
) -> None:
    clock.instant = ONE
    assert app_at_gate.redeem(shown.token, datetime="2026-03-21T10:00:00+01:00")[0] == 201
    status, told = app_at_gate.redeem(shown.token, type="exit", datetime="2026-03-21T11:00:00Z")
    assert (status, told["status"]) == (201, "ok")
    assert [event.scanned_at for event in stored(database, ground)] == [
        TEN,
        TEN + timedelta(hours=2),
    ]


def test_a_forced_check_in_happened_and_stands(
    app_at_gate: App, database: Database, ground: Ground, keys: Keys
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        nobody = make_person(ctx, "Nobody booked", ground.city)
    shown = pass_of(database, keys, nobody, ground.city.id)
    status, told = app_at_gate.redeem(shown.token)
    assert (status, told["reason"], "position" in told) == (200, "product", False)
    for _ in range(2):
        assert app_at_gate.redeem(shown.token, force=True, nonce="x")[0] == 201
    assert [event.is_forced for event in stored(database, ground)].count(True) == 1


@pytest.mark.parametrize(
    ("at", "reason"),
    [(TEN - timedelta(hours=1), "invalid_time"), (ONE + timedelta(hours=1), "invalid_time")],
)
def test_the_window_is_checked_on_both_sides(
    app_at_gate: App, shown: PassShown, clock: FrozenClock, at: datetime, reason: str
) -> None:
    clock.instant = at
    assert app_at_gate.redeem(shown.token)[1]["reason"] == reason


def test_a_cancelled_session_is_canceled(
    app_at_gate: App, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.CANCELLED
    assert app_at_gate.redeem(shown.token)[1]["reason"] == "canceled"


def test_of_several_lists_the_one_with_their_place_is_meant(
    app_at_gate: App, database: Database, ground: Ground, shown: PassShown, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_session(
            ctx, ground.project_id, starts_at=TEN - timedelta(minutes=5), ends_at=ONE
        )
    both = [number_of(other), number_of(ground.session_id)]
    status, told = app_at_gate.redeem(shown.token, lists=both, nonce="1")
    assert (status, told["list"]["id"]) == (201, number_of(ground.session_id))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_booking(ctx, amina, other)
    status, told = app_at_gate.redeem(shown.token, lists=both, nonce="2")
    assert (status, told["reason"]) == (200, "ambiguous")


def test_what_is_no_barcode_is_unknown(app_at_gate: App, shown: PassShown) -> None:
    answer = app_at_gate.rpc("redeem", secret=shown.token, source_type="nfc_uid")
    assert (answer.status_code, answer.get_json()["reason"]) == (404, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"secret": 7, "lists": [1]},
        {"secret": "x"},
        {"secret": "x", "lists": []},
        {"secret": "x", "lists": ["1"]},
        {"secret": "x", "lists": [True]},
        {"secret": "x", "lists": [1], "type": "sideways"},
        {"secret": "x", "lists": [1], "datetime": "now"},
        {"secret": "x", "lists": [1], "nonce": ""},
        {"secret": "x", "lists": [12345]},
    ],
)
def test_a_call_that_cannot_be_read_is_refused(app_at_gate: App, body: dict[str, Any]) -> None:
    path = f"/organizers/{app_at_gate.organizer}/checkinrpc/redeem/"
    answer = app_at_gate.call("POST", path, json=body)
    assert answer.status_code == 400
    assert set(answer.get_json()) == {"error", "text"}


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=JSON
    | st.dictionaries(
        st.sampled_from(["secret", "lists", "type", "nonce", "datetime", "force"]), JSON
    )
)
@example(body={"secret": "\ud800", "nonce": "\ud800", "datetime": None, "force": True})
def test_whatever_is_sent_is_answered_and_nothing_breaks(app_at_gate: App, body: Any) -> None:
    known = {"secret": "x", "lists": [number_of(app_at_gate.session_id)]}
    sent = known | body if isinstance(body, dict) else body
    for name in ("redeem", "annul"):
        path = f"/organizers/{app_at_gate.organizer}/checkinrpc/{name}/"
        answer = app_at_gate.call("POST", path, data=json.dumps(sent))
        assert answer.status_code in (200, 201, 400, 404)


# Annulment


def test_a_check_in_is_annulled_by_its_nonce_within_a_quarter_of_an_hour(
    app_at_gate: App,
    client: FlaskClient,
    database: Database,
    ground: Ground,
    shown: PassShown,
    clock: FrozenClock,
) -> None:
    app_at_gate.redeem(shown.token, nonce="turnstile")
    other = App(client, ground.session_id, let_in(database, ground).token)
    assert other.rpc("annul", nonce="turnstile").status_code == 404
    answer = app_at_gate.rpc("annul", nonce="turnstile", error_explanation="It did not turn")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    assert app_at_gate.redeem(shown.token, nonce="again")[0] == 201
    clock.advance(timedelta(minutes=16))
    late = app_at_gate.rpc("annul", nonce="again")
    assert (late.status_code, late.get_json()["error"]) == (400, "undo_too_late")
    assert app_at_gate.rpc("annul", nonce="never").status_code == 404
    assert app_at_gate.rpc("annul").status_code == 400


# Search


def test_a_search_finds_names_and_codes_and_tells_no_more_than_is_needed(
    app_at_gate: App, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_booked_person(ctx, ground, "Somebody else")
    answer = app_at_gate.search("AMI").get_json()
    assert answer["count"] == 1
    [found] = answer["results"]
    assert set(found) == {
        "positionid",
        "attendee_name",
        "attendee_name_parts",
        "attendee_email",
        "secret",
        "subevent",
        "checkins",
        "require_attention",
    }
    assert (found["attendee_name"], found["secret"]) == ("Amina", shown.short_code)
    assert found["checkins"] == []
    assert app_at_gate.redeem(found["secret"])[0] == 201
    [found] = app_at_gate.search(shown.short_code[:4]).get_json()["results"]
    assert [each["type"] for each in found["checkins"]] == ["entry"]


@pytest.mark.parametrize("text", ["", "am", "a%", "   ", "__%"])
def test_a_search_of_less_than_three_letters_reads_nothing_out(
    app_at_gate: App, shown: PassShown, text: str
) -> None:
    assert app_at_gate.search(text).status_code == 400


def test_lists_of_others_cannot_be_searched(
    app_at_gate: App, client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        matera = make_ground(ctx, "matera")
    assert app_at_gate.search("Amina", number_of(matera.session_id)).status_code == 404
    scans_only = let_in(database, ground, frozenset({Scope.SCAN})).token
    assert App(client, ground.session_id, scans_only).search("Amina").status_code == 403


# What an app asks first


def test_an_app_finds_its_way_from_the_token_to_the_list(
    app_at_gate: App, client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    first = let_in(database, ground, days=30)
    answer = client.post("/api/v1/device/initialize", json={"token": first.token})
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["organizer"], told["name"]) == ("orti-in-comune", "Turnstile")
    app = App(client, ground.session_id, told["api_token"], told["organizer"])
    again = client.post("/api/v1/device/initialize", json={"token": first.token})
    assert again.status_code == 400

    [organizer] = app.call("GET", "/organizers/").get_json()["results"]
    path = f"/organizers/{organizer['slug']}/events/"
    [event] = app.call("GET", path).get_json()["results"]
    assert app.call("GET", f"{path}{event['slug']}/").get_json() == event
    path += f"{event['slug']}/checkinlists/"
    [found] = app.call("GET", path).get_json()["results"]
    assert found["id"] == number_of(ground.session_id)
    assert app.call("GET", f"{path}{found['id']}/").get_json() == found
    assert app.redeem(shown.token, lists=[found["id"]])[0] == 201
    status = app.call("GET", f"{path}{found['id']}/status/").get_json()
    assert (status["checkin_count"], status["position_count"], status["inside_count"]) == (1, 1, 1)
    assert app.call("GET", f"{path}7/").status_code == 404
    assert app.call("POST", "/device/revoke").status_code == 200
    assert app.call("GET", "/organizers/").status_code == 401


@pytest.mark.parametrize("body", [{}, [], {"token": None}, {"token": 7}, {"token": "guess"}])
def test_no_token_is_given_for_one_that_nobody_made(client: FlaskClient, body: Any) -> None:
    answer = client.post("/api/v1/device/initialize", json=body)
    assert answer.status_code == 400
    assert list(answer.get_json()) == ["token"]


def test_guesses_of_a_token_to_begin_with_are_counted(client: FlaskClient) -> None:
    for number in range(BAD_TOKENS):
        client.post("/api/v1/device/initialize", json={"token": f"guess {number}"})
    answer = client.post("/api/v1/device/initialize", json={"token": "another"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/organizers/another/events/"),
        ("GET", "/organizers/another/checkinrpc/search/?search=Amina&list=1"),
        ("POST", "/organizers/another/checkinrpc/redeem/"),
        ("POST", "/organizers/another/checkinrpc/annul/"),
        ("GET", "/organizers/orti-in-comune/events/another/"),
    ],
)
def test_another_organizer_or_event_is_absent(app_at_gate: App, method: str, path: str) -> None:
    body = {"secret": "x", "lists": [1], "nonce": "x"} if method == "POST" else None
    assert app_at_gate.call(method, path, json=body).status_code == 404


def test_numbers_of_lists_stay_and_stay_apart() -> None:
    ids = [uuid4() for _ in range(1000)]
    assert len({number_of(each) for each in ids}) == 1000
    assert all(0 <= number_of(each) < 2**53 for each in ids)
    assert number_of(UUID(int=7)) == number_of(UUID(int=7))
