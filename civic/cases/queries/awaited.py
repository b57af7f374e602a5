"""Appointments as somebody may be reminded of them: the day, the hour and whose they are. What they
are about is not even asked for here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from civic.cases.models import Appointment, CaseConsent, CaseFile
from civic.cases.states import CaseState
from civic.cases.vocabulary import AppointmentState, Purpose
from civic.kernel.context import Context


@dataclass(frozen=True)
class Awaited:
    id: UUID
    person_id: UUID
    at: datetime
    reminded_at: datetime | None


def awaited_until(ctx: Context, until: datetime) -> list[Awaited]:
    """Those to come before then of which nobody has been reminded."""
    rows = ctx.db.execute(
        _to_remind_of(ctx.now())
        .where(Appointment.at < until, Appointment.reminded_at.is_(None))
        .order_by(Appointment.at, Appointment.id)
    )
    return [Awaited(*row) for row in rows]


def awaited(ctx: Context, appointment_id: UUID) -> Awaited | None:
    """None where it is over or called off, or where the person takes no reminders."""
    row = ctx.db.execute(_to_remind_of(ctx.now()).where(Appointment.id == appointment_id)).first()
    return Awaited(*row) if row else None


def _to_remind_of(now: datetime) -> Select[UUID, UUID, datetime, datetime | None]:
    """Still to come, of somebody with an account who said yes to reminders and did not take it back.
    A file that was merged into another counts as that one, as everywhere."""
    written, kept, agreed = (aliased(CaseFile) for _ in range(3))
    person_id = func.coalesce(kept.person_id, written.person_id)
    said_yes = exists(
        select(CaseConsent.id)
        .join(agreed, agreed.id == CaseConsent.case_id)
        .where(func.coalesce(agreed.merged_into_id, agreed.id) == kept.id)
        .where(CaseConsent.purpose == Purpose.REMINDERS, CaseConsent.withdrawn_at.is_(None))
    )
    return (
        select(Appointment.id, person_id, Appointment.at, Appointment.reminded_at)
        .join(written, written.id == Appointment.case_id)
        .join(kept, kept.id == func.coalesce(written.merged_into_id, written.id))
        .where(Appointment.state == AppointmentState.PLANNED, Appointment.at > now)
        # Whoever is followed no more is not written to: they may have died.
        .where(kept.state != CaseState.CLOSED, kept.erased_at.is_(None))
        .where(person_id.is_not(None), said_yes)
    )
