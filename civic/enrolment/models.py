from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class Enrolment(TenantOwned, Base):
    """A person has joined a project (iscrizione)."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "project_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[EnrolmentState] = mapped_column(enum_column(EnrolmentState))
    joined_at: Mapped[Instant]


class Booking(TenantOwned, Base):
    """A person's place in a session, confirmed or on the waiting list (prenotazione)."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_booking_queue", "session_id", "state", "queued_at"),
        Index("ix_booking_person_id", "person_id"),
    )

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[BookingState] = mapped_column(enum_column(BookingState))
    queued_at: Mapped[Instant]
    """When they asked; the waiting list is served in this order."""
    changed_at: Mapped[Instant]


class GuardianConsent(TenantOwned, Base):
    """A guardian's consent for a minor, recorded by an officer (DOMAIN.md, rule 3)."""

    __tablename__ = "guardian_consent"
    __table_args__ = (UniqueConstraint("person_id", "municipality_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    guardian_name: Mapped[str] = mapped_column(String(160))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[Instant]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class InsurancePolicy(TenantOwned, Base):
    """An association's cover for its volunteers in a city (Third-Sector Code, art. 18)."""

    __tablename__ = "insurance_policy"
    __table_args__ = (Index("ix_insurance_policy_association", "association_id", "starts_on"),)

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    insurer: Mapped[str] = mapped_column(String(160))
    number: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """Last day covered."""


class RegisterEntry(TenantOwned, Base):
    """A volunteer's line in the association's register (art. 17): first and last day.

    Who leaves and comes back gets a new line, so that no day in between looks covered.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint(
            "person_id",
            "association_id",
            "municipality_id",
            "first_day",
            name="uq_register_entry_line",
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
