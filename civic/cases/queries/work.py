"""What was done, is to do and is to be kept in mind on a case, as far as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, func, select

from civic.cases.access import Access, Data
from civic.cases.models import CaseAlert, CaseDocument, CaseEntry, CaseFile, CaseTask
from civic.cases.queries.files import KINDS, OF_CASE, Keys
from civic.cases.queries.gate import CaseFacts
from civic.cases.vocabulary import AlertKind, EntryKind
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

PAGE = 20


@dataclass(frozen=True)
class EntryRow:
    id: UUID
    data: Data
    kind: EntryKind
    happened_at: datetime
    written_by: UUID | None
    words: dict[str, Any] | None
    """None where the reader may know that it exists, and not what it says."""


@dataclass(frozen=True)
class Timeline:
    entries: tuple[EntryRow, ...]
    page: int
    has_more: bool


# Built once, and with the merged files found on the way: every page of a case asks these.
_IDS = select(CaseFile.id).where(OF_CASE)
_ENTRIES = (
    select(
        CaseEntry.id,
        CaseEntry.case_id,
        CaseEntry.data,
        CaseEntry.kind,
        CaseEntry.happened_at,
        CaseEntry.written_by,
        CaseEntry.sealed,
    )
    .where(CaseEntry.case_id.in_(_IDS))
    .where(CaseEntry.data.in_(bindparam("kinds", type_=KINDS, expanding=True)))
    .order_by(CaseEntry.happened_at.desc(), CaseEntry.id.desc())
    .limit(bindparam("most"))
    .offset(bindparam("before"))
)
_TASKS = (
    select(CaseTask)
    .where(CaseTask.case_id.in_(_IDS), CaseTask.dropped.is_(False))
    .where(CaseTask.done_at.is_(None))
    .order_by(CaseTask.due_on.is_(None), CaseTask.due_on, CaseTask.id)
)
_ALERTS = (
    select(CaseAlert)
    .where(CaseAlert.case_id.in_(_IDS))
    .where(CaseAlert.data.in_(bindparam("kinds", type_=KINDS, expanding=True)))
    .where(CaseAlert.ended_at.is_(None), CaseAlert.expires_on >= bindparam("today", type_=Date()))
    .order_by(CaseAlert.about_on, CaseAlert.expires_on, CaseAlert.id)
)


def timeline(ctx: Context, case: CaseFacts, keys: Keys, page: int = 1) -> Timeline:
    """Newest first. Only what is shown is opened."""
    asked = {
        "case_id": case.id,
        "kinds": case.readable(Access.EXISTENCE),
        "most": PAGE + 1,
        "before": (page - 1) * PAGE,
    }
    rows = ctx.db.execute(_ENTRIES, asked).all()
    entries = tuple(
        EntryRow(
            row.id,
            row.data,
            row.kind,
            row.happened_at,
            # Who wrote a sealed note would say of which trade it is a note of.
            row.written_by if case.may(row.data, Access.READ) else None,
            keys.open("case_entry", row.case_id, row.id, row.sealed)
            if case.may(row.data, Access.READ)
            else None,
        )
        for row in rows[:PAGE]
    )
    return Timeline(entries, page, len(rows) > PAGE)


@dataclass(frozen=True)
class TaskRow:
    id: UUID
    case_id: UUID
    words: str
    language: str
    due_on: date | None
    owner_id: UUID | None
    agreed_at: datetime | None
    done_at: datetime | None
    is_late: bool


def tasks_of(ctx: Context, case: CaseFacts, keys: Keys) -> list[TaskRow]:
    """Open ones, the soonest first."""
    if not case.may(Data.PLAN, Access.READ):
        return []
    today = rome_day(ctx.now())
    return [task_row(row, keys, today) for row in ctx.db.scalars(_TASKS, {"case_id": case.id})]


def task_row(row: CaseTask, keys: Keys, today: date) -> TaskRow:
    told = keys.open("case_task", row.case_id, row.id, row.sealed)
    is_late = row.done_at is None and row.due_on is not None and row.due_on < today
    return TaskRow(
        row.id,
        row.case_id,
        told["words"],
        told["language"],
        row.due_on,
        row.owner_id,
        row.agreed_at,
        row.done_at,
        is_late,
    )


def count_tasks(ctx: Context, case: CaseFacts) -> int:
    """For who sees the plan's shape alone: how many things are to do."""
    if not case.may(Data.PLAN, Access.MASKED):
        return 0
    return int(
        ctx.db.scalar(
            select(func.count())
            .select_from(CaseTask)
            .where(CaseTask.case_id.in_(_IDS), CaseTask.dropped.is_(False))
            .where(CaseTask.done_at.is_(None)),
            {"case_id": case.id},
        )
        or 0
    )


@dataclass(frozen=True)
class AlertRow:
    id: UUID
    case_id: UUID
    data: Data
    kind: AlertKind
    about_on: date | None
    expires_on: date
    words: str
    is_over: bool
    """The day it is about has passed."""


def alerts_of(ctx: Context, case: CaseFacts, keys: Keys) -> list[AlertRow]:
    today = rome_day(ctx.now())
    asked = {"case_id": case.id, "kinds": case.readable(), "today": today}
    rows = ctx.db.scalars(_ALERTS, asked)
    return [
        AlertRow(
            row.id,
            row.case_id,
            row.data,
            row.kind,
            row.about_on,
            row.expires_on,
            keys.open("case_alert", row.case_id, row.id, row.sealed),
            row.about_on is not None and row.about_on < today,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class DocumentRow:
    id: UUID
    case_id: UUID
    data: Data
    title: str
    """Empty where the reader may know only that it exists."""
    size: int
    kept_at: datetime
    given_at: datetime | None
    is_readable: bool


def documents_of(
    ctx: Context, case: CaseFacts, case_ids: Sequence[UUID], keys: Keys
) -> list[DocumentRow]:
    rows = ctx.db.scalars(
        select(CaseDocument)
        .where(CaseDocument.case_id.in_(case_ids))
        .where(CaseDocument.data.in_(case.readable(Access.EXISTENCE)))
        .order_by(CaseDocument.kept_at.desc(), CaseDocument.id)
    )
    return [document_row(row, keys, is_readable=case.may(row.data, Access.READ)) for row in rows]


def document_row(row: CaseDocument, keys: Keys, *, is_readable: bool) -> DocumentRow:
    told = keys.open("case_document", row.case_id, row.id, row.sealed) if is_readable else {}
    return DocumentRow(
        row.id,
        row.case_id,
        row.data,
        told.get("title", ""),
        row.size if is_readable else 0,
        row.kept_at,
        row.given_at,
        is_readable,
    )
