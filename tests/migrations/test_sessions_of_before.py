"""Whoever was signed in before there was a second step stays signed in, without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from civic.kernel.db.engine import make_engine
from tests.conftest import empty_database
from tests.migrations.test_badges_of_before import AT, ROSA
from tests.migrations.test_plans_of_before import move, put

BEFORE, AFTER = "0030", "0031"
TOKEN = "f" * 64


@pytest.fixture
def engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", BEFORE)
    with engine.begin() as connection:
        put(
            connection, "person", id=ROSA, name="Rosa", languages="[]", page_language="it",
            created_at=AT,
        )  # fmt: skip
        put(
            connection, "login_session", token_hash=TOKEN, person_id=ROSA, created_at=AT,
            expires_at=AT, by_pin=False, handed_over_to="", handed_back_to="", hand_back_hash="",
            hand_back_tries=0,
        )  # fmt: skip
    move(engine, "upgrade", AFTER)
    yield engine
    engine.dispose()


def test_a_session_of_before_is_there_and_has_no_second_step(engine: Engine) -> None:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT token_hash, second_factor_at, last_seen_at FROM login_session")
        ).all()
    assert [tuple(row) for row in rows] == [(TOKEN, None, None)]


def test_the_way_back_loses_no_session(engine: Engine) -> None:
    move(engine, "downgrade", BEFORE)
    assert "second_factor" not in inspect(engine).get_table_names()
    with engine.connect() as connection:
        tokens = connection.execute(text("SELECT token_hash FROM login_session")).scalars().all()
    assert tokens == [TOKEN]
