"""Bring a database to the schema of this checkout."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import make_url

SCRIPTS = Path(__file__).resolve().parents[3] / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """The newest revision in this checkout."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine) -> bool:
    """Upgrade to the newest revision; True when there was something to do."""
    with engine.connect() as connection:
        if current(connection) == head():
            return False
    with rebuilding(engine) as connection:
        command.upgrade(alembic_config(connection), "head")
    return True


class BrokenReferences(RuntimeError):
    """A migration left rows that point to nothing; all of it was taken back."""


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be made anew to which others point. SQLite would refuse to
    drop the old one, or drop with it what hangs on it: as its documentation of ALTER TABLE says,
    references are not watched meanwhile, and all of them are checked at the end."""
    with engine.connect() as connection:
        _watch_references(connection, is_watched=False)
        try:
            with connection.begin():
                yield connection
                if (
                    _is_sqlite(connection)
                    and connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                ):
                    raise BrokenReferences
        finally:
            _watch_references(connection, is_watched=True)


def _watch_references(connection: Connection, *, is_watched: bool) -> None:
    # Past SQLAlchemy, which would begin a transaction first: within one this is not heard.
    driver = connection.connection.driver_connection
    if driver is not None and _is_sqlite(connection):
        driver.execute(f"PRAGMA foreign_keys={'ON' if is_watched else 'OFF'}")


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def make_folder_for(url: str) -> None:
    """SQLite makes its file but not the folder around it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
