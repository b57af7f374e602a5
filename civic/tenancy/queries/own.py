"""An association as those who run it see it, and as everybody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place, Role
from civic.tenancy.models import (
    Association,
    AssociationDocument,
    AssociationInCity,
    Municipality,
)
from civic.tenancy.policy import VERIFY_ASSOCIATION
from civic.tenancy.rules import LegalForm, Verification


@dataclass(frozen=True)
class Standing:
    municipality_id: UUID
    municipality_name: str
    verification: Verification
    refusal_reason: str


@dataclass(frozen=True)
class OwnAssociation:
    """An association with what each city said of it."""

    id: UUID
    slug: str
    name: str
    legal_form: LegalForm | None
    register_number: str
    about: str
    email: str
    phone: str
    logo: str
    standings: tuple[Standing, ...]

    @property
    def is_verified(self) -> bool:
        return any(each.verification is Verification.VERIFIED for each in self.standings)


@dataclass(frozen=True)
class DocumentRow:
    id: UUID
    municipality_id: UUID
    title: str
    media_type: str
    size: int
    stored_as: str
    uploaded_at: datetime


def is_known(ctx: Context, register_number: str, but: UUID | None = None) -> bool:
    statement = select(Association.id).where(
        func.lower(Association.register_number) == register_number.lower()
    )
    if but is not None:
        statement = statement.where(Association.id != but)
    return ctx.db.scalar(statement.limit(1)) is not None


def own_associations(ctx: Context) -> list[OwnAssociation]:
    """Those that the actor organises somewhere or brought in, whatever a city answered."""
    granted = [
        grant.association_id
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER and grant.association_id
    ]
    # What a city said of one's own association is one's own to know, also before that city has
    # verified it and so let its organiser reach it.
    with unscoped(ctx.db, "an association reads what cities said of it"):
        ids = ctx.db.scalars(
            select(AssociationInCity.association_id)
            .where(
                or_(
                    AssociationInCity.association_id.in_(granted),
                    AssociationInCity.asked_by == ctx.actor.own_id,
                )
            )
            .distinct()
        ).all()
        return _associations(ctx.db, ids)


def own_association(ctx: Context, association_id: UUID) -> OwnAssociation:
    """The gate for whoever runs an association."""
    found = {each.id: each for each in own_associations(ctx)}.get(association_id)
    if found is None:
        raise NotFound
    return found


def public_association(ctx: Context, slug: str) -> OwnAssociation:
    """What everybody may read, once some city has verified it: its verified cities alone."""
    with unscoped(ctx.db, "which cities verified an association is public"):
        ids = ctx.db.scalars(select(Association.id).where(Association.slug == slug)).all()
        found = _associations(ctx.db, ids)
    if not found or not found[0].is_verified:
        raise NotFound
    return _verified_alone(found[0])


def _verified_alone(association: OwnAssociation) -> OwnAssociation:
    values = {name: getattr(association, name) for name in association.__dataclass_fields__}
    values["standings"] = tuple(
        each for each in association.standings if each.verification is Verification.VERIFIED
    )
    return OwnAssociation(**values)


def association_asking(ctx: Context, standing_id: UUID) -> tuple[OwnAssociation, UUID]:
    """The gate for officers: an association that stands in their city, and which city that is."""
    row = ctx.db.execute(
        select(AssociationInCity.association_id, AssociationInCity.municipality_id).where(
            AssociationInCity.id == standing_id
        )
    ).first()
    if row is None:
        raise NotFound
    VERIFY_ASSOCIATION.require(ctx.actor, Place(row.municipality_id, row.association_id))
    return _associations(ctx.db, [row.association_id])[0], row.municipality_id


def _associations(db: Session, ids: Sequence[UUID]) -> list[OwnAssociation]:
    standings: dict[UUID, list[Standing]] = {}
    rows = db.execute(
        select(
            AssociationInCity.association_id,
            AssociationInCity.municipality_id,
            Municipality.name,
            AssociationInCity.verification,
            AssociationInCity.refusal_reason,
        )
        .join(Municipality, Municipality.id == AssociationInCity.municipality_id)
        .where(AssociationInCity.association_id.in_(ids))
        .order_by(Municipality.name)
    )
    for row in rows:
        standing = Standing(row.municipality_id, row.name, row.verification, row.refusal_reason)
        standings.setdefault(row.association_id, []).append(standing)
    facts = db.execute(
        select(
            Association.id,
            Association.slug,
            Association.name,
            Association.legal_form,
            Association.register_number,
            Association.about,
            Association.email,
            Association.phone,
            Association.logo,
        )
        .where(Association.id.in_(ids))
        .order_by(Association.name, Association.id)
    )
    return [OwnAssociation(*row, tuple(standings.get(row.id, ()))) for row in facts]


def logo_of(ctx: Context, slug: str) -> str:
    """Name of the file in the store."""
    stored_as = ctx.db.scalar(select(Association.logo).where(Association.slug == slug))
    if not stored_as:
        raise NotFound
    return stored_as


def count_documents(ctx: Context, association_id: UUID, municipality_id: UUID) -> int:
    ctx.enter(municipality_id)
    statement = (
        select(func.count())
        .select_from(AssociationDocument)
        .where(AssociationDocument.association_id == association_id)
        .where(AssociationDocument.municipality_id == municipality_id)
    )
    return ctx.db.scalar(statement) or 0


def documents(
    ctx: Context, association_id: UUID, municipality_ids: Sequence[UUID]
) -> list[DocumentRow]:
    """No gate: callers have passed one for the association, or for the city."""
    for municipality_id in municipality_ids:
        ctx.enter(municipality_id)
    rows = ctx.db.execute(
        select(
            AssociationDocument.id,
            AssociationDocument.municipality_id,
            AssociationDocument.title,
            AssociationDocument.media_type,
            AssociationDocument.size,
            AssociationDocument.stored_as,
            AssociationDocument.uploaded_at,
        )
        .where(AssociationDocument.association_id == association_id)
        .where(AssociationDocument.municipality_id.in_(municipality_ids))
        .order_by(AssociationDocument.uploaded_at, AssociationDocument.id)
    )
    return [DocumentRow(*row) for row in rows]


def document_for(ctx: Context, document_id: UUID, verifying: Permission) -> DocumentRow:
    """The gate of a paper: for officers of its city, and for those who run the association."""
    with unscoped(ctx.db, "whose paper this is, before anybody sees it"):
        row = ctx.db.execute(
            select(AssociationDocument.association_id, AssociationDocument.municipality_id).where(
                AssociationDocument.id == document_id
            )
        ).first()
    if row is None:
        raise NotFound
    if not verifying.allows(ctx.actor, Place(row.municipality_id, row.association_id)):
        own_association(ctx, row.association_id)
    found = documents(ctx, row.association_id, [row.municipality_id])
    return next(each for each in found if each.id == document_id)
