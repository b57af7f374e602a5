"""The one way to a work, a check or a closure: through the dwelling, so that what hangs on a safe house
is there for its team alone."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from civic.housing.models import Bed, HousingFile, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import is_visible
from civic.housing.rules.nights import Use
from civic.housing.works_models import RecurringCheck, Work, WorkQuote
from civic.kernel.context import Context
from civic.kernel.db.base import TenantOwned
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place

Row = TypeVar("Row", bound=TenantOwned)


def work_for(ctx: Context, work_id: UUID, *, holding: bool = False) -> tuple[Work, Unit]:
    """Whoever changes a work holds its row: two changes of it come one after the other."""
    statement = select(Work, Unit).join(Unit, Unit.id == Work.unit_id).where(Work.id == work_id)
    return _found(ctx, statement, Work, holding=holding)


def check_for(ctx: Context, check_id: UUID) -> tuple[RecurringCheck, Unit]:
    """Held."""
    statement = (
        select(RecurringCheck, Unit)
        .join(Unit, Unit.id == RecurringCheck.unit_id)
        .where(RecurringCheck.id == check_id)
    )
    return _found(ctx, statement, RecurringCheck, holding=True)


def closure_for(ctx: Context, span_id: UUID) -> tuple[BedSpan, Unit]:
    """A closure and its dwelling; the bed is to be held by whoever changes it."""
    statement = (
        select(BedSpan, Unit)
        .join(Bed, Bed.id == BedSpan.bed_id)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(BedSpan.id == span_id, BedSpan.use == Use.VOID)
    )
    return _found(ctx, statement, BedSpan, holding=False)


def quote_for(ctx: Context, work: Work, quote_id: UUID) -> WorkQuote:
    """One of this work; that of another one is as if it were not there."""
    row = ctx.db.scalars(
        select(WorkQuote).where(WorkQuote.id == quote_id, WorkQuote.work_id == work.id)
    ).first()
    if row is None:
        raise NotFound
    return row


def work_file_for(ctx: Context, work: Work, file_id: UUID) -> HousingFile:
    """A photo of this work or the paper of one of its quotes."""
    quotes = select(WorkQuote.id).where(WorkQuote.work_id == work.id)
    row = ctx.db.scalars(
        select(HousingFile)
        .where(HousingFile.id == file_id, HousingFile.removed_at.is_(None))
        .where((HousingFile.about_id == work.id) | HousingFile.about_id.in_(quotes))
    ).first()
    if row is None:
        raise NotFound
    return row


def _found(
    ctx: Context, statement: Select[Any, Any], of: type[Row], *, holding: bool
) -> tuple[Row, Unit]:
    statement = statement.where(is_visible(ctx))
    if holding:
        statement = statement.with_for_update(of=of).execution_options(populate_existing=True)
    found = ctx.db.execute(statement).first()
    if found is None:
        raise NotFound
    row, unit = found
    if not ctx.actor.is_system:
        WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=unit.municipality_id))
    return row, unit
