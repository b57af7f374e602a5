"""What happened in the housing room. Ids and days alone: where somebody lives never travels."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class StepTaken(Event):
    """Somebody came further on the way to a home of their own."""

    step_id: UUID
    person_id: UUID
    step: str
    """`rules.steps.Step` by value."""
    on_day: date


@dataclass(frozen=True, kw_only=True)
class ArrearsSeen(Event):
    """A rent is late. The first message is a friendly one."""

    notice_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class HomeProposed(Event):
    """The message says that there is news, and not of what."""

    proposal_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class AgreementFrozen(Event):
    """It waits to be signed by whoever signs for the household."""

    document_id: UUID
    person_id: UUID
