"""The books of decisions: their instalments, payments and how each side stands, for any number of
decisions in the same few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.models import BudgetLine, HousingGrant
from civic.housing.rules.ledger import Ledger, Payer, Payment, ledger
from civic.housing.rules.stock import WorkState
from civic.housing.rules.support import CeilingOn, Instalment
from civic.housing.support_models import (
    Ceiling,
    SupportDecision,
    SupportInstalment,
    SupportPayment,
)
from civic.housing.works_models import Work
from civic.kernel.context import Context


@dataclass(frozen=True)
class Book:
    """What a decision comes to."""

    instalments: tuple[Instalment, ...]
    """Those that still count: what a cancelling ended is not among them."""
    ended: tuple[Instalment, ...]
    payments: tuple[Payment, ...]

    def on(self, day: date) -> Ledger:
        return ledger(self.instalments, self.payments, day)

    @property
    def support_cents(self) -> int:
        """Of what still counts, the municipality's part."""
        return sum(each.support_cents for each in self.instalments)

    def paid_by(self, payer: Payer) -> int:
        return sum(each.amount_cents for each in self.payments if each.payer is payer)


def books_of(ctx: Context, decision_ids: Collection[UUID]) -> dict[UUID, Book]:
    """Of decisions that came through a gate, or whoever the system looks after; two statements."""
    instalments: dict[UUID, list[SupportInstalment]] = defaultdict(list)
    for row in ctx.db.scalars(
        select(SupportInstalment)
        .where(SupportInstalment.decision_id.in_(decision_ids))
        .order_by(SupportInstalment.due_on, SupportInstalment.number)
        .execution_options(populate_existing=True)
    ):
        instalments[row.decision_id].append(row)
    payments: dict[UUID, list[Payment]] = defaultdict(list)
    for paid in ctx.db.scalars(
        select(SupportPayment)
        .where(SupportPayment.decision_id.in_(decision_ids))
        .order_by(SupportPayment.paid_on, SupportPayment.written_at, SupportPayment.id)
    ):
        payments[paid.decision_id].append(
            Payment(paid.id, paid.side, paid.amount_cents, paid.paid_on, paid.undoes_id)
        )
    return {each: _book(instalments[each], payments[each]) for each in decision_ids}


def _book(rows: Iterable[SupportInstalment], payments: Iterable[Payment]) -> Book:
    living: list[Instalment] = []
    ended: list[Instalment] = []
    for row in rows:
        part = Instalment(row.number, row.due_on, row.support_cents, row.tenant_cents)
        (living if row.ended_on is None else ended).append(part)
    return Book(tuple(living), tuple(ended), tuple(payments))


def book_of(ctx: Context, decision_id: UUID) -> Book:
    return books_of(ctx, [decision_id])[decision_id]


def ceilings_of(ctx: Context, municipality_id: UUID) -> Mapping[CeilingOn, int]:
    rows = ctx.db.scalars(select(Ceiling).where(Ceiling.municipality_id == municipality_id))
    return {row.scope: row.cents for row in rows}


def bound_under(
    ctx: Context, *, resident_id: UUID | None, unit_id: UUID | None, grant_id: UUID
) -> dict[CeilingOn, int]:
    """Cents that are decided so far for that person, for that flat and from that grant."""
    found = {}
    for on, column, wanted in (
        (CeilingOn.PERSON, SupportDecision.resident_id, resident_id),
        (CeilingOn.UNIT, SupportDecision.unit_id, unit_id),
        (CeilingOn.GRANT, SupportDecision.grant_id, grant_id),
    ):
        if wanted is not None:
            bound = select(func.coalesce(func.sum(SupportDecision.bound_cents), 0))
            found[on] = int(ctx.db.scalar(bound.where(column == wanted)) or 0)
    return found


def left_of_grant(ctx: Context, grant: HousingGrant) -> int:
    """Cents of it that nothing binds yet: neither rent support nor works that were approved. Right
    only while the grant's row is held."""
    support = bound_under(ctx, resident_id=None, unit_id=None, grant_id=grant.id)[CeilingOn.GRANT]
    works = ctx.db.scalar(
        select(func.coalesce(func.sum(Work.approved_cents), 0))
        .join(BudgetLine, BudgetLine.id == Work.budget_line_id)
        .where(BudgetLine.grant_id == grant.id, Work.approved_at.is_not(None))
        .where(Work.state != WorkState.REFUSED)
    )
    return grant.amount_cents - support - int(works or 0)
