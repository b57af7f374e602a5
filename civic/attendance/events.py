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


@dataclass(frozen=True, kw_only=True)
class ContestAnswered(Event):
    """Somebody asked about a line of their hours, and the association or the city has answered."""

    contest_id: UUID
    person_id: UUID
    session_id: UUID
    proposed_minutes: int | None
    """Written down with the answer, to be confirmed by a second person."""
