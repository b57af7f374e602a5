"""Whether every sealed field opens: for whoever runs Civic, by ids alone."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from civic.cases.keeping_models import CaseArchive
from civic.cases.models import (
    Appointment,
    CaseAccess,
    CaseAlert,
    CaseArrival,
    CaseConflict,
    CaseDocument,
    CaseEntry,
    CaseFile,
    CaseMove,
    CaseSection,
    CaseTask,
)
from civic.kernel.context import Context
from civic.kernel.files import FileStore
from civic.kernel.seals import BATCH, Ring, SealFault, faults_in_files, faults_in_rows

SUBJECTS: dict[Any, InstrumentedAttribute[UUID]] = {
    CaseSection: CaseSection.case_id,
    CaseConflict: CaseConflict.case_id,
    CaseEntry: CaseEntry.case_id,
    CaseTask: CaseTask.case_id,
    CaseAlert: CaseAlert.case_id,
    CaseDocument: CaseDocument.case_id,
    CaseAccess: CaseAccess.case_id,
    CaseMove: CaseMove.case_id,
    CaseArchive: CaseArchive.case_id,
    Appointment: Appointment.case_id,
    # What another city sent has a key of its own until it becomes a file.
    CaseArrival: CaseArrival.id,
}
"""Every table with a sealed column, and whose key opens it."""


def seal_faults(ctx: Context, municipality_id: UUID, store: FileStore) -> Iterator[SealFault]:
    """Every row that does not open and, once each, every key that is not there or not the right one.
    Asked of a snapshot. Erased files have neither, and that is no fault."""
    ring = Ring(ctx, municipality_id)
    erased = set(
        ctx.db.scalars(
            select(CaseFile.id)
            .where(CaseFile.municipality_id == municipality_id)
            .where(CaseFile.erased_at.is_not(None))
        )
    )
    for case_id in ctx.db.scalars(
        select(CaseFile.id)
        .where(CaseFile.municipality_id == municipality_id, CaseFile.erased_at.is_(None))
        .order_by(CaseFile.id)
        .execution_options(yield_per=BATCH)
    ):
        ring.of(case_id)
        yield from ring.told()
    yield from faults_in_rows(ring, SUBJECTS, erased)
    yield from faults_in_files(
        ring, store, CaseDocument, CaseDocument.case_id, CaseDocument.file, erased
    )
