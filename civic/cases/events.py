from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Event):
    """Somebody opened a case in an emergency; its team is told at once."""

    access_id: UUID
    case_id: UUID
    by_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppointmentMade(Event):
    """Only the day and the hour: what it is for never travels."""

    appointment_id: UUID
    person_id: UUID
    at: datetime
