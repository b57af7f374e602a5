"""However many workers are started, one works; when it is gone the next takes over."""

from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine

from civic.kernel.db.engine import make_engine
from civic.kernel.db.leadership import Leadership
from tests.conftest import empty_database


@pytest.fixture
def url(migrated_url: str, tmp_path: Path) -> str:
    return empty_database(migrated_url, tmp_path)


def _worker(url: str) -> tuple[Engine, Leadership]:
    engine = make_engine(url, pool_size=1)
    return engine, Leadership(engine)


def test_one_worker_holds_the_lock_and_keeps_it(url: str) -> None:
    (first_engine, first), (second_engine, second) = _worker(url), _worker(url)
    assert [first.hold(), second.hold(), first.hold(), second.hold()] == [True, False, True, False]
    for engine, one in ((first_engine, first), (second_engine, second)):
        one.let_go()
        engine.dispose()


def test_the_next_worker_takes_over_when_the_first_is_gone(url: str) -> None:
    (first_engine, first), (second_engine, second) = _worker(url), _worker(url)
    assert first.hold()
    assert not second.hold()
    first.let_go()
    first_engine.dispose()
    # PostgreSQL takes a moment to notice that a connection is gone.
    assert any(second.hold() or Event().wait(0.01) for _again in range(1000))
    second.let_go()
    second_engine.dispose()
