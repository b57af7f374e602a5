"""Whether every sealed field opens: for whoever runs Civic, by ids alone."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.vault import KeyMissing, KeyWrong, Spot, SubjectKey, Tampered

BATCH = 500

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


@dataclass(frozen=True)
class SealFault:
    spot: str
    """`table.column id`; empty where it is a key that is missing."""
    key: str = ""


def seal_faults(ctx: Context, municipality_id: UUID, store: FileStore) -> Iterator[SealFault]:
    """Every row that does not open and, once each, every key that is not there or not the right one.
    Asked of a snapshot. Erased files have neither, and that is no fault."""
    ring = _Ring(ctx, municipality_id)
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
    for model, subject in SUBJECTS.items():
        for row_id, subject_id, sealed in _rows(ctx, municipality_id, model, subject):
            if subject_id not in erased:
                yield from _opened(ring, subject_id, Spot(model.__tablename__, row_id), sealed)
    for row_id, case_id, file in _rows(
        ctx, municipality_id, CaseDocument, CaseDocument.case_id, CaseDocument.file
    ):
        spot = Spot(CaseDocument.__tablename__, row_id, "file")
        try:
            body = store.get(file)
        except NotFound:
            yield SealFault(str(spot))
        else:
            if case_id not in erased:
                yield from _opened(ring, case_id, spot, body)


def _rows(
    ctx: Context,
    municipality_id: UUID,
    model: Any,
    subject: InstrumentedAttribute[UUID],
    content: Any = None,
) -> Iterator[tuple[UUID, UUID, Any]]:
    """In the order of their subjects, so that one key at a time is in hand."""
    what = model.sealed if content is None else content
    statement = (
        select(model.id, subject.label("subject_id"), what)
        .where(model.municipality_id == municipality_id, what.is_not(None))
        .order_by(subject, model.id)
        .execution_options(yield_per=BATCH)
    )
    with ctx.db.execute(statement) as rows:
        for row in rows:
            yield row[0], row[1], row[2]


class _Ring:
    """The key in hand, and which keys were found missing."""

    def __init__(self, ctx: Context, municipality_id: UUID) -> None:
        self._ctx, self._city = ctx, municipality_id
        self._held: tuple[UUID, SubjectKey | None] | None = None
        self._missing: dict[str, bool] = {}

    def of(self, subject_id: UUID) -> SubjectKey | None:
        if self._held is None or self._held[0] != subject_id:
            try:
                self._held = (subject_id, self._ctx.vault.key_of(self._city, subject_id))
            except (KeyMissing, KeyWrong) as refusal:
                self._missing.setdefault(str(refusal.values["key"]), False)
                self._held = (subject_id, None)
        return self._held[1]

    def told(self) -> Iterator[SealFault]:
        for key, is_told in self._missing.items():
            if not is_told:
                self._missing[key] = True
                yield SealFault("", key)


def _opened(ring: _Ring, subject_id: UUID, spot: Spot, sealed: bytes) -> Iterator[SealFault]:
    key = ring.of(subject_id)
    yield from ring.told()
    if key is None:
        yield SealFault(str(spot))
        return
    try:
        key.open_bytes(spot, sealed)
    except Tampered:
        yield SealFault(str(spot))
