from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Session

from civic.kernel.clock import Clock
from civic.kernel.db.scope import limit, widen
from civic.kernel.ids import uuid7
from civic.kernel.policy import Actor


@dataclass(frozen=True)
class Context:
    """What every operation and query is handed: the rows, who acts, and what time it is."""

    db: Session
    actor: Actor
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()

    def new_id(self) -> UUID:
        return uuid7(self.clock.now())

    def acting(self, actor: Actor) -> Self:
        """The same work for somebody who was only now found out to be the one who acts."""
        limit(self.db, actor.municipalities)
        return replace(self, actor=actor)

    def enter(self, municipality_id: UUID) -> None:
        """Let a participant act in a city that does not know them yet, by joining there."""
        widen(self.db, municipality_id)
