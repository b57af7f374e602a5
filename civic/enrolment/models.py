from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.catalogue.rules import RequirementKind
from civic.enrolment.rules import BookingState, EnrolmentState, LegalBasis, LineKind
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class Enrolment(TenantOwned, Base):
    """A person has joined a project (iscrizione)."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "project_id"),
        # The few that wait for an answer, among all who ever joined.
        Index(
            "ix_enrolment_requested",
            "municipality_id",
            "joined_at",
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    state: Mapped[EnrolmentState] = mapped_column(enum_column(EnrolmentState))
    joined_at: Mapped[Instant]
    """When they asked to join, for the time this state has lasted since."""
    asked_words: Mapped[str] = mapped_column(Text, default="")
    """What they wrote to the organiser when they asked, in whatever language."""
    legal_basis: Mapped[LegalBasis] = mapped_column(
        enum_column(LegalBasis), default=LegalBasis.VOLUNTEER
    )
    enrolled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who did it for them at the desk; nobody when they joined themselves."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    escalated_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When silence carried the request to the municipality."""


class Booking(TenantOwned, Base):
    """A person's place in a session, confirmed or on the waiting list (prenotazione)."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_booking_queue", "session_id", "state", "queued_at"),
        Index("ix_booking_person_id", "person_id"),
        Index(
            "ix_booking_offered_until",
            "offered_until",
            sqlite_where=text("offered_until IS NOT NULL"),
            postgresql_where=text("offered_until IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    state: Mapped[BookingState] = mapped_column(enum_column(BookingState))
    queued_at: Mapped[Instant]
    """When they asked; the waiting list is served in this order."""
    changed_at: Mapped[Instant]
    offered_until: Mapped[datetime | None] = mapped_column(UtcInstant)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking_group.id"), index=True)
    booked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who did it for them at the desk, or gave them the place out of turn."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts what calendars must take over of this booking, beside the session's own changes."""
    asked_again_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """Since when they are asked whether they still come, after the session moved."""
    agreed_starts_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    agreed_ends_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    agreed_meeting_point: Mapped[str | None] = mapped_column(String(200))
    """What they had said yes to, as long as they are asked again."""


class BookingGroup(TenantOwned, Base):
    """Friends or a family who come together or wait together."""

    __tablename__ = "booking_group"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"), index=True)
    code: Mapped[str] = mapped_column(String(12))
    """What the first one tells the others."""
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[Instant]
    asked_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When it asked for its places; from then on nobody joins it."""


class Qualification(Base):
    """What a person can show when a project asks for it. Badges write it; no city owns it."""

    __tablename__ = "qualification"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[RequirementKind] = mapped_column(enum_column(RequirementKind), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)


class CalendarFeed(Base):
    """The address at which a person's own calendar fetches their sessions."""

    __tablename__ = "calendar_feed"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Announcement(TenantOwned, Base):
    """What an organiser wrote to all who are booked on a session."""

    __tablename__ = "announcement"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str] = mapped_column(String(12))
    """Of the words, which go to everybody as they were written."""
    words: Mapped[str] = mapped_column(Text)
    with_waiting: Mapped[bool]
    """Also to those who wait for a place."""
    people: Mapped[int]
    """To how many it went."""
    made_at: Mapped[Instant]


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
    """Cover for those who take part in a city (Third-Sector Code, art. 18).

    An association's own, or with no association the municipality's, for whom it places.
    """

    __tablename__ = "insurance_policy"
    __table_args__ = (Index("ix_insurance_policy_association", "association_id", "starts_on"),)

    id: Mapped[Id]
    association_id: Mapped[UUID | None] = mapped_column(ForeignKey("association.id"))
    insurer: Mapped[str] = mapped_column(String(160))
    number: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    """Last day covered."""
    covers_accident: Mapped[bool] = mapped_column(default=True)
    covers_illness: Mapped[bool] = mapped_column(default=True)
    covers_liability: Mapped[bool] = mapped_column(default=True)
    """Damage to others. The law asks for all three, in one policy or in several."""
    was_to_end_on: Mapped[date | None]
    """Its last day as first written down, where it ended earlier."""
    end_reason: Mapped[str] = mapped_column(String(300), default="")


class PolicyBasis(Base):
    """Whom a policy covers."""

    __tablename__ = "policy_basis"

    policy_id: Mapped[UUID] = mapped_column(
        ForeignKey("insurance_policy.id", ondelete="CASCADE"), primary_key=True
    )
    legal_basis: Mapped[LegalBasis] = mapped_column(enum_column(LegalBasis), primary_key=True)


class VolunteerDetails(Base):
    """What the law wants in the register, as far as somebody has it (DOMAIN.md, rules 1 and 4)."""

    __tablename__ = "volunteer_details"

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    fiscal_code: Mapped[str] = mapped_column(String(16), default="")
    birth_date: Mapped[date | None]
    birth_place: Mapped[str] = mapped_column(String(120), default="")
    residence: Mapped[str] = mapped_column(String(200), default="")
    """Or domicile: a reception centre's address will do."""
    changed_at: Mapped[Instant]


class RegisterLine(TenantOwned, Base):
    """A line of the register itself: written once, chained to the one before, never changed."""

    __tablename__ = "register_line"
    __table_args__ = (
        UniqueConstraint(
            "association_id", "municipality_id", "number", name="uq_register_line_number"
        ),
    )

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    number: Mapped[int]
    """From 1 in each register."""
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[dict[str, Any]]
    """Name, birth, residence, first and last day as they stood, ISO dates."""
    corrects: Mapped[int | None]
    """Number of the line that this one sets right."""
    recorded_at: Mapped[Instant]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class RegisterEntry(TenantOwned, Base):
    """Who stands in the association's register (art. 17) and from when to when: what the lines of
    `RegisterLine` amount to, kept at hand for the gate.

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
        Index("ix_register_entry_association_id", "association_id", "municipality_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    last_line: Mapped[int] = mapped_column(default=0)
    """Number of the newest line about it: so a line cut off at the end is missed."""
