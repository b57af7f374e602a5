from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.accounts.rules import NAME_LENGTH, ContactKind, Discipline
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column
from civic.kernel.policy import Role


class Person(Base):
    """Anybody with an account. Only what a person can be expected to have is asked."""

    __tablename__ = "person"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    """The name they go by; one word is a whole name."""
    birth_year: Mapped[int | None]
    nationality: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166 code, `XX` for stateless; only if they said so. Figures alone use it."""
    languages: Mapped[list[str]] = mapped_column(default=list)
    """What they speak, as tags."""
    page_language: Mapped[str] = mapped_column(String(12))
    """What they read, for messages."""
    created_at: Mapped[Instant]


class PersonInCity(TenantOwned, Base):
    """A municipality knows this person: they joined something there, or its desk wrote them in."""

    __tablename__ = "person_in_city"
    __table_args__ = (UniqueConstraint("person_id", "municipality_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    since: Mapped[Instant]


class FreeTime(Base):
    """A part of the week in which a person is usually free, so that what fits can be shown."""

    __tablename__ = "free_time"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """As `catalogue.rules.slot` counts them: three a day from Monday morning, 0 to 20."""


class Contact(Base):
    """Where a person can be reached and by which they sign in. Normal form: +39…, or lower case."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ContactKind] = mapped_column(enum_column(ContactKind))
    value: Mapped[str] = mapped_column(String(254))


class StaffCredential(Base):
    """Password sign-in for those who hold a role."""

    __tablename__ = "staff_credential"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    sign_in_name: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))


class SecondFactor(Base):
    """What somebody's phone makes six digits from, every half minute."""

    __tablename__ = "second_factor"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed; see `second_factor`."""
    set_at: Mapped[Instant]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When their phone first gave the right digits; before that it opens nothing."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute, counted from 1970, whose digits were used last: these and older ones are over."""


class Pin(Base):
    """The six digits by which somebody signs in with their printed card; nobody else knows them."""

    __tablename__ = "person_pin"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    pin_hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    """Wrong ones since the last right one; after `rules.PIN_TRIES` only a new PIN helps."""
    locked_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    """Until then no try is looked at."""


class RoleGrant(Base):
    """A role within one municipality, and for organisers one association."""

    __tablename__ = "role_grant"
    __table_args__ = (Index("ix_role_grant_person_id", "person_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    municipality_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"))
    association_id: Mapped[UUID | None] = mapped_column(ForeignKey("association.id"))
    discipline: Mapped[Discipline | None] = mapped_column(enum_column(Discipline))


class LoginSession(Base):
    """A signed-in browser. The cookie carries a token; only its hash is kept here."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    by_pin: Mapped[bool] = mapped_column(default=False)
    """Begun with a card and its PIN, likely on a screen that many use: it holds no role."""
    handed_over_to: Mapped[str] = mapped_column(String(200), default="")
    """While the device is in somebody else's hands: the one page that it opens; see `handing_over`."""
    handed_back_to: Mapped[str] = mapped_column(String(200), default="")
    hand_back_hash: Mapped[str] = mapped_column(String(64), default="")
    hand_back_tries: Mapped[int] = mapped_column(default=0)
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When the digits of a phone were shown in it as well."""
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """To the minute, and only once `second_factor_at` is set: who is away for long is out."""


class OneTimeCode(Base):
    """The code last sent to a phone number or address; a new one takes its place."""

    __tablename__ = "one_time_code"

    contact_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)


class Counter(Base):
    """Tries within a window of time, counted here so that all web processes count together."""

    __tablename__ = "counter"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    """What is counted and a keyed hash of for whom: no number or address stands here."""
    window_ends_at: Mapped[Instant]
    count: Mapped[int]
