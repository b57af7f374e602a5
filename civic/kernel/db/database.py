from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import sessionmaker

from civic.kernel.clock import Clock, SystemClock
from civic.kernel.context import Context
from civic.kernel.db.engine import IMMEDIATE, reader, still_reader
from civic.kernel.db.scope import guard, limit
from civic.kernel.policy import Actor
from civic.kernel.vault import Vault


class Database:
    """Opens the kinds of session there are: one that reads, one that reads while all stands still,
    one that changes and commits."""

    def __init__(
        self, engine: Engine, clock: Clock | None = None, vault: Vault | None = None
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.vault = vault
        """Where there is none, sealed fields are not to be had."""
        self._read_bind: Engine | Connection = reader(engine)
        self._still_bind: Engine | Connection = still_reader(engine)
        self._write_bind: Engine | Connection = engine.execution_options(**{IMMEDIATE: True})
        self._open_with({})

    @classmethod
    def within(cls, connection: Connection, clock: Clock, vault: Vault | None = None) -> Self:
        """All work inside a transaction that somebody else ends: each commit is a savepoint."""
        database = cls(connection.engine, clock, vault)
        database._read_bind = database._still_bind = database._write_bind = connection
        database._open_with({"join_transaction_mode": "create_savepoint"})
        return database

    def _open_with(self, options: dict[str, Any]) -> None:
        self._sessions = sessionmaker(expire_on_commit=False, **options)
        guard(self._sessions)

    @contextmanager
    def reading(self, actor: Actor) -> Iterator[Context]:
        with self._sessions(bind=self._read_bind, autoflush=False) as db:
            limit(db, actor.municipalities)
            yield Context(db, actor, self.clock, self.vault)

    @contextmanager
    def snapshot(self, actor: Actor) -> Iterator[Context]:
        """Rows as they were at one moment, whatever is written meanwhile: for what compares rows
        with each other. Only here can rows be taken from the server a few at a time."""
        with self._sessions(bind=self._still_bind, autoflush=False) as db, db.begin():
            limit(db, actor.municipalities)
            yield Context(db, actor, self.clock, self.vault)

    @contextmanager
    def unit_of_work(self, actor: Actor) -> Iterator[Context]:
        """Commit when the block ends, roll all of it back when the block raises."""
        with self._sessions(bind=self._write_bind) as db, db.begin():
            limit(db, actor.municipalities)
            yield Context(db, actor, self.clock, self.vault)

    def is_alive(self) -> bool:
        with self.reading(Actor()) as ctx:
            return bool(ctx.db.connection().exec_driver_sql("SELECT 1").scalar())
