"""A year of beds in two statements: what is there, and what occupies it. Nobody's name is asked for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from civic.housing.models import Bed, Room, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.queries.gate import is_visible, unit_for
from civic.housing.queries.stock_gate import require_city
from civic.housing.rules.nights import Nights, Use, VoidReason
from civic.housing.rules.year import BedYear, Span, UnitYear
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


def year_of(ctx: Context, city_id: UUID, year: Nights) -> list[UnitYear]:
    """Dwellings with a bed that is there in one of these nights, by name."""
    require_city(ctx, city_id)
    return _years(ctx, (Unit.municipality_id == city_id, is_visible(ctx)), year)


def year_of_unit(ctx: Context, unit_id: UUID, year: Nights) -> UnitYear:
    unit = unit_for(ctx, unit_id)
    found = _years(ctx, (Unit.id == unit.id,), year)
    return found[0] if found else UnitYear(unit.id, unit.name, ())


@dataclass(frozen=True)
class Closure:
    id: UUID
    bed_id: UUID
    first: date
    until: date
    reason: VoidReason | None


def open_closures(ctx: Context, unit_id: UUID) -> list[Closure]:
    """Of a dwelling whose gate was asked before: those that go on or are to come."""
    rows = ctx.db.scalars(
        select(BedSpan)
        .join(Bed, Bed.id == BedSpan.bed_id)
        .where(Bed.unit_id == unit_id, BedSpan.use == Use.VOID)
        .where(BedSpan.until_night > rome_day(ctx.now()))
        .where(BedSpan.until_night > BedSpan.first_night)
        .order_by(BedSpan.first_night, BedSpan.id)
    )
    return [
        Closure(row.id, row.bed_id, row.first_night, row.until_night, row.reason) for row in rows
    ]


def _years(ctx: Context, which: tuple[ColumnElement[bool], ...], year: Nights) -> list[UnitYear]:
    there = (
        Bed.from_night < year.until,
        Bed.until_night.is_(None) | (Bed.until_night > year.first),
    )
    beds = ctx.db.execute(
        select(Unit.id, Unit.name, Bed.id, Room.name, Bed.name, Bed.from_night, Bed.until_night)
        .join(Bed, Bed.unit_id == Unit.id)
        .join(Room, Room.id == Bed.room_id)
        .where(*which, *there)
        .order_by(Unit.name, Unit.id, Room.name, Bed.name, Bed.id)
    ).all()
    spans = ctx.db.execute(
        select(
            BedSpan.bed_id,
            BedSpan.first_night,
            BedSpan.until_night,
            BedSpan.use,
        )
        .join(Bed, Bed.id == BedSpan.bed_id)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(*which)
        .where(BedSpan.until_night > year.first, BedSpan.first_night < year.until)
        .where(BedSpan.until_night > BedSpan.first_night)
        .order_by(BedSpan.first_night)
    )
    by_bed: dict[UUID, list[Span]] = {row[2]: [] for row in beds}
    for bed_id, first, until, use in spans:
        if bed_id in by_bed:
            by_bed[bed_id].append(Span(first, until, use))
    units: dict[UUID, tuple[str, list[BedYear]]] = {}
    for unit_id, unit_name, bed_id, room, bed, from_night, until_night in beds:
        _name, of_unit = units.setdefault(unit_id, (unit_name, []))
        of_unit.append(BedYear(bed_id, f"{room} · {bed}", from_night, until_night, by_bed[bed_id]))
    return [UnitYear(unit_id, name, of_unit) for unit_id, (name, of_unit) in units.items()]
