from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Session

from civic.kernel.clock import Clock
from civic.kernel.db.scope import limit, widen
from civic.kernel.ids import uuid7
from civic.kernel.policy import Actor
from civic.kernel.vault import KeyMissing, Vault


@dataclass(frozen=True)
class Context:
    """What every operation and query is handed: the rows, who acts, what time it is, and the keys."""

    db: Session
    actor: Actor
    clock: Clock
    keys: Vault | None = None

    @property
    def vault(self) -> Vault:
        """What opens sealed fields; KeyMissing where none was set up."""
        if self.keys is None:
            raise KeyMissing(key="*")
        return self.keys

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
