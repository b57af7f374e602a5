"""The report of a city's dwellings, and the same of all cities in counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.models import Bed, HousingGrant, Room, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.policy import READ_FIGURES, READ_NETWORK_FIGURES
from civic.housing.queries.counted import Asked, Counted, beds_of_safe_houses, of_units
from civic.housing.queries.counted_arrears import count_arrears
from civic.housing.queries.counted_nights import (
    count_costs,
    count_nights,
    of_period,
    people_in,
)
from civic.housing.queries.counted_stays import count_stays, follow_ups
from civic.housing.rules.figures import (
    EXCLUDED,
    Figures,
    FollowUps,
    Loss,
    Month,
    NightFigures,
    Period,
    by,
    together,
)
from civic.housing.rules.stock import UnitKind
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Place

EXCLUDED_SHOWN = 50
"""On a page; the whole list is in the file."""


@dataclass(frozen=True)
class Grant:
    id: UUID
    code: str
    name: str


@dataclass(frozen=True)
class Report:
    period: Period
    total: Figures
    people: int
    """Who slept in one of the dwellings; whoever moved counts once."""
    months: dict[Month, NightFigures]
    by_kind: dict[UnitKind | None, Figures]
    """None: flats outside the stock, of which only arrears are counted."""
    by_grant: tuple[tuple[Grant | None, Figures], ...]
    """Dwellings that no grant pays for come last."""
    follow_ups: dict[int, FollowUps]
    """By months after the end of a stay."""


@dataclass(frozen=True)
class ExcludedNights:
    """A bed that nobody could have slept in for some nights of the period."""

    unit: str
    bed: str
    """Room and bed as colleagues call them."""
    first: date
    until: date
    loss: Loss

    @property
    def nights(self) -> int:
        return (self.until - self.first).days

    @property
    def last(self) -> date:
        return date.fromordinal(self.until.toordinal() - 1)


@dataclass(frozen=True)
class CityFigures:
    municipality_id: UUID
    figures: Figures
    people: int


def grants_of(ctx: Context, municipality_id: UUID) -> list[Grant]:
    READ_FIGURES.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.execute(
        select(HousingGrant.id, HousingGrant.code, HousingGrant.name)
        .where(HousingGrant.municipality_id == municipality_id)
        .order_by(HousingGrant.code)
    )
    return [Grant(row.id, row.code, row.name) for row in rows]


def report(ctx: Context, asked: Asked, municipality_id: UUID) -> Report:
    """Of one city; as many statements for five thousand beds as for one. Refuses NotFound."""
    grants = {grant.id: grant for grant in grants_of(ctx, municipality_id)}
    asked = _in_city(asked, municipality_id)
    safe_beds = beds_of_safe_houses(ctx)
    counted = _count(ctx, asked, safe_beds)
    by_grant = by(counted.slices, lambda part: part.grant_id)
    none = [(None, by_grant[None])] if None in by_grant else []
    return Report(
        asked.period,
        together(counted.slices.values()),
        people_in(ctx, asked, safe_beds).get(municipality_id, 0),
        counted.months,
        by(counted.slices, lambda part: part.kind),
        (*((grant, by_grant[key]) for key, grant in grants.items() if key in by_grant), *none),
        follow_ups(ctx, asked, safe_beds),
    )


def excluded_nights(
    ctx: Context, asked: Asked, municipality_id: UUID, most: int | None = None
) -> list[ExcludedNights]:
    """Works and closures within the period, by dwelling, bed and day."""
    READ_FIGURES.require(ctx.actor, Place(municipality_id=municipality_id))
    period = asked.period
    rows = ctx.db.execute(
        of_units(
            select(
                Unit.name.label("unit"),
                Room.name.label("room"),
                Bed.name.label("bed"),
                BedSpan.first_night,
                BedSpan.until_night,
                BedSpan.use,
                BedSpan.reason,
            )
            .select_from(BedSpan)
            .join(Bed, Bed.id == BedSpan.bed_id)
            .join(Room, Room.id == Bed.room_id)
            .join(Unit, Unit.id == Bed.unit_id)
            .where(BedSpan.use.in_(EXCLUDED), *of_period(period))
            .order_by(Unit.name, Room.name, Bed.name, BedSpan.first_night)
            .limit(most),
            _in_city(asked, municipality_id),
        )
    )
    return [
        ExcludedNights(
            row.unit,
            f"{row.room} · {row.bed}",
            max(row.first_night, period.first),
            min(row.until_night, period.until),
            (row.use, row.reason),
        )
        for row in rows
    ]


def first_year(ctx: Context, municipality_id: UUID) -> int | None:
    """In which the first bed was offered; None where there is none yet."""
    READ_FIGURES.require(ctx.actor, Place(municipality_id=municipality_id))
    asked = Asked(Period(date.min, date.max), municipality_id)
    statement = select(func.min(Bed.from_night)).join_from(Bed, Unit, Unit.id == Bed.unit_id)
    first = ctx.db.scalar(of_units(statement, asked))
    return first.year if first else None


def figures_by_city(ctx: Context, asked: Asked) -> list[CityFigures]:
    """Of every city with dwellings, for the coordination of the network: sums and never a dwelling.
    Whoever shows them keeps small counts of people back."""
    READ_NETWORK_FIGURES.require(ctx.actor)
    with unscoped(ctx.db, "the coordinator's figures of housing over all cities"):
        safe_beds = beds_of_safe_houses(ctx)
        counted = _count(ctx, asked, safe_beds)
        people = people_in(ctx, asked, safe_beds)
    return [
        CityFigures(city, figures, people.get(city, 0))
        for part, figures in counted.slices.items()
        if (city := part.municipality_id) is not None
    ]


def _in_city(asked: Asked, municipality_id: UUID) -> Asked:
    return Asked(asked.period, municipality_id, asked.kinds, asked.grants)


def _count(ctx: Context, asked: Asked, safe_beds: Collection[UUID]) -> Counted:
    counted = Counted(asked)
    count_nights(ctx, asked, counted)
    count_costs(ctx, asked, counted)
    count_stays(ctx, asked, counted, safe_beds)
    count_arrears(ctx, asked, counted, safe_beds)
    return counted
