"""Rent support decided, and taken back before its days have come.

Whoever decides holds, in this order: the dwelling, the grant, the person. So of two decisions at
once the second counts what the first has bound. They are held without their keys: rows that name
them, a stay for instance, are written meanwhile without waiting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.book_errors import (
    DecisionCancelled,
    DecisionOfNothing,
    GrantCeilingPassed,
    GrantPassed,
    GrantTooShort,
    GrantUnknown,
    PersonCeilingPassed,
    UnitCeilingPassed,
)
from civic.housing.models import HousingGrant, Lease, Unit
from civic.housing.operations.trail import note
from civic.housing.placing_models import Placement, Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.books import book_of, bound_under, ceilings_of, left_of_grant
from civic.housing.queries.gate import placement_for, resident_for, unit_for
from civic.housing.queries.support_gate import decision_for
from civic.housing.rules.book import Cents, code_of
from civic.housing.rules.ledger import Payer
from civic.housing.rules.money import MOST_CENTS
from civic.housing.rules.support import (
    Ceiling,
    CeilingOn,
    Curve,
    Instalment,
    SupportKind,
    ceilings_passed,
    in_instalments,
    instalments_of,
)
from civic.housing.sealing import sealed_of
from civic.housing.support_errors import AmountTooLarge
from civic.housing.support_models import Ceiling as CeilingRow
from civic.housing.support_models import SupportDecision, SupportInstalment
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, NotFound
from civic.kernel.policy import Place

CEILING_REFUSALS: Mapping[CeilingOn, type[Conflict]] = {
    CeilingOn.PERSON: PersonCeilingPassed,
    CeilingOn.UNIT: UnitCeilingPassed,
    CeilingOn.GRANT: GrantCeilingPassed,
}


@dataclass(frozen=True)
class NewSupport:
    resident_id: UUID
    grant_id: UUID
    kind: SupportKind
    amount_cents: int
    """A month if it is monthly, else in all."""
    months: int
    """Or parts, of an amount in all."""
    first_due: date
    curve: Curve = Curve()  # noqa: RUF009 - frozen
    is_monthly: bool = True
    placement_id: UUID | None = None
    lease_id: UUID | None = None
    unit_id: UUID | None = None
    """Of a flat without a stay; a stay or a lease brings its own."""
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def planned(new: NewSupport) -> tuple[Instalment, ...]:
    """The instalments as they would be decided; refuses what `rules.support` does, DecisionOfNothing,
    and AmountTooLarge for what comes to more than a million in all."""
    make = instalments_of if new.is_monthly else in_instalments
    made = make(new.amount_cents, new.months, new.first_due, new.curve)
    total = sum(each.total_cents for each in made)
    if total == 0:
        raise DecisionOfNothing
    if total > MOST_CENTS:
        raise AmountTooLarge
    return made


def decide(ctx: Context, new: NewSupport) -> UUID:
    """Besides what `planned` refuses: GrantUnknown, GrantTooShort, GrantPassed, and a ceiling that
    would be passed (PersonCeilingPassed, UnitCeilingPassed, GrantCeilingPassed)."""
    resident = resident_for(ctx, new.resident_id)
    made = planned(new)
    there = ctx.db.get(SupportDecision, new.id) if new.id else None
    if there is not None:
        return _sent_twice(there, new)
    placement, lease = _placement(ctx, new), _lease(ctx, new)
    unit = _held_unit(ctx, new, placement, lease)
    grant = _held_grant(ctx, resident.municipality_id, new.grant_id)
    _hold_resident(ctx, resident.id)
    # Whoever sent the same form at the same moment was waited for.
    there = ctx.db.get(SupportDecision, new.id, populate_existing=True) if new.id else None
    if there is not None:
        return _sent_twice(there, new)
    support = sum(each.support_cents for each in made)
    _check_days(grant, made)
    _check_left(ctx, grant, support)
    _check_ceilings(ctx, resident, unit, grant, support)
    decision = SupportDecision(
        id=_free_id(ctx, resident.municipality_id, new.id),
        municipality_id=resident.municipality_id,
        resident_id=resident.id,
        placement_id=placement.id if placement else None,
        unit_id=unit.id if unit else None,
        lease_id=lease.id if lease else None,
        grant_id=grant.id,
        kind=new.kind,
        total_cents=sum(each.total_cents for each in made),
        support_cents=support,
        bound_cents=support,
        curve=_written(new.curve),
        decided_on=rome_day(ctx.now()),
        decided_at=ctx.now(),
        decided_by=ctx.actor.person_id,
    )
    decision.code = code_of(decision.id)
    ctx.db.add(decision)
    ctx.db.flush()
    _write_instalments(ctx, decision, made)
    note(ctx, decision, "support_decided", person_id=resident.person_id)
    return decision.id


def _sent_twice(there: SupportDecision, new: NewSupport) -> UUID:
    if there.resident_id != new.resident_id:
        raise NotFound
    return there.id


def _placement(ctx: Context, new: NewSupport) -> Placement | None:
    if new.placement_id is None:
        return None
    placement = placement_for(ctx, new.placement_id, holding=True)
    if placement.resident_id != new.resident_id:
        raise NotFound
    return placement


def _lease(ctx: Context, new: NewSupport) -> Lease | None:
    if new.lease_id is None:
        return None
    lease = ctx.db.scalars(select(Lease).where(Lease.id == new.lease_id)).first()
    if lease is None or lease.resident_id != new.resident_id:
        raise NotFound
    return lease


def _held_unit(
    ctx: Context, new: NewSupport, placement: Placement | None, lease: Lease | None
) -> Unit | None:
    unit_id = placement.unit_id if placement else lease.unit_id if lease else new.unit_id
    if unit_id is None:
        return None
    unit = unit_for(ctx, unit_id)
    ctx.db.scalars(select(Unit.id).where(Unit.id == unit.id).with_for_update(key_share=True)).one()
    return unit


def _held_grant(ctx: Context, municipality_id: UUID, grant_id: UUID) -> HousingGrant:
    grant = ctx.db.scalars(
        select(HousingGrant)
        .where(HousingGrant.id == grant_id, HousingGrant.municipality_id == municipality_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if grant is None:
        raise GrantUnknown
    return grant


def _hold_resident(ctx: Context, resident_id: UUID) -> None:
    held = select(Resident.id).where(Resident.id == resident_id).with_for_update(key_share=True)
    ctx.db.scalars(held).one()


def _check_days(grant: HousingGrant, made: Sequence[Instalment]) -> None:
    days = [each.due_on for each in made if each.support_cents]
    if any(not grant.starts_on <= day <= grant.ends_on for day in days):
        raise GrantTooShort(first=grant.starts_on, last=grant.ends_on)


def _check_left(ctx: Context, grant: HousingGrant, support: int) -> None:
    left = left_of_grant(ctx, grant)
    if support > left:
        raise GrantPassed(
            grant=grant.name, left=Cents(max(left, 0)), over=Cents(support - max(left, 0))
        )


def _check_ceilings(
    ctx: Context, resident: Resident, unit: Unit | None, grant: HousingGrant, support: int
) -> None:
    bound = bound_under(
        ctx, resident_id=resident.id, unit_id=unit.id if unit else None, grant_id=grant.id
    )
    ceilings = ceilings_of(ctx, resident.municipality_id)
    asked = [(Ceiling(on, ceilings[on]), bound[on]) for on in bound if on in ceilings]
    for over in ceilings_passed(support, asked):
        refusal = CEILING_REFUSALS[over.ceiling.on]
        raise refusal(most=Cents(over.ceiling.most_cents), over=Cents(over.cents))


def _free_id(ctx: Context, municipality_id: UUID, wanted: UUID | None) -> UUID:
    """An id whose end no other decision of the city has: people type it."""
    made = wanted or ctx.new_id()
    taken = select(SupportDecision.id).where(SupportDecision.municipality_id == municipality_id)
    while ctx.db.scalar(taken.where(SupportDecision.code == code_of(made))) is not None:
        made = ctx.new_id()
    return made


def _written(curve: Curve) -> dict[str, str]:
    if curve.by_month:
        return {"by_month": " ".join(str(share) for share in curve.by_month)}
    return {"first": str(curve.first), "last": str(curve.last)}


def _write_instalments(ctx: Context, decision: SupportDecision, made: Sequence[Instalment]) -> None:
    ctx.db.add_all(
        SupportInstalment(
            id=ctx.new_id(),
            municipality_id=decision.municipality_id,
            decision_id=decision.id,
            number=each.number,
            due_on=each.due_on,
            total_cents=each.total_cents,
            support_cents=each.support_cents,
            tenant_cents=each.tenant_cents,
        )
        for each in made
    )
    ctx.db.flush()


def cancel(ctx: Context, decision_id: UUID, reason: str) -> None:
    """Instalments of days to come end; what was due stays due, and what was paid stays paid.
    Refuses DecisionCancelled."""
    decision = decision_for(ctx, decision_id, holding=True)
    if decision.cancelled_at is not None:
        raise DecisionCancelled
    today = rome_day(ctx.now())
    for part in ctx.db.scalars(
        select(SupportInstalment)
        .where(SupportInstalment.decision_id == decision.id, SupportInstalment.due_on > today)
        .execution_options(populate_existing=True)
    ):
        part.ended_on = today
    decision.cancelled_at, decision.cancelled_by = ctx.now(), ctx.actor.person_id
    decision.sealed = sealed_of(
        ctx,
        decision.municipality_id,
        decision.resident_id,
        SupportDecision,
        decision.id,
        {"reason": reason},
    )
    ctx.db.flush()
    bind_again(ctx, decision)
    person_id = ctx.db.get_one(Resident, decision.resident_id).person_id
    note(ctx, decision, "support_cancelled", person_id=person_id)


def bind_again(ctx: Context, decision: SupportDecision) -> None:
    """Of a cancelled decision what still counts: the parts that were due, and what was paid beyond
    them. The decision is held, so that no payment comes in between."""
    if decision.cancelled_at is None:
        return
    book = book_of(ctx, decision.id)
    decision.bound_cents = max(book.support_cents, book.paid_by(Payer.MUNICIPALITY))
    ctx.db.flush()


def set_ceilings(
    ctx: Context, municipality_id: UUID, cents: Mapping[CeilingOn, int | None]
) -> None:
    """None takes a ceiling away. What was decided under another one stays decided."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.scalars(
        select(CeilingRow).where(CeilingRow.municipality_id == municipality_id).with_for_update()
    )
    there = {row.scope: row for row in rows}
    for scope, most in cents.items():
        row = there.get(scope)
        if most is None:
            if row is not None:
                ctx.db.delete(row)
        elif row is not None:
            row.cents = most
        else:
            ctx.db.add(
                CeilingRow(
                    id=ctx.new_id(), municipality_id=municipality_id, scope=scope, cents=most
                )
            )
    ctx.db.flush()
