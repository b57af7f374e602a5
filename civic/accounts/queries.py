"""Who somebody is, for those who may know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, or_, select

from civic.accounts.contacts import ContactPoint
from civic.accounts.models import (
    Contact,
    FreeTime,
    LoginSession,
    Person,
    PersonInCity,
    RoleGrant,
    StaffCredential,
)
from civic.accounts.rules import IDLE_LIFE, ContactKind
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.i18n import best_language
from civic.kernel.policy import Actor, Grant, Permission, Place, Role


@dataclass(frozen=True)
class PersonCard:
    """What an association may know of a participant (DOMAIN.md, rule 5)."""

    id: UUID
    name: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class PersonFile:
    """What a municipality knows of a person. Reading one leaves a line in the audit trail."""

    id: UUID
    name: str
    birth_year: int | None
    nationality: str | None
    languages: tuple[str, ...]
    page_language: str
    municipality_id: UUID
    since: datetime


@dataclass(frozen=True)
class Profile:
    """A person's own account, as they see it."""

    id: UUID
    name: str
    birth_year: int | None
    languages: tuple[str, ...]
    page_language: str
    contacts: tuple[ContactPoint, ...]


@dataclass(frozen=True)
class Reach:
    """How a message gets to a person, and in which language they read it."""

    kind: ContactKind
    value: str
    language: str
    name: str


@dataclass(frozen=True)
class Credential:
    person_id: UUID
    password_hash: str


@dataclass(frozen=True)
class HeldSession:
    actor: Actor
    last_seen_at: datetime | None
    """Kept only of sessions in which the second factor was shown."""


def _actor_rows() -> Select[UUID, str, str, Role, UUID | None, UUID | None, UUID]:
    return (
        select(
            Person.id,
            Person.name,
            Person.page_language,
            RoleGrant.role,
            RoleGrant.municipality_id,
            RoleGrant.association_id,
            PersonInCity.municipality_id,
        )
        .select_from(Person)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(PersonInCity, PersonInCity.person_id == Person.id)
    )


def _actor(rows: Sequence[Row[UUID, str, str, Role, UUID | None, UUID | None, UUID]]) -> Actor:
    """One actor from a row per grant and known city; either side may be empty."""
    person_id, name, language = rows[0][0], rows[0][1], rows[0][2]
    held: list[tuple[Role | None, UUID | None, UUID | None]] = [
        (row[3], row[4], row[5]) for row in rows
    ]
    grants = tuple(Grant(role, city, body) for role, city, body in dict.fromkeys(held) if role)
    granted = {grant.municipality_id for grant in grants if grant.municipality_id}
    met: list[UUID | None] = [row[6] for row in rows]
    return Actor(
        person_id=person_id,
        name=name,
        grants=grants,
        # Who works for one city does not reach the rows of another by having taken part there.
        municipalities=frozenset(granted or {city for city in met if city}),
        language=language,
    )


# Built once: with each request it would take longer to put together than to run.
_HELD = (
    _actor_rows()
    .add_columns(
        LoginSession.by_pin,
        LoginSession.handed_over_to,
        LoginSession.second_factor_at,
        LoginSession.last_seen_at,
    )
    .join(LoginSession, LoginSession.person_id == Person.id)
    .where(LoginSession.token_hash == bindparam("token_hash"))
    .where(LoginSession.revoked_at.is_(None))
    .where(LoginSession.expires_at > bindparam("now", type_=UtcInstant()))
    .where(
        or_(
            LoginSession.second_factor_at.is_(None),
            LoginSession.last_seen_at > bindparam("seen_after", type_=UtcInstant()),
        )
    )
)
_NAMES = select(Person.id, Person.name).where(
    Person.id.in_(bindparam("ids", type_=Uuid(), expanding=True))
)


def held_session(ctx: Context, token_hash: str) -> HeldSession | None:
    """Who a signed-in browser acts for; nobody once its session is over, or once whoever took the
    second step in it was away for long. One statement."""
    now = ctx.now()
    asked = {"token_hash": token_hash, "now": now, "seen_after": now - IDLE_LIFE}
    with unscoped(ctx.db, "sign-in: who holds this session"):
        rows = ctx.db.execute(_HELD, asked).all()
    if not rows:
        return None
    first = rows[0]
    who = replace(
        _actor(rows),
        by_pin=first.by_pin,
        has_second_factor=first.second_factor_at is not None,
        handed_over_to=first.handed_over_to,
    )
    # Whoever was given a role meanwhile signs in anew, with their password.
    return None if who.by_pin and who.grants else HeldSession(who, first.last_seen_at)


def actor_for_token(ctx: Context, token_hash: str) -> Actor | None:
    held = held_session(ctx, token_hash)
    return held.actor if held else None


def actor_of_person(ctx: Context, person_id: UUID) -> Actor:
    """The actor that a person is when signed in."""
    with unscoped(ctx.db, "sign-in: what this person may do"):
        rows = ctx.db.execute(_actor_rows().where(Person.id == person_id)).all()
    if not rows:
        raise NotFound
    return _actor(rows)


def person_card(ctx: Context, person_id: UUID) -> PersonCard:
    """No gate of its own: rooms above ask it about people whose presence they already checked."""
    row = ctx.db.execute(
        select(Person.id, Person.name, Person.languages).where(Person.id == person_id)
    ).first()
    if row is None:
        raise NotFound
    return PersonCard(row.id, row.name, tuple(row.languages))


def person_cards(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, PersonCard]:
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.languages).where(Person.id.in_(set(ids)))
    )
    return {row.id: PersonCard(row.id, row.name, tuple(row.languages)) for row in rows}


def names(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = ctx.db.execute(_NAMES, {"ids": list(set(ids))})
    return {row.id: row.name for row in rows}


def page_language_of(ctx: Context, person_id: UUID) -> str:
    """In which of the pages' languages somebody reads."""
    found = ctx.db.scalar(select(Person.page_language).where(Person.id == person_id))
    return best_language([found or ""]).tag


def birth_year(ctx: Context, person_id: UUID) -> int | None:
    """For the rules on age; without a reading, because nobody sees it."""
    return ctx.db.scalar(select(Person.birth_year).where(Person.id == person_id))


def roles_of(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, tuple[Role, ...]]:
    """The roles that people hold: of those who read files, not of those who take part."""
    rows = ctx.db.execute(
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.person_id.in_(set(ids)))
        .order_by(RoleGrant.role)
    )
    roles: dict[UUID, dict[Role, None]] = {}
    for row in rows:
        roles.setdefault(row.person_id, {})[row.role] = None
    return {person_id: tuple(held) for person_id, held in roles.items()}


def holders_of(
    ctx: Context, role: Role, municipality_id: UUID, association_id: UUID | None = None
) -> list[UUID]:
    """Who holds the role in a city, for organisers in one association there."""
    statement = (
        select(RoleGrant.person_id)
        .where(RoleGrant.role == role)
        .where(RoleGrant.municipality_id == municipality_id)
        .order_by(RoleGrant.person_id)
        .distinct()
    )
    if association_id is not None:
        statement = statement.where(RoleGrant.association_id == association_id)
    return list(ctx.db.scalars(statement))


def reachable(ctx: Context, person_id: UUID) -> Reach | None:
    """The phone before the address: it is the one that is read on the way to a session."""
    row = ctx.db.execute(
        select(Contact.kind, Contact.value, Person.page_language, Person.name)
        .join(Person, Person.id == Contact.person_id)
        .where(Person.id == person_id)
        .order_by((Contact.kind == ContactKind.EMAIL), Contact.id)
    ).first()
    return Reach(row.kind, row.value, row.page_language, row.name) if row else None


def profile(ctx: Context) -> Profile:
    """The actor's own account."""
    person = ctx.db.execute(
        select(
            Person.id, Person.name, Person.birth_year, Person.languages, Person.page_language
        ).where(Person.id == ctx.actor.person_id)
    ).first()
    if person is None:
        raise NotFound
    contacts = ctx.db.execute(
        select(Contact.kind, Contact.value)
        .where(Contact.person_id == person.id)
        .order_by(Contact.kind, Contact.value)
    )
    return Profile(
        person.id,
        person.name,
        person.birth_year,
        tuple(person.languages),
        person.page_language,
        tuple(ContactPoint(row.kind, row.value) for row in contacts),
    )


def free_slots(ctx: Context) -> frozenset[int]:
    """When the actor usually has time, as parts of the week."""
    return frozenset(
        ctx.db.scalars(select(FreeTime.slot).where(FreeTime.person_id == ctx.actor.person_id))
    )


def holder_of(ctx: Context, kind: ContactKind, value: str) -> UUID | None:
    """Whose contact this is; asked only once they have proved that it is theirs."""
    return ctx.db.scalar(
        select(Contact.person_id).where(Contact.kind == kind).where(Contact.value == value)
    )


def has_grants(ctx: Context, person_id: UUID) -> bool:
    statement = select(RoleGrant.id).where(RoleGrant.person_id == person_id).limit(1)
    return ctx.db.scalar(statement) is not None


def credential_of(ctx: Context, sign_in_name: str) -> Credential | None:
    row = ctx.db.execute(
        select(StaffCredential.person_id, StaffCredential.password_hash).where(
            StaffCredential.sign_in_name == sign_in_name
        )
    ).first()
    return Credential(row.person_id, row.password_hash) if row else None


def is_known_in(ctx: Context, person_id: UUID, municipality_id: UUID) -> bool:
    return (
        ctx.db.scalar(
            select(PersonInCity.id)
            .where(PersonInCity.person_id == person_id)
            .where(PersonInCity.municipality_id == municipality_id)
        )
        is not None
    )


def people_of(
    ctx: Context, municipality_id: UUID, search: str = "", limit: int = 50
) -> list[PersonCard]:
    """People the city knows whose name holds these letters: enough to find whom to open."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.languages)
        .join(PersonInCity, PersonInCity.person_id == Person.id)
        .where(PersonInCity.municipality_id == municipality_id)
        .where(Person.name.icontains(search, autoescape=True))
        .order_by(Person.name, Person.id)
        .limit(limit)
    )
    return [PersonCard(row.id, row.name, tuple(row.languages)) for row in rows]


def person_for(
    ctx: Context,
    person_id: UUID,
    permission: Permission,
    reason: str,
    *,
    municipality_id: UUID | None = None,
) -> PersonFile:
    """The gate to a person's file: known in a city where the actor may do this, and on record.

    Needs a unit of work, because it writes who opened the file, when and why.
    """
    statement = (
        select(
            Person.id,
            Person.name,
            Person.birth_year,
            Person.nationality,
            Person.languages,
            Person.page_language,
            PersonInCity.municipality_id,
            PersonInCity.since,
        )
        .join(PersonInCity, PersonInCity.person_id == Person.id)
        .where(Person.id == person_id)
        .order_by(PersonInCity.since, PersonInCity.id)
    )
    if municipality_id is not None:
        statement = statement.where(PersonInCity.municipality_id == municipality_id)
    for row in ctx.db.execute(statement):
        place = Place(municipality_id=row.municipality_id, person_id=row.id)
        if permission.allows(ctx.actor, place):
            audit.record(
                ctx,
                row.municipality_id,
                "person.read",
                subject_id=row.id,
                reason=reason,
                details={"permission": permission.name},
            )
            values = {**row._mapping, "languages": tuple(row.languages)}
            return PersonFile(**values)
    raise NotFound
