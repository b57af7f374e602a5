"""Scans of several devices that come at the same moment, taken in with one commit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from civic.attendance.models import CheckEvent, HoursEntry, ScannerDevice
from civic.attendance.operations.batches import Delivery, SentScan, Taken, open_gate, take_in
from civic.attendance.operations.passes import PassShown
from civic.attendance.operations.scans import Scan
from civic.attendance.queries.bearers import Bearer
from civic.attendance.rules import Direction, Method, Outcome, Reason
from civic.attendance.tokens import Scope, Worthless, hash_of
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR, Role, system_in
from tests.conftest import ON_POSTGRESQL, Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_ground
from tests.factories.catalogue import make_session
from tests.integration.attendance.api import let_in


@pytest.fixture(autouse=True)
def _doors_open(clock: FrozenClock) -> None:
    clock.instant = ONE


def delivered(
    token: str,
    session_id: UUID,
    code: str,
    direction: Direction = Direction.ENTRY,
    scan_id: UUID | None = None,
) -> Delivery:
    at = TEN if direction is Direction.ENTRY else TEN + timedelta(hours=2)
    scan = Scan(scan_id or uuid4(), code, direction, at, method=Method.QR)
    return Delivery(hash_of(token), [SentScan(session_id, scan)])


def taken(database: Database, *those: Delivery) -> list[Taken]:
    with database.unit_of_work(VISITOR) as ctx:
        return take_in(ctx, those)


def outcomes(found: list[Taken]) -> list[Outcome | None]:
    return [each.answers[0].outcome if each.answers[0] else None for each in found]


@pytest.fixture
def other_organiser(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_staff(ctx, Role.ORGANISER, ground.city, ground.association)


def test_each_scan_bears_its_own_device_and_who_answers_for_it(
    database: Database, ground: Ground, shown: PassShown, other_organiser: UUID
) -> None:
    here, there = let_in(database, ground), let_in(database, ground, by=other_organiser)
    found = taken(
        database,
        delivered(here.token, ground.session_id, shown.token),
        delivered(there.token, ground.session_id, shown.token, Direction.EXIT),
    )
    assert outcomes(found) == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    with database.reading(system_in(ground.city.id)) as ctx:
        events = ctx.db.execute(
            select(CheckEvent.device_id, CheckEvent.operator_id, CheckEvent.method).order_by(
                CheckEvent.scanned_at
            )
        ).all()
        assert ctx.db.scalars(select(HoursEntry.made_by)).all() == [other_organiser]
    assert [row.operator_id for row in events] == [ground.organiser_id, other_organiser]
    assert [row.device_id for row in events] == [here.device.id, there.device.id]
    # Software of others: nobody knows how it read the code.
    assert {row.method for row in events} == {Method.OTHER}


def test_the_same_scan_handed_in_twice_at_once_counts_once(
    database: Database, ground: Ground, shown: PassShown
) -> None:
    device, scan_id = let_in(database, ground), uuid4()
    again = delivered(device.token, ground.session_id, shown.token, scan_id=scan_id)
    assert outcomes(taken(database, again, again)) == [Outcome.ACCEPTED, Outcome.REPEATED]


def test_the_same_person_at_two_gates_at_once_is_in_once(
    database: Database, ground: Ground, shown: PassShown
) -> None:
    gates = let_in(database, ground), let_in(database, ground)
    those = [delivered(gate.token, ground.session_id, shown.token) for gate in gates]
    found = taken(database, *those)
    assert [each.answers[0].reason if each.answers[0] else "" for each in found] == [
        None,
        Reason.ALREADY_IN,
    ]


def test_a_device_that_is_worth_nothing_stores_nothing_beside_one_that_is(
    database: Database, ground: Ground, shown: PassShown
) -> None:
    good, over = let_in(database, ground), let_in(database, ground)
    reader = let_in(database, ground, frozenset({Scope.ROSTER}))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        revoke = update(ScannerDevice).where(ScannerDevice.id == over.device.id)
        ctx.db.execute(revoke.values(revoked_at=ONE))
    found = taken(
        database,
        delivered(over.token, ground.session_id, shown.token),
        delivered("nobody's", ground.session_id, shown.token),
        delivered(reader.token, ground.session_id, shown.token),
        delivered(good.token, ground.session_id, shown.token),
    )
    assert outcomes(found) == [None, None, None, Outcome.ACCEPTED]
    assert [each.bearer for each in found[:2]] == [Worthless.REVOKED, Worthless.UNKNOWN]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(CheckEvent.device_id)).all() == [good.device.id]


def test_devices_of_two_cities_reach_their_own_sessions_only(
    database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        matera = make_ground(ctx, "matera")
    here, there = let_in(database, ground), let_in(database, matera)
    found = taken(
        database,
        delivered(there.token, ground.session_id, shown.token),
        delivered(here.token, matera.session_id, shown.token),
        delivered(there.token, matera.session_id, shown.token),
        delivered(here.token, ground.session_id, shown.token),
    )
    # Potenza's pass is of nobody known in Matera.
    assert outcomes(found) == [None, None, Outcome.REFUSED, Outcome.ACCEPTED]


def test_a_scan_that_cannot_be_stored_is_told_to_its_own_device(
    database: Database, ground: Ground, shown: PassShown
) -> None:
    """A gate's name longer than its column: PostgreSQL refuses it, SQLite keeps it."""
    device = let_in(database, ground)
    scan = Scan(uuid4(), shown.token, Direction.ENTRY, TEN, gate="x" * 61)
    broken = Delivery(hash_of(device.token), [SentScan(ground.session_id, scan)])
    gate = open_gate(database)
    found = [
        gate.hand_in(broken),
        gate.hand_in(delivered(device.token, ground.session_id, "no one")),
    ]
    assert all(isinstance(each.bearer, Bearer) for each in found)
    assert outcomes(found) == [None if ON_POSTGRESQL else Outcome.ACCEPTED, Outcome.REFUSED]


def test_many_devices_cost_no_more_statements_than_one(
    client: FlaskClient,
    database: Database,
    ground: Ground,
    shown: PassShown,
    statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    devices = [let_in(database, ground) for _number in range(8)]
    those = [delivered(device.token, ground.session_id, shown.token) for device in devices]
    with statements() as counted:
        taken(database, *those)
    assert counted.total <= 4, counted.statements


def test_batches_of_several_sessions_hold_people_in_one_order(
    database: Database, ground: Ground, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        later = make_session(ctx, ground.project_id, ONE, ONE + timedelta(hours=3))
    device = let_in(database, ground)
    found = taken(
        database,
        delivered(device.token, later, shown.token),
        delivered(device.token, ground.session_id, shown.token),
    )
    answers = [each.answers[0] for each in found]
    assert [each.reason if each else "" for each in answers] == [Reason.WRONG_SESSION, None]
