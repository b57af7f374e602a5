"""Engines for the two databases; their differences end here and in `dialects`."""

import sqlite3
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from civic.kernel.clock import ticks
from civic.kernel.db.writers import queue_writers

IDLE = 2.0
"""Seconds without use after which a connection is asked whether it lives."""
USED_AT = "civic_used_at"
IMMEDIATE = "civic_immediate"
"""Execution option of a connection that is going to write."""

POSTGRESQL_OPTIONS = " ".join(
    (
        "-c timezone=UTC",
        # A statement asked again is not planned again. Left to itself PostgreSQL plans some of them
        # anew each time, in the hope of a better plan for just these values: planning the list of
        # projects took five times as long as running it.
        "-c plan_cache_mode=force_generic_plan",
        # What a page found by an index costs, beside one that is read in turn. The usual 4 is of
        # disks that turn: with it the gate read all people of a city to find one.
        "-c random_page_cost=1.1",
    )
)


def make_engine(url: str, *, echo: bool = False, pool_size: int = 5) -> Engine:
    """An engine for `sqlite:///…` or `postgresql://…` (psycopg 3)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        server = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            echo=echo,
            pool_size=pool_size,
            connect_args={"options": POSTGRESQL_OPTIONS},
        )
        event.listen(server, "checkin", _note_use)
        event.listen(server, "checkout", _ask_whether_it_lives)
        return server
    engine = create_engine(parsed, echo=echo, connect_args={"timeout": 5})
    event.listen(engine, "connect", _prepare_sqlite)
    queue_writers(engine, _is_writing)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[USED_AT] = ticks()


def _ask_whether_it_lives(
    connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """A connection that has been idle may be of a server that has been restarted since. The pool
    throws such a one away and takes another; asking each time would cost as much as a statement."""
    if ticks() - record.info.get(USED_AT, ticks()) < IDLE:
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        raise DisconnectionError from None


def reader(engine: Engine) -> Engine:
    """The engine for those who only read. On PostgreSQL without a transaction around their
    statements: at the usual isolation each sees its own moment anyway, and with the ROLLBACK at
    its end the driver would throw away its prepared statements, so that each page is planned anew.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine


def still_reader(engine: Engine) -> Engine:
    """The engine for those who read one moment only, however many statements they need for it.
    A transaction does on SQLite; PostgreSQL must be asked for one that stands still."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own BEGIN comes too late: a rolled-back test left its row behind.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        # Hours and the audit trail must survive a power cut, not only a crash.
        "synchronous=FULL",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that reads and then writes answers "database is locked" under load:
    # writers take their lock at the start and queue instead.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writing(connection) else "BEGIN")


def _is_writing(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(IMMEDIATE, False))
