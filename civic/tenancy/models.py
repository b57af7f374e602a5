from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, TenantOwned, UtcInstant, enum_column
from civic.tenancy.rules import Verification


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


class AssociationInCity(TenantOwned, Base):
    """An association's standing in one municipality."""

    __tablename__ = "association_in_city"
    __table_args__ = (UniqueConstraint("association_id", "municipality_id"),)

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    verification: Mapped[Verification] = mapped_column(enum_column(Verification))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None]
