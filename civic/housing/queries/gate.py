"""The one way to a dwelling, a request, a stay or a resident. An id becomes one of these only here.

Somebody of another city, without the role, or outside the team of a safe house gets the answer for
what does not exist.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select

from civic.housing.models import Bed, Unit, UnitTeam
from civic.housing.placing_models import HousingRequest, Placement, Proposal, Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.rules.placing import Somebody
from civic.housing.sealing import words_of
from civic.kernel.context import Context
from civic.kernel.db.base import Base, TenantOwned
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place

Row = TypeVar("Row", bound=TenantOwned)


def is_visible(ctx: Context) -> ColumnElement[bool]:
    """Of units: all but the safe houses of whose team the actor is not. Every list of units, and of
    what hangs on them, asks this."""
    if ctx.actor.is_system:
        return Unit.id.is_not(None)
    in_team = exists(
        select(UnitTeam.unit_id)
        .where(UnitTeam.unit_id == Unit.id)
        .where(UnitTeam.person_id == ctx.actor.person_id)
    )
    return or_(Unit.is_safe_house.is_(False), in_team)


def unit_for(
    ctx: Context, unit_id: UUID, permission: Permission = WORK_ON_HOUSING, *, holding: bool = False
) -> Unit:
    statement = select(Unit).where(Unit.id == unit_id, is_visible(ctx))
    return _allowed(ctx, permission, _found(ctx, statement, holding=holding))


def request_for(
    ctx: Context,
    request_id: UUID,
    permission: Permission = WORK_ON_HOUSING,
    *,
    holding: bool = False,
) -> HousingRequest:
    statement = select(HousingRequest).where(HousingRequest.id == request_id)
    return _allowed(ctx, permission, _found(ctx, statement, holding=holding))


def placement_for(
    ctx: Context,
    placement_id: UUID,
    permission: Permission = WORK_ON_HOUSING,
    *,
    holding: bool = False,
) -> Placement:
    """Whoever changes a stay holds its row: two changes of one stay come one after the other."""
    statement = (
        select(Placement)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(Placement.id == placement_id, is_visible(ctx))
    )
    return _allowed(ctx, permission, _found(ctx, statement, holding=holding, of=Placement))


def proposal_for(
    ctx: Context, proposal_id: UUID, permission: Permission = WORK_ON_HOUSING
) -> Proposal:
    statement = (
        select(Proposal)
        .join(Unit, Unit.id == Proposal.unit_id)
        .where(Proposal.id == proposal_id, is_visible(ctx))
    )
    return _allowed(ctx, permission, _found(ctx, statement, holding=True, of=Proposal))


def resident_for(
    ctx: Context, resident_id: UUID, permission: Permission = WORK_ON_HOUSING
) -> Resident:
    return _allowed(
        ctx, permission, _found(ctx, select(Resident).where(Resident.id == resident_id))
    )


def bed_for(ctx: Context, bed_id: UUID) -> tuple[Bed, Unit]:
    """The bed held, and its unit."""
    row = ctx.db.scalars(select(Bed).where(Bed.id == bed_id).with_for_update()).first()
    if row is None:
        raise NotFound
    return row, unit_for(ctx, row.unit_id)


def _found(
    ctx: Context,
    statement: Select[Row],
    *,
    holding: bool = False,
    of: type[Base] | None = None,
) -> Row:
    if holding:
        statement = statement.with_for_update(of=of).execution_options(populate_existing=True)
    row = ctx.db.scalars(statement).first()
    if row is None:
        raise NotFound
    return row


def _allowed(ctx: Context, permission: Permission, row: Row) -> Row:
    if not ctx.actor.is_system:
        permission.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return row


@dataclass(frozen=True)
class Member:
    """Somebody of a household, by their name."""

    id: UUID
    name: str
    somebody: Somebody
    person_id: UUID | None
    died_on: date | None
    departed_on: date | None


def member_of(ctx: Context, row: Resident) -> Member:
    words = words_of(ctx, row.municipality_id, row.id, Resident, row.id, row.sealed)
    return Member(
        row.id,
        words.get("name", ""),
        somebody_of(row),
        row.person_id,
        row.died_on,
        row.departed_on,
    )


def somebody_of(row: Resident) -> Somebody:
    return Somebody(row.birth_year, row.gender, row.birth_date, row.needs_no_steps)
