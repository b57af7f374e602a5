"""SQLite lets one writer in at a time. Here they queue for it, across threads and processes.

Left to itself SQLite has each writer look again after pauses that grow, so whoever has waited
longest looks least often: of eight writers that each held the database for a tenth of a second
some were still outside after five. The operating system's lock on a file beside the database
wakes those who wait in about the order in which they came; nobody waited for more than their share.
"""

import fcntl
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread, get_ident
from typing import IO, Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

PATIENCE = 30.0
"""Seconds. Longer only if somebody is stuck; the reader of the page is told to try again."""
TURN = "civic_turn"
"""Where a pooled connection keeps the turn that it holds."""


class NestedWriter(RuntimeError):
    """A unit of work was begun inside another of the same thread: it would wait for itself."""


class Queue:
    """Before one database file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inside: set[int] = set()
        self._inside_lock = Lock()

    def enter(self) -> "Turn":
        thread = get_ident()
        if thread in self._inside:
            raise NestedWriter
        turn = Turn(self._path, lambda: self._leave(thread))
        turn.wait()
        with self._inside_lock:
            self._inside.add(thread)
        return turn

    def _leave(self, thread: int) -> None:
        with self._inside_lock:
            self._inside.discard(thread)


class Turn:
    """One writer's: waited for, held, and ended once. The system ends it too if the process dies."""

    def __init__(self, path: Path, on_end: Callable[[], None]) -> None:
        self._file: IO[str] = path.open("a")  # closing it ends the turn
        self._on_end = on_end

    def wait(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait_behind_others()

    def _wait_behind_others(self) -> None:
        """The system's wait knows no time limit, so it is done aside and given up from here."""
        decision = Lock()
        has_come, is_given_up = Event(), Event()

        def wait() -> None:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            with decision:
                has_come.set()
                if is_given_up.is_set():
                    self._file.close()

        Thread(target=wait, name="civic-writer", daemon=True).start()
        if has_come.wait(PATIENCE):
            return
        with decision:
            if has_come.is_set():
                return
            is_given_up.set()
        raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("still locked"))

    def end(self) -> None:
        self._on_end()
        self._file.close()


def queue_writers(engine: Engine, is_writing: Callable[[Connection], bool]) -> None:
    """Whoever begins to write with this engine waits for their turn, and gives it up when the
    connection goes back to its pool."""
    database = engine.url.database
    if database in (None, "", ":memory:"):
        return
    queue = Queue(Path(f"{database}.writers"))

    def begin(connection: Connection) -> None:
        if is_writing(connection) and TURN not in connection.info:
            connection.info[TURN] = queue.enter()

    def done(_connection: Any, record: Any, *_error: Any) -> None:
        turn: Turn | None = record.info.pop(TURN, None)
        if turn is not None:
            turn.end()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", done)
    event.listen(engine, "invalidate", done)
