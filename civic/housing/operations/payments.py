"""Payments, written down by hand or told by the bank. None is ever changed: a mistake is undone by a
payment against it. Whoever writes one holds the decision."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.housing.book_errors import (
    MoreThanDecided,
    PaidLater,
    PaidLongBefore,
    PaymentUndone,
)
from civic.housing.operations.steps import see_on_time
from civic.housing.operations.support import bind_again
from civic.housing.operations.trail import note
from civic.housing.placing_models import Resident
from civic.housing.queries.books import book_of
from civic.housing.queries.support_gate import decision_for
from civic.housing.rules.book import Cents, PaymentSource
from civic.housing.rules.ledger import Payer
from civic.housing.rules.money import MOST_CENTS
from civic.housing.support_errors import AmountTooLarge, PaymentOfNothing
from civic.housing.support_models import SupportDecision, SupportPayment
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound

LONG_BEFORE = timedelta(days=366)
"""A payment so much older than its decision is a slip in the year."""


@dataclass(frozen=True)
class NewPayment:
    payer: Payer
    amount_cents: int
    paid_on: date
    source: PaymentSource = PaymentSource.RECORDED
    bank_entry_id: UUID | None = None
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def pay(ctx: Context, decision_id: UUID, new: NewPayment) -> UUID:
    """Refuses PaymentOfNothing, AmountTooLarge, PaidLater, PaidLongBefore, and MoreThanDecided for the
    municipality, whose money goes out on a decision alone. A tenant may pay ahead, or too much."""
    decision = decision_for(ctx, decision_id, holding=True)
    there = ctx.db.get(SupportPayment, new.id) if new.id else None
    if there is not None:
        if there.decision_id != decision.id:
            raise NotFound
        return there.id
    _check(ctx, decision, new)
    payment = SupportPayment(
        id=new.id or ctx.new_id(),
        municipality_id=decision.municipality_id,
        decision_id=decision.id,
        side=new.payer,
        amount_cents=new.amount_cents,
        paid_on=new.paid_on,
        source=new.source,
        bank_entry_id=new.bank_entry_id,
        written_at=ctx.now(),
        written_by=ctx.actor.person_id,
    )
    ctx.db.add(payment)
    ctx.db.flush()
    see_on_time(ctx, decision)
    _note(ctx, decision, "support_paid", payment.id)
    return payment.id


def _check(ctx: Context, decision: SupportDecision, new: NewPayment) -> None:
    if new.amount_cents <= 0:
        raise PaymentOfNothing
    if new.amount_cents > MOST_CENTS:
        raise AmountTooLarge
    if new.paid_on > rome_day(ctx.now()):
        raise PaidLater
    if new.paid_on < decision.decided_on - LONG_BEFORE:
        raise PaidLongBefore
    if new.payer is Payer.MUNICIPALITY:
        book = book_of(ctx, decision.id)
        left = max(0, book.support_cents - book.paid_by(Payer.MUNICIPALITY))
        if new.amount_cents > left:
            raise MoreThanDecided(left=Cents(left))


def undo(ctx: Context, decision_id: UUID, payment_id: UUID) -> UUID:
    """The whole payment is taken back, from today on. Refuses PaymentUndone."""
    decision = decision_for(ctx, decision_id, holding=True)
    payment = ctx.db.get(SupportPayment, payment_id)
    if payment is None or payment.decision_id != decision.id or payment.undoes_id is not None:
        raise NotFound
    again = select(SupportPayment.id).where(SupportPayment.undoes_id == payment.id)
    if ctx.db.scalar(again) is not None:
        raise PaymentUndone
    against = SupportPayment(
        id=ctx.new_id(),
        municipality_id=decision.municipality_id,
        decision_id=decision.id,
        side=payment.side,
        amount_cents=-payment.amount_cents,
        paid_on=rome_day(ctx.now()),
        source=PaymentSource.RECORDED,
        undoes_id=payment.id,
        written_at=ctx.now(),
        written_by=ctx.actor.person_id,
    )
    ctx.db.add(against)
    ctx.db.flush()
    bind_again(ctx, decision)
    _note(ctx, decision, "support_undone", payment.id)
    return against.id


def _note(ctx: Context, decision: SupportDecision, what: str, payment_id: UUID) -> None:
    person_id = ctx.db.get_one(Resident, decision.resident_id).person_id
    note(ctx, decision, what, person_id=person_id, payment=payment_id)
