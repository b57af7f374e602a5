"""On SQLite writers queue: none is turned away while the others take their turns."""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from civic.kernel.db import writers
from civic.kernel.db.database import Database
from civic.kernel.db.engine import IMMEDIATE, make_engine
from civic.kernel.db.writers import NestedWriter
from civic.kernel.policy import system_in

HOLD = 0.03
THREADS, ROUNDS = 8, 8


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'queue.sqlite3'}"
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tally (number INTEGER)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))
    engine.dispose()
    return url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url, pool_size=20)
    yield engine
    engine.dispose()


def write(engine: Engine, hold: float = 0.0) -> float:
    """One change that takes its time; the seconds it waited for its turn."""
    asked = time.monotonic()
    with engine.execution_options(**{IMMEDIATE: True}).begin() as connection:
        waited = time.monotonic() - asked
        connection.execute(text("UPDATE tally SET number = number + 1"))
        time.sleep(hold)
    return waited


def number(engine: Engine) -> int:
    with engine.connect() as connection:
        found: int = connection.execute(text("SELECT number FROM tally")).scalar_one()
        return found


def test_many_writers_come_through_and_none_waits_for_more_than_its_share(engine: Engine) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        waits = list(pool.map(lambda _: write(engine, HOLD), range(THREADS * ROUNDS)))
    assert number(engine) == THREADS * ROUNDS
    # In turn nobody waits for more than the seven others; a busy machine may take longer.
    assert max(waits) < THREADS * HOLD * 10


def write_often(url: str, times: int) -> None:
    engine = make_engine(url)
    for _ in range(times):
        write(engine, 0.01)


def test_writers_of_several_processes_stand_in_the_same_queue(url: str, engine: Engine) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_often, args=(url, 20)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert number(engine) == 60


def test_who_reads_waits_for_nobody(engine: Engine) -> None:
    with engine.execution_options(**{IMMEDIATE: True}).begin() as connection:
        connection.execute(text("UPDATE tally SET number = 7"))
        assert number(engine) == 0


def test_a_turn_ends_however_the_work_ends(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.execution_options(**{IMMEDIATE: True}).begin():
        _ = 1 / 0
    with engine.execution_options(**{IMMEDIATE: True}).connect() as connection:
        connection.begin()
        connection.invalidate()
    write(engine)
    assert number(engine) == 1


def test_work_inside_work_is_refused_at_once_and_not_after_a_wait(engine: Engine) -> None:
    database = Database(engine)

    def begin_another() -> None:
        with database.unit_of_work(system_in()) as inner:
            inner.db.connection()

    with database.unit_of_work(system_in()) as ctx:
        ctx.db.connection()
        with pytest.raises(NestedWriter):
            begin_another()
    write(engine)


def test_patience_ends_and_what_was_given_up_takes_no_turn(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.05)
    is_inside, may_leave = threading.Event(), threading.Event()

    def hold() -> None:
        with engine.execution_options(**{IMMEDIATE: True}).begin():
            is_inside.set()
            may_leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        is_inside.wait(10)
        with pytest.raises(OperationalError):
            write(engine)
        may_leave.set()
        holding.result()
    monkeypatch.setattr(writers, "PATIENCE", 10)
    write(engine)
    assert number(engine) == 1
