"""Dwellings as their pages show them. Safe houses are in none of it for who is not on their team, and
in the table to take away for nobody."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from civic.housing.models import Bed, HousingGrant, Unit
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.placing_models import Resident
from civic.housing.queries.gate import is_visible, member_of
from civic.housing.queries.stock_gate import require_city
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.stock import UnitKind, Who
from civic.kernel.context import Context

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to."""

    kind: UnitKind | None = None
    quarter: str = ""
    closed_too: bool = False


@dataclass(frozen=True)
class UnitRow:
    id: UUID
    name: str
    kind: UnitKind
    quarter: str
    takes: tuple[Who, ...]
    is_step_free: bool
    is_safe_house: bool
    grant_code: str
    turnaround_nights: int
    night_cost_cents: int
    closed_on: date | None
    rooms: int
    beds: int
    """That are there tonight."""
    free: int
    """Of them, those in which nobody sleeps tonight and that nothing else occupies."""


def units(
    ctx: Context, municipality_id: UUID, wanted: Wanted, today: date, page: int = 1
) -> list[UnitRow]:
    """By name; one more than a page holds tells that there are others."""
    statement = _narrowed(ctx, municipality_id, wanted, today)
    return _rows(ctx, statement.limit(PAGE + 1).offset(PAGE * (page - 1)), today)


def stock_table(ctx: Context, municipality_id: UUID, today: date) -> list[UnitRow]:
    """All that may travel: no safe house is in it, not even one's own."""
    wanted = Wanted(closed_too=True)
    statement = _narrowed(ctx, municipality_id, wanted, today).where(Unit.is_safe_house.is_(False))
    return _rows(ctx, statement, today)


def quarters(ctx: Context, municipality_id: UUID) -> list[str]:
    """Where there is a dwelling that whoever asks may see."""
    require_city(ctx, municipality_id)
    return list(
        ctx.db.scalars(
            select(Unit.quarter)
            .where(Unit.municipality_id == municipality_id, is_visible(ctx))
            .distinct()
            .order_by(Unit.quarter)
        )
    )


def _narrowed(
    ctx: Context, municipality_id: UUID, wanted: Wanted, today: date
) -> Select[Unit, str]:
    require_city(ctx, municipality_id)
    statement = (
        select(Unit, func.coalesce(HousingGrant.code, ""))
        .outerjoin(HousingGrant, HousingGrant.id == Unit.grant_id)
        .where(Unit.municipality_id == municipality_id, is_visible(ctx))
        .order_by(Unit.name, Unit.id)
    )
    if wanted.kind is not None:
        statement = statement.where(Unit.kind == wanted.kind)
    if wanted.quarter:
        statement = statement.where(Unit.quarter == wanted.quarter)
    if not wanted.closed_too:
        statement = statement.where(or_(Unit.closed_on.is_(None), Unit.closed_on > today))
    return statement


def _rows(ctx: Context, statement: Select[Unit, str], today: date) -> list[UnitRow]:
    found = ctx.db.execute(statement).all()
    ids = [unit.id for unit, _code in found]
    beds = _count(ctx, select(Bed.unit_id, func.count()).where(is_there(today)), ids)
    taken = _count(
        ctx,
        select(Bed.unit_id, func.count())
        .join(BedNight, BedNight.bed_id == Bed.id)
        .where(BedNight.night == today, is_there(today)),
        ids,
    )
    rooms = _count(
        ctx, select(Bed.unit_id, func.count(Bed.room_id.distinct())).where(is_there(today)), ids
    )
    return [
        UnitRow(
            unit.id,
            unit.name,
            unit.kind,
            unit.quarter,
            tuple(Who(each) for each in unit.takes),
            unit.is_step_free,
            unit.is_safe_house,
            code,
            unit.turnaround_nights,
            unit.night_cost_cents,
            unit.closed_on,
            rooms.get(unit.id, 0),
            beds.get(unit.id, 0),
            beds.get(unit.id, 0) - taken.get(unit.id, 0),
        )
        for unit, code in found
    ]


def is_there(day: date) -> ColumnElement[bool]:
    """Of beds, in the night of that day."""
    return (Bed.from_night <= day) & or_(Bed.until_night.is_(None), Bed.until_night > day)


def _count(
    ctx: Context, statement: Select[UUID, int], unit_ids: Collection[UUID]
) -> dict[UUID, int]:
    rows = ctx.db.execute(statement.where(Bed.unit_id.in_(unit_ids)).group_by(Bed.unit_id))
    return {unit_id: count for unit_id, count in rows}  # noqa: C416 - a row is no pair to mypy


def tenants(ctx: Context, unit_id: UUID) -> list[tuple[UUID, str]]:
    """Who lives or has lived there, by name: whose lease it may be. Its gate was asked before."""
    rows = ctx.db.scalars(select(Resident).where(Resident.id.in_(_lived_in(unit_id))))
    found = [(row.id, member_of(ctx, row).name) for row in rows]
    return sorted(found, key=lambda pair: (pair[1].casefold(), pair[0]))


def has_lived_there(ctx: Context, unit_id: UUID, resident_id: UUID) -> bool:
    """Or is to live there."""
    own = _lived_in(unit_id).where(BedSpan.resident_id == resident_id).limit(1)
    return ctx.db.scalar(own) is not None


def _lived_in(unit_id: UUID) -> Select[UUID | None]:
    return (
        select(BedSpan.resident_id)
        .join(Bed, Bed.id == BedSpan.bed_id)
        .where(Bed.unit_id == unit_id, BedSpan.use.in_(SLEPT))
        .where(BedSpan.until_night > BedSpan.first_night)
    )
