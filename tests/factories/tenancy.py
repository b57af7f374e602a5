"""Cities and associations for tests. Each widens the reach of the given context to the city."""

from sqlalchemy import select

from civic.kernel.context import Context
from civic.tenancy.models import Association, AssociationInCity, Municipality
from civic.tenancy.queries.standings import AssociationRow, City
from civic.tenancy.rules import Verification


def make_city(ctx: Context, slug: str = "potenza", name: str | None = None) -> City:
    """The city of that slug, made at the first call."""
    found = ctx.db.scalar(select(Municipality).where(Municipality.slug == slug))
    if found is None:
        found = Municipality(id=ctx.new_id(), slug=slug, name=name or slug.capitalize())
        ctx.db.add(found)
        ctx.db.flush()
    ctx.enter(found.id)
    return City(found.id, found.slug, found.name)


def make_association(
    ctx: Context,
    city: City,
    name: str = "Orti in Comune",
    verification: Verification = Verification.VERIFIED,
) -> AssociationRow:
    """An association working in the city; the same name is the same association everywhere."""
    ctx.enter(city.id)
    slug = name.lower().replace(" ", "-")
    association = ctx.db.scalar(select(Association).where(Association.slug == slug))
    if association is None:
        association = Association(id=ctx.new_id(), slug=slug, name=name)
        ctx.db.add(association)
        ctx.db.flush()
    standing = ctx.db.scalar(
        select(AssociationInCity)
        .where(AssociationInCity.association_id == association.id)
        .where(AssociationInCity.municipality_id == city.id)
    )
    if standing is None:
        standing = AssociationInCity(
            id=ctx.new_id(),
            association_id=association.id,
            municipality_id=city.id,
            verification=verification,
        )
        ctx.db.add(standing)
    standing.verification = verification
    ctx.db.flush()
    return AssociationRow(association.id, association.name, verification, standing.id, city.id)
