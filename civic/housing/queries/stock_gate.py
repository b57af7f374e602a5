"""The way to what stands around a dwelling: its rooms and leases, its owner, the offer it came from,
who pays.

What hangs on a safe house is its team's alone: the offer it was, and its owner's papers, which tell
where it is. An owner of whom nothing else is left to see is not there at all.
"""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, not_, or_, select

from civic.housing.models import (
    Bed,
    BudgetLine,
    HousingGrant,
    Lease,
    Offer,
    Owner,
    Room,
    Unit,
)
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import is_visible, unit_for
from civic.kernel.context import Context
from civic.kernel.db.base import TenantOwned
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place

Row = TypeVar("Row", bound=TenantOwned)


def require_city(ctx: Context, municipality_id: UUID) -> None:
    """Before a list of a city, and before something new there."""
    if not ctx.actor.is_system:
        WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))


def held_unit(ctx: Context, unit_id: UUID) -> Unit:
    """For who changes it, its rooms or all its beds: one after the other. Whoever places somebody there
    holds beds and not the unit, which their rows only name; a lock on its key would make each of the
    two wait for the other."""
    unit = unit_for(ctx, unit_id)
    ctx.db.scalars(
        select(Unit)
        .where(Unit.id == unit.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    return unit


def is_offer_visible(ctx: Context) -> ColumnElement[bool]:
    became = exists(select(Unit.id).where(Unit.id == Offer.unit_id, is_visible(ctx)))
    return or_(Offer.unit_id.is_(None), became)


def has_hidden_unit(ctx: Context) -> ColumnElement[bool]:
    """Of owners: one that is theirs now, or that an offer of theirs became."""
    theirs = exists(select(Unit.id).where(Unit.owner_id == Owner.id, not_(is_visible(ctx))))
    became = exists(
        select(Offer.id)
        .join(Unit, Unit.id == Offer.unit_id)
        .where(Offer.owner_id == Owner.id, not_(is_visible(ctx)))
    )
    return or_(theirs, became)


def is_owner_visible(ctx: Context) -> ColumnElement[bool]:
    seen_unit = exists(select(Unit.id).where(Unit.owner_id == Owner.id, is_visible(ctx)))
    seen_offer = exists(select(Offer.id).where(Offer.owner_id == Owner.id, is_offer_visible(ctx)))
    return or_(not_(has_hidden_unit(ctx)), seen_unit, seen_offer)


def owner_for(ctx: Context, owner_id: UUID, *, holding: bool = False) -> Owner:
    return _row(
        ctx, select(Owner).where(Owner.id == owner_id, is_owner_visible(ctx)), holding=holding
    )


def owner_papers_for(ctx: Context, owner_id: UUID) -> Owner:
    """Whoever may read the papers of this owner, and keep one."""
    own = select(Owner).where(Owner.id == owner_id, not_(has_hidden_unit(ctx)))
    return _row(ctx, own)


def offer_for(ctx: Context, offer_id: UUID, *, holding: bool = False) -> Offer:
    if holding:
        # Held first and looked at afterwards: whoever waited here sees the dwelling that another
        # one linked meanwhile only in a statement that begins after it.
        _row(ctx, select(Offer).where(Offer.id == offer_id), holding=True)
    return _row(ctx, select(Offer).where(Offer.id == offer_id, is_offer_visible(ctx)))


def room_for(ctx: Context, room_id: UUID, *, holding: bool = False) -> tuple[Room, Unit]:
    """The room, and its unit, held where something is to be added."""
    room = _row(ctx, select(Room).where(Room.id == room_id))
    return room, held_unit(ctx, room.unit_id) if holding else unit_for(ctx, room.unit_id)


def looked_at_bed(ctx: Context, bed_id: UUID) -> tuple[Bed, Room, Unit]:
    """To look at; whoever changes a bed asks `gate.bed_for`, which holds it."""
    bed = _row(ctx, select(Bed).where(Bed.id == bed_id))
    return bed, ctx.db.get_one(Room, bed.room_id), unit_for(ctx, bed.unit_id)


def lease_for(ctx: Context, lease_id: UUID) -> tuple[Lease, Unit]:
    lease = _row(ctx, select(Lease).where(Lease.id == lease_id))
    if lease.unit_id is None:
        raise NotFound
    return lease, unit_for(ctx, lease.unit_id)


def grant_for(ctx: Context, grant_id: UUID, *, holding: bool = False) -> HousingGrant:
    return _row(ctx, select(HousingGrant).where(HousingGrant.id == grant_id), holding=holding)


def line_for(
    ctx: Context, line_id: UUID, *, holding: bool = False
) -> tuple[BudgetLine, HousingGrant]:
    line = _row(ctx, select(BudgetLine).where(BudgetLine.id == line_id))
    return line, grant_for(ctx, line.grant_id, holding=holding)


def _row(ctx: Context, statement: Select[Row], *, holding: bool = False) -> Row:
    if holding:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = ctx.db.scalars(statement).first()
    if row is None:
        raise NotFound
    require_city(ctx, row.municipality_id)
    return row
