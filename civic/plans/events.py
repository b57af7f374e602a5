from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class PlanSent(Event):
    """A person agreed that their plan goes along to this city."""

    move_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlanTakenOn(Event):
    """Somebody in another city has taken on a plan that this city sent along with its person."""

    move_id: UUID
    taken_on: date


@dataclass(frozen=True, kw_only=True)
class PlanFrozen(Event):
    """A version of a plan waits to be signed by the person."""

    person_id: UUID
    version_id: UUID
