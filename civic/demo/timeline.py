"""Doing things through the rooms at moments gone by, all within one transaction."""

from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Connection

from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor
from civic.kernel.vault import Vault


class Timeline:
    def __init__(self, connection: Connection, now: datetime, vault: Vault | None) -> None:
        self.now = now
        self.connection = connection
        self._clock = FrozenClock(now)
        self.database = Database.within(connection, self._clock, vault)

    def acting(self, actor: Actor, at: datetime | None = None) -> AbstractContextManager[Context]:
        """What this actor did then; each block is a savepoint."""
        self._clock.instant = at or self.now
        return self.database.unit_of_work(actor)
