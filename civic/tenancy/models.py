from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column
from civic.tenancy.rules import LegalForm, Verification


class Municipality(Base):
    """The tenant. Its name and address are public; its rows elsewhere are its own."""

    __tablename__ = "municipality"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))


class Association(Base):
    """A Third-Sector body. It may work in several municipalities, each of which verifies it."""

    __tablename__ = "association"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    register_number: Mapped[str] = mapped_column(String(40), default="")
    """In the national register of the Third Sector (RUNTS)."""
    legal_form: Mapped[LegalForm | None] = mapped_column(enum_column(LegalForm))
    about: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    """Of the association, for everybody to see."""
    logo: Mapped[str] = mapped_column(String(80), default="")
    """Name of the file in the store; empty when there is none."""


class AssociationInCity(TenantOwned, Base):
    """An association's standing in one municipality."""

    __tablename__ = "association_in_city"
    __table_args__ = (UniqueConstraint("association_id", "municipality_id"),)

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    verification: Mapped[Verification] = mapped_column(enum_column(Verification))
    asked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    asked_by: Mapped[UUID | None]
    """Who asked for it on these pages; they become its organiser once it is verified."""
    refusal_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None]


class AssociationDocument(TenantOwned, Base):
    """A paper that an association shows a municipality (a statute, a certificate)."""

    __tablename__ = "association_document"

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    """In bytes."""
    stored_as: Mapped[str] = mapped_column(String(80), unique=True)
    """Name of the file in the store, which tells nothing of the document."""
    uploaded_by: Mapped[UUID | None]
    uploaded_at: Mapped[Instant]
