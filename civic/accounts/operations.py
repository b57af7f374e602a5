"""Signing in and out, and who a person says they are."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, delete, select, update

from civic.accounts import passwords, queries
from civic.accounts.contacts import ContactPoint
from civic.accounts.errors import (
    ImpossibleBirthYear,
    NameMissing,
    NameTooLong,
    PasswordTooShort,
    SignInNameTaken,
    TooManyPasswords,
)
from civic.accounts.models import (
    Contact,
    Counter,
    FreeTime,
    LoginSession,
    OneTimeCode,
    Person,
    PersonInCity,
    RoleGrant,
    StaffCredential,
)
from civic.accounts.rules import (
    MINIMUM_AGE,
    NAME_LENGTH,
    PASSWORD_TRIES,
    PASSWORD_WINDOW,
    PASSWORDS_PER_NETWORK,
    PIN_SESSION_LIFE,
    SESSION_LIFE,
    SLOTS,
    STAFF_SESSION_LIFE,
    Discipline,
    can_be_born_in,
    is_name,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert, insert_once
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.kernel.policy import Grant, Role


@dataclass(frozen=True)
class NewPerson:
    name: str
    birth_year: int | None
    languages: tuple[str, ...]
    page_language: str
    contact: ContactPoint | None = None
    """One that they have proved to be theirs."""
    nationality: str | None = None


# Throttling


def count_up(ctx: Context, key: str, limit: int, window: timedelta) -> bool:
    """Count one more try; False once there were more than the limit within the window."""
    now = ctx.now()
    is_over = Counter.window_ends_at <= now
    fresh = {"count": 1, "window_ends_at": now + window}
    statement = insert(ctx.db, Counter).values(key=key, **fresh)
    counted = ctx.db.connection().scalar(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((is_over, 1), else_=Counter.count + 1),
                "window_ends_at": case(
                    (is_over, statement.excluded.window_ends_at), else_=Counter.window_ends_at
                ),
            },
        ).returning(Counter.count)
    )
    return int(counted or 0) <= limit


def forget_what_is_over(ctx: Context) -> None:
    """The worker's daily broom: codes, counters and sessions that no longer mean anything."""
    now = ctx.now()
    ctx.db.execute(delete(OneTimeCode).where(OneTimeCode.expires_at <= now))
    ctx.db.execute(delete(Counter).where(Counter.window_ends_at <= now))
    ctx.db.execute(delete(LoginSession).where(LoginSession.expires_at <= now))


# Sessions


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(ctx: Context, person_id: UUID, *, by_pin: bool = False) -> str:
    """A new token for a browser; the only copy of it goes into the cookie."""
    token = secrets.token_urlsafe(32)
    life = STAFF_SESSION_LIFE if queries.has_grants(ctx, person_id) else SESSION_LIFE
    if by_pin:
        life = PIN_SESSION_LIFE
    ctx.db.add(
        LoginSession(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=ctx.now(),
            expires_at=ctx.now() + life,
            by_pin=by_pin,
        )
    )
    ctx.db.flush()
    return token


def close_session(ctx: Context, token: str) -> None:
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .where(LoginSession.revoked_at.is_(None))
        .values(revoked_at=ctx.now())
    )


def close_all(ctx: Context, person_id: UUID) -> None:
    """Sign a person out of every browser: their own wish, or the system's after a lost password."""
    if not ctx.actor.is_system and ctx.actor.person_id != person_id:
        raise NotFound
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.person_id == person_id)
        .where(LoginSession.revoked_at.is_(None))
        .values(revoked_at=ctx.now())
    )


# People


def register(ctx: Context, new: NewPerson) -> UUID:
    """Write a person in. Whoever proved a contact that is already held is the one who holds it."""
    _check_name(new.name)
    if new.birth_year is not None and not can_be_born_in(new.birth_year, rome_day(ctx.now())):
        raise ImpossibleBirthYear(minimum=MINIMUM_AGE)
    person = Person(
        id=ctx.new_id(),
        name=new.name,
        birth_year=new.birth_year,
        nationality=new.nationality,
        languages=list(new.languages),
        page_language=new.page_language,
        created_at=ctx.now(),
    )
    ctx.db.add(person)
    ctx.db.flush()
    contact = new.contact
    if contact is not None and not add_contact(ctx, person.id, contact):
        ctx.db.delete(person)
        ctx.db.flush()
        holder = queries.holder_of(ctx, contact.kind, contact.value)
        if holder is None:
            raise NotFound
        return holder
    return person.id


def add_contact(ctx: Context, person_id: UUID, contact: ContactPoint) -> bool:
    """False when somebody, perhaps this person, has it already."""
    return insert_once(
        ctx.db,
        Contact,
        id=ctx.new_id(),
        person_id=person_id,
        kind=contact.kind,
        value=contact.value,
    )


def note_in_city(ctx: Context, person_id: UUID, municipality_id: UUID) -> bool:
    """From now on the city knows this person; True if it did not before."""
    return insert_once(
        ctx.db,
        PersonInCity,
        id=ctx.new_id(),
        person_id=person_id,
        municipality_id=municipality_id,
        since=ctx.now(),
    )


def change_profile(ctx: Context, name: str, languages: Sequence[str], page_language: str) -> None:
    """A person changes what they said of themselves."""
    _check_name(name)
    if ctx.actor.person_id is None:
        raise NotFound
    person = ctx.db.get_one(Person, ctx.actor.person_id)
    person.name, person.languages, person.page_language = name, list(languages), page_language


def keep_free_time(ctx: Context, slots: Iterable[int]) -> None:
    """When a person usually has time, in place of what they said before."""
    person_id = ctx.actor.own_id
    ctx.db.execute(delete(FreeTime).where(FreeTime.person_id == person_id))
    ctx.db.add_all(FreeTime(person_id=person_id, slot=slot) for slot in set(slots) & set(SLOTS))


def _check_name(name: str) -> None:
    if not is_name(name):
        raise NameMissing
    if len(name) > NAME_LENGTH:
        raise NameTooLong(length=NAME_LENGTH)


# Staff


def make_staff_account(
    ctx: Context,
    name: str,
    sign_in_name: str,
    password: str,
    grants: Sequence[Grant],
    *,
    discipline: Discipline | None = None,
    page_language: str = "it",
) -> UUID:
    """Set up somebody who holds roles. Done at set-up, never through a page."""
    if len(password) < passwords.SHORTEST:
        raise PasswordTooShort(length=passwords.SHORTEST)
    person_id = register(ctx, NewPerson(name, None, (), page_language))
    is_new = insert_once(
        ctx.db,
        StaffCredential,
        person_id=person_id,
        sign_in_name=sign_in_form(sign_in_name),
        password_hash=passwords.hash_password(password),
    )
    if not is_new:
        raise SignInNameTaken
    for grant in grants:
        grant_role(ctx, person_id, grant, discipline)
    return person_id


def grant_role(
    ctx: Context, person_id: UUID, grant: Grant, discipline: Discipline | None = None
) -> None:
    """Give a role once; a second time changes nothing."""
    held = ctx.db.scalars(
        select(RoleGrant.id)
        .where(RoleGrant.person_id == person_id, RoleGrant.role == grant.role)
        .where(RoleGrant.municipality_id.is_not_distinct_from(grant.municipality_id))
        .where(RoleGrant.association_id.is_not_distinct_from(grant.association_id))
    ).first()
    if held is not None:
        return
    ctx.db.add(
        RoleGrant(
            id=ctx.new_id(),
            person_id=person_id,
            role=grant.role,
            municipality_id=grant.municipality_id,
            association_id=grant.association_id,
            discipline=discipline if grant.role is Role.CASE_WORKER else None,
        )
    )
    ctx.db.flush()


def sign_in_form(sign_in_name: str) -> str:
    """A sign-in name as it is compared: small letters, no space around."""
    return sign_in_name.strip().casefold()


def begin_staff_sign_in(
    ctx: Context, keys: Keys, sign_in_name: str, network: str
) -> queries.Credential | None:
    """Count the try and fetch what it is compared with; the comparing happens outside of any
    transaction, because it takes long and on SQLite writers queue."""
    wanted = sign_in_form(sign_in_name)
    if not (
        count_up(ctx, _password_key(keys, wanted), PASSWORD_TRIES, PASSWORD_WINDOW)
        and count_up(
            ctx,
            f"password:net:{keys.hash('network', network)}",
            PASSWORDS_PER_NETWORK,
            PASSWORD_WINDOW,
        )
    ):
        raise TooManyPasswords
    return queries.credential_of(ctx, wanted)


def finish_staff_sign_in(
    ctx: Context, keys: Keys, sign_in_name: str, person_id: UUID, new_hash: str | None
) -> str:
    """The password was right: forget the tries, keep a hash made today's way, open a session."""
    key = _password_key(keys, sign_in_form(sign_in_name))
    ctx.db.execute(delete(Counter).where(Counter.key == key))
    if new_hash:
        ctx.db.get_one(StaffCredential, person_id).password_hash = new_hash
    return open_session(ctx, person_id)


def _password_key(keys: Keys, sign_in_name: str) -> str:
    return f"password:{keys.hash('sign-in name', sign_in_name)}"
