from dataclasses import dataclass
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class AssociationDecided(Event):
    """A municipality verified or refused an association."""

    association_id: UUID
    decided_by: UUID | None
    verification: str
