"""When somebody is awaited. What it is for stays with who may read social data, and in no reminder."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from civic.cases.access import Access, Data
from civic.cases.errors import NotBefore
from civic.cases.events import AppointmentMade
from civic.cases.models import Appointment
from civic.cases.operations import trail
from civic.cases.queries.gate import case_for
from civic.cases.vocabulary import AppointmentState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.vault import Spot


@dataclass(frozen=True)
class NewAppointment:
    at: datetime
    minutes: int
    about: str = ""
    service_id: UUID | None = None
    with_id: UUID | None = None
    """Whoever writes it down, if nobody else."""
    id: UUID | None = None


def make_appointment(ctx: Context, case_id: UUID, new: NewAppointment) -> UUID:
    """By whoever writes who the person is. Told to the person at once, and again the day before."""
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    if new.at <= ctx.now():
        raise NotBefore
    appointment_id = new.id or ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    ctx.db.add(
        Appointment(
            id=appointment_id,
            municipality_id=case.municipality_id,
            case_id=case.id,
            at=new.at,
            minutes=new.minutes,
            with_id=new.with_id or ctx.actor.own_id,
            service_id=new.service_id,
            state=AppointmentState.PLANNED,
            made_at=ctx.now(),
            made_by=ctx.actor.person_id,
            sealed=key.seal(Spot("appointment", appointment_id), new.about),
        )
    )
    ctx.db.flush()
    trail.note(ctx, case, "appointment_made", thing_id=appointment_id)
    if case.person_id is not None:
        emit(
            ctx,
            AppointmentMade(
                municipality_id=case.municipality_id,
                appointment_id=appointment_id,
                person_id=case.person_id,
                at=new.at,
            ),
        )
    return appointment_id


def mark_appointment(
    ctx: Context, case_id: UUID, appointment_id: UUID, state: AppointmentState
) -> None:
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    row = ctx.db.scalars(
        select(Appointment)
        .where(Appointment.id == appointment_id, Appointment.case_id == case.id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound
    row.state = state
    trail.note(ctx, case, "appointment_marked", thing_id=appointment_id, state=state.value)


def note_reminded(ctx: Context, appointment_id: UUID) -> bool:
    """With the words that remind of it, by the worker. False when that was noted before."""
    if not ctx.actor.is_system:
        raise NotFound
    noted = ctx.db.scalar(
        update(Appointment)
        .where(Appointment.id == appointment_id, Appointment.reminded_at.is_(None))
        .values(reminded_at=ctx.now())
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    return noted is not None
