"""Which checks are due, and those of a dwelling."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from civic.housing.models import Unit
from civic.housing.queries.gate import is_visible, unit_for
from civic.housing.queries.stock_gate import require_city
from civic.housing.rules.stock import CheckKind
from civic.housing.rules.works import SOON, Due, how_due
from civic.housing.works_models import RecurringCheck
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


@dataclass(frozen=True)
class CheckRow:
    id: UUID
    unit_id: UUID
    unit_name: str
    kind: CheckKind
    every_months: int
    due_on: date
    last_done_on: date | None
    due: Due


def due_checks(ctx: Context, city_id: UUID) -> list[CheckRow]:
    """Late or due within a month, the latest first; those of closed dwellings left out."""
    require_city(ctx, city_id)
    today = rome_day(ctx.now())
    return _rows(
        ctx,
        _listed(ctx)
        .where(Unit.municipality_id == city_id, RecurringCheck.due_on <= today + SOON)
        .where(Unit.closed_on.is_(None) | (Unit.closed_on > today)),
    )


def checks_of(ctx: Context, unit_id: UUID) -> list[CheckRow]:
    """All of a dwelling, through its gate."""
    unit = unit_for(ctx, unit_id)
    return _rows(ctx, _listed(ctx).where(Unit.id == unit.id))


def _listed(ctx: Context) -> Select[RecurringCheck, str]:
    return (
        select(RecurringCheck, Unit.name)
        .join(Unit, Unit.id == RecurringCheck.unit_id)
        .where(is_visible(ctx))
        .order_by(RecurringCheck.due_on, Unit.name, RecurringCheck.kind)
    )


def _rows(ctx: Context, statement: Select[RecurringCheck, str]) -> list[CheckRow]:
    today = rome_day(ctx.now())
    return [
        CheckRow(
            check.id,
            check.unit_id,
            name,
            check.kind,
            check.every_months,
            check.due_on,
            check.last_done_on,
            how_due(check.due_on, today),
        )
        for check, name in ctx.db.execute(statement)
    ]
