"""The roster that a gate takes along: small, and no use to whoever finds the phone."""

import base64
import hmac
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.attendance.models import Pass
from civic.attendance.operations.passes import PassShown
from civic.attendance.tokens import Scope
from civic.audit.models import AuditEntry
from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, make_ground
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import make_booking, make_enrolment
from tests.factories.tenancy import make_association
from tests.integration.attendance.api import Gate, gate_of


@pytest.fixture
def gate(client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock) -> Gate:
    clock.instant = TEN - timedelta(hours=1)
    return gate_of(client, database, ground)


def people(gate: Gate, day: str | None = None) -> list[list[str]]:
    [session] = gate.roster(day).get_json()["sessions"]
    found: list[list[str]] = session["people"]
    return found


def test_the_roster_holds_what_a_gate_without_network_needs(gate: Gate, shown: PassShown) -> None:
    answer = gate.roster(None)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_json()
    assert told["device"]["name"] == "Turnstile"
    assert told["device"]["gate"] == "North gate"
    [session] = told["sessions"]
    assert session["id"] == str(gate.session_id)
    assert session["starts_at"] == TEN.isoformat()
    assert session["opens_at"] == (TEN - timedelta(minutes=30)).isoformat()
    assert session["is_cancelled"] is False
    [[name, short_code, hashed, standing, presence]] = session["people"]
    assert (name, standing, presence) == ("Amina", "ok", "not_yet")
    assert short_code == shown.short_code
    salt = base64.b64decode(told["salt"])
    digest = hmac.digest(salt, shown.token.encode(), "sha256")[:16]
    assert hashed == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_each_roster_has_a_salt_of_its_own(gate: Gate, shown: PassShown) -> None:
    first, second = gate.roster().get_json(), gate.roster().get_json()
    assert first["salt"] != second["salt"]
    assert first["sessions"][0]["people"][0][2] != second["sessions"][0]["people"][0][2]


def test_who_has_a_place_and_no_pass_yet_gets_one_so_that_their_name_can_be_tapped(
    gate: Gate, amina: UUID
) -> None:
    [[_name, short_code, hashed, *_rest]] = people(gate)
    assert len(short_code) == 6
    assert len(hashed) == 22
    assert gate.scan(short_code)["outcome"] == "refused"  # an hour too early
    assert people(gate)[0][1] == short_code


def test_each_state_of_the_gate_is_told(
    gate: Gate, database: Database, ground: Ground, amina: UUID, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_booked_person(ctx, ground, "Young", birth_year=2010)
        uninsured = make_person(ctx, "Uninsured", ground.city)
        make_enrolment(ctx, uninsured, ground.project_id)
        make_booking(ctx, uninsured, ground.session_id)
        waiting = make_person(ctx, "Waiting", ground.city)
        make_booking(ctx, waiting, ground.session_id, state=BookingState.WAITING)
        asking = make_person(ctx, "Asking", ground.city)
        make_enrolment(ctx, asking, ground.project_id, state=EnrolmentState.REQUESTED)
    assert {name: standing for name, _code, _hash, standing, _presence in people(gate)} == {
        "Amina": "ok",
        "Young": "guardian_missing",
        "Uninsured": "not_insured",
        "Waiting": "waiting",
        "Asking": "not_approved",
    }


def test_presence_follows_the_scans_and_what_was_taken_back(
    gate: Gate, shown: PassShown, clock: FrozenClock
) -> None:
    clock.instant = TEN
    entry = gate.scan(shown.token)
    assert people(gate)[0][4] == "in"
    gate.undo(entry["id"])
    assert people(gate)[0][4] == "not_yet"
    gate.scan(shown.token)
    clock.advance(timedelta(minutes=1))
    gate.scan(shown.token, "break", at=clock.instant)
    assert people(gate)[0][4] == "break"
    clock.advance(timedelta(minutes=1))
    gate.scan(shown.token, "exit", at=clock.instant)
    assert people(gate)[0][4] == "left"


def test_only_the_sessions_of_that_day_and_association_are_in_it(
    gate: Gate, database: Database, ground: Ground
) -> None:
    assert gate.roster("2026-03-22").get_json()["sessions"] == []
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_association(ctx, ground.city, "Another")
        project = make_project(ctx, other.id, ground.city.id, ground.organiser_id, slug="another")
        make_session(ctx, project, starts_at=TEN, ends_at=ONE)
    assert [each["id"] for each in gate.roster().get_json()["sessions"]] == [str(gate.session_id)]


def test_a_session_over_midnight_is_in_the_roster_of_both_days(
    client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        night = make_session(
            ctx,
            ground.project_id,
            starts_at=TEN + timedelta(hours=11),
            ends_at=TEN + timedelta(hours=17),
        )
    gate = gate_of(client, database, ground)
    for day in ("2026-03-21", "2026-03-22"):
        ids = [each["id"] for each in gate.roster(day).get_json()["sessions"]]
        assert str(night) in ids


def test_a_device_for_one_session_reads_no_other(
    client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        later = make_session(
            ctx, ground.project_id, starts_at=ONE, ends_at=ONE + timedelta(hours=1)
        )
    assert len(gate_of(client, database, ground).roster().get_json()["sessions"]) == 2
    one = gate_of(client, database, ground, session_id=later)
    assert [each["id"] for each in one.roster().get_json()["sessions"]] == [str(later)]


def test_without_the_scope_no_names_are_read(
    client: FlaskClient, database: Database, ground: Ground
) -> None:
    gate = gate_of(client, database, ground, scopes=frozenset({Scope.SCAN}))
    answer = gate.roster()
    assert answer.status_code == 403
    assert answer.get_json()["error"] == "scope"


@pytest.mark.parametrize("day", ["tomorrow", "", "2026-13-01", "0001-01-01", "9999-12-31", "\x00"])
def test_a_day_that_is_none_is_refused_in_words(gate: Gate, day: str) -> None:
    answer = gate.roster(day)
    assert answer.status_code == 422
    assert answer.get_json() == {
        "error": "day_unreadable",
        "text": "Write the day like 2026-03-21.",
    }


def test_the_trail_says_once_an_hour_that_names_were_taken_along(
    gate: Gate, database: Database, ground: Ground, amina: UUID, clock: FrozenClock
) -> None:
    for _ in range(3):
        gate.roster()
    assert taken(database, ground) == [{"people": 1}]
    clock.advance(timedelta(hours=1))
    gate.roster()
    assert len(taken(database, ground)) == 2


def taken(database: Database, ground: Ground) -> list[dict[str, int]]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(
            ctx.db.scalars(select(AuditEntry.details).where(AuditEntry.action == "roster.taken"))
        )


def test_five_hundred_people_are_one_small_request(
    gate: Gate,
    database: Database,
    ground: Ground,
    statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for number in range(500):
            make_booked_person(ctx, ground, f"عبد الرحمن إبراهيم {number}"[:20])
    gate.roster()  # hands out the passes
    with statements() as counted:
        answer = gate.roster()
    assert len(answer.get_json()["sessions"][0]["people"]) == 500
    assert "Content-Encoding" not in answer.headers
    assert len(answer.get_data()) < 60_000
    assert counted.total <= 10, counted.statements


def test_a_roster_of_another_city_holds_nobody_of_this_one(
    client: FlaskClient, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        matera = make_ground(ctx, "matera")
        make_booked_person(ctx, matera, "Somebody else")
    [session] = gate_of(client, database, matera).roster().get_json()["sessions"]
    assert [each[0] for each in session["people"]] == ["Somebody else"]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Pass.person_id)).all() == []
