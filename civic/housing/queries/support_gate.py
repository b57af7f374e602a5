"""The one way to a decision on rent support, a line of the bank's file, and whose they are.

A decision for a dwelling that hides shows to its team alone, like the dwelling itself.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from civic.housing.models import HousingGrant, Unit
from civic.housing.placing_models import Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import is_visible
from civic.housing.support_models import BankImport, SupportDecision
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


def may_show(ctx: Context) -> ColumnElement[bool]:
    """Of decisions that are joined to their units from outside."""
    return or_(SupportDecision.unit_id.is_(None), is_visible(ctx))


def decision_for(ctx: Context, decision_id: UUID, *, holding: bool = False) -> SupportDecision:
    """Held, nobody else pays, undoes or cancels anything of it meanwhile."""
    statement = (
        select(SupportDecision)
        .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
        .where(SupportDecision.id == decision_id, may_show(ctx))
    )
    if holding:
        statement = statement.with_for_update(of=SupportDecision, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    row = ctx.db.scalars(statement).first()
    if row is None:
        raise NotFound
    _require(ctx, row.municipality_id)
    return row


def import_for(ctx: Context, import_id: UUID) -> BankImport:
    row = ctx.db.scalars(select(BankImport).where(BankImport.id == import_id)).first()
    if row is None:
        raise NotFound
    _require(ctx, row.municipality_id)
    return row


def grants_of(ctx: Context, municipality_id: UUID) -> list[HousingGrant]:
    """By their codes; those that are over too, for what was decided while they were not."""
    return list(
        ctx.db.scalars(
            select(HousingGrant)
            .where(HousingGrant.municipality_id == municipality_id)
            .order_by(HousingGrant.code)
        )
    )


def _require(ctx: Context, municipality_id: UUID) -> None:
    if not ctx.actor.is_system:
        WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))


def own_ids(ctx: Context, resident_id: UUID | None, municipality_id: UUID | None) -> list[UUID]:
    """As which residents the actor reads what they pay: as this one, if that is them, or as all that
    they are. Nobody with a printed card."""
    if ctx.actor.person_id is None or ctx.actor.by_pin:
        return []
    asked = select(Resident.id).where(Resident.person_id == ctx.actor.person_id)
    if resident_id is not None:
        asked = asked.where(Resident.id == resident_id)
        asked = asked.where(Resident.municipality_id == municipality_id)
    return list(ctx.db.scalars(asked.order_by(Resident.id)))
