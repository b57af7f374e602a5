"""Ground for all tests: a real database, a clock that stands still, a browserless client.

`CIVIC_TEST_DATABASE=postgresql` runs the same tests on a real PostgreSQL; SQLite otherwise.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event, make_url, text
from werkzeug.test import TestResponse

from civic.accounts import operations as accounts
from civic.accounts.login import load_actor
from civic.app import create_app
from civic.attendance.operations.batches import open_gate
from civic.attendance.views.api import GATE
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.outbox import Dispatcher
from civic.kernel.policy import Actor, system_in
from civic.kernel.vault import Vault
from civic.settings import Settings
from civic.web.transaction import Bindings, bind
from civic.wiring import SUBSCRIPTIONS

SATURDAY_MORNING = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
"""10:00 in Italy, two weeks before summer time begins."""
ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
SETTINGS = Settings(secret_key="a key for tests, long enough to be taken", mode="demonstration")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(SATURDAY_MORNING)


@pytest.fixture(scope="session")
def migrated_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """A database at the newest revision, shared by the tests of one worker and copied by others."""
    if ON_POSTGRESQL:
        from tests.provision.postgres import server_url

        with server_url(tmp_path_factory) as server:
            name = f"civic_{worker_id}_{uuid4().hex[:8]}"
            yield from _migrated(_fresh_postgresql(server, name))
    else:
        yield from _migrated(f"sqlite:///{tmp_path_factory.mktemp('db') / 'civic.sqlite3'}")


def _migrated(url: str) -> Iterator[str]:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    _copy(url, f"{make_url(url).database}{UNTOUCHED}")
    yield url


UNTOUCHED = "_untouched"
"""Ends the name of a migrated database that nobody opens: to be copied, since migrating takes long."""


def _copy(url: str, name: str) -> str:
    """A database like the one at `url`, which nobody has open; returns its address."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        copyfile(str(parsed.database), name)
        return f"sqlite:///{name}"
    server = parsed.set(database="postgres").render_as_string(hide_password=False)
    return _fresh_postgresql(server, name, like=str(parsed.database))


def _fresh_postgresql(server: str, name: str, like: str = "template1") -> str:
    engine = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def engine(migrated_url: str) -> Iterator[Engine]:
    engine = make_engine(migrated_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """An open transaction that is rolled back when the test ends."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "cities", tmp_path / "subjects", makes_city_keys=True)


@pytest.fixture
def database(connection: Connection, clock: FrozenClock, vault: Vault) -> Database:
    return Database.within(connection, clock, vault)


@pytest.fixture
def real_database(
    migrated_url: str, clock: FrozenClock, tmp_path: Path, vault: Vault
) -> Iterator[Database]:
    """A migrated database of its own, with real commits: for races."""
    engine = make_engine(migrated_database(migrated_url, tmp_path), pool_size=40)
    yield Database(engine, clock, vault)
    engine.dispose()


def migrated_database(url: str, folder: Path) -> str:
    """A new database at the newest revision, beside the one at `url`."""
    parsed = make_url(url)
    untouched = parsed.set(database=f"{parsed.database}{UNTOUCHED}")
    on_sqlite = parsed.get_backend_name() == "sqlite"
    name = str(folder / f"{uuid4().hex}.sqlite3") if on_sqlite else f"civic_{uuid4().hex[:16]}"
    return _copy(untouched.render_as_string(hide_password=False), name)


def empty_database(url: str, folder: Path) -> str:
    """A new database without tables, beside the one at `url`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return f"sqlite:///{folder / f'{uuid4().hex}.sqlite3'}"
    server = parsed.set(database="postgres").render_as_string(hide_password=False)
    return _fresh_postgresql(server, f"civic_{uuid4().hex[:16]}")


@pytest.fixture
def acting(database: Database) -> Callable[[Actor], AbstractContextManager[Context]]:
    return database.unit_of_work


@pytest.fixture(scope="session")
def put_together() -> Flask:
    """The site without rows, once for all tests of a worker: its addresses take a quarter of a second
    to read, and each page's template longer than the page."""
    return make_test_app(Database(make_engine("sqlite://")))


@pytest.fixture
def app(put_together: Flask, database: Database) -> Iterator[Flask]:
    """The site over this test's rows. What a test sets on it is gone after the test; who adds an
    address needs a site of their own (`make_test_app`)."""
    config, extensions = dict(put_together.config), dict(put_together.extensions)
    bind(put_together, Bindings(database, load_actor))
    put_together.extensions[GATE] = open_gate(database)
    yield put_together
    for kept, before in ((put_together.config, config), (put_together.extensions, extensions)):
        kept.clear()
        kept.update(before)


def make_test_app(database: Database, settings: Settings = SETTINGS) -> Flask:
    app = create_app(settings, database)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(database: Database) -> Callable[[FlaskClient, UUID], None]:
    """Give a client the session of a person, as the sign-in pages would."""

    def signed_in(client: FlaskClient, person_id: UUID) -> None:
        with database.unit_of_work(system_in()) as ctx:
            token = accounts.open_session(ctx, person_id)
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True

    return signed_in


@pytest.fixture
def drain(app: Flask, database: Database) -> Callable[[], int]:
    """Deliver what waits in the outbox, as the worker would."""

    def deliver() -> int:
        with app.app_context():
            return Dispatcher(database, SUBSCRIPTIONS).drain()

    return deliver


@dataclass
class Counted:
    statements: list[str] = field(default_factory=list)
    commits: int = 0

    @property
    def total(self) -> int:
        return len(self.statements)


@pytest.fixture
def statements(engine: Engine) -> Callable[[], AbstractContextManager[Counted]]:
    """Count SQL statements; what begins and ends a transaction is not one."""

    @contextmanager
    def counting() -> Iterator[Counted]:
        counted = Counted()

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
                counted.statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def html() -> Callable[[TestResponse], str]:
    return lambda response: response.get_data(as_text=True)
