"""People for tests: participants, staff, and the actors they are."""

from collections.abc import Sequence
from uuid import UUID

from civic.accounts import queries
from civic.accounts.models import Contact, Person, PersonInCity, RoleGrant
from civic.accounts.rules import ContactKind
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role
from civic.tenancy.queries.standings import AssociationRow, City


def make_person(
    ctx: Context,
    name: str = "Amina",
    city: City | None = None,
    birth_year: int | None = 1995,
    *,
    languages: Sequence[str] = ("fr",),
    page_language: str = "it",
    nationality: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> UUID:
    """A participant; with a city, one that the city knows."""
    person = Person(
        id=ctx.new_id(),
        name=name,
        birth_year=birth_year,
        nationality=nationality,
        languages=list(languages),
        page_language=page_language,
        created_at=ctx.now(),
    )
    ctx.db.add(person)
    ctx.db.flush()
    for kind, value in ((ContactKind.PHONE, phone), (ContactKind.EMAIL, email)):
        if value:
            ctx.db.add(Contact(id=ctx.new_id(), person_id=person.id, kind=kind, value=value))
    if city is not None:
        ctx.enter(city.id)
        ctx.db.add(
            PersonInCity(
                id=ctx.new_id(), person_id=person.id, municipality_id=city.id, since=ctx.now()
            )
        )
    ctx.db.flush()
    return person.id


def make_staff(
    ctx: Context,
    role: Role,
    city: City | None = None,
    association: AssociationRow | None = None,
    name: str | None = None,
    *,
    page_language: str = "it",
    email: str | None = None,
) -> UUID:
    """Somebody who holds a role; without a password, which costs time and is rarely needed."""
    person_id = make_person(
        ctx,
        name or role.value.replace("_", " ").capitalize(),
        birth_year=None,
        languages=("it",),
        page_language=page_language,
        email=email,
    )
    ctx.db.add(
        RoleGrant(
            id=ctx.new_id(),
            person_id=person_id,
            role=role,
            municipality_id=city.id if city else None,
            association_id=association.id if association else None,
        )
    )
    ctx.db.flush()
    return person_id


def actor_of(ctx: Context, person_id: UUID) -> Actor:
    """The person as the pages would see them, signed in."""
    return queries.actor_of_person(ctx, person_id)
