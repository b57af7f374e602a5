"""The way to a lease of one's own: what somebody can pay, flats they saw, the course, the steps."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.housing.models import NAME
from civic.housing.rules.market import FlatState
from civic.housing.rules.steps import Step
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class MarketFile(TenantOwned, Base):
    __tablename__ = "market_file"

    id: Mapped[Id]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), unique=True)
    rooms_wanted: Mapped[int]
    updated_at: Mapped[Instant]
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """income_cents, debts_cents (a month), papers (`market.Paper` by value: a permit among them
    tells more of somebody than a list should); under the resident's key."""


class FlatViewed(TenantOwned, Base):
    __tablename__ = "flat_viewed"

    id: Mapped[Id]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_owner.id"), index=True)
    """Who lets it: kept among the owners, for others who look for a flat."""
    quarter: Mapped[str] = mapped_column(String(NAME))
    rent_cents: Mapped[int]
    on_day: Mapped[date | None]
    state: Mapped[FlatState] = mapped_column(enum_column(FlatState))
    written_at: Mapped[Instant]
    changed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """address, questions (of the landlord), answers, words; under the resident's key."""


class HousingCourse(TenantOwned, Base):
    """Which project of the catalogue is the course “Rules of living together” of a city."""

    __tablename__ = "housing_course"
    __table_args__ = (UniqueConstraint("municipality_id"),)

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    sessions: Mapped[int]
    """How many somebody attends until it is done."""
    chosen_at: Mapped[Instant]
    chosen_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class HousingStep(TenantOwned, Base):
    """A step that somebody took, once for each thing it is about."""

    __tablename__ = "housing_step"
    __table_args__ = (UniqueConstraint("resident_id", "step", "about_id"),)

    id: Mapped[Id]
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"))
    step: Mapped[Step] = mapped_column(enum_column(Step))
    on_day: Mapped[date]
    about_id: Mapped[UUID]
    """The stay, decision, flat or lease; the resident where it is about nothing else."""
    taken_at: Mapped[Instant]
