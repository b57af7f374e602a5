"""Every cent of a rent support adds up, whatever is decided, paid and taken back."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from civic.housing.rules.ledger import (
    GRACE_DAYS,
    Payer,
    Payment,
    Row,
    arrears_seen,
    check_payments,
    ledger,
)
from civic.housing.rules.money import MOST_CENTS, read_cents
from civic.housing.rules.support import (
    WHOLE,
    Curve,
    Instalment,
    in_instalments,
    instalments_of,
    shares,
    split_evenly,
)
from civic.kernel.errors import Invalid

START = date(2026, 1, 1)
DAYS = st.integers(-100, 800).map(lambda days: START + timedelta(days=days))
CENTS = st.integers(0, 500_000)
MONTHS = st.integers(1, 36)
SHARE = st.integers(0, WHOLE)
CURVES = st.tuples(SHARE, SHARE).map(lambda two: Curve(min(two), max(two)))


@st.composite
def plans(draw: st.DrawFn) -> tuple[Instalment, ...]:
    """What several decisions make together: rents by a curve, and amounts in parts."""
    rent = instalments_of(draw(CENTS), draw(MONTHS), draw(DAYS), draw(CURVES))
    deposit = in_instalments(draw(CENTS), draw(st.integers(1, 12)), draw(DAYS), draw(CURVES))
    return tuple(draw(st.permutations(rent + deposit)))


@st.composite
def payments(draw: st.DrawFn) -> list[Payment]:
    """Of both sides, with reversals of a part or the whole, on any days and in any order."""
    made: list[Payment] = []
    for number in range(draw(st.integers(0, 12))):
        cents = draw(st.integers(1, 900_000))
        paid = Payment(UUID(int=number), draw(st.sampled_from(Payer)), cents, draw(DAYS))
        made.append(paid)
        back = draw(st.lists(st.integers(1, cents), max_size=2))
        for place, part in enumerate(back, start=1):
            if sum(back[:place]) <= cents:
                own = UUID(int=1000 * place + number)
                made.append(Payment(own, paid.payer, -part, draw(DAYS), paid.id))
    return draw(st.permutations(made))


def _of(row: Row, payer: Payer) -> tuple[int, int]:
    """What one side owes on an instalment, and has paid on it."""
    if payer is Payer.TENANT:
        return row.instalment.tenant_cents, row.tenant_paid_cents
    return row.instalment.support_cents, row.support_paid_cents


@given(plans(), payments(), DAYS)
def test_what_is_decided_is_paid_late_or_to_come_and_what_is_paid_is_on_it_or_credit(
    plan: tuple[Instalment, ...], paid: list[Payment], today: date
) -> None:
    book = ledger(plan, paid, today)
    for payer in Payer:
        side = book.of(payer)
        assert side.decided == side.paid_on_instalments + side.arrears + side.to_come
        assert side.paid == side.paid_on_instalments + side.credit
        assert side.decided == side.due + side.not_yet_due
        assert side.decided == sum(_of(row, payer)[0] for row in book.rows)
        assert side.paid_on_instalments == sum(_of(row, payer)[1] for row in book.rows)
        assert min(side.paid, side.arrears, side.to_come, side.credit, side.ahead) >= 0
        if side.credit:
            assert side.arrears == side.to_come == 0
        if side.arrears:
            assert side.ahead == 0
    total = sum(each.total_cents for each in plan)
    assert book.tenant.decided + book.municipality.decided == total


@given(plans(), payments())
def test_in_the_end_each_side_has_paid_what_came_less_what_was_taken_back(
    plan: tuple[Instalment, ...], paid: list[Payment]
) -> None:
    book = ledger(plan, paid, date.max)
    for payer in Payer:
        assert book.of(payer).paid == sum(p.amount_cents for p in paid if p.payer is payer)
        assert book.of(payer).to_come == 0


@given(plans(), payments(), DAYS)
def test_no_instalment_is_begun_while_an_older_one_is_open(
    plan: tuple[Instalment, ...], paid: list[Payment], today: date
) -> None:
    book = ledger(plan, paid, today)
    order = [(row.instalment.due_on, row.instalment.number) for row in book.rows]
    assert order == sorted(order)
    for payer in Payer:
        parts = [_of(row, payer) for row in book.rows]
        assert all(0 <= on <= part for part, on in parts)
        first_open = next((n for n, (part, on) in enumerate(parts) if on < part), len(parts))
        assert all(on == 0 for _, on in parts[first_open + 1 :])


@given(plans(), payments(), DAYS)
def test_the_order_in_which_things_were_written_down_does_not_matter(
    plan: tuple[Instalment, ...], paid: list[Payment], today: date
) -> None:
    book = ledger(plan, paid, today)
    again = ledger(reversed(plan), reversed(paid), today)
    assert (again.tenant, again.municipality) == (book.tenant, book.municipality)


@given(plans(), payments(), DAYS)
def test_arrears_that_are_seen_are_arrears_older_than_the_days_of_grace(
    plan: tuple[Instalment, ...], paid: list[Payment], today: date
) -> None:
    book = ledger(plan, paid, today)
    seen = arrears_seen(book)
    assert sum(each.missing_cents for each in seen) <= book.tenant.arrears
    assert all(each.missing_cents > 0 and each.days_late > GRACE_DAYS for each in seen)
    in_grace = sum(
        row.tenant_missing_cents
        for row in book.rows
        if timedelta(0) < today - row.instalment.due_on <= timedelta(days=GRACE_DAYS)
    )
    assert sum(each.missing_cents for each in seen) + in_grace == book.tenant.arrears


@given(payments(), st.data())
def test_undoing_every_payment_leaves_nothing_paid(
    paid: list[Payment], data: st.DataObject
) -> None:
    left = {p.id: p.amount_cents for p in paid if p.undoes is None}
    for each in paid:
        if each.undoes is not None:
            left[each.undoes] += each.amount_cents
    by_id = {p.id: p for p in paid}
    undone = [
        Payment(UUID(int=50_000 + n), by_id[own].payer, -cents, data.draw(DAYS), own)
        for n, (own, cents) in enumerate(left.items())
        if cents
    ]
    check_payments([*paid, *undone])
    book = ledger([], [*undone, *paid], date.max)
    assert book.tenant.paid == book.municipality.paid == 0


@given(CURVES, MONTHS)
def test_a_straight_curve_never_falls_and_ends_where_it_was_agreed(
    curve: Curve, months: int
) -> None:
    found = shares(curve, months)
    assert len(found) == months
    assert list(found) == sorted(found)
    assert found[0] == curve.first
    if months > 1:
        assert found[-1] == curve.last


@given(st.integers(0, MOST_CENTS), st.lists(SHARE, min_size=1, max_size=36), DAYS)
def test_every_month_sums_to_its_total_and_the_tenants_part_never_falls(
    cents: int, agreed: list[int], first: date
) -> None:
    made = instalments_of(cents, len(agreed), first, Curve(by_month=tuple(sorted(agreed))))
    assert all(each.support_cents + each.tenant_cents == cents for each in made)
    assert all(min(each.support_cents, each.tenant_cents) >= 0 for each in made)
    tenant = [each.tenant_cents for each in made]
    assert tenant == sorted(tenant)
    assert [each.number for each in made] == list(range(1, len(agreed) + 1))


@given(MONTHS, DAYS)
def test_there_is_one_due_day_in_each_month_and_none_is_after_the_first_ones_day(
    months: int, first: date
) -> None:
    days = [each.due_on for each in instalments_of(1, months, first)]
    numbers = [day.year * 12 + day.month for day in days]
    assert numbers == list(range(numbers[0], numbers[0] + months))
    assert all(
        day.day == first.day or (day.day < first.day and (day + timedelta(days=1)).day == 1)
        for day in days
    )


@given(st.integers(0, MOST_CENTS), st.integers(1, 60))
def test_parts_sum_to_the_amount_and_differ_by_a_cent_at_most(cents: int, parts: int) -> None:
    found = split_evenly(cents, parts)
    assert sum(found) == cents
    assert len(found) == parts
    assert max(found) - min(found) <= 1


@given(st.integers(0, MOST_CENTS))
def test_an_amount_written_out_is_read_back_in_either_manner(cents: int) -> None:
    english = f"{cents // 100:,}.{cents % 100:02}"
    italian = english.translate(str.maketrans(",.", ".,"))
    plain = f"{cents // 100},{cents % 100:02}"
    assert read_cents(english) == read_cents(italian) == read_cents(plain) == cents


@given(st.text(max_size=80) | st.text("0123456789.,-+€ '\u0663\u066b\u00a0", max_size=14))
def test_whatever_is_typed_is_an_amount_or_refused(typed: str) -> None:
    with suppress(Invalid):
        assert 0 <= read_cents(typed) <= MOST_CENTS
