"""The ledger of a rent support: what each side owes, has paid, and is late with.

Payments fill the oldest instalment first. For each side, at any day, to the cent:

    decided = paid on instalments + arrears + to come
    paid    = paid on instalments + credit
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from civic.housing.rules.support import Instalment
from civic.housing.support_errors import PaymentOfNothing, ReversalTooLarge, ReversalUnknown
from civic.kernel.i18n import N_

GRACE_DAYS = 5


class Payer(StrEnum):
    TENANT = "tenant"
    MUNICIPALITY = "municipality"


class Step(StrEnum):
    """What is done about a rent that is late, in this order."""

    FRIENDLY = "friendly"
    """A message that reminds, and offers a talk."""
    CALL = "call"
    LETTER = "letter"


LATE_AFTER = {Step.FRIENDLY: GRACE_DAYS, Step.CALL: 15, Step.LETTER: 30}
"""Days that have to be over before a step is taken."""
STEP_NAMES = {
    Step.FRIENDLY: N_("friendly message"),
    Step.CALL: N_("phone call"),
    Step.LETTER: N_("letter"),
}


@dataclass(frozen=True)
class Payment:
    """Money that came, or a reversal: a negative one that names the payment it undoes."""

    id: UUID
    payer: Payer
    amount_cents: int
    paid_on: date
    undoes: UUID | None = None


@dataclass(frozen=True)
class Row:
    """An instalment with what each side has paid on it."""

    instalment: Instalment
    tenant_paid_cents: int
    support_paid_cents: int

    @property
    def tenant_missing_cents(self) -> int:
        return self.instalment.tenant_cents - self.tenant_paid_cents

    @property
    def support_missing_cents(self) -> int:
        return self.instalment.support_cents - self.support_paid_cents


@dataclass(frozen=True)
class Account:
    """One side of the ledger, in cents."""

    decided: int
    due: int
    """Of what was decided: due until today, today included."""
    not_yet_due: int
    paid: int
    """With what was taken back taken off."""
    paid_on_instalments: int
    arrears: int
    """Unpaid of what was due before today: whoever pays on the very day is in time."""
    to_come: int
    """Unpaid of what is due today or later."""
    ahead: int
    """Already paid of what is due after today."""
    credit: int
    """Paid beyond everything that was decided."""


@dataclass(frozen=True)
class Ledger:
    day: date
    rows: tuple[Row, ...]
    """By the day they are due, then by number."""
    tenant: Account
    municipality: Account

    def of(self, payer: Payer) -> Account:
        return self.tenant if payer is Payer.TENANT else self.municipality


@dataclass(frozen=True)
class Arrear:
    instalment: Instalment
    missing_cents: int
    days_late: int


def ledger(instalments: Iterable[Instalment], payments: Iterable[Payment], today: date) -> Ledger:
    """How things stand on a day; a payment of a later day does not count yet.

    A reversal never counts before the payment it undoes, whatever its own date says. Refuses what
    `check_payments` refuses.
    """
    payments = tuple(payments)
    check_payments(payments)
    ordered = sorted(instalments, key=lambda each: (each.due_on, each.number))
    tenant_paid = _paid(payments, Payer.TENANT, today)
    support_paid = _paid(payments, Payer.MUNICIPALITY, today)
    tenant_parts = [each.tenant_cents for each in ordered]
    support_parts = [each.support_cents for each in ordered]
    on_tenant = _oldest_first(tenant_parts, tenant_paid)
    on_support = _oldest_first(support_parts, support_paid)
    days = [each.due_on for each in ordered]
    return Ledger(
        today,
        tuple(Row(*each) for each in zip(ordered, on_tenant, on_support, strict=True)),
        _account(days, tenant_parts, on_tenant, tenant_paid, today),
        _account(days, support_parts, on_support, support_paid, today),
    )


def check_payments(payments: Collection[Payment]) -> None:
    """A payment is more than nothing, and a reversal takes back no more than a payment of the
    same side still holds.

    PaymentOfNothing, ReversalUnknown, ReversalTooLarge.
    """
    holds = {each.id: each.amount_cents for each in payments if each.undoes is None}
    payer_of = {each.id: each.payer for each in payments if each.undoes is None}
    for each in payments:
        if each.undoes is None and each.amount_cents < 0:
            raise ReversalUnknown
        if each.amount_cents == 0 or (each.undoes and each.amount_cents > 0):
            raise PaymentOfNothing
        if each.undoes is None:
            continue
        if payer_of.get(each.undoes) is not each.payer:
            raise ReversalUnknown
        holds[each.undoes] += each.amount_cents
        if holds[each.undoes] < 0:
            raise ReversalTooLarge


def _paid(payments: Sequence[Payment], payer: Payer, today: date) -> int:
    came_on = {each.id: each.paid_on for each in payments}
    return sum(
        each.amount_cents
        for each in payments
        if each.payer is payer and max(each.paid_on, came_on[each.undoes or each.id]) <= today
    )


def _oldest_first(parts: Sequence[int], paid: int) -> list[int]:
    on_each = []
    for part in parts:
        on_each.append(min(part, paid))
        paid -= on_each[-1]
    return on_each


def _account(
    days: Sequence[date], parts: Sequence[int], on_each: Sequence[int], paid: int, today: date
) -> Account:
    lines = list(zip(days, parts, on_each, strict=True))
    return Account(
        decided=sum(parts),
        due=sum(part for day, part, _ in lines if day <= today),
        not_yet_due=sum(part for day, part, _ in lines if day > today),
        paid=paid,
        paid_on_instalments=sum(on_each),
        arrears=sum(part - on for day, part, on in lines if day < today),
        to_come=sum(part - on for day, part, on in lines if day >= today),
        ahead=sum(on for day, _, on in lines if day > today),
        credit=paid - sum(on_each),
    )


def arrears_seen(book: Ledger) -> tuple[Arrear, ...]:
    """The tenant's parts that are missing once the five days of grace are over, oldest first.

    A part still unpaid at the end of the fifth day after its own is seen on the sixth: due on
    1 March, seen from 7 March. Until then nobody is reminded of anything.
    """
    return tuple(
        Arrear(row.instalment, row.tenant_missing_cents, late)
        for row in book.rows
        if row.tenant_missing_cents
        and (late := (book.day - row.instalment.due_on).days) > GRACE_DAYS
    )


def next_step(days_late: int, steps_done: Collection[Step]) -> Step | None:
    """The first step not yet taken about this arrear, if its days are over; else None.

    None is ever left out: 40 days late and nothing done yet still begins with the friendly
    message. The days are counted as for `arrears_seen`: more than 5, 15 and 30.
    """
    step = next((each for each in Step if each not in steps_done), None)
    return step if step and days_late > LATE_AFTER[step] else None
