"""What is counted of nights, stays and money, decided from values alone.

A period holds its first day and not the day it ends on: 2025 goes from 1 January 2025 until
1 January 2026. Of each night in it, for each bed:

    offered   the bed was there (`Bed.from_night` until `until_night`)
    used      somebody had the bed: a stay, or staying on after the planned end
    lost      works, a closure for a reason, or being made ready for the next one
    free      offered - used - lost

    excluded  the nights among the lost ones in which nobody could have slept: works and closures.
              Being made ready belongs to the running of a house and is not excluded.

The use rate is shown from both sides, since either alone can hide something: `used / offered` falls
when a flat is being painted, `used / (offered - excluded)` rises when half of the beds are closed.

A stay that was cancelled has no nights. Stays count where they are now, or were last: a stay that
moved counts once, in the dwelling it moved to, while its nights count where they were slept.
"""

import calendar
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from statistics import median
from typing import TypeVar
from uuid import UUID

from civic.housing.rules.nights import SLEPT, Use, VoidReason
from civic.housing.rules.placing import AUTONOMY, Outcome
from civic.housing.rules.stock import UnitKind

ONE_DIGIT = Decimal("0.1")
EXCLUDED = (Use.WORKS, Use.VOID)
MOST_YEARS = 10
"""Of a period: longer ones are a slip of the pen."""

Loss = tuple[Use, VoidReason | None]
LOSSES: tuple[Loss, ...] = (
    (Use.WORKS, None),
    *((Use.VOID, reason) for reason in VoidReason),
    (Use.TURNAROUND, None),
)
"""Every way in which a night is lost, in the order in which pages name them."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Month:
    """The part of a calendar month that lies in a period."""

    first: date
    until: date

    @cached_property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    @cached_property
    def whole(self) -> int:
        """Days of the whole month."""
        return calendar.monthrange(self.first.year, self.first.month)[1]

    def __len__(self) -> int:
        return (self.until - self.first).days


@dataclass(frozen=True)
class Period:
    first: date
    until: date
    """The day after the last one."""

    def __len__(self) -> int:
        return max(0, (self.until - self.first).days)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    def before(self, today: date) -> "Period":
        """As far as it has been: tonight and what is planned is not counted yet."""
        return Period(self.first, max(self.first, min(self.until, today)))

    def months(self) -> Iterator[Month]:
        first = self.first
        while first < self.until:
            until = min(_next_month(first), self.until)
            yield Month(first, until)
            first = until


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Bundle:
    """Spans of nights within a period that begin in one month and end in another, summed together:
    a hundred thousand spans become a few hundred bundles, and no night is lost on the way."""

    first_month: str
    until_month: str
    spans: int
    first_sum: int
    """Of the numbers (`date.toordinal`) of their first nights."""
    until_sum: int
    """The same of the mornings after their last ones."""

    def nights(self, months: Sequence[Month]) -> Iterator[tuple[Month, int]]:
        """How many nights they have in each month of the period; months without any are left out."""
        place = bisect_left(months, self.first_month, key=_name)
        begins = self.first_sum
        for month in months[place:]:
            is_last = month.name == self.until_month
            ends = self.until_sum if is_last else self.spans * month.until.toordinal()
            if ends > begins:
                yield month, ends - begins
            if is_last:
                return
            begins = ends


def _name(month: Month) -> str:
    return month.name


@dataclass
class NightFigures:
    """Sums of nights; grows while it is counted."""

    offered: int = 0
    by_use: Counter[Use] = field(default_factory=Counter)
    by_loss: Counter[Loss] = field(default_factory=Counter)

    def add(self, use: Use, reason: VoidReason | None, nights: int) -> None:
        if use in SLEPT:
            self.by_use[use] += nights
        else:
            self.by_loss[use, reason] += nights

    def take(self, other: "NightFigures") -> None:
        self.offered += other.offered
        self.by_use.update(other.by_use)
        self.by_loss.update(other.by_loss)

    @property
    def used(self) -> int:
        return self.by_use.total()

    @property
    def lost(self) -> int:
        return self.by_loss.total()

    @property
    def free(self) -> int:
        return self.offered - self.used - self.lost

    @property
    def excluded(self) -> int:
        return sum(nights for (use, _), nights in self.by_loss.items() if use in EXCLUDED)

    @property
    def usable(self) -> int:
        return self.offered - self.excluded

    @property
    def rate_of_offered(self) -> Decimal | None:
        """In percent; None where nothing was offered."""
        return percent(self.used, self.offered)

    @property
    def rate_of_usable(self) -> Decimal | None:
        return percent(self.used, self.usable)


def percent(part: int, whole: int) -> Decimal | None:
    """With one digit; None of nothing."""
    return _rounded(Decimal(part * 100) / whole) if whole else None


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(ONE_DIGIT, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Days:
    """How long something took, for so many."""

    count: int
    median: Decimal
    mean: Decimal


def days_of(counted: Mapping[int, int]) -> Days | None:
    """Of how many times each number of days was counted; None where nothing was."""
    days = sorted(Counter(counted).elements())
    if not days:
        return None
    mean = Decimal(sum(days)) / len(days)
    return Days(len(days), _rounded(Decimal(str(median(days)))), _rounded(mean))


@dataclass
class Costs:
    """Euro cents of a period: what running the beds cost by night, rent to owners, works done."""

    running: int = 0
    rent: int = 0
    works: int = 0

    @property
    def total(self) -> int:
        return self.running + self.rent + self.works

    def take(self, other: "Costs") -> None:
        self.running += other.running
        self.rent += other.rent
        self.works += other.works


def rent_in(
    rent_cents: int, starts_on: date, ends_on: date | None, months: Iterable[Month]
) -> Iterator[tuple[Month, int]]:
    """Of a rent by the month, what falls on each month: whole for a whole month, by its days else,
    half a cent up. The last day of a lease (`ends_on`) is paid."""
    for month in months:
        first = max(month.first, starts_on)
        until = month.until if ends_on is None else min(month.until, ends_on + timedelta(days=1))
        days = (until - first).days
        if days > 0:
            yield month, (2 * rent_cents * days + month.whole) // (2 * month.whole)


def per_night(cents: int, nights: int) -> int | None:
    """Cents for each night, half a cent up; None where there was no night."""
    return (2 * cents + nights) // (2 * nights) if nights else None


@dataclass(frozen=True)
class FollowUps:
    """Of stays that ended so many months before."""

    due: int
    found: Counter[Outcome]

    @property
    def asked(self) -> int:
        return self.found.total()


@dataclass
class Arrears:
    """What tenants have not paid, more than five days after it was due."""

    cents: int = 0
    supports: int = 0


@dataclass(frozen=True)
class Slice:
    """Of whose dwellings: as finely as anything is counted."""

    municipality_id: UUID | None = None
    """None in the figures of one city."""
    kind: UnitKind | None = None
    """None for a flat outside the stock, of which only arrears are counted."""
    grant_id: UUID | None = None


@dataclass
class Figures:
    """Everything that is counted of some dwellings in a period."""

    nights: NightFigures = field(default_factory=NightFigures)
    costs: Costs = field(default_factory=Costs)
    lengths: Counter[int] = field(default_factory=Counter)
    """How many stays that ended in the period lasted how many days."""
    waits: Counter[int] = field(default_factory=Counter)
    """How many requests whose first stay began in the period had waited how many days."""
    exits: Counter[Outcome] = field(default_factory=Counter)
    arrears: Arrears = field(default_factory=Arrears)

    def take(self, other: "Figures") -> None:
        self.nights.take(other.nights)
        self.costs.take(other.costs)
        self.lengths.update(other.lengths)
        self.waits.update(other.waits)
        self.exits.update(other.exits)
        self.arrears.cents += other.arrears.cents
        self.arrears.supports += other.arrears.supports

    @property
    def cost_per_night(self) -> int | None:
        """Cents of everything that is in `costs`, divided by the nights used."""
        return per_night(self.costs.total, self.nights.used)

    @property
    def length_of_stay(self) -> Days | None:
        return days_of(self.lengths)

    @property
    def waiting(self) -> Days | None:
        return days_of(self.waits)

    @property
    def ended(self) -> int:
        return self.exits.total()

    @property
    def to_autonomy(self) -> int:
        return sum(self.exits[outcome] for outcome in AUTONOMY)


def together(figures: Iterable[Figures]) -> Figures:
    whole = Figures()
    for each in figures:
        whole.take(each)
    return whole


def by(counted: Mapping[Slice, Figures], key: Callable[[Slice], Key]) -> dict[Key, Figures]:
    """The same figures summed by kind, grant or municipality."""
    found: dict[Key, Figures] = {}
    for part, figures in counted.items():
        found.setdefault(key(part), Figures()).take(figures)
    return found
