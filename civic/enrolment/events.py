from dataclasses import dataclass
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class PlaceConfirmed(Event):
    """A place is theirs: at once, or because one came free."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceWaiting(Event):
    """The session was full; they stand on the waiting list."""

    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceGivenBack(Event):
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceCancelled(Event):
    """The session was cancelled under somebody who had a place or waited for one."""

    session_id: UUID
    person_id: UUID
