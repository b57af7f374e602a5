"""Retention at work: what goes soon is listed, what was listed long enough is removed."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, select, update

from civic.audit import operations as audit
from civic.cases.keeping_models import RetentionNotice
from civic.cases.models import (
    Appointment,
    CaseAlert,
    CaseConflict,
    CaseDocument,
    CaseEntry,
    CaseFile,
    CaseMove,
    CaseSection,
    CaseTask,
)
from civic.cases.operations.erasing import erase, throw_away
from civic.cases.operations.files import index_facts
from civic.cases.queries.files import ids_of
from civic.cases.queries.gate import facts_of
from civic.cases.retention import (
    LISTED_FOR,
    LOOK_AHEAD,
    YEARS,
    Kept,
    Standing,
    data_of,
    due_days,
    takes_all,
)
from civic.cases.vocabulary import EntryKind
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in

OF_DATA: tuple[Any, ...] = (CaseSection, CaseConflict, CaseEntry, CaseAlert)
"""Tables whose rows say to which kind of data they belong."""
BY_TABLE: tuple[tuple[Any, ...], ...] = (
    (Kept.PLAN, CaseTask),
    (Kept.SOCIAL, Appointment),
    (Kept.SOCIAL, CaseMove, CaseMove.sealed.is_not(None)),
    (Kept.DOCUMENTS, CaseDocument),
)
"""And those that belong to one as a whole."""
SHORTEST = timedelta(days=365 * min(YEARS.values()))
NEVER = date.max
BATCH = 1000


def keep_retention(database: Database, municipality_ids: Iterable[UUID]) -> int:
    """A turn of the worker: list, then remove. How many parts were removed. Looking through a whole
    city takes a while, in which nobody who writes has to wait."""
    removed = 0
    for city_id in municipality_ids:
        with database.snapshot(system_in(city_id)) as ctx:
            due = due_soon(ctx, city_id)
        with database.unit_of_work(system_in(city_id)) as ctx:
            list_due(ctx, city_id, due)
            ready = _ready(ctx, city_id)
        for case_id in ready:
            with database.unit_of_work(system_in(city_id)) as ctx:
                removed += remove_due(ctx, case_id)
    return removed


Due = AbstractSet[tuple[UUID, Kept, date]]


def due_soon(ctx: Context, municipality_id: UUID) -> Due:
    """What goes within the time that is looked ahead."""
    last = rome_day(ctx.now() + LOOK_AHEAD)
    return {
        (file.id, kept, day)
        for file in _perhaps_due(ctx, municipality_id, last)
        for kept, day in due_days(standing_of(ctx, file)).items()
        if day <= last
    }


def _perhaps_due(ctx: Context, municipality_id: UUID, last: date) -> Sequence[CaseFile]:
    """Whose clocks may run out by then, whatever they hold; only of these it is looked up."""
    rows = ctx.db.execute(
        select(
            CaseFile.id,
            CaseFile.state,
            CaseFile.state_since,
            CaseFile.first_counted_on,
            CaseFile.is_anonymous,
        )
        .where(CaseFile.municipality_id == municipality_id)
        .where(CaseFile.erased_at.is_(None), CaseFile.merged_into_id.is_(None))
        .where(CaseFile.state_since <= ctx.now() + LOOK_AHEAD - SHORTEST)
        .execution_options(yield_per=BATCH)
    )
    ids = []
    for row in rows:
        days = due_days(_standing(row, row.state_since, frozenset(Kept)))
        if min(days.values(), default=NEVER) <= last:
            ids.append(row.id)
    return ctx.db.scalars(select(CaseFile).where(CaseFile.id.in_(ids)).order_by(CaseFile.id)).all()


def list_due(ctx: Context, municipality_id: UUID, due: Due) -> None:
    """What is due comes onto the page, and what is not any more goes off it: a case was taken up again,
    a new meeting moved the day."""
    notices = {
        (row.case_id, row.kept, row.due_on): row
        for row in ctx.db.scalars(
            select(RetentionNotice).where(RetentionNotice.municipality_id == municipality_id)
        )
    }
    listed = {key: row for key, row in notices.items() if row.removed_at is None}
    for case_id, kept, day in sorted(due - listed.keys(), key=str):
        again = notices.get((case_id, kept, day))
        if again is not None:
            # Somebody has written into a closed file since this part of it went.
            again.removed_at, again.listed_at = None, ctx.now()
            continue
        ctx.db.add(
            RetentionNotice(
                id=ctx.new_id(),
                municipality_id=municipality_id,
                case_id=case_id,
                kept=kept,
                due_on=day,
                listed_at=ctx.now(),
            )
        )
    for gone in listed.keys() - due:
        ctx.db.delete(listed[gone])
    ctx.db.flush()


def standing_of(ctx: Context, file: CaseFile) -> Standing:
    ids = ids_of(ctx, facts_of(file))
    met = ctx.db.scalar(
        select(func.max(CaseEntry.happened_at)).where(
            CaseEntry.case_id.in_(ids), CaseEntry.kind == EntryKind.CONTACT
        )
    )
    return _standing(file, met or file.opened_at, _held(ctx, ids))


def _standing(
    file: CaseFile | Row[*tuple[Any, ...]], last_met: datetime, holds: frozenset[Kept]
) -> Standing:
    return Standing(
        file.state,
        rome_day(file.state_since),
        file.first_counted_on is not None,
        file.is_anonymous,
        rome_day(last_met),
        holds,
    )


def _held(ctx: Context, ids: Sequence[UUID]) -> frozenset[Kept]:
    found = {
        Kept(data.value)
        for model in OF_DATA
        for data in ctx.db.scalars(select(model.data).where(model.case_id.in_(ids)).distinct())
    }
    for kept, model, *only in BY_TABLE:
        if ctx.db.scalar(select(model.id).where(model.case_id.in_(ids), *only).limit(1)):
            found.add(kept)
    return frozenset(found)


def _ready(ctx: Context, municipality_id: UUID) -> list[UUID]:
    return list(
        ctx.db.scalars(
            select(RetentionNotice.case_id)
            .where(RetentionNotice.municipality_id == municipality_id)
            .where(*_is_ready(ctx))
            .distinct()
            .order_by(RetentionNotice.case_id)
        )
    )


def _is_ready(ctx: Context) -> tuple[ColumnElement[bool], ...]:
    return (
        RetentionNotice.removed_at.is_(None),
        RetentionNotice.due_on <= rome_day(ctx.now()),
        RetentionNotice.listed_at <= ctx.now() - LISTED_FOR,
    )


def remove_due(ctx: Context, case_id: UUID) -> int:
    """What is due and was listed long enough, and is due still; with the last part the file goes."""
    file = ctx.db.scalars(
        select(CaseFile)
        .where(CaseFile.id == case_id, CaseFile.erased_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if file is None or file.merged_into_id is not None:
        return 0
    standing = standing_of(ctx, file)
    days = due_days(standing)
    notices = [
        row
        for row in ctx.db.scalars(
            select(RetentionNotice)
            .where(RetentionNotice.case_id == case_id)
            .where(*_is_ready(ctx))
            .order_by(RetentionNotice.kept)
        )
        if days.get(row.kept) == row.due_on
    ]
    if not notices:
        return 0
    for row in notices:
        row.removed_at = ctx.now()
        details = {"kept": row.kept.value, "listed_on": rome_day(row.listed_at).isoformat()}
        audit.record(
            ctx, file.municipality_id, "case.part_removed", thing_id=case_id, details=details
        )
    going = {row.kept for row in notices}
    if takes_all(going, standing.holds):
        erase(ctx, case_id, open_too=True)
    else:
        _remove(ctx, file, going)
    return len(notices)


def _remove(ctx: Context, file: CaseFile, going: AbstractSet[Kept]) -> None:
    ids = ids_of(ctx, facts_of(file))
    data = [each for kept in going if (each := data_of(kept))]
    for model in OF_DATA:
        ctx.db.execute(delete(model).where(model.case_id.in_(ids), model.data.in_(data)))
    if Kept.PLAN in going:
        ctx.db.execute(delete(CaseTask).where(CaseTask.case_id.in_(ids)))
    if Kept.SOCIAL in going:
        ctx.db.execute(delete(Appointment).where(Appointment.case_id.in_(ids)))
        ctx.db.execute(update(CaseMove).where(CaseMove.case_id.in_(ids)).values(sealed=None))
    if Kept.DOCUMENTS in going:
        papers = select(CaseDocument.file).where(CaseDocument.case_id.in_(ids))
        throw_away(ctx, file.municipality_id, ctx.db.scalars(papers).all())
        ctx.db.execute(delete(CaseDocument).where(CaseDocument.case_id.in_(ids)))
    if going & {Kept.IDENTITY, Kept.LEGAL_STATUS}:
        for row in ctx.db.scalars(select(CaseFile).where(CaseFile.id.in_(ids))).all():
            if Kept.IDENTITY in going:
                row.person_id = None
            index_facts(ctx, facts_of(row))
