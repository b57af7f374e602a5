"""People for tests: participants, staff, and the actors they are."""

from collections.abc import Sequence
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import update

from civic.accounts import queries
from civic.accounts.models import Contact, LoginSession, Person, PersonInCity, RoleGrant
from civic.accounts.operations import token_hash
from civic.accounts.rules import ContactKind, Discipline
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from civic.web.transaction import EXTENSION


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
    discipline: Discipline | None = None,
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
            discipline=discipline,
        )
    )
    ctx.db.flush()
    return person_id


def actor_of(ctx: Context, person_id: UUID) -> Actor:
    """The person as the pages would see them, signed in."""
    return queries.actor_of_person(ctx, person_id)


def with_second_factor(client: FlaskClient) -> FlaskClient:
    """The client's session, signed in before, as if the digits of a phone had been shown in it."""
    with client.session_transaction() as session:
        token = session["_user_id"]
    with client.application.extensions[EXTENSION].database.unit_of_work(system_in()) as ctx:
        mark_second_factor(ctx, token)
    return client


def mark_second_factor(ctx: Context, token: str) -> None:
    """The same for a session known by its token."""
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .values(second_factor_at=ctx.now(), last_seen_at=ctx.now())
    )
