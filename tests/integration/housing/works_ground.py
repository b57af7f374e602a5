"""What the tests of works share: days from today on, nights of a work, a refusal that changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.rules.nights import Use
from civic.housing.rules.stock import WorkState
from civic.housing.works_models import Work
from civic.kernel.context import Context
from civic.kernel.errors import CivicError

TODAY = date(2026, 3, 14)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def nights_of(ctx: Context, work_id: UUID, bed_id: UUID | None = None) -> list[date]:
    statement = (
        select(BedNight.night)
        .join(BedSpan, BedSpan.id == BedNight.span_id)
        .where(BedSpan.work_id == work_id, BedSpan.use == Use.WORKS)
        .order_by(BedNight.night)
    )
    if bed_id is not None:
        statement = statement.where(BedNight.bed_id == bed_id)
    return list(ctx.db.scalars(statement))


def all_nights(ctx: Context) -> set[tuple[UUID, date, UUID]]:
    rows = ctx.db.execute(select(BedNight.bed_id, BedNight.night, BedNight.span_id))
    return {(row.bed_id, row.night, row.span_id) for row in rows}


def refused(ctx: Context, refusal: type[CivicError], act: Callable[[], object]) -> CivicError:
    """With nothing changed: neither a night nor a work."""
    before = all_nights(ctx), ctx.db.scalar(select(func.count()).select_from(Work))
    with pytest.raises(refusal) as caught, ctx.db.begin_nested():
        act()
    ctx.db.expire_all()
    assert (all_nights(ctx), ctx.db.scalar(select(func.count()).select_from(Work))) == before
    return caught.value


def state_of(ctx: Context, work_id: UUID) -> WorkState:
    return ctx.db.get_one(Work, work_id).state
