"""Rent support: what is paid for, in which instalments, by whom, and up to which ceiling.

Money is in whole cents and shares in thousandths, so nothing is lost on the way.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from civic.housing.rules.money import MOST_CENTS
from civic.housing.support_errors import (
    AmountNegative,
    AmountTooLarge,
    CurveFalls,
    CurveOfOtherLength,
    FirstDueOutOfRange,
    MonthsOutOfRange,
    PartsOutOfRange,
    ShareOutOfRange,
)
from civic.kernel.i18n import N_

MOST_MONTHS = 120
MOST_PARTS = 60
FIRST_YEAR, LAST_YEAR = 2000, 2100
WHOLE = 1000
"""All of a month, in thousandths."""
AFFORDABLE_PERCENT = 30


class SupportKind(StrEnum):
    DEPOSIT = "deposit"
    FIRST_MONTHS = "first_months"
    GUARANTEE_FUND = "guarantee_fund"
    FURNITURE = "furniture"
    UTILITIES = "utilities"
    RENT = "rent"
    """A co-payment that passes to the tenant month by month."""


class CeilingOn(StrEnum):
    PERSON = "person"
    UNIT = "unit"
    GRANT = "grant"


SUPPORT_NAMES = {
    SupportKind.DEPOSIT: N_("deposit"),
    SupportKind.FIRST_MONTHS: N_("first months of rent"),
    SupportKind.GUARANTEE_FUND: N_("guarantee fund"),
    SupportKind.FURNITURE: N_("furniture"),
    SupportKind.UTILITIES: N_("electricity, gas and water"),
    SupportKind.RENT: N_("part of the rent"),
}
CEILING_NAMES = {
    CeilingOn.PERSON: N_("for one person"),
    CeilingOn.UNIT: N_("for one flat"),
    CeilingOn.GRANT: N_("from one grant"),
}


@dataclass(frozen=True)
class Instalment:
    """What is due on a day: the municipality's part and the tenant's co-payment."""

    number: int
    """From 1, in the order of the days."""
    due_on: date
    support_cents: int
    tenant_cents: int

    @property
    def total_cents(self) -> int:
        return self.support_cents + self.tenant_cents


@dataclass(frozen=True)
class Curve:
    """The tenant's share of each month in thousandths, as agreed with them.

    In a straight line from the first month to the last; or, where `by_month` is given, exactly as
    it says, a share for each month.
    """

    first: int = 0
    last: int = 0
    by_month: tuple[int, ...] = ()


ALL_SUPPORT = Curve()
"""The municipality pays the whole."""


def shares(curve: Curve, months: int) -> tuple[int, ...]:
    """The tenant's share of each month, never smaller than the month before.

    A single month on a straight line takes the first share. MonthsOutOfRange, ShareOutOfRange,
    CurveFalls, CurveOfOtherLength.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise MonthsOutOfRange(most=MOST_MONTHS)
    if curve.by_month and len(curve.by_month) != months:
        raise CurveOfOtherLength(shares=len(curve.by_month), months=months)
    given = curve.by_month or (curve.first, curve.last)
    if not all(0 <= share <= WHOLE for share in given):
        raise ShareOutOfRange
    for month, (before, share) in enumerate(pairwise(given), start=2):
        if share < before:
            raise CurveFalls(month=month if curve.by_month else max(months, 2))
    if curve.by_month:
        return curve.by_month
    steps = max(months - 1, 1)
    rise = curve.last - curve.first
    return tuple(curve.first + _rounded(rise * step, steps) for step in range(months))


def instalments_of(
    total_cents_per_month: int, months: int, first_due: date, curve: Curve = ALL_SUPPORT
) -> tuple[Instalment, ...]:
    """A month's total for so many months, each due on the day of the month of the first one.

    Where a month has no such day, its last one: 31 January, 28 February, 31 March. The tenant's
    part is rounded to the nearest cent, the municipality's is the rest. Besides what `shares`
    refuses: AmountNegative, AmountTooLarge, FirstDueOutOfRange.
    """
    parts = shares(curve, months)
    _check_amount(total_cents_per_month)
    return _instalments([total_cents_per_month] * months, first_due, parts)


def in_instalments(
    amount_cents: int, parts: int, first_due: date, curve: Curve = ALL_SUPPORT
) -> tuple[Instalment, ...]:
    """A one-off amount, a deposit or furniture, spread over so many months; due as above."""
    totals = split_evenly(amount_cents, parts)
    return _instalments(totals, first_due, shares(curve, parts))


def split_evenly(amount_cents: int, parts: int) -> tuple[int, ...]:
    """Parts that differ by one cent at most, the larger ones first, and sum to the amount.

    AmountNegative, AmountTooLarge, PartsOutOfRange.
    """
    _check_amount(amount_cents)
    if not 1 <= parts <= MOST_PARTS:
        raise PartsOutOfRange(most=MOST_PARTS)
    each, left = divmod(amount_cents, parts)
    return tuple(each + 1 if part < left else each for part in range(parts))


def _instalments(
    totals: Sequence[int], first_due: date, parts: Sequence[int]
) -> tuple[Instalment, ...]:
    if not FIRST_YEAR <= first_due.year <= LAST_YEAR:
        raise FirstDueOutOfRange
    made = []
    for step, (total, share) in enumerate(zip(totals, parts, strict=True)):
        tenant = _rounded(total * share, WHOLE)
        made.append(Instalment(step + 1, _months_later(first_due, step), total - tenant, tenant))
    return tuple(made)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _rounded(amount: int, by: int) -> int:
    """Divided and rounded to the nearest whole, halves up; for amounts of nothing or more."""
    return (2 * amount + by) // (2 * by)


def _check_amount(cents: int) -> None:
    if cents < 0:
        raise AmountNegative
    if cents > MOST_CENTS:
        raise AmountTooLarge


@dataclass(frozen=True)
class Ceiling:
    """The most that a municipality pays for somebody, for a flat or from a grant."""

    on: CeilingOn
    most_cents: int


@dataclass(frozen=True)
class Over:
    ceiling: Ceiling
    cents: int
    """How far above it one would be."""


def over_ceiling(decided_cents: int, amount_cents: int, ceiling: Ceiling) -> int:
    """Cents above the ceiling if this much were decided besides what is decided so far; else 0.

    Only what the municipality pays counts, not the tenant's part.
    """
    return max(0, decided_cents + amount_cents - ceiling.most_cents)


def ceilings_passed(amount_cents: int, ceilings: Iterable[tuple[Ceiling, int]]) -> tuple[Over, ...]:
    """Every ceiling that this much more would pass; each comes with what is decided under it."""
    asked = ((over_ceiling(decided, amount_cents, each), each) for each, decided in ceilings)
    return tuple(Over(ceiling, cents) for cents, ceiling in asked if cents)


def affordable_rent_cents(income_cents: int, other_debts_cents: int) -> int:
    """The rent a month that somebody can carry: 30 % of the month's income, less what they pay
    back for other debts each month; in whole euro, rounded down, and never below nothing.

    Thirty per cent is the usual measure: the housing department of the United States (HUD) calls
    a household cost-burdened when housing takes more of its income. Eurostat counts a household
    as overburdened later, above 40 % of its disposable income (housing cost overburden rate); a
    first lease should stay well below that.
    """
    left = income_cents * AFFORDABLE_PERCENT // 100 - other_debts_cents
    return max(0, left) // 100 * 100
