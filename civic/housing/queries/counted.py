"""What figures are counted of, and how.

Safe houses are in none of them. A city's only co-housing might be one, and a count would show it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from civic.housing.models import Bed, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.rules.figures import Figures, Month, NightFigures, Period, Slice
from civic.housing.rules.stock import UnitKind
from civic.kernel.context import Context

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])
Column = ColumnElement[Any] | InstrumentedAttribute[Any]

PARTS_OF_CITY = ("kind", "grant_id")
PARTS_OF_NETWORK = ("municipality_id",)


@dataclass(frozen=True)
class Asked:
    """What is to be counted. No kind and no grant named: all of them; no city: the whole network,
    by its cities."""

    period: Period
    municipality_id: UUID | None = None
    kinds: tuple[UnitKind, ...] = ()
    grants: tuple[UUID, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Columns of a dwelling that are counted apart. As few as are shown: the texts of each one
        more are sorted with a hundred thousand rows."""
        return PARTS_OF_NETWORK if self.municipality_id is None else PARTS_OF_CITY

    @property
    def is_narrowed(self) -> bool:
        """Whether it takes a look at the dwelling to know if something is counted."""
        return bool(self.kinds or self.grants)

    @property
    def slice(self) -> tuple[Column, ...]:
        return tuple(getattr(Unit, name) for name in self.parts)


@dataclass
class Counted:
    """What one report gathers, as finely as it is counted."""

    asked: Asked
    slices: dict[Slice, Figures] = field(default_factory=dict)
    months: dict[Month, NightFigures] = field(init=False)
    _by_values: dict[tuple[Any, ...], Figures] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.months = {month: NightFigures() for month in self.asked.period.months()}

    def of(self, row: Row[*tuple[Any, ...]]) -> Figures:
        """Where a row is counted: what was summed of its slice so far."""
        values = tuple(getattr(row, name) for name in self.asked.parts)
        found = self._by_values.get(values)
        if found is None:
            found = self._by_values[values] = Figures()
            self.slices[Slice(**dict(zip(self.asked.parts, values, strict=True)))] = found
        return found


def of_units(statement: Statement, asked: Asked) -> Statement:
    """Held to the dwellings that are asked for, and to those that may be counted at all."""
    statement = statement.where(Unit.is_safe_house.is_(False))
    if asked.municipality_id is not None:
        statement = statement.where(Unit.municipality_id == asked.municipality_id)
    if asked.kinds:
        statement = statement.where(Unit.kind.in_(asked.kinds))
    if asked.grants:
        statement = statement.where(Unit.grant_id.in_(asked.grants))
    return statement


def beds_of_safe_houses(ctx: Context) -> list[UUID]:
    """Asked for before what is counted: a list of a few beds is found by the index of beds."""
    beds = select(Bed.id).join(Unit, Unit.id == Bed.unit_id).where(Unit.is_safe_house)
    return list(ctx.db.scalars(beds))


def not_hidden(stay: Column, safe_beds: Collection[UUID]) -> ColumnElement[bool]:
    """Stays without a single night in a safe house."""
    if not safe_beds:
        return true()
    hidden = select(BedSpan.placement_id).where(
        BedSpan.bed_id.in_(safe_beds), BedSpan.placement_id.is_not(None)
    )
    return stay.not_in(hidden)


def grouped(inner: Subquery) -> Select[*tuple[Any, ...]]:
    """How many rows are alike in all columns."""
    return select(*inner.c, func.count().label("number")).group_by(*inner.c)
