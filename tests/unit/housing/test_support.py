"""Rent support: curves, instalments, ceilings, and what happens when a rent is late."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from civic.housing.rules.ledger import (
    LATE_AFTER,
    STEP_NAMES,
    Arrear,
    Payer,
    Payment,
    Row,
    Step,
    arrears_seen,
    ledger,
    next_step,
)
from civic.housing.rules.support import (
    CEILING_NAMES,
    MOST_MONTHS,
    MOST_PARTS,
    SUPPORT_NAMES,
    Ceiling,
    CeilingOn,
    Curve,
    Instalment,
    Over,
    SupportKind,
    affordable_rent_cents,
    ceilings_passed,
    in_instalments,
    instalments_of,
    over_ceiling,
    shares,
    split_evenly,
)
from civic.housing.support_errors import (
    AmountNegative,
    AmountTooLarge,
    CurveFalls,
    CurveOfOtherLength,
    FirstDueOutOfRange,
    MonthsOutOfRange,
    PartsOutOfRange,
    PaymentOfNothing,
    ReversalTooLarge,
    ReversalUnknown,
    ShareOutOfRange,
)
from civic.kernel.errors import Invalid

MARCH = date(2026, 3, 1)


def test_a_straight_line_goes_from_the_first_share_to_the_last() -> None:
    assert shares(Curve(0, 1000), 5) == (0, 250, 500, 750, 1000)
    assert shares(Curve(200, 300), 4) == (200, 233, 267, 300)
    assert shares(Curve(500, 500), 3) == (500, 500, 500)
    assert shares(Curve(300, 800), 1) == (300,)


def test_a_share_may_be_agreed_for_each_month() -> None:
    assert shares(Curve(by_month=(0, 0, 500, 1000)), 4) == (0, 0, 500, 1000)


@pytest.mark.parametrize(
    ("curve", "months", "refusal", "values"),
    [
        (Curve(500, 400), 12, CurveFalls, {"month": 12}),
        (Curve(by_month=(100, 300, 299)), 3, CurveFalls, {"month": 3}),
        (Curve(by_month=(100, 300)), 3, CurveOfOtherLength, {"shares": 2, "months": 3}),
        (Curve(0, 1001), 12, ShareOutOfRange, {}),
        (Curve(-1, 1000), 12, ShareOutOfRange, {}),
        (Curve(by_month=(0, 2000)), 2, ShareOutOfRange, {}),
        (Curve(), 0, MonthsOutOfRange, {"most": MOST_MONTHS}),
        (Curve(), MOST_MONTHS + 1, MonthsOutOfRange, {"most": MOST_MONTHS}),
    ],
)
def test_a_curve_that_falls_or_leaves_its_bounds_is_refused(
    curve: Curve, months: int, refusal: type[Invalid], values: dict[str, int]
) -> None:
    with pytest.raises(refusal) as refused:
        shares(curve, months)
    assert refused.value.values == values


def test_instalments_are_due_on_the_same_day_of_the_month_or_on_its_last() -> None:
    made = instalments_of(40000, 4, date(2027, 1, 31))
    assert [each.due_on for each in made] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]
    over_the_year = instalments_of(40000, 3, date(2027, 12, 29))
    assert [each.due_on for each in over_the_year][1:] == [date(2028, 1, 29), date(2028, 2, 29)]


def test_each_month_is_the_tenants_part_and_the_rest() -> None:
    made = instalments_of(35005, 3, MARCH, Curve(0, 1000))
    assert made == (
        Instalment(1, date(2026, 3, 1), support_cents=35005, tenant_cents=0),
        Instalment(2, date(2026, 4, 1), support_cents=17502, tenant_cents=17503),
        Instalment(3, date(2026, 5, 1), support_cents=0, tenant_cents=35005),
    )
    assert {each.total_cents for each in made} == {35005}


def test_a_deposit_may_be_paid_in_parts() -> None:
    made = in_instalments(100001, 3, date(2026, 3, 10))
    assert [each.support_cents for each in made] == [33334, 33334, 33333]
    assert [each.tenant_cents for each in made] == [0, 0, 0]


def test_parts_of_an_amount_differ_by_a_cent_at_most() -> None:
    assert split_evenly(100, 3) == (34, 33, 33)
    assert split_evenly(2, 3) == (1, 1, 0)
    assert split_evenly(0, 2) == (0, 0)


def test_amounts_and_days_out_of_bounds_are_refused() -> None:
    with pytest.raises(AmountNegative):
        split_evenly(-1, 2)
    with pytest.raises(AmountTooLarge):
        instalments_of(100_000_001, 2, MARCH)
    for parts in (0, MOST_PARTS + 1):
        with pytest.raises(PartsOutOfRange):
            split_evenly(100, parts)
    for first in (date(1999, 12, 31), date(9999, 12, 31)):
        with pytest.raises(FirstDueOutOfRange):
            instalments_of(100, 2, first)


def test_a_ceiling_is_passed_by_what_lies_above_it() -> None:
    person = Ceiling(CeilingOn.PERSON, 300000)
    assert over_ceiling(250000, 50000, person) == 0
    assert over_ceiling(250000, 50001, person) == 1
    assert over_ceiling(0, 0, person) == 0


def test_every_ceiling_that_is_passed_is_named() -> None:
    person, unit = Ceiling(CeilingOn.PERSON, 1000), Ceiling(CeilingOn.UNIT, 2000)
    grant = Ceiling(CeilingOn.GRANT, 50000)
    passed = ceilings_passed(600, [(person, 500), (unit, 1400), (grant, 49999)])
    assert passed == (Over(person, 100), Over(grant, 599))


@pytest.mark.parametrize(
    ("income", "debts", "rent"),
    [
        (120000, 0, 36000),
        (120099, 0, 36000),
        (123456, 10000, 27000),
        (100000, 30000, 0),
        (100000, 90000, 0),
        (0, 0, 0),
    ],
)
def test_thirty_per_cent_less_other_debts_in_whole_euro_can_be_carried(
    income: int, debts: int, rent: int
) -> None:
    assert affordable_rent_cents(income, debts) == rent


def test_every_kind_and_step_has_a_name() -> None:
    assert set(SUPPORT_NAMES) == set(SupportKind)
    assert set(CEILING_NAMES) == set(CeilingOn)
    assert set(STEP_NAMES) == set(Step) == set(LATE_AFTER)


def _paid(number: int, cents: int, day: date, payer: Payer = Payer.TENANT) -> Payment:
    return Payment(UUID(int=number), payer, cents, day)


def _taken_back(number: int, cents: int, day: date, undoes: int) -> Payment:
    return Payment(UUID(int=number), Payer.TENANT, -cents, day, UUID(int=undoes))


RENT = instalments_of(40000, 3, MARCH, Curve(500, 500))
"""200 euro a side on 1 March, 1 April and 1 May."""


def test_payments_fill_the_oldest_instalment_first() -> None:
    book = ledger(reversed(RENT), [_paid(1, 25000, date(2026, 4, 2))], date(2026, 4, 2))
    assert book.rows == (Row(RENT[0], 20000, 0), Row(RENT[1], 5000, 0), Row(RENT[2], 0, 0))
    assert [row.tenant_missing_cents for row in book.rows] == [0, 15000, 20000]
    assert [row.support_missing_cents for row in book.rows] == [20000, 20000, 20000]
    tenant = book.of(Payer.TENANT)
    assert (tenant.decided, tenant.due, tenant.not_yet_due) == (60000, 40000, 20000)
    assert (tenant.paid, tenant.paid_on_instalments, tenant.credit) == (25000, 25000, 0)
    assert (tenant.arrears, tenant.to_come, tenant.ahead) == (15000, 20000, 0)
    assert book.of(Payer.MUNICIPALITY).arrears == 40000


def test_whoever_pays_on_the_very_day_is_in_time() -> None:
    assert ledger(RENT, [], MARCH).tenant.arrears == 0
    assert ledger(RENT, [], MARCH + timedelta(days=1)).tenant.arrears == 20000


def test_what_is_paid_beyond_everything_is_credit_and_before_its_day_is_ahead() -> None:
    tenant = ledger(RENT, [_paid(1, 60001, MARCH)], MARCH).tenant
    assert (tenant.ahead, tenant.to_come, tenant.credit) == (40000, 0, 1)


def test_a_payment_of_a_later_day_does_not_count_yet() -> None:
    later = [_paid(1, 20000, date(2026, 3, 4))]
    assert ledger(RENT, later, date(2026, 3, 3)).tenant.paid == 0
    assert ledger(RENT, later, date(2026, 3, 4)).tenant.paid == 20000


def test_what_is_taken_back_is_missing_again() -> None:
    both = [_taken_back(2, 20000, date(2026, 3, 6), 1), _paid(1, 20000, date(2026, 3, 1))]
    assert ledger(RENT, both, date(2026, 3, 5)).tenant.arrears == 0
    assert ledger(RENT, both, date(2026, 3, 6)).tenant.arrears == 20000


def test_a_reversal_with_an_earlier_day_waits_for_its_payment() -> None:
    both = [_paid(1, 20000, date(2026, 3, 9)), _taken_back(2, 20000, date(2026, 3, 2), 1)]
    assert ledger(RENT, both, date(2026, 3, 5)).tenant.paid == 0


@pytest.mark.parametrize(
    ("payments", "refusal"),
    [
        ([_paid(1, 0, MARCH)], PaymentOfNothing),
        ([_paid(1, -5, MARCH)], ReversalUnknown),
        ([_taken_back(2, 5, MARCH, 1)], ReversalUnknown),
        ([_paid(1, 5, MARCH, Payer.MUNICIPALITY), _taken_back(2, 5, MARCH, 1)], ReversalUnknown),
        ([_paid(1, 5, MARCH), _taken_back(2, -5, MARCH, 1)], PaymentOfNothing),
        ([_paid(1, 5, MARCH), _taken_back(2, 6, MARCH, 1)], ReversalTooLarge),
        (
            [_paid(1, 5, MARCH), _taken_back(2, 3, MARCH, 1), _taken_back(3, 3, MARCH, 1)],
            ReversalTooLarge,
        ),
        (
            [_paid(1, 5, MARCH), _taken_back(2, 5, MARCH, 1), _taken_back(3, 1, MARCH, 2)],
            ReversalUnknown,
        ),
    ],
)
def test_a_reversal_takes_back_what_a_payment_of_the_same_side_holds(
    payments: list[Payment], refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal):
        ledger(RENT, payments, MARCH)


def test_a_late_rent_is_seen_on_the_sixth_day_and_not_before() -> None:
    assert arrears_seen(ledger(RENT, [], date(2026, 3, 6))) == ()
    assert arrears_seen(ledger(RENT, [], date(2026, 3, 7))) == (Arrear(RENT[0], 20000, 6),)


def test_only_the_tenants_missing_part_is_seen_oldest_first() -> None:
    book = ledger(RENT, [_paid(1, 19999, MARCH)], date(2026, 4, 7))
    assert arrears_seen(book) == (Arrear(RENT[0], 1, 37), Arrear(RENT[1], 20000, 6))
    whole = [_paid(1, 60000, MARCH)]
    assert arrears_seen(ledger(RENT, whole, date(2026, 12, 1))) == ()


@pytest.mark.parametrize(
    ("days_late", "done", "expected"),
    [
        (5, set(), None),
        (6, set(), Step.FRIENDLY),
        (400, set(), Step.FRIENDLY),
        (400, {Step.CALL, Step.LETTER}, Step.FRIENDLY),
        (15, {Step.FRIENDLY}, None),
        (16, {Step.FRIENDLY}, Step.CALL),
        (400, {Step.FRIENDLY}, Step.CALL),
        (30, {Step.FRIENDLY, Step.CALL}, None),
        (31, {Step.FRIENDLY, Step.CALL}, Step.LETTER),
        (400, set(Step), None),
    ],
)
def test_reminders_begin_friendly_and_leave_no_step_out(
    days_late: int, done: set[Step], expected: Step | None
) -> None:
    assert next_step(days_late, done) == expected
