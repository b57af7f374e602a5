"""Sums of nights and of money; one statement each, however many beds."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, or_, select

from civic.housing.models import Bed, Lease, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.queries.counted import Asked, Column, Counted, of_units
from civic.housing.rules.figures import Bundle, Period, rent_in
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.stock import Direction
from civic.housing.works_models import Work
from civic.kernel.context import Context
from civic.kernel.db.days import day_number, earlier, later, month_name
from civic.kernel.db.fulltext import is_on_postgresql


def count_nights(ctx: Context, asked: Asked, counted: Counted) -> None:
    """Nights offered, used and lost, and what the beds cost by night; two statements."""
    months = list(counted.months)
    for row in ctx.db.execute(_offered(ctx, asked)):
        figures = counted.of(row)
        figures.costs.running += int(row.running)
        for month, nights in _bundle(row).nights(months):
            figures.nights.offered += nights
            counted.months[month].offered += nights
    for row in ctx.db.execute(_occupied(ctx, asked)):
        figures = counted.of(row)
        for month, nights in _bundle(row).nights(months):
            figures.nights.add(row.use, row.reason, nights)
            counted.months[month].add(row.use, row.reason, nights)


def _bundle(row: Row[*tuple[Any, ...]]) -> Bundle:
    return Bundle(
        row.first_month, row.until_month, row.spans, int(row.first_sum), int(row.until_sum)
    )


def _offered(ctx: Context, asked: Asked) -> Select[*tuple[Any, ...]]:
    period = asked.period
    ends = func.coalesce(Bed.until_night, period.until)
    inner = of_units(
        select(*_parts(ctx, period, Bed.from_night, ends), *asked.slice, Unit.night_cost_cents)
        .join_from(Bed, Unit, Unit.id == Bed.unit_id)
        .where(Bed.from_night < period.until)
        .where(or_(Bed.until_night.is_(None), Bed.until_night > period.first)),
        asked,
    ).subquery("offered")
    running = func.sum(inner.c.night_cost_cents * (inner.c.until - inner.c.first)).label("running")
    return _bundled(inner, asked.parts, running)


def _occupied(ctx: Context, asked: Asked) -> Select[*tuple[Any, ...]]:
    period = asked.period
    parts = _parts(ctx, period, BedSpan.first_night, BedSpan.until_night)
    inner = of_units(
        select(*parts, BedSpan.use, *asked.slice, BedSpan.reason)
        .join_from(BedSpan, Bed, Bed.id == BedSpan.bed_id)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(*of_period(period)),
        asked,
    ).subquery("occupied")
    return _bundled(inner, ("use", *asked.parts, "reason"))


def _parts(ctx: Context, period: Period, starts: Column, ends: Column) -> tuple[Column, ...]:
    """Of something that lasts some nights, those within the period: in which months the first one
    and the end lie, and their numbers."""
    pg = is_on_postgresql(ctx.db)
    first = later(starts, period.first, on_postgresql=pg)
    until = earlier(ends, period.until, on_postgresql=pg)
    return (
        month_name(first, on_postgresql=pg).label("first_month"),
        month_name(until, on_postgresql=pg).label("until_month"),
        day_number(first, on_postgresql=pg).label("first"),
        day_number(until, on_postgresql=pg).label("until"),
    )


def _bundled(
    inner: Subquery, names: tuple[str, ...], *more: ColumnElement[int]
) -> Select[*tuple[Any, ...]]:
    kept = [inner.c[name] for name in ("first_month", "until_month", *names)]
    return select(
        *kept,
        func.count().label("spans"),
        func.sum(inner.c.first).label("first_sum"),
        func.sum(inner.c.until).label("until_sum"),
        *more,
    ).group_by(*kept)


def of_period(period: Period) -> tuple[ColumnElement[bool], ...]:
    """Spans with at least one night in it; one that was cancelled has none."""
    return (
        BedSpan.first_night < period.until,
        BedSpan.until_night > period.first,
        BedSpan.until_night > BedSpan.first_night,
    )


def count_costs(ctx: Context, asked: Asked, counted: Counted) -> None:
    """Rent to owners, by days, and works that were finished in the period; two statements."""
    period, months = asked.period, list(counted.months)
    leases = of_units(
        select(*asked.slice, Lease.rent_cents, Lease.starts_on, Lease.ends_on)
        .join_from(Lease, Unit, Unit.id == Lease.unit_id)
        .where(Lease.direction == Direction.IN, Lease.starts_on < period.until)
        .where(or_(Lease.ends_on.is_(None), Lease.ends_on >= period.first)),
        asked,
    )
    for row in ctx.db.execute(leases):
        parts = rent_in(row.rent_cents, row.starts_on, row.ends_on, months)
        counted.of(row).costs.rent += sum(cents for _month, cents in parts)
    works = of_units(
        select(*asked.slice, func.sum(Work.approved_cents).label("cents"))
        .join_from(Work, Unit, Unit.id == Work.unit_id)
        .where(Work.done_on >= period.first, Work.done_on < period.until)
        .group_by(*asked.slice),
        asked,
    )
    for done in ctx.db.execute(works):
        counted.of(done).costs.works += int(done.cents)


def people_in(ctx: Context, asked: Asked, safe_beds: Collection[UUID]) -> Mapping[UUID, int]:
    """How many people slept in a dwelling of each city in the period; whoever moved counts once."""
    city = BedSpan.municipality_id
    statement = (
        select(city, func.count(BedSpan.resident_id.distinct()).label("people"))
        .where(BedSpan.use.in_(SLEPT), *of_period(asked.period))
        .group_by(city)
    )
    if safe_beds:
        statement = statement.where(BedSpan.bed_id.not_in(safe_beds))
    if asked.municipality_id is not None:
        statement = statement.where(city == asked.municipality_id)
    if asked.is_narrowed:
        joined = statement.join(Bed, Bed.id == BedSpan.bed_id).join(Unit, Unit.id == Bed.unit_id)
        statement = of_units(joined, asked)
    return {row.municipality_id: row.people for row in ctx.db.execute(statement)}
