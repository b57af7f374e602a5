"""Every migration, on the database the run was started for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import alembic_config, current, head, migrate
from tests.conftest import empty_database


@pytest.fixture
def empty_engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    yield engine
    engine.dispose()


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_from_empty_to_head_and_again_changes_nothing(empty_engine: Engine) -> None:
    assert migrate(empty_engine)
    assert not migrate(empty_engine)


def test_down_one_and_up_again(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with empty_engine.begin() as connection:
        command.downgrade(alembic_config(connection), "-1")
    with empty_engine.begin() as connection:
        assert current(connection) != head()
        command.upgrade(alembic_config(connection), "head")
        assert current(connection) == head()


def test_all_the_way_down_leaves_nothing_behind(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with empty_engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert set(inspect(empty_engine).get_table_names()) <= {"alembic_version"}


def test_the_models_and_the_migrations_describe_the_same_tables(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with empty_engine.connect() as connection:
        command.check(alembic_config(connection))


def test_the_startup_achievements_are_there_and_survive_a_second_upgrade(
    empty_engine: Engine,
) -> None:
    migrate(empty_engine)
    with empty_engine.begin() as connection:
        count = connection.execute(text("SELECT count(*) FROM achievement")).scalar_one()
        city = "INSERT INTO municipality (id, slug, name) VALUES (:id, 'potenza', 'Potenza')"
        key = (
            "0" * 32
            if empty_engine.dialect.name == "sqlite"
            else "0" * 8 + "-0000" * 3 + "-" + "0" * 12
        )
        connection.execute(text(city), {"id": key})
        command.downgrade(alembic_config(connection), "0001")
        assert connection.execute(text("SELECT count(*) FROM achievement")).scalar_one() == 0
        command.upgrade(alembic_config(connection), "head")
        assert connection.execute(text("SELECT count(*) FROM achievement")).scalar_one() == count
        assert connection.execute(text("SELECT name FROM municipality")).scalars().all() == [
            "Potenza"
        ]
    assert count >= 6
