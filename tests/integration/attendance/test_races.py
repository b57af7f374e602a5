"""Two devices and one person, with real threads and real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from civic.attendance.models import HoursLine, Pass
from civic.attendance.operations import corrections, passes, scans
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.scans import Scan
from civic.attendance.rules import Direction, Outcome, Reason
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, on_ground, signed_in

KEYS = Keys("a secret of the installation, long enough")
TRIES = 25
T = TypeVar("T")


class Doors:
    """Two organisers' phones before the same session."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ground: Ground = on_ground(database, places=TRIES)
        self.operator: Actor = signed_in(database, self.ground.organiser_id)
        with database.unit_of_work(system_in()) as ctx:
            officer_id = make_staff(ctx, Role.OFFICER, self.ground.city)
        self.second: Actor = signed_in(database, officer_id)

    def somebody(self) -> tuple[UUID, str]:
        with self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            person_id = make_booked_person(ctx, self.ground)
        with self.database.unit_of_work(signed_in(self.database, person_id)) as ctx:
            shown = passes.pass_of(ctx, KEYS, person_id, self.ground.city.id)
        return person_id, shown.token

    def scan(self, scan: Scan) -> tuple[Outcome | None, Reason | None]:
        with self.database.unit_of_work(self.operator) as ctx:
            _facts, answer = scans.record_scan(ctx, self.ground.session_id, scan)
        return answer.outcome, answer.reason

    def correct(self, person_id: UUID, minutes: int) -> None:
        new = NewCorrection(self.ground.session_id, person_id, minutes, "The phone was broken")
        with self.database.unit_of_work(self.operator) as ctx:
            correction_id = corrections.propose_correction(ctx, new)
        with self.database.unit_of_work(self.second) as ctx:
            corrections.confirm_correction(ctx, correction_id)

    def minutes(self, person_id: UUID) -> list[int]:
        with self.database.reading(self.operator) as ctx:
            return list(
                ctx.db.scalars(select(HoursLine.minutes).where(HoursLine.person_id == person_id))
            )


@pytest.fixture
def doors(real_database: Database, clock: FrozenClock) -> Doors:
    clock.instant = ONE
    return Doors(real_database)


def at_once(*steps: Callable[[], T]) -> list[T]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], T]) -> T:
        barrier.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_two_devices_scanning_one_person_let_them_in_once(doors: Doors) -> None:
    for _try in range(TRIES):
        person_id, token = doors.somebody()
        # The clocks of two phones never agree to the moment.
        sent = [
            Scan(uuid4(), token, Direction.ENTRY, TEN + timedelta(milliseconds=millis))
            for millis in (0, 40)
        ]
        answers = at_once(*(partial(doors.scan, scan) for scan in sent))
        assert sorted(answers, key=str) == [
            (Outcome.ACCEPTED, None),
            (Outcome.REFUSED, Reason.ALREADY_IN),
        ]
        doors.scan(Scan(uuid4(), token, Direction.EXIT, TEN + timedelta(hours=1)))
        assert doors.minutes(person_id) == [60]


def test_one_scan_sent_twice_at_once_is_stored_once(doors: Doors) -> None:
    for _try in range(TRIES):
        _person_id, token = doors.somebody()
        scan = Scan(uuid4(), token, Direction.ENTRY, TEN)
        outcomes = at_once(*[partial(doors.scan, scan)] * 2)
        assert sorted(str(outcome) for outcome, _reason in outcomes) == ["accepted", "repeated"]


def test_correction_beside_an_exit_is_never_lost(doors: Doors) -> None:
    for _try in range(TRIES):
        person_id, token = doors.somebody()
        doors.scan(Scan(uuid4(), token, Direction.ENTRY, TEN))

        leaving = Scan(uuid4(), token, Direction.EXIT, TEN + timedelta(hours=3))
        steps: list[Callable[[], object]] = [
            partial(doors.correct, person_id, 90),
            partial(doors.scan, leaving),
        ]
        at_once(*steps)
        assert doors.minutes(person_id) == [90]


def test_two_first_looks_at_the_pass_hand_out_one(doors: Doors) -> None:
    with doors.database.unit_of_work(system_in(doors.ground.city.id)) as ctx:
        person_id = make_booked_person(ctx, doors.ground)
    actor = signed_in(doors.database, person_id)

    def look() -> str:
        with doors.database.unit_of_work(actor) as ctx:
            return passes.pass_of(ctx, KEYS, person_id, doors.ground.city.id).token

    assert len(set(at_once(look, look, look))) == 1
    with doors.database.reading(actor) as ctx:
        assert len(ctx.db.scalars(select(Pass)).all()) == 1


def test_hours_are_told_once_however_many_devices_saw_the_exit(doors: Doors) -> None:
    person_id, token = doors.somebody()
    doors.scan(Scan(uuid4(), token, Direction.ENTRY, TEN))
    exits = [Scan(uuid4(), token, Direction.EXIT, TEN + timedelta(hours=2)) for _device in "ab"]

    at_once(*(partial(doors.scan, scan) for scan in exits))

    assert doors.minutes(person_id) == [120]
    with doors.database.reading(system_in()) as ctx:
        names = ctx.db.scalars(select(OutboxEvent.name)).all()
    assert names.count("attendance.HoursCredited") == 1
