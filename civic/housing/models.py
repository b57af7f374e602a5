"""The stock: owners, what they offer, dwellings with their rooms and beds, and who pays for them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from civic.housing.rules.stock import (
    Direction,
    FileKind,
    Gender,
    OfferRefusal,
    OfferState,
    OwnerKind,
    UnitKind,
)
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column

NAME = 80


class Owner(TenantOwned, Base):
    """Somebody who lets a flat, or might."""

    __tablename__ = "housing_owner"

    id: Mapped[Id]
    kind: Mapped[OwnerKind] = mapped_column(enum_column(OwnerKind))
    guarantees: Mapped[list[str]]
    """What the municipality offers them, `stock.Guarantee` by value."""
    written_at: Mapped[Instant]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """name, phone, email, words; under the owner's own key."""


class Offer(TenantOwned, Base):
    """A flat that somebody offers, before it is a dwelling of the stock."""

    __tablename__ = "housing_offer"

    id: Mapped[Id]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("housing_owner.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(NAME))
    rooms: Mapped[int]
    rent_cents: Mapped[int]
    """Asked a month; 0 where it is lent."""
    state: Mapped[OfferState] = mapped_column(enum_column(OfferState))
    refused_for: Mapped[OfferRefusal | None] = mapped_column(enum_column(OfferRefusal))
    offered_on: Mapped[date]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    """What became of it once it was accepted."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """address, words, why refused; under the owner's key."""


class Visit(TenantOwned, Base):
    """Somebody goes and looks at a flat that is offered."""

    __tablename__ = "housing_visit"

    id: Mapped[Id]
    offer_id: Mapped[UUID] = mapped_column(ForeignKey("housing_offer.id"), index=True)
    on_day: Mapped[date]
    visitor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_fit: Mapped[bool | None]
    """What they found; None while the visit is to come."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """words, under the owner's key."""


class HousingGrant(TenantOwned, Base):
    """Money from somewhere with a name, for so long."""

    __tablename__ = "housing_grant"
    __table_args__ = (UniqueConstraint("municipality_id", "code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    amount_cents: Mapped[int]
    """Nothing may be decided beyond it."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class BudgetLine(TenantOwned, Base):
    """A part of a grant that works are approved against."""

    __tablename__ = "housing_budget_line"
    __table_args__ = (UniqueConstraint("grant_id", "code"),)

    id: Mapped[Id]
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("housing_grant.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    amount_cents: Mapped[int]


class Unit(TenantOwned, Base):
    """A dwelling. Where exactly it is stands sealed: for who places somebody or lives there."""

    __tablename__ = "unit"
    __table_args__ = (
        # Safe houses left out: a name that is refused would tell that there is one of that name.
        Index(
            "uq_unit_municipality_id_name",
            "municipality_id",
            "name",
            unique=True,
            sqlite_where=text("is_safe_house IS 0"),
            postgresql_where=text("is_safe_house IS false"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(NAME))
    """What colleagues call it."""
    kind: Mapped[UnitKind] = mapped_column(enum_column(UnitKind))
    quarter: Mapped[str] = mapped_column(String(NAME))
    """The part of town: all that those see who do not place anybody there."""
    takes: Mapped[list[str]]
    """Who may live there, `stock.Who` by value; empty where everybody may."""
    is_step_free: Mapped[bool]
    is_safe_house: Mapped[bool] = mapped_column(default=False)
    """Only its team knows that it is there."""
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_owner.id"), index=True)
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_grant.id"), index=True)
    turnaround_nights: Mapped[int] = mapped_column(default=1)
    """How long a bed is made ready after somebody has left."""
    night_cost_cents: Mapped[int] = mapped_column(default=0)
    """What running it costs a bed and night besides rent and works: linen, cleaning, people."""
    closed_on: Mapped[date | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """address, entry, contact_day, contact_night, rules (of this house besides the usual ones)."""


class UnitTeam(TenantOwned, Base):
    """Who knows of a safe house."""

    __tablename__ = "unit_team"

    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Room(TenantOwned, Base):
    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: Mapped[Id]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(NAME))
    is_step_free: Mapped[bool]
    only_for: Mapped[Gender | None] = mapped_column(enum_column(Gender))
    """Where people who do not know each other share it."""


class Bed(TenantOwned, Base):
    """Whoever places somebody in it, or takes it away, holds this row."""

    __tablename__ = "bed"
    __table_args__ = (
        UniqueConstraint("room_id", "name"),
        CheckConstraint("until_night IS NULL OR until_night >= from_night", name="nights"),
    )

    id: Mapped[Id]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.id"))
    name: Mapped[str] = mapped_column(String(NAME))
    from_night: Mapped[date]
    """From this night on it is offered."""
    until_night: Mapped[date | None]
    """From this night on it is not; None while nobody thinks of taking it away."""


class Lease(TenantOwned, Base):
    """A contract of a dwelling: from its owner, or to whoever lives there."""

    __tablename__ = "lease"

    id: Mapped[Id]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """None for a flat outside the stock that somebody found and rents themselves."""
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("resident.id"), index=True)
    """Of a lease out: whose it is."""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    rent_cents: Mapped[int]
    """A month."""
    deposit_cents: Mapped[int]
    registered_on: Mapped[date | None]
    """With the revenue agency (law 431 of 1998, art. 13: a lease that is not registered is void)."""
    written_at: Mapped[Instant]


class HousingFile(TenantOwned, Base):
    """A plan, photo or paper in the file store."""

    __tablename__ = "housing_file"

    id: Mapped[Id]
    about_id: Mapped[UUID] = mapped_column(index=True)
    """The unit, owner, work, quote or placement."""
    kind: Mapped[FileKind] = mapped_column(enum_column(FileKind))
    media_type: Mapped[str] = mapped_column(String(40))
    stored_as: Mapped[str] = mapped_column(String(32))
    """In the file store, sealed under the key of `subject_id`."""
    subject_id: Mapped[UUID]
    added_at: Mapped[Instant]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
