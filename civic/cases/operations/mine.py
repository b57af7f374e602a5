"""What the person a file is about sees of it: appointments, tasks they agreed to, consents, papers given
to them. Nothing else of the file."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.cases.desk_models import Service
from civic.cases.models import Appointment, CaseDocument, CaseTask
from civic.cases.policy import READ_OWN_CASE
from civic.cases.queries.files import Keys, ids_of
from civic.cases.queries.gate import CaseFacts, own_case
from civic.cases.queries.people import AppointmentRow, ConsentRow, appointment_row, consents_of
from civic.cases.queries.work import DocumentRow, TaskRow, document_row, task_row
from civic.cases.vocabulary import AppointmentState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


@dataclass(frozen=True)
class OwnFile:
    case: CaseFacts
    appointments: list[AppointmentRow]
    """Still to come, without what they are about."""
    tasks: list[TaskRow]
    """Their own, that they agreed to."""
    consents: list[ConsentRow]
    documents: list[DocumentRow]
    places: dict[UUID, tuple[str, str]]
    """Name and address of where to go."""


def read_own(ctx: Context) -> list[OwnFile]:
    """One for each city that has a file; about oneself nobody's opening is written down."""
    READ_OWN_CASE.require(ctx.actor)
    return [_own(ctx, case) for case in own_case(ctx)]


def _own(ctx: Context, case: CaseFacts) -> OwnFile:
    ids, keys = ids_of(ctx, case), Keys(ctx, case.municipality_id)
    today = rome_day(ctx.now())
    coming = ctx.db.scalars(
        select(Appointment)
        .where(Appointment.case_id.in_(ids), Appointment.at > ctx.now())
        .where(Appointment.state == AppointmentState.PLANNED)
        .order_by(Appointment.at)
    ).all()
    tasks = ctx.db.scalars(
        select(CaseTask)
        .where(CaseTask.case_id.in_(ids), CaseTask.owner_id.is_(None))
        .where(CaseTask.agreed_at.is_not(None), CaseTask.dropped.is_(False))
        .order_by(CaseTask.done_at.is_not(None), CaseTask.due_on, CaseTask.id)
    )
    given = ctx.db.scalars(
        select(CaseDocument)
        .where(CaseDocument.case_id.in_(ids), CaseDocument.given_at.is_not(None))
        .order_by(CaseDocument.given_at.desc())
    )
    return OwnFile(
        case,
        [appointment_row(row, keys, is_told=False) for row in coming],
        [task_row(row, keys, today) for row in tasks],
        consents_of(ctx, ids),
        [document_row(row, keys, is_readable=True) for row in given],
        _places(ctx, {row.service_id for row in coming if row.service_id}),
    )


def _places(ctx: Context, service_ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    if not service_ids:
        return {}
    rows = ctx.db.execute(
        select(Service.id, Service.name, Service.address).where(Service.id.in_(service_ids))
    )
    return {row.id: (row.name, row.address) for row in rows}
