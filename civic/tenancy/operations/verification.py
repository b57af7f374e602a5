"""Cities, associations, and what a city says of an association."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Place
from civic.tenancy.errors import AlreadyDecided, ReasonMissing
from civic.tenancy.events import AssociationDecided
from civic.tenancy.models import Association, AssociationInCity, Municipality
from civic.tenancy.policy import VERIFY_ASSOCIATION
from civic.tenancy.rules import REASON_LENGTH, Verification


def add_municipality(ctx: Context, slug: str, name: str) -> UUID:
    """A new tenant; done at set-up, never through a page."""
    municipality = Municipality(id=ctx.new_id(), slug=slug, name=name)
    ctx.db.add(municipality)
    ctx.db.flush()
    return municipality.id


def add_association(ctx: Context, slug: str, name: str) -> UUID:
    association = Association(id=ctx.new_id(), slug=slug, name=name)
    ctx.db.add(association)
    ctx.db.flush()
    return association.id


def ask_verification(ctx: Context, association_id: UUID, municipality_id: UUID) -> None:
    """An association asks a municipality to let it post projects there."""
    ctx.db.add(
        AssociationInCity(
            id=ctx.new_id(),
            association_id=association_id,
            municipality_id=municipality_id,
            verification=Verification.ASKED,
            asked_at=ctx.now(),
        )
    )
    ctx.db.flush()


def verify_association(ctx: Context, association_id: UUID, municipality_id: UUID) -> None:
    """From now on its organisers may submit projects in this city."""
    _decide(ctx, association_id, municipality_id, Verification.VERIFIED)


def refuse_association(
    ctx: Context, association_id: UUID, municipality_id: UUID, reason: str
) -> None:
    """Also takes a verification back; projects already published stay until they are closed."""
    if not reason.strip():
        raise ReasonMissing
    _decide(ctx, association_id, municipality_id, Verification.REFUSED, reason.strip())


def _decide(
    ctx: Context,
    association_id: UUID,
    municipality_id: UUID,
    decision: Verification,
    reason: str = "",
) -> None:
    if not ctx.actor.is_system:
        place = Place(municipality_id=municipality_id, association_id=association_id)
        VERIFY_ASSOCIATION.require(ctx.actor, place)
    changed = cast(
        "CursorResult[Any]",
        ctx.db.execute(
            update(AssociationInCity)
            .where(AssociationInCity.association_id == association_id)
            .where(AssociationInCity.municipality_id == municipality_id)
            .where(AssociationInCity.verification != decision)
            .values(
                verification=decision,
                decided_at=ctx.now(),
                decided_by=ctx.actor.person_id,
                refusal_reason=reason[:REASON_LENGTH],
            )
        ),
    )
    if not changed.rowcount:
        _explain(ctx, association_id, municipality_id)
    emit(
        ctx,
        AssociationDecided(
            municipality_id=municipality_id,
            association_id=association_id,
            decided_by=ctx.actor.person_id,
            verification=decision.value,
        ),
    )


def _explain(ctx: Context, association_id: UUID, municipality_id: UUID) -> None:
    """Nothing changed: the association does not work there, or the answer was given before."""
    found = ctx.db.scalar(
        select(AssociationInCity.id)
        .where(AssociationInCity.association_id == association_id)
        .where(AssociationInCity.municipality_id == municipality_id)
    )
    raise NotFound if found is None else AlreadyDecided
