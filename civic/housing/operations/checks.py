"""Checks that come back: boiler, electrical system, gas, fire extinguishers, lift."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import Unit
from civic.housing.operations.trail import note
from civic.housing.operations.works import check_past
from civic.housing.queries.stock_gate import held_unit
from civic.housing.queries.work_gate import check_for
from civic.housing.rules.stock import CheckKind
from civic.housing.rules.works import MOST_MONTHS, months_after
from civic.housing.works_errors import CheckThere, DueTooFar, MonthsWrong
from civic.housing.works_models import RecurringCheck
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

FARTHEST = timedelta(days=366 * 10)


@dataclass(frozen=True)
class NewCheck:
    kind: CheckKind
    every_months: int
    due_on: date


def add_check(ctx: Context, unit_id: UUID, new: NewCheck) -> UUID:
    """CheckThere, MonthsWrong, DueTooFar."""
    unit = held_unit(ctx, unit_id)
    _check_rhythm(ctx, new.every_months, new.due_on)
    there = select(RecurringCheck.id).where(
        RecurringCheck.unit_id == unit.id, RecurringCheck.kind == new.kind
    )
    if ctx.db.scalar(there) is not None:
        raise CheckThere
    check_id = ctx.new_id()
    ctx.db.add(
        RecurringCheck(
            id=check_id,
            municipality_id=unit.municipality_id,
            unit_id=unit.id,
            kind=new.kind,
            every_months=new.every_months,
            due_on=new.due_on,
        )
    )
    ctx.db.flush()
    _note(ctx, unit, "check_added", check_id)
    return check_id


def change_check(ctx: Context, check_id: UUID, every_months: int, due_on: date) -> None:
    check, unit = check_for(ctx, check_id)
    _check_rhythm(ctx, every_months, due_on)
    check.every_months, check.due_on = every_months, due_on
    ctx.db.flush()
    _note(ctx, unit, "check_changed", check.id)


def check_done(ctx: Context, check_id: UUID, on_day: date) -> None:
    """It comes back so many months after the day it was done, whenever it had been due: DayToCome,
    DayTooLongAgo, DayTooEarly for a day before the last time."""
    check, unit = check_for(ctx, check_id)
    check_past(ctx, on_day, check.last_done_on)
    check.last_done_on = on_day
    check.due_on = months_after(on_day, check.every_months)
    ctx.db.flush()
    _note(ctx, unit, "check_done", check.id)


def drop_check(ctx: Context, check_id: UUID) -> None:
    """What it watched over is not there any more."""
    check, unit = check_for(ctx, check_id)
    ctx.db.delete(check)
    ctx.db.flush()
    _note(ctx, unit, "check_dropped", check_id)


def _check_rhythm(ctx: Context, every_months: int, due_on: date) -> None:
    if not 1 <= every_months <= MOST_MONTHS:
        raise MonthsWrong(most=MOST_MONTHS)
    if abs(due_on - rome_day(ctx.now())) > FARTHEST:
        raise DueTooFar


def _note(ctx: Context, unit: Unit, what: str, check_id: UUID) -> None:
    note(ctx, unit, what, check=check_id)
