"""Grants, their lines, and what is booked on them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.models import BudgetLine, HousingGrant
from civic.housing.queries.books import left_of_grant
from civic.housing.queries.stock_gate import grant_for, require_city
from civic.housing.rules.stock import WorkState
from civic.housing.works_models import Work
from civic.kernel.context import Context

BOOKED = (WorkState.APPROVED, WorkState.UNDER_WAY, WorkState.DONE, WorkState.CLOSED)


@dataclass(frozen=True)
class LineRow:
    id: UUID
    code: str
    name: str
    amount_cents: int
    booked_cents: int
    """Approved works and whatever came after them, also in dwellings that whoever asks cannot see: a
    sum tells nobody where they are."""

    @property
    def left_cents(self) -> int:
        return self.amount_cents - self.booked_cents


@dataclass(frozen=True)
class GrantRow:
    id: UUID
    code: str
    name: str
    amount_cents: int
    starts_on: date
    ends_on: date
    lines: tuple[LineRow, ...]
    left_cents: int
    """What neither rent support nor approved works bind."""

    @property
    def in_lines_cents(self) -> int:
        return sum(line.amount_cents for line in self.lines)


def booked_on(ctx: Context, line_ids: Collection[UUID]) -> dict[UUID, int]:
    """Cents; lines on which nothing is booked are left out."""
    rows = ctx.db.execute(
        select(Work.budget_line_id, func.sum(Work.approved_cents).label("cents"))
        .where(Work.budget_line_id.in_(list(line_ids)), Work.state.in_(BOOKED))
        .group_by(Work.budget_line_id)
    )
    return {row.budget_line_id: int(row.cents) for row in rows if row.budget_line_id is not None}


def grants(ctx: Context, municipality_id: UUID) -> list[GrantRow]:
    """Those that end last come first."""
    require_city(ctx, municipality_id)
    rows = ctx.db.scalars(
        select(HousingGrant)
        .where(HousingGrant.municipality_id == municipality_id)
        .order_by(HousingGrant.ends_on.desc(), HousingGrant.code)
    ).all()
    return _with_lines(ctx, rows)


def grant_page(ctx: Context, grant_id: UUID) -> GrantRow:
    return _with_lines(ctx, [grant_for(ctx, grant_id)])[0]


def _with_lines(ctx: Context, rows: Collection[HousingGrant]) -> list[GrantRow]:
    lines = ctx.db.scalars(
        select(BudgetLine)
        .where(BudgetLine.grant_id.in_([row.id for row in rows]))
        .order_by(BudgetLine.code)
    ).all()
    booked = booked_on(ctx, [line.id for line in lines])
    of_grant: dict[UUID, list[LineRow]] = defaultdict(list)
    for line in lines:
        row = LineRow(line.id, line.code, line.name, line.amount_cents, booked.get(line.id, 0))
        of_grant[line.grant_id].append(row)
    return [
        GrantRow(
            row.id,
            row.code,
            row.name,
            row.amount_cents,
            row.starts_on,
            row.ends_on,
            tuple(of_grant[row.id]),
            left_of_grant(ctx, row),
        )
        for row in rows
    ]
