"""Dwellings of all cities for the coordination of the network: counts alone, small ones of people kept
back, never a dwelling."""

from dataclasses import dataclass

from sqlalchemy import select

from civic.housing.queries.counted import Asked
from civic.housing.queries.figures import figures_by_city
from civic.housing.rules.figures import Days, Figures, NightFigures, Period
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.reporting.rules import shown
from civic.tenancy.models import Municipality


@dataclass(frozen=True)
class CityDwellings:
    """Of one city. What is None of people, stays and supports is kept back: fewer than five."""

    name: str
    nights: NightFigures
    cost_per_night: int | None
    people: int | None
    ended: int | None
    to_autonomy: int | None
    length_of_stay: Days | None
    waiting: Days | None
    arrears_cents: int | None


def network_dwellings(ctx: Context, period: Period) -> list[CityDwellings]:
    """Cities with dwellings, by name; nights until last night. Refuses NotFound."""
    asked = Asked(period.before(rome_day(ctx.now())))
    found = {each.municipality_id: each for each in figures_by_city(ctx, asked)}
    names = ctx.db.execute(select(Municipality.id, Municipality.name).order_by(Municipality.name))
    return [
        _kept_back(row.name, each.figures, each.people)
        for row in names
        if (each := found.get(row.id)) is not None
    ]


def _kept_back(name: str, figures: Figures, people: int) -> CityDwellings:
    return CityDwellings(
        name,
        figures.nights,
        figures.cost_per_night,
        shown(people),
        shown(figures.ended),
        shown(figures.to_autonomy),
        _of_enough(figures.length_of_stay),
        _of_enough(figures.waiting),
        None if shown(figures.arrears.supports) is None else figures.arrears.cents,
    )


def _of_enough(days: Days | None) -> Days | None:
    """How long a handful of people stayed could point at one of them."""
    return days if days and shown(days.count) else None
