"""Months of a city's ledger, closed: what comes later is written in the account of the open one."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.attendance.errors import MonthNotOver
from civic.attendance.hours import months_first
from civic.attendance.models import ClosedMonth
from civic.attendance.policy import CLOSE_MONTH
from civic.audit import operations as audit
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.tenancy.models import Municipality

REST = timedelta(days=1)
"""After its last day: whoever began to write on that day has long ended by then."""


def close_month(ctx: Context, municipality_id: UUID, month: date) -> None:
    """For good; closed already, nothing is left to do. Whoever writes in a month that is over waits
    for this, and this for them (see `hold_open`), so that no line slips in behind."""
    CLOSE_MONTH.require(ctx.actor, Place(municipality_id))
    if month != months_first(month):
        raise NotFound
    if not may_close(month, rome_day(ctx.now())):
        raise MonthNotOver
    ctx.db.execute(
        select(Municipality.id)
        .where(Municipality.id == municipality_id)
        .with_for_update(key_share=True)
    )
    is_new = insert_once(
        ctx.db,
        ClosedMonth,
        id=ctx.new_id(),
        municipality_id=municipality_id,
        month=month,
        closed_by=ctx.actor.own_id,
        closed_at=ctx.now(),
    )
    if is_new:
        audit.record(
            ctx, municipality_id, "hours.month_closed", details={"month": month.isoformat()}
        )


def may_close(month: date, today: date) -> bool:
    next_month = months_first(month + timedelta(days=32))
    return today >= next_month + REST


def hold_open(ctx: Context, municipality_id: UUID, months: set[date]) -> list[date]:
    """Which of these months are closed; the others stay open until the end of the transaction. Many
    may hold them at once, and whoever closes one waits for all."""
    ctx.db.execute(
        select(Municipality.id).where(Municipality.id == municipality_id).with_for_update(read=True)
    )
    return list(
        ctx.db.scalars(
            select(ClosedMonth.month)
            .where(ClosedMonth.municipality_id == municipality_id)
            .where(ClosedMonth.month.in_(months))
        )
    )
