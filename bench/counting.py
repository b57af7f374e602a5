"""What a piece of work asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

NOT_COUNTED = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
"""What begins and ends a transaction, and settings of a new connection."""


@dataclass
class Asked:
    statements: list[str] = field(default_factory=list)
    commits: int = 0


@contextmanager
def counting() -> Iterator[Asked]:
    """Statements and commits of every engine in this process while the block lasts."""
    asked = Asked()

    def statement(_c: object, _cursor: object, text: str, *_rest: object) -> None:
        if not text.startswith(NOT_COUNTED):
            asked.statements.append(text)

    def commit(_connection: object) -> None:
        asked.commits += 1

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        event.remove(Engine, "commit", commit)
