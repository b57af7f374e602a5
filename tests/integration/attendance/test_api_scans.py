"""Scans through the interface, of one session or several, live or after the fact."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from civic.attendance.operations import passes
from civic.attendance.operations.passes import PassShown
from civic.attendance.rules import Method
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Actor, Grant, Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, make_ground
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_booking
from tests.integration.attendance.api import Gate, gate_of
from tests.integration.attendance.door import minutes, pass_of, stored


@pytest.fixture
def gate(client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock) -> Gate:
    clock.instant = ONE + timedelta(hours=1)
    return gate_of(client, database, ground)


def test_a_scan_is_told_to_the_operator_and_to_the_holder_in_their_language(
    gate: Gate, database: Database, ground: Ground, keys: Keys
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        salma = make_booked_person(ctx, ground, "Salma", page_language="ar")
    shown = pass_of(database, keys, salma, ground.city.id)
    answer = gate.scan(shown.token)
    assert answer["outcome"] == "accepted"
    assert (answer["kind"], answer["text"]) == ("success", "Welcome. You are in.")
    assert answer["name"] == "Salma"
    assert (answer["holder"]["language"], answer["holder"]["dir"]) == ("ar", "rtl")
    assert answer["holder"]["text"] != "Welcome. You are in."
    [event] = stored(database, ground)
    assert (event.gate, event.method) == ("North gate", Method.OTHER)
    assert event.operator_id == ground.organiser_id
    assert event.device_id is not None


def test_the_holder_is_told_the_nearest_thing_that_can_be_mended(
    gate: Gate, database: Database, ground: Ground, keys: Keys
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        nobody = make_person(ctx, "Nobody booked", ground.city, page_language="en")
    shown = pass_of(database, keys, nobody, ground.city.id)
    answer = gate.scan(shown.token)
    assert (answer["outcome"], answer["reason"], answer["kind"]) == (
        "refused",
        "not_booked",
        "danger",
    )
    assert answer["holder"]["text"].startswith("You have no place yet.")
    assert answer["name"] == ""
    unknown = gate.scan("nobody's")
    assert (unknown["reason"], unknown["holder"]) == ("invalid", None)


def test_the_same_id_again_answers_repeated(gate: Gate, shown: PassShown) -> None:
    scan = gate.one(shown.token)
    first, again = gate.send(scan, scan)
    assert [first["outcome"], again["outcome"]] == ["accepted", "repeated"]
    assert again["undo_until"] is None
    assert gate.send(scan)[0]["outcome"] == "repeated"


def test_a_batch_spans_sessions_and_answers_in_order(
    gate: Gate, database: Database, ground: Ground, shown: PassShown, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        later = make_session(
            ctx, ground.project_id, starts_at=ONE, ends_at=ONE + timedelta(hours=3)
        )
        make_booking(ctx, amina, later)
    scans = [
        gate.one(shown.token, "entry", TEN),
        gate.one(shown.token, "entry", ONE, session_id=str(later)),
        gate.one("x", session_id=str(uuid4())),
        {"id": "what"},
        gate.one(shown.token, "exit", TEN + timedelta(hours=1)),
        gate.one(shown.token, "exit", ONE + timedelta(minutes=30), session_id=str(later)),
    ]
    answers = gate.send(*scans)
    assert [answer["id"] for answer in answers] == [scan["id"] for scan in scans]
    assert [answer["outcome"] for answer in answers] == [
        "accepted",
        "accepted",
        "malformed",
        "malformed",
        "accepted",
        "accepted",
    ]
    assert sorted(minutes(database, ground)) == [30, 60]


def test_a_batch_is_one_commit_and_few_statements(
    gate: Gate,
    database: Database,
    ground: Ground,
    shown: PassShown,
    statements: Callable[[], AbstractContextManager[Counted]],
    clock: FrozenClock,
) -> None:
    clock.instant = TEN
    with statements() as counted:
        assert gate.scan(shown.token)["outcome"] == "accepted"
    assert counted.total <= 4, counted.statements
    clock.advance(timedelta(hours=1))
    with statements() as counted:
        [gone] = gate.send(gate.one(shown.token, "exit", TEN + timedelta(hours=1)))
    assert gone["outcome"] == "accepted"
    assert counted.total <= 8, counted.statements
    with statements() as counted:
        gate.send(*[gate.one(f"nobody {number}") for number in range(100)])
    assert counted.total <= 4, counted.statements


def test_a_session_of_another_city_or_association_is_not_the_device_s(
    client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        matera = make_ground(ctx, "matera")
    gate = gate_of(client, database, matera)
    answer = gate.scan(shown.token, session_id=str(ground.session_id))
    assert (answer["outcome"], answer["reason"]) == ("malformed", None)
    assert answer["text"] == "This device cannot scan for this session."
    assert stored(database, ground) == []
    # And a pass of another city is nobody's here.
    assert gate.scan(shown.token)["reason"] == "invalid"


# After the fact


def test_what_was_let_in_without_network_stands_and_is_told_to_be_looked_at(
    gate: Gate, database: Database, ground: Ground, shown: PassShown, keys: Keys, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        passes.replace_pass(ctx_as_officer(ctx, ground), keys, amina, ground.city.id)
    answer = gate.scan(shown.token, shown="accepted")
    assert (answer["outcome"], answer["reason"], answer["kind"]) == (
        "accepted",
        "revoked",
        "warning",
    )
    assert answer["flags"] == ["late", "forced"]
    assert answer["text"].startswith("They were let in, so it counts. Have a look at it: ")
    [event] = stored(database, ground)
    assert event.is_forced
    assert event.to_look_at


def ctx_as_officer(ctx: Context, ground: Ground) -> Context:
    officer = Actor(
        person_id=ground.organiser_id,
        grants=(Grant(Role.OFFICER, ground.city.id),),
        municipalities=frozenset({ground.city.id}),
    )
    return replace(ctx, actor=officer)


def test_two_devices_that_let_in_the_same_person_leave_a_duplicate(
    gate: Gate, client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    other = gate_of(client, database, ground)
    gate.scan(shown.token, shown="accepted")
    answer = other.scan(shown.token, at=TEN + timedelta(minutes=5), shown="accepted")
    assert (answer["outcome"], answer["reason"]) == ("accepted", "already_in")
    assert "duplicate" in answer["flags"]
    assert answer["kind"] == "warning"


def test_a_clock_that_is_off_is_set_right_and_said(
    gate: Gate, database: Database, ground: Ground, shown: PassShown, clock: FrozenClock
) -> None:
    clock.instant = TEN
    slow = clock.instant - timedelta(hours=3)
    answer = gate.scan(shown.token, at=slow, offset_ms=3 * 3600 * 1000)
    assert answer["outcome"] == "accepted"
    assert answer["flags"] == ["clock_off"]
    assert answer["kind"] == "warning"
    assert answer["text"].endswith("The clock of this device is wrong: please set it.")
    [event] = stored(database, ground)
    assert (event.scanned_at, event.told_at) == (TEN, slow)


def test_what_lies_in_the_future_counts_as_of_its_arrival(
    gate: Gate, database: Database, ground: Ground, shown: PassShown, clock: FrozenClock
) -> None:
    clock.instant = TEN
    answer = gate.scan(shown.token, at=TEN + timedelta(hours=1))
    assert "clamped" in answer["flags"]
    assert stored(database, ground)[0].scanned_at == TEN


def test_a_clock_that_was_never_set_loses_nothing(
    gate: Gate, database: Database, ground: Ground, shown: PassShown, clock: FrozenClock
) -> None:
    clock.instant = TEN
    scan = gate.one(shown.token) | {
        "scanned_at": "1970-01-01T00:10:00+00:00",
        "offset_ms": 1_774_000_000_000,
        "shown": "accepted",
    }
    [answer] = gate.send(scan, sent_at="1970-01-01T00:12:00+00:00")
    assert answer["outcome"] == "accepted"
    assert "clock_off" in answer["flags"]
    assert stored(database, ground)[0].scanned_at == TEN - timedelta(minutes=2)


# Taking back


def test_a_slip_is_taken_back_within_a_quarter_of_an_hour_on_the_same_device(
    gate: Gate,
    client: FlaskClient,
    database: Database,
    ground: Ground,
    shown: PassShown,
    clock: FrozenClock,
) -> None:
    answer = gate.scan(shown.token)
    other = gate_of(client, database, ground)
    refused = other.undo(answer["id"])
    assert (refused.status_code, refused.get_json()["error"]) == (409, "not_yours")
    for _ in range(2):
        undone = gate.undo(answer["id"])
        assert undone.status_code == 200
        assert undone.get_json() == {"id": answer["id"], "outcome": "undone"}
    late = gate.scan(shown.token)
    clock.advance(timedelta(minutes=15, seconds=1))
    refused = gate.undo(late["id"])
    assert (refused.status_code, refused.get_json()["error"]) == (409, "undo_too_late")
    assert gate.undo(str(uuid4())).status_code == 404
    assert len(stored(database, ground)) == 2


def test_a_scan_of_another_city_cannot_be_taken_back(
    gate: Gate, client: FlaskClient, database: Database, ground: Ground, shown: PassShown
) -> None:
    answer = gate.scan(shown.token)
    with database.unit_of_work(system_in()) as ctx:
        matera = make_ground(ctx, "matera")
    assert gate_of(client, database, matera).undo(answer["id"]).status_code == 404


# What is no batch


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"scans": 3}',
        b"\xff",
        b'"\\u0000"',
        b'{"scans": [], "sent_at": "yesterday"}',
        b'{"scans": [], "sent_at": 7}',
        b'{"scans": ' + b"[" * 100_000,
        b'{"scans": [' + b'{"id":' * 50_000,
        b'{"scans": [' + b"9" * 10_000 + b"]}",
    ],
)
def test_what_cannot_be_read_is_refused_in_words(gate: Gate, body: bytes) -> None:
    answer = gate.client.post("/api/v1/scans", data=body, headers=gate.headers)
    assert answer.status_code == 422
    assert answer.get_json() == {
        "error": "batch_unreadable",
        "text": "We could not read these scans.",
    }


def test_a_batch_is_bounded(gate: Gate) -> None:
    answer = gate.post({"scans": [{}] * 10_000})
    assert (answer.status_code, answer.get_json()["error"]) == (422, "batch_too_large")
    huge = gate.client.post("/api/v1/scans", data=b" " * 10_000_000, headers=gate.headers)
    assert (huge.status_code, huge.get_json()["error"]) == (413, "too_large")
    assert gate.send() == []


def test_each_item_that_is_no_scan_says_so_for_itself(gate: Gate, shown: PassShown) -> None:
    good = gate.one(shown.token)
    wrong: list[Any] = [
        {},
        None,
        "text",
        [],
        good | {"id": "1"},
        good | {"id": str(UUID(int=0))},
        good | {"id": 7},
        good | {"id": f"{{{uuid4()}}}"},
        good | {"session_id": None},
        good | {"direction": "up"},
        good | {"direction": []},
        good | {"scanned_at": "2026-03-21T10:00:00"},
        good | {"scanned_at": 7},
        good | {"scanned_at": "0001-01-01T00:00:00+23:59"},
        good | {"code": 12},
        good | {"code": "x" * 1000},
        good | {"offset_ms": "much"},
        good | {"offset_ms": True},
        good | {"gate": 7},
        good | {"shown": "perhaps"},
        good | {"shown": {}},
    ]
    answers = gate.send(*wrong, good)
    assert [answer["outcome"] for answer in answers] == ["malformed"] * len(wrong) + ["accepted"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
FIELDS = ("id", "session_id", "code", "direction", "scanned_at", "offset_ms", "gate", "shown")


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(odd=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3), body=JSON)
@example(odd={"code": "\ud800", "gate": "\ud800\x00", "offset_ms": 1e308}, body="\ud800")
@example(odd={"offset_ms": 10**400}, body={"sent_at": "9999-12-31T23:59:59+00:00", "scans": []})
@example(odd={"scanned_at": "2099-12-31T23:59:59-23:59"}, body={"scans": [{"id": "\x00"}]})
def test_whatever_is_sent_is_answered_and_nothing_breaks(
    gate: Gate, odd: dict[str, Any], body: Any
) -> None:
    scan = gate.one("nobody's") | odd
    answer = gate.client.post(
        "/api/v1/scans", data=json.dumps({"scans": [scan]}), headers=gate.headers
    )
    assert answer.status_code == 200
    assert len(answer.get_json()["answers"]) == 1
    answer = gate.client.post("/api/v1/scans", data=json.dumps(body), headers=gate.headers)
    assert answer.status_code in (200, 422)


def test_no_code_or_name_stands_in_the_log(
    gate: Gate, shown: PassShown, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        gate.scan(shown.token)
        gate.scan("SECRET-CODE")
    told = " ".join(
        record.getMessage() for record in caplog.records if record.name.startswith("civic")
    )
    assert shown.token not in told
    assert "SECRET" not in told
    assert "Amina" not in told
    assert gate.token not in told
