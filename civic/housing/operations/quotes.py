"""Quotes of a work, and the approval of one of them against a budget line."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.models import BudgetLine, HousingGrant
from civic.housing.operations.trail import note
from civic.housing.operations.works import check_past
from civic.housing.queries.books import left_of_grant
from civic.housing.queries.work_gate import quote_for, work_for
from civic.housing.rules.money import MOST_CENTS
from civic.housing.rules.stock import WorkState
from civic.housing.support_errors import AmountNegative, AmountTooLarge
from civic.housing.works_errors import (
    AlreadyApproved,
    FirmMissing,
    GrantNotBegun,
    GrantOver,
    LineTooSmall,
    WorkMoved,
)
from civic.housing.works_models import Work, WorkQuote
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound

TAKES_QUOTES = (WorkState.REQUESTED, WorkState.QUOTED)


@dataclass(frozen=True)
class NewQuote:
    firm: str
    amount_cents: int
    received_on: date
    id: UUID | None = None


def add_quote(ctx: Context, work_id: UUID, new: NewQuote) -> UUID:
    """FirmMissing, AmountNegative, AmountTooLarge, a day to come, or WorkMoved once one is approved.
    The same one sent twice is one."""
    work, unit = work_for(ctx, work_id, holding=True)
    if new.id is not None and ctx.db.get(WorkQuote, new.id) is not None:
        return new.id
    if work.state not in TAKES_QUOTES:
        raise WorkMoved
    if not new.firm:
        raise FirmMissing
    if new.amount_cents < 0:
        raise AmountNegative
    if new.amount_cents > MOST_CENTS:
        raise AmountTooLarge
    check_past(ctx, new.received_on, None)
    quote_id = new.id or ctx.new_id()
    ctx.db.add(
        WorkQuote(
            id=quote_id,
            municipality_id=work.municipality_id,
            work_id=work.id,
            firm=new.firm,
            amount_cents=new.amount_cents,
            received_on=new.received_on,
        )
    )
    work.state = WorkState.QUOTED
    ctx.db.flush()
    note(ctx, unit, "quote_added", work=work.id, quote=quote_id)
    return quote_id


def approve(ctx: Context, work_id: UUID, quote_id: UUID, line_id: UUID) -> None:
    """From now on its amount is booked on the line. Of two approvals that the line has money for only
    once, the second hears LineTooSmall: it waited for the line. AlreadyApproved, WorkMoved,
    GrantOver, GrantNotBegun; NotFound for a quote of another work, or a line of another city."""
    work, unit = work_for(ctx, work_id, holding=True)
    quote = quote_for(ctx, work, quote_id)
    if work.approved_at is not None and work.state is not WorkState.REFUSED:
        raise AlreadyApproved
    if work.state is not WorkState.QUOTED:
        raise WorkMoved
    line, grant = _held_line(ctx, line_id, unit.municipality_id)
    _check_grant(ctx, grant)
    # Rent support is paid from the same grant: a line that is half empty may have nothing behind it.
    left = min(line.amount_cents - booked_on(ctx, line.id), left_of_grant(ctx, grant))
    if quote.amount_cents > left:
        raise LineTooSmall(left=max(left, 0))
    quote.is_chosen = True
    work.state, work.budget_line_id = WorkState.APPROVED, line.id
    work.approved_cents = quote.amount_cents
    work.approved_at, work.approved_by = ctx.now(), ctx.actor.person_id
    ctx.db.flush()
    note(ctx, unit, "work_approved", work=work.id, quote=quote.id, line=line.id)


def _held_line(ctx: Context, line_id: UUID, city_id: UUID) -> tuple[BudgetLine, HousingGrant]:
    """The grant first, as everybody does who decides about its money."""
    of_city = (BudgetLine.id == line_id) & (BudgetLine.municipality_id == city_id)
    grant = ctx.db.scalars(
        select(HousingGrant)
        .join(BudgetLine, BudgetLine.grant_id == HousingGrant.id)
        .where(of_city)
        .with_for_update(key_share=True, of=HousingGrant)
        .execution_options(populate_existing=True)
    ).first()
    if grant is None:
        raise NotFound
    line = ctx.db.scalars(
        select(BudgetLine)
        .where(of_city)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return line, grant


def _check_grant(ctx: Context, grant: HousingGrant) -> None:
    today = rome_day(ctx.now())
    if today > grant.ends_on:
        raise GrantOver(day=grant.ends_on)
    if today < grant.starts_on:
        raise GrantNotBegun(day=grant.starts_on)


def booked_on(ctx: Context, line_id: UUID) -> int:
    """What was approved against the line, in cents."""
    booked = ctx.db.scalar(
        select(func.coalesce(func.sum(Work.approved_cents), 0)).where(
            Work.budget_line_id == line_id
        )
    )
    return int(booked or 0)
