from dataclasses import dataclass
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class HoursCredited(Event):
    """The minutes of a person in a session are now these; told only when they changed."""

    person_id: UUID
    session_id: UUID
    association_id: UUID
    area: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class NoShowNoticed(Event):
    """Somebody had a place, others were seen at the gate, and they were not."""

    person_id: UUID
    session_id: UUID
