from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from civic.kernel.db.database import Database
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import system_in


@pytest.fixture
def letters(database: Database) -> Callable[[], list[dict[str, Any]]]:
    """What waits to be sent: the payloads of issued codes, oldest first."""

    def waiting() -> list[dict[str, Any]]:
        with database.reading(system_in()) as ctx:
            return list(
                ctx.db.scalars(
                    select(OutboxEvent.payload)
                    .where(OutboxEvent.name == "accounts.CodeIssued")
                    .order_by(OutboxEvent.happened_at, OutboxEvent.id)
                )
            )

    return waiting


@pytest.fixture
def last_code(letters: Callable[[], list[dict[str, Any]]]) -> Callable[[str], str]:
    """The code last sent to a number or address."""

    def code_for(value: str) -> str:
        return [str(letter["code"]) for letter in letters() if letter["value"] == value][-1]

    return code_for
