"""Lines of the timeline, tasks, alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from civic.cases.access import Access, Data
from civic.cases.models import CaseAlert, CaseEntry, CaseTask
from civic.cases.operations import trail
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.vocabulary import AlertKind, EntryKind
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.vault import Spot

PERMIT_WARNING = timedelta(days=60)
"""A renewal is asked for 60 days before the end (Immigration Act, legislative decree 286 of 1998,
art. 5.4)."""


@dataclass(frozen=True)
class NewEntry:
    data: Data
    kind: EntryKind
    words: Mapping[str, Any]
    """`words`, and for an intervention its `code`; from the street also `help`, `where` and such."""
    happened_at: datetime | None = None
    written_at: datetime | None = None
    id: UUID | None = None
    outing_id: UUID | None = None


def add_entry(ctx: Context, case_id: UUID, new: NewEntry) -> bool:
    """A line that stays as it was written. False when this very one stands there already."""
    case = case_for(ctx, case_id, new.data, Access.WRITE)
    return write_entry(ctx, case, new)


def write_entry(ctx: Context, case: CaseFacts, new: NewEntry) -> bool:
    case.require(new.data, Access.WRITE)
    entry_id = new.id or ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    is_new = insert_once(
        ctx.db,
        CaseEntry,
        id=entry_id,
        municipality_id=case.municipality_id,
        case_id=case.id,
        data=new.data,
        kind=new.kind,
        happened_at=new.happened_at or ctx.now(),
        written_by=ctx.actor.person_id,
        written_at=new.written_at or ctx.now(),
        received_at=ctx.now(),
        outing_id=new.outing_id,
        sealed=key.seal(Spot("case_entry", entry_id), dict(new.words)),
    )
    if is_new:
        trail.note(ctx, case, "entry_added", thing_id=entry_id, data=new.data.value)
        return True
    there = ctx.db.scalar(select(CaseEntry.case_id).where(CaseEntry.id == entry_id))
    if there != case.id:
        raise NotFound
    return False


@dataclass(frozen=True)
class NewTask:
    words: str
    due_on: date | None = None
    owner_id: UUID | None = None
    is_agreed: bool = False
    language: str = "it"
    id: UUID | None = field(default=None)


def add_task(ctx: Context, case_id: UUID, new: NewTask) -> None:
    case = case_for(ctx, case_id, Data.PLAN, Access.WRITE)
    task_id = new.id or ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    insert_once(
        ctx.db,
        CaseTask,
        id=task_id,
        municipality_id=case.municipality_id,
        case_id=case.id,
        owner_id=new.owner_id,
        due_on=new.due_on,
        agreed_at=ctx.now() if new.is_agreed and new.owner_id is None else None,
        set_at=ctx.now(),
        set_by=ctx.actor.person_id,
        dropped=False,
        sealed=key.seal(Spot("case_task", task_id), {"words": new.words, "language": new.language}),
    )
    trail.note(ctx, case, "task_added", thing_id=task_id)


def mark_task(ctx: Context, case_id: UUID, task_id: UUID, mark: str) -> None:
    """`done`, `open` again, `drop`, or `agree`: the person said yes to what they are to do."""
    case = case_for(ctx, case_id, Data.PLAN, Access.WRITE)
    row = ctx.db.scalars(
        select(CaseTask).where(CaseTask.id == task_id, CaseTask.case_id == case.id)
    ).first()
    if row is None:
        raise NotFound
    if mark == "done":
        row.done_at = row.done_at or ctx.now()
    elif mark == "open":
        row.done_at = None
    elif mark == "drop":
        row.dropped = True
    else:
        row.agreed_at = row.agreed_at or ctx.now()
    trail.note(ctx, case, "task_marked", thing_id=task_id, mark=mark)


@dataclass(frozen=True)
class NewAlert:
    data: Data
    kind: AlertKind
    words: str
    expires_on: date
    about_on: date | None = None


def add_alert(ctx: Context, case_id: UUID, new: NewAlert) -> None:
    case = case_for(ctx, case_id, new.data, Access.WRITE)
    _add_alert(ctx, case, new)
    trail.note(ctx, case, "alert_added", data=new.data.value)


def _add_alert(ctx: Context, case: CaseFacts, new: NewAlert) -> None:
    alert_id = ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    ctx.db.add(
        CaseAlert(
            id=alert_id,
            municipality_id=case.municipality_id,
            case_id=case.id,
            data=new.data,
            kind=new.kind,
            about_on=new.about_on,
            expires_on=new.expires_on,
            set_at=ctx.now(),
            set_by=ctx.actor.person_id,
            sealed=key.seal(Spot("case_alert", alert_id), new.words),
        )
    )
    ctx.db.flush()


def end_alert(ctx: Context, case_id: UUID, alert_id: UUID) -> None:
    case = case_for(ctx, case_id)
    row = ctx.db.scalars(
        select(CaseAlert).where(CaseAlert.id == alert_id, CaseAlert.case_id == case.id)
    ).first()
    if row is None:
        raise NotFound
    case.require(row.data, Access.WRITE)
    row.ended_at = row.ended_at or ctx.now()
    trail.note(ctx, case, "alert_ended", thing_id=alert_id)


def set_permit_clock(ctx: Context, case: CaseFacts, ends_on: date | None) -> None:
    """After the legal status was written: one clock, for the permit as it is now."""
    ctx.db.execute(
        update(CaseAlert)
        .where(CaseAlert.case_id == case.id, CaseAlert.kind == AlertKind.PERMIT)
        .where(CaseAlert.ended_at.is_(None))
        .values(ended_at=ctx.now())
    )
    if ends_on is None:
        return
    last = max(ends_on, rome_day(ctx.now())) + PERMIT_WARNING
    _add_alert(
        ctx,
        case,
        NewAlert(Data.LEGAL_STATUS, AlertKind.PERMIT, "", expires_on=last, about_on=ends_on),
    )
