"""What goes wrong at a gate, with real processes: nothing that was answered is lost, and nothing
counts twice."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.attendance.models import CheckEvent, HoursLine
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.policy import system_in
from tests.conftest import ON_POSTGRESQL, empty_database
from tests.factories.gate import Laid, lay
from tests.faults.gate import Phone, kill, serving
from tests.provision.postgres import Server as PostgreSQL

PEOPLE = 250
DAY = (("entry", 60), ("break", 40), ("entry", 30), ("exit", 5))
"""Of each person: what happened, minutes ago. It amounts to 20 and 25 minutes."""
MINUTES = 45
THREADS = 8


@pytest.fixture
def url(migrated_url: str, tmp_path: Path) -> str:
    return empty_database(migrated_url, tmp_path)


@pytest.fixture
def stored(url: str) -> Iterator[Database]:
    engine = make_engine(url)
    migrate(engine)
    yield Database(engine)
    engine.dispose()


def events(database: Database, laid: Laid) -> Counter[UUID]:
    with database.reading(system_in(laid.ground.city.id)) as ctx:
        return Counter(ctx.db.scalars(select(CheckEvent.id)))


def test_a_server_killed_in_the_middle_of_a_thousand_scans_loses_none_and_doubles_none(
    url: str, stored: Database
) -> None:
    laid = lay(stored, PEOPLE)
    phone = Phone(laid, port=0)
    enough = Event()

    def a_day(code: str) -> None:
        for direction, minutes in DAY:
            phone.send(phone.scan(code, direction, laid.now - timedelta(minutes=minutes)))
            if len(phone.answers) >= len(DAY) * PEOPLE // 3:
                enough.set()

    with serving(url) as first, ThreadPoolExecutor(THREADS) as pool:
        phone.port = first.port
        days = [pool.submit(a_day, code) for code in laid.codes]
        assert enough.wait(60)
        kill(first)
        answered = set(phone.answers)
        assert answered <= set(events(stored, laid))
        with serving(url) as second:
            phone.port = second.port
            for day in days:
                day.result()

    assert phone.failures > 0
    assert len(phone.answers) == PEOPLE * len(DAY)
    assert events(stored, laid) == Counter(dict.fromkeys(phone.answers, 1))
    with stored.reading(system_in(laid.ground.city.id)) as ctx:
        # By person: run about midnight, two days share them.
        minutes = func.sum(HoursLine.minutes)
        worked = ctx.db.scalars(select(minutes).group_by(HoursLine.person_id)).all()
    assert worked == [MINUTES] * PEOPLE


def test_a_reply_that_is_lost_after_the_commit_is_told_again_as_repeated(
    url: str, stored: Database
) -> None:
    laid = lay(stored, 1)
    with serving(url) as server:
        phone = Phone(laid, server.port)
        scan = phone.scan(laid.codes[0], "entry", laid.now)
        with phone.not_listening(scan):
            deadline = time.monotonic() + 20
            while not events(stored, laid):
                assert time.monotonic() < deadline
                time.sleep(0.02)
        assert phone.send(scan) == "repeated"
    assert events(stored, laid) == Counter({UUID(scan["id"]): 1})


@pytest.mark.skipif(ON_POSTGRESQL, reason="a file that somebody else holds is SQLite's trouble")
def test_a_database_that_is_held_by_somebody_else_makes_the_phone_wait(
    url: str, stored: Database
) -> None:
    laid = lay(stored, 1)
    with serving(url) as server:
        phone = Phone(laid, server.port)
        scan = phone.scan(laid.codes[0], "entry", laid.now)
        holder = make_engine(url)
        with holder.connect() as connection:
            connection.connection.cursor().execute("BEGIN EXCLUSIVE")
            assert phone.try_once(scan) is None
        holder.dispose()
        assert phone.send(scan) == "accepted"
    assert events(stored, laid) == Counter({UUID(scan["id"]): 1})


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite there is no server to stop")
def test_a_database_that_stops_and_starts_again_finds_the_queue_whole() -> None:
    own = PostgreSQL()
    own.start()
    try:
        engine = make_engine(own.url)
        migrate(engine)
        database = Database(engine)
        laid = lay(database, 20)
        with serving(own.url) as server, ThreadPoolExecutor(4) as pool:
            phone = Phone(laid, server.port)
            assert phone.send(phone.scan(laid.codes[0], "entry", laid.now)) == "accepted"
            own.halt()
            waiting = [
                pool.submit(phone.send, phone.scan(code, "entry", laid.now))
                for code in laid.codes[1:]
            ]
            time.sleep(1)
            assert phone.failures > 0
            own.resume()
            assert {each.result() for each in waiting} <= {"accepted", "repeated"}
        assert len(events(database, laid)) == 20
        engine.dispose()
    finally:
        own.stop()
