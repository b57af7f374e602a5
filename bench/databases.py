"""The databases that are measured: the large one, made once and kept, and small ones.

SQLite files under var/bench, or with CIVIC_BENCH_DATABASE=postgresql databases of the server that
the tests bring (kept only if CIVIC_TEST_POSTGRESQL names a lasting one).
"""

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache

from sqlalchemy import make_url, text

from bench.servers import ROOT, VAR
from civic.catalogue.operations.indexing import index_all
from civic.demo import large, loader
from civic.demo.bulk.scale import Scale
from civic.kernel.clock import SystemClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.vault import vault_of
from civic.settings import Settings
from tests.provision import postgres

SETTINGS = Settings(
    "a key for measurements, long enough to be taken",
    mode="demonstration",
    city_keys=str(VAR / "keys" / "cities"),
    subject_keys=str(VAR / "keys" / "subjects"),
)
WHAT_SHAPES_IT = ("migrations/versions/*.py", "civic/demo/**/*.py")

_open = ExitStack()


def put_away() -> None:
    _open.close()


def is_on_postgresql() -> bool:
    return os.environ.get("CIVIC_BENCH_DATABASE") == "postgresql"


def settings(url: str) -> dict[str, str]:
    return {
        "CIVIC_MODE": SETTINGS.mode,
        "CIVIC_SECRET_KEY": SETTINGS.secret_key,
        "CIVIC_DATABASE_URL": url,
        "CIVIC_WORKER": "process",
        "CIVIC_CITY_KEYS": SETTINGS.city_keys,
        "CIVIC_SUBJECT_KEYS": SETTINGS.subject_keys,
    }


@cache
def city() -> str:
    """Address of a database of city scale."""
    return _of_scale(large.SCALES["city"])


@cache
def offer(projects: int) -> str:
    """Address of a database with so many projects and their dates, and hardly anybody in them."""
    return _of_scale(Scale(f"offer{projects}", projects, participants=2_000, check_events=0))


def _of_scale(scale: Scale) -> str:
    """Made again when its tables changed or a week has gone."""
    name = f"{scale.name}_{_shape()}"
    url, is_new = _place(name)
    if is_new:
        print(
            f"Making {scale.projects} projects; they are kept for the next time.", file=sys.stderr
        )
        if not is_on_postgresql():
            for old in VAR.glob(f"{scale.name}_*"):
                old.unlink()
        _fill(url, lambda database: large.load_large(database, SETTINGS, scale, _tell))
        if not is_on_postgresql():
            (VAR / f"{name}.whole").touch()
    else:
        # What the worker does meanwhile: sessions that have begun are nobody's next any more.
        _fill(url, index_all)
    return url


def bare(name: str, fill: Callable[[Database], object]) -> str:
    """Address of a fresh database with nothing but what `fill` puts in."""
    for old in VAR.glob(f"{name}.sqlite3*"):
        old.unlink()
    url, _ = _place(name, is_fresh=True)
    _fill(url, fill)
    return url


def small(name: str) -> str:
    """Address of a fresh database with the demonstration data."""
    for old in VAR.glob(f"{name}.sqlite3*"):
        old.unlink()
    url, _ = _place(name, is_fresh=True)
    _fill(url, lambda database: loader.load(database, SETTINGS))
    return url


def _fill(url: str, load: Callable[[Database], object]) -> None:
    engine = make_engine(url)
    migrate(engine)
    load(Database(engine, vault=vault_of(SETTINGS)))
    engine.dispose()


def _place(name: str, *, is_fresh: bool = False) -> tuple[str, bool]:
    """Where the database is or shall be, and whether it is still to be filled."""
    VAR.mkdir(parents=True, exist_ok=True)
    if not is_on_postgresql():
        return f"sqlite:///{VAR / name}.sqlite3", not (VAR / f"{name}.whole").exists()
    server = postgresql_server()
    engine = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = text("SELECT 1 FROM pg_database WHERE datname = :name")
        is_there = connection.scalar(found, {"name": name}) is not None
        if is_fresh and is_there:
            connection.execute(text(f'DROP DATABASE "{name}"'))
        if is_fresh or not is_there:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    return url, is_fresh or not is_there


@cache
def postgresql_server() -> str:
    """Address of its first database."""
    given = os.environ.get("CIVIC_TEST_POSTGRESQL")
    return given or _open.enter_context(postgres.shared_server(VAR))


def _shape() -> str:
    files = sorted(path for pattern in WHAT_SHAPES_IT for path in ROOT.glob(pattern))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    year, week, _ = rome_day(SystemClock().now()).isocalendar()
    digest.update(f"{year} {week}".encode())
    return digest.hexdigest()[:12]


def _tell(label: str, total: int) -> Callable[[int], None]:
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        before, done = done, done + more
        if done * 5 // total > before * 5 // total:
            print(f"{label} {done * 100 // total} %", file=sys.stderr)

    return tell
