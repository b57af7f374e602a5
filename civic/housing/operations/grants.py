"""Grants and their budget lines: never more in the lines than in the grant, nor less in a line than is
booked on it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic.housing.models import BudgetLine, HousingGrant
from civic.housing.operations.trail import note
from civic.housing.queries.books import left_of_grant
from civic.housing.queries.grants import booked_on
from civic.housing.queries.stock_gate import grant_for, line_for, require_city
from civic.housing.rules.dwellings import check_day
from civic.housing.stock_errors import (
    GrantBelowBound,
    GrantCodeTaken,
    GrantEndsFirst,
    LineBelowBooked,
    LineCodeTaken,
    LinesBeyondGrant,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict


@dataclass(frozen=True)
class GrantFacts:
    code: str
    name: str
    amount_cents: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class LineFacts:
    code: str
    name: str
    amount_cents: int


def write_grant(
    ctx: Context, municipality_id: UUID, facts: GrantFacts, grant_id: UUID | None = None
) -> UUID:
    """Sent twice it is one. GrantCodeTaken, GrantEndsFirst, DayTooFar."""
    require_city(ctx, municipality_id)
    grant_id = grant_id or ctx.new_id()
    known = ctx.db.scalar(select(HousingGrant.id).where(HousingGrant.id == grant_id))
    if known is not None:
        return known
    row = HousingGrant(id=grant_id, municipality_id=municipality_id)
    _write_grant(ctx, row, facts)
    note(ctx, row, "grant_written")
    return grant_id


def change_grant(ctx: Context, grant_id: UUID, facts: GrantFacts) -> None:
    """GrantCodeTaken, GrantEndsFirst, DayTooFar, LinesBeyondGrant, GrantBelowBound."""
    row = grant_for(ctx, grant_id, holding=True)
    if row.amount_cents - left_of_grant(ctx, row) > facts.amount_cents:
        raise GrantBelowBound
    if _in_lines(ctx, row) > facts.amount_cents:
        raise LinesBeyondGrant
    _write_grant(ctx, row, facts)
    note(ctx, row, "grant_changed")


def _write_grant(ctx: Context, row: HousingGrant, facts: GrantFacts) -> None:
    today = rome_day(ctx.now())
    if check_day(facts.ends_on, today) < check_day(facts.starts_on, today):
        raise GrantEndsFirst
    row.code, row.name, row.amount_cents = facts.code, facts.name, facts.amount_cents
    row.starts_on, row.ends_on = facts.starts_on, facts.ends_on
    _keep(ctx, row, GrantCodeTaken(name=facts.code))


def add_line(ctx: Context, grant_id: UUID, facts: LineFacts, line_id: UUID | None = None) -> UUID:
    """Sent twice it is one. LineCodeTaken, LinesBeyondGrant."""
    grant = grant_for(ctx, grant_id, holding=True)
    line_id = line_id or ctx.new_id()
    known = ctx.db.scalar(select(BudgetLine.id).where(BudgetLine.id == line_id))
    if known is not None:
        return known
    row = BudgetLine(id=line_id, municipality_id=grant.municipality_id, grant_id=grant.id)
    _write_line(ctx, grant, row, facts)
    note(ctx, grant, "line_added", line=line_id)
    return line_id


def change_line(ctx: Context, line_id: UUID, facts: LineFacts) -> None:
    """LineCodeTaken, LinesBeyondGrant, LineBelowBooked."""
    row, grant = line_for(ctx, line_id, holding=True)
    # Works are approved against the line while it is held.
    ctx.db.refresh(row, with_for_update=True)
    if booked_on(ctx, [row.id]).get(row.id, 0) > facts.amount_cents:
        raise LineBelowBooked
    _write_line(ctx, grant, row, facts)
    note(ctx, grant, "line_changed", line=line_id)


def _write_line(ctx: Context, grant: HousingGrant, row: BudgetLine, facts: LineFacts) -> None:
    if _in_lines(ctx, grant, without=row.id) + facts.amount_cents > grant.amount_cents:
        raise LinesBeyondGrant
    row.code, row.name, row.amount_cents = facts.code, facts.name, facts.amount_cents
    _keep(ctx, row, LineCodeTaken(name=facts.code))


def _in_lines(ctx: Context, grant: HousingGrant, without: UUID | None = None) -> int:
    total = select(func.coalesce(func.sum(BudgetLine.amount_cents), 0)).where(
        BudgetLine.grant_id == grant.id
    )
    if without is not None:
        total = total.where(BudgetLine.id != without)
    return int(ctx.db.scalar(total) or 0)


def _keep(ctx: Context, row: HousingGrant | BudgetLine, taken: Conflict) -> None:
    """A code is there once: the unique constraint decides, also between two at once."""
    try:
        with ctx.db.begin_nested():
            ctx.db.add(row)
            ctx.db.flush()
    except IntegrityError:
        raise taken from None
