"""Papers and signatures go with the tables that hold them, although nothing removes one of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import system_in
from civic.signatures import operations
from tests.conftest import SATURDAY_MORNING, empty_database
from tests.factories.plan_desk import make_desk
from tests.factories.signatures import draft_of, freeze
from tests.migrations.test_plans_of_before import move

BEFORE, AFTER = "0021", "0022"


@pytest.fixture
def engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    """At the newest revision, with a paper signed by one side."""
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", "head")
    database = Database(engine, FrozenClock(SATURDAY_MORNING))
    with database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)
    with database.unit_of_work(desk.worker) as ctx:
        operations.sign_as_service(ctx, freeze(ctx, draft_of(desk)))
    yield engine
    engine.dispose()


def test_no_statement_empties_the_tables_of_what_was_signed(engine: Engine) -> None:
    for table in ("signature", "frozen_paper"):
        with pytest.raises(DatabaseError), engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def test_a_step_down_takes_the_tables_away_with_their_rows_and_up_again_they_are_empty(
    engine: Engine,
) -> None:
    move(engine, "downgrade", BEFORE)
    assert not inspect(engine).has_table("frozen_paper")
    move(engine, "upgrade", AFTER)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM frozen_paper")) == 0
        assert connection.scalar(text("SELECT count(*) FROM person")) == 2
