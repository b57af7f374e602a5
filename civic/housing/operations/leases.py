"""Contracts of a dwelling: from its owner, and to whoever lives there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.housing.models import Lease
from civic.housing.operations.trail import note
from civic.housing.queries.dwellings import has_lived_there
from civic.housing.queries.gate import unit_for
from civic.housing.queries.stock_gate import lease_for
from civic.housing.rules.dwellings import check_day
from civic.housing.rules.stock import Direction
from civic.housing.stock_errors import LeaseEndsFirst, RegisteredToCome, TenantMissing
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once


@dataclass(frozen=True)
class LeaseFacts:
    direction: Direction
    starts_on: date
    rent_cents: int
    deposit_cents: int = 0
    ends_on: date | None = None
    registered_on: date | None = None
    resident_id: UUID | None = None
    """Of a lease out."""


def write_lease(
    ctx: Context, unit_id: UUID, facts: LeaseFacts, lease_id: UUID | None = None
) -> UUID:
    """Sent twice it is one. LeaseEndsFirst, DayTooFar, RegisteredToCome, TenantMissing."""
    unit = unit_for(ctx, unit_id)
    _check(ctx, unit.id, facts)
    lease_id = lease_id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Lease,
        id=lease_id,
        municipality_id=unit.municipality_id,
        unit_id=unit.id,
        direction=facts.direction,
        resident_id=_tenant(facts),
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        rent_cents=facts.rent_cents,
        deposit_cents=facts.deposit_cents,
        registered_on=facts.registered_on,
        written_at=ctx.now(),
    )
    if is_new:
        note(ctx, unit, "lease_written", lease=lease_id)
    return lease_id


def change_lease(ctx: Context, lease_id: UUID, facts: LeaseFacts) -> None:
    """It was registered, or ends; or something was typed wrongly."""
    lease, unit = lease_for(ctx, lease_id)
    _check(ctx, unit.id, facts, lease.resident_id)
    lease.direction, lease.resident_id = facts.direction, _tenant(facts)
    lease.starts_on, lease.ends_on = facts.starts_on, facts.ends_on
    lease.rent_cents, lease.deposit_cents = facts.rent_cents, facts.deposit_cents
    lease.registered_on = facts.registered_on
    ctx.db.flush()
    note(ctx, unit, "lease_changed", lease=lease_id)


def _tenant(facts: LeaseFacts) -> UUID | None:
    return facts.resident_id if facts.direction is Direction.OUT else None


def _check(ctx: Context, unit_id: UUID, facts: LeaseFacts, known: UUID | None = None) -> None:
    today = rome_day(ctx.now())
    for day in (facts.starts_on, facts.ends_on, facts.registered_on):
        if day is not None:
            check_day(day, today)
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise LeaseEndsFirst
    if facts.registered_on is not None and facts.registered_on > today:
        raise RegisteredToCome
    if facts.direction is Direction.IN:
        return
    if facts.resident_id is None:
        raise TenantMissing
    if facts.resident_id != known and not has_lived_there(ctx, unit_id, facts.resident_id):
        raise TenantMissing
