from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, select

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place
from civic.tenancy.models import Association, AssociationInCity, Municipality
from civic.tenancy.rules import Verification


@dataclass(frozen=True)
class City:
    id: UUID
    slug: str
    name: str


@dataclass(frozen=True)
class AssociationRow:
    id: UUID
    name: str
    verification: Verification
    standing_id: UUID
    """Names the association within the one municipality."""
    municipality_id: UUID


def municipalities(ctx: Context) -> list[City]:
    """Every municipality of the network, by name: these are public."""
    rows = ctx.db.execute(
        select(Municipality.id, Municipality.slug, Municipality.name).order_by(Municipality.name)
    )
    return [City(*row) for row in rows]


def city_by_slug(ctx: Context, slug: str) -> City | None:
    row = ctx.db.execute(
        select(Municipality.id, Municipality.slug, Municipality.name).where(
            Municipality.slug == slug
        )
    ).first()
    return City(*row) if row else None


def city_names(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = ctx.db.execute(
        select(Municipality.id, Municipality.name).where(Municipality.id.in_(set(ids)))
    )
    return {city_id: name for city_id, name in rows}  # noqa: C416 - rows are no pairs to mypy


def association_names(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = ctx.db.execute(
        select(Association.id, Association.name).where(Association.id.in_(set(ids)))
    )
    return {association_id: name for association_id, name in rows}  # noqa: C416 - as above


def _standings() -> Select[UUID, str, Verification, UUID, UUID]:
    return select(
        Association.id,
        Association.name,
        AssociationInCity.verification,
        AssociationInCity.id,
        AssociationInCity.municipality_id,
    ).join(AssociationInCity, AssociationInCity.association_id == Association.id)


def associations_of(ctx: Context, municipality_id: UUID) -> list[AssociationRow]:
    """Associations that work or want to work in the city, those that wait for an answer first."""
    rows = ctx.db.execute(
        _standings()
        .where(AssociationInCity.municipality_id == municipality_id)
        .order_by(_waiting_first(), Association.name)
    )
    return [AssociationRow(*row) for row in rows]


def associations_within_reach(ctx: Context) -> list[AssociationRow]:
    """The same for all the cities of the actor."""
    rows = ctx.db.execute(_standings().order_by(_waiting_first(), Association.name))
    return [AssociationRow(*row) for row in rows]


def _waiting_first() -> ColumnElement[int]:
    return case((AssociationInCity.verification == Verification.ASKED, 0), else_=1)


def is_verified(ctx: Context, association_id: UUID, municipality_id: UUID) -> bool:
    found = ctx.db.scalar(
        select(AssociationInCity.verification)
        .where(AssociationInCity.association_id == association_id)
        .where(AssociationInCity.municipality_id == municipality_id)
    )
    return found is Verification.VERIFIED


@dataclass(frozen=True)
class CityAnswer:
    """What a city said to whoever brought the association in."""

    asked_by: UUID
    association_name: str
    city_name: str
    verification: Verification
    decided_at: datetime
    reason: str

    @property
    def is_verified(self) -> bool:
        return self.verification is Verification.VERIFIED


def answer_to(ctx: Context, association_id: UUID, municipality_id: UUID) -> CityAnswer | None:
    """None for an association that nobody brought in by these pages, or without an answer."""
    row = ctx.db.execute(
        select(
            AssociationInCity.asked_by,
            Association.name.label("association_name"),
            Municipality.name.label("city_name"),
            AssociationInCity.verification,
            AssociationInCity.decided_at,
            AssociationInCity.refusal_reason,
        )
        .join(Association, Association.id == AssociationInCity.association_id)
        .join(Municipality, Municipality.id == AssociationInCity.municipality_id)
        .where(AssociationInCity.association_id == association_id)
        .where(AssociationInCity.municipality_id == municipality_id)
    ).first()
    if row is None or row.asked_by is None or row.decided_at is None:
        return None
    return CityAnswer(
        row.asked_by,
        row.association_name,
        row.city_name,
        row.verification,
        row.decided_at,
        row.refusal_reason,
    )


def who_asked(ctx: Context, association_id: UUID, municipality_id: UUID) -> UUID | None:
    """Who brought the association in, if it came by these pages and was verified."""
    return ctx.db.scalar(
        select(AssociationInCity.asked_by)
        .where(AssociationInCity.association_id == association_id)
        .where(AssociationInCity.municipality_id == municipality_id)
        .where(AssociationInCity.verification == Verification.VERIFIED)
    )


def standing_for(ctx: Context, standing_id: UUID, permission: Permission) -> AssociationRow:
    """The gate: an association's standing in a city where the actor may do this."""
    row = ctx.db.execute(_standings().where(AssociationInCity.id == standing_id)).first()
    if row is None:
        raise NotFound
    standing = AssociationRow(*row)
    permission.require(
        ctx.actor, Place(municipality_id=standing.municipality_id, association_id=standing.id)
    )
    return standing
