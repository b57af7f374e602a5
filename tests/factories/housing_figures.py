"""What figures are counted from, written as rows: contracts with owners, works that are done, rent
supports with what was paid."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from civic.housing.models import Lease, Unit
from civic.housing.rules.book import PaymentSource
from civic.housing.rules.ledger import Payer
from civic.housing.rules.stock import Direction, WorkKind, WorkState
from civic.housing.rules.support import SupportKind
from civic.housing.support_models import SupportDecision, SupportInstalment, SupportPayment
from civic.housing.works_models import Work
from civic.kernel.context import Context


def let_to_us(
    ctx: Context,
    unit_id: UUID,
    rent_cents: int,
    starts_on: date,
    ends_on: date | None = None,
    direction: Direction = Direction.IN,
) -> None:
    ctx.db.add(
        Lease(
            id=ctx.new_id(),
            municipality_id=ctx.db.get_one(Unit, unit_id).municipality_id,
            unit_id=unit_id,
            direction=direction,
            starts_on=starts_on,
            ends_on=ends_on,
            rent_cents=rent_cents,
            deposit_cents=0,
            written_at=ctx.now(),
        )
    )
    ctx.db.flush()


def work_done(ctx: Context, unit_id: UUID, approved_cents: int, done_on: date) -> UUID:
    work = Work(
        id=ctx.new_id(),
        municipality_id=ctx.db.get_one(Unit, unit_id).municipality_id,
        unit_id=unit_id,
        kind=WorkKind.PAINTING,
        state=WorkState.CLOSED,
        beds=[],
        requested_at=ctx.now(),
        approved_cents=approved_cents,
        done_on=done_on,
        sealed=b"",
    )
    ctx.db.add(work)
    ctx.db.flush()
    return work.id


def support_of(
    ctx: Context,
    resident_id: UUID,
    unit_id: UUID,
    grant_id: UUID,
    due: Sequence[tuple[date, int]],
    paid: Sequence[tuple[date, int]],
    placement_id: UUID | None = None,
) -> UUID:
    """The tenant's parts with their days, in cents, and what they paid; below nothing, what takes the
    payment before it back."""
    city_id, decision_id = ctx.db.get_one(Unit, unit_id).municipality_id, ctx.new_id()
    ctx.db.add(
        SupportDecision(
            id=decision_id,
            municipality_id=city_id,
            code=decision_id.hex[-8:],
            resident_id=resident_id,
            placement_id=placement_id,
            unit_id=unit_id,
            grant_id=grant_id,
            kind=SupportKind.RENT,
            total_cents=sum(cents for _day, cents in due),
            support_cents=0,
            bound_cents=0,
            curve={},
            decided_on=min((day for day, _cents in due), default=date(2025, 1, 1)),
            decided_at=ctx.now(),
        )
    )
    ctx.db.flush()
    for number, (day, cents) in enumerate(due, start=1):
        ctx.db.add(
            SupportInstalment(
                id=ctx.new_id(),
                municipality_id=city_id,
                decision_id=decision_id,
                number=number,
                due_on=day,
                total_cents=cents,
                support_cents=0,
                tenant_cents=cents,
            )
        )
    before: UUID | None = None
    for day, cents in paid:
        payment_id = ctx.new_id()
        ctx.db.add(
            SupportPayment(
                id=payment_id,
                municipality_id=city_id,
                decision_id=decision_id,
                side=Payer.TENANT,
                amount_cents=cents,
                paid_on=day,
                source=PaymentSource.RECORDED,
                undoes_id=before if cents < 0 else None,
                written_at=ctx.now(),
            )
        )
        ctx.db.flush()
        before = payment_id
    ctx.db.flush()
    return decision_id
