"""One worker at a time, however many are started."""

import fcntl
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOCK_NUMBER = 0x636976696321
"""Ours alone among PostgreSQL's advisory locks of this database ("civic!")."""


class Leadership:
    """A lock held for as long as this process lives and reaches its database.

    PostgreSQL frees it when the connection ends, the operating system when the process does,
    so after a kill the next worker takes over without anybody's help.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._file: IO[Any] | None = None

    def hold(self) -> bool:
        """Take the lock or make sure it is still ours; False while another worker has it."""
        if self._engine.dialect.name == "postgresql":
            return self._hold_on_server()
        return self._hold_beside_file()

    def _hold_on_server(self) -> bool:
        try:
            if self._connection is None:
                connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                query = text("SELECT pg_try_advisory_lock(:number)")
                if not connection.execute(query, {"number": LOCK_NUMBER}).scalar():
                    connection.close()
                    return False
                self._connection = connection
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.let_go()
            return False
        return True

    def _hold_beside_file(self) -> bool:
        if self._file is None:
            database = self._engine.url.database
            if database in (None, "", ":memory:"):
                return True
            lock = Path(f"{database}.worker").open("w")  # noqa: SIM115 - held open on purpose
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                return False
            self._file = lock
        return True

    def let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None
