"""Scans through the routes, as the phone sends them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from civic.attendance.models import HoursLine
from civic.attendance.operations import passes
from civic.attendance.operations.passes import PassShown
from civic.attendance.rules import Outcome, Reason
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import InsurancePolicy, RegisterEntry
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
    make_booked_person,
    on_ground,
    signed_in,
)
from tests.integration.attendance.door import Door, credited, minutes, one, pass_of, stored

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


def test_entry_and_exit_give_the_hours_between(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    assert door.scan(shown.token) == ("accepted", None)
    assert minutes(database, ground) == []
    assert door.scan(shown.token, "exit", TEN + timedelta(hours=2)) == ("accepted", None)

    assert minutes(database, ground) == [120]
    assert credited(database) == 1
    with database.reading(system_in(ground.city.id)) as ctx:
        line = ctx.db.scalars(select(HoursLine)).one()
        assert (line.day, line.area) == (date(2026, 3, 21), "green")


def test_answer_says_the_name_in_words_of_the_page_language(
    door: Door, shown: PassShown, html: Html
) -> None:
    [answer] = door.send(one(shown.token))
    assert (answer["kind"], answer["name"]) == ("success", "Amina")
    assert answer["text"] == "Welcome. You are in."


def test_short_code_opens_the_gate_like_the_qr(door: Door, shown: PassShown) -> None:
    typed = f"{shown.short_code[:3].lower()} {shown.short_code[3:]}"
    assert door.scan(typed) == ("accepted", None)


def test_same_scan_twice_counts_once(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan_id = uuid4()
    assert door.scan(shown.token, scan_id=scan_id) == ("accepted", None)
    assert door.scan(shown.token, scan_id=scan_id) == ("repeated", None)
    assert len(stored(database, ground)) == 1


def test_repeat_of_a_refused_scan_still_says_why(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan_id = uuid4()
    early = TEN - timedelta(hours=2)
    assert door.scan(shown.token, at=early, scan_id=scan_id) == ("refused", "too_early")
    assert door.scan(shown.token, at=early, scan_id=scan_id) == ("repeated", "too_early")


def test_second_entry_while_in_is_refused(door: Door, shown: PassShown) -> None:
    door.scan(shown.token)
    assert door.scan(shown.token, at=TEN + timedelta(minutes=1)) == ("refused", "already_in")


def test_exit_without_entry_is_refused(door: Door, shown: PassShown) -> None:
    assert door.scan(shown.token, "exit") == ("refused", "already_out")


def test_strangers_pass_is_refused_and_no_name_is_told(
    door: Door, database: Database, keys: Keys, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    code = pass_of(database, keys, stranger, ground.city.id).token
    [answer] = door.send(one(code))
    assert (answer["outcome"], answer["reason"]) == ("refused", "not_booked")
    assert answer["name"] == ""


def test_pass_of_another_city_is_unknown_here(
    door: Door, database: Database, keys: Keys, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(elsewhere.city.id)) as ctx:
        other = make_booked_person(ctx, elsewhere)
    code = pass_of(database, keys, other, elsewhere.city.id).token
    assert door.scan(code) == ("refused", "invalid")
    [row] = stored(database, ground)
    assert (row.person_id, row.reason) == (None, Reason.INVALID)


@pytest.mark.parametrize(
    "code", ["", "A" * 26, "AAAAAA", "'; DROP TABLE pass; --", "😀", "\x00", "قبعة", "\u202eABC"]
)
def test_forged_pass_is_refused_and_the_try_is_kept(
    door: Door, database: Database, ground: Ground, amina: UUID, code: str
) -> None:
    scan_id = uuid4()
    assert door.scan(code, scan_id=scan_id) == ("refused", "invalid")
    assert door.scan(code, scan_id=scan_id) == ("repeated", "invalid")
    [row] = stored(database, ground)
    assert (row.person_id, row.outcome) == (None, Outcome.REFUSED)


def test_replaced_pass_opens_no_gate_and_the_new_one_does(
    door: Door, database: Database, keys: Keys, ground: Ground, amina: UUID, shown: PassShown
) -> None:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        fresh = passes.replace_pass(ctx, keys, amina, ground.city.id)
    assert fresh.token != shown.token
    assert door.scan(shown.token) == ("refused", "revoked")
    assert door.scan(shown.short_code) == ("refused", "revoked")
    assert door.scan(fresh.token) == ("accepted", None)


def test_without_a_policy_on_that_day_nobody_comes_in(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 3, 20)))
    assert door.scan(shown.token) == ("refused", "not_insured")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 3, 21)))
    assert door.scan(shown.token) == ("accepted", None)


def test_outside_the_days_in_the_register_nobody_comes_in(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(RegisterEntry).values(last_day=date(2026, 3, 20)))
    assert door.scan(shown.token) == ("refused", "not_insured")


def test_policy_of_the_association_in_another_city_is_no_cover(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 1, 1)))
    elsewhere = on_ground(database, slug="caserta")
    assert elsewhere.association.id == ground.association.id
    assert door.scan(shown.token) == ("refused", "not_insured")


def test_minor_without_consent_does_not_come_in(
    door: Door, database: Database, keys: Keys, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        minor = make_booked_person(ctx, ground, "Yusuf", birth_year=2010)
    code = pass_of(database, keys, minor, ground.city.id).token
    assert door.scan(code) == ("refused", "guardian_missing")


def test_cancelled_session_lets_nobody_in(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.CANCELLED
    assert door.scan(shown.token) == ("refused", "cancelled")


def test_clock_that_runs_ahead_is_held_to_ours(
    door: Door, database: Database, ground: Ground, clock: FrozenClock, shown: PassShown
) -> None:
    clock.instant = TEN + timedelta(minutes=5)
    door.scan(shown.token, at=TEN + timedelta(hours=40))
    [row] = stored(database, ground)
    assert (row.scanned_at, row.outcome) == (clock.instant, Outcome.ACCEPTED)


def test_late_scans_from_a_phone_without_network_count_as_they_happened(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    assert door.scan(shown.token, "exit", TEN + timedelta(hours=3)) == ("refused", "already_out")
    assert door.scan(shown.token, "entry", TEN) == ("accepted", None)
    assert minutes(database, ground) == [180]


def test_other_peoples_sessions_are_not_found(
    door: Door, database: Database, sign_in: SignIn, ground: Ground, amina: UUID
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    for person_id in (elsewhere.organiser_id, amina):
        sign_in(door.client, person_id)
        for path in ("", "/scan"):
            assert door.client.get(f"{door.url}{path}").status_code == 404
        assert door.client.post(f"{door.url}/scans", json={"scans": []}).status_code == 404
        form = {"scan_id": str(uuid4()), "code": "AAA", "direction": "entry"}
        assert door.client.post(f"{door.url}/scan", data=form).status_code == 404


def test_officer_of_the_city_can_work_the_gate(
    door: Door, database: Database, sign_in: SignIn, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(door.client, officer)
    assert door.scan(shown.token) == ("accepted", None)


@pytest.mark.parametrize(("direction", "most"), [("entry", 8), ("exit", 10)])
def test_one_scan_takes_at_most_eight_statements_or_ten_with_hours_and_one_commit(
    door: Door,
    database: Database,
    statements: Callable[[], AbstractContextManager[Counted]],
    shown: PassShown,
    direction: str,
    most: int,
) -> None:
    """An exit reads the balance of hours, and writes it, its ledger and who is told."""
    if direction == "exit":
        door.scan(shown.token)
    commits: list[Session] = []

    def note(session: Session) -> None:
        if not session.in_nested_transaction():
            commits.append(session)

    event.listen(database._sessions, "after_commit", note)
    try:
        with statements() as counted:
            answer = door.scan(shown.token, direction, TEN + timedelta(hours=1))
    finally:
        event.remove(database._sessions, "after_commit", note)

    assert answer == ("accepted", None)
    assert counted.total <= most, counted.statements
    assert len(commits) == 1


# Without JavaScript


def test_typed_code_works_without_scripts_and_a_double_tap_is_one_scan(
    door: Door, database: Database, html: Html, ground: Ground, shown: PassShown
) -> None:
    page = html(door.client.get(f"{door.url}/scan"))
    scan_id = page.split('name="scan_id" value="')[1].split('"')[0]
    form = {"scan_id": scan_id, "code": shown.short_code, "direction": "entry"}
    door_opens = {"code": shown.short_code, "direction": "exit", "scan_id": str(uuid4())}
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).ends_at = ONE + timedelta(hours=2)

    first = html(door.client.post(f"{door.url}/scan", data=form))
    second = html(door.client.post(f"{door.url}/scan", data=form))

    assert "Welcome. You are in." in first
    assert "Amina" in first
    assert "already recorded" in second
    assert len(stored(database, ground)) == 1
    assert "Goodbye." in html(door.client.post(f"{door.url}/scan", data=door_opens))


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"code": "\x00 "},
        {"code": "x" * 300},
        {"direction": "sideways"},
        {"scan_id": "1"},
        {"scan_id": ""},
    ],
)
def test_wrong_form_at_the_gate_is_shown_again(
    door: Door, database: Database, ground: Ground, wrong: dict[str, str]
) -> None:
    form = {"scan_id": str(uuid4()), "code": "ACDEFH", "direction": "entry", **wrong}
    assert door.client.post(f"{door.url}/scan", data=form).status_code == 422
    assert stored(database, ground) == []


def test_scan_in_arabic_answers_in_arabic_direction(door: Door, html: Html) -> None:
    page = html(door.client.get(f"{door.url}/scan".replace("/en/", "/ar/")))
    assert 'dir="rtl"' in page


def test_instants_are_read_with_any_offset(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan = {**one(shown.token), "scanned_at": "2026-03-21T10:00:00.250+01:00"}
    door.send(scan)
    [row] = stored(database, ground)
    assert row.scanned_at == datetime(2026, 3, 21, 9, 0, 0, 250_000, tzinfo=UTC)
