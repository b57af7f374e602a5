from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.attendance.rules import Direction, Outcome, Reason
from civic.catalogue.rules import Area
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class Pass(TenantOwned, Base):
    """What a participant shows at the gate, one per city so that cities cannot link a person.

    The QR holds an opaque 128-bit token derived from the secret key and this row's id; only the
    token's hash is kept, so a copy of the database opens no gate.
    """

    __tablename__ = "pass"
    __table_args__ = (
        UniqueConstraint("municipality_id", "short_code"),
        # One living pass a person and city; the revoked ones stay behind it.
        Index(
            "ix_pass_living",
            "person_id",
            "municipality_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_pass_person_id", "person_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    short_code: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CheckEvent(TenantOwned, Base):
    """A scan or a tap at the gate. Never edited, never deleted."""

    __tablename__ = "check_event"
    __table_args__ = (Index("ix_check_event_presence", "session_id", "person_id", "scanned_at"),)

    id: Mapped[Id]
    """Made by the device, so that a repeat cannot count twice."""
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Nobody, when the pass is of no person known here."""
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    scanned_at: Mapped[Instant]
    """By the device's clock, and never later than `received_at`."""
    received_at: Mapped[Instant]
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    operator_id: Mapped[UUID]


class Correction(TenantOwned, Base):
    """Minutes set by hand, signed and with a reason. The latest one counts; none is edited."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_presence", "session_id", "person_id", "made_at"),)

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class NoShow(TenantOwned, Base):
    """Somebody had a place and did not come: a reason to call them, never to leave them out."""

    __tablename__ = "no_show"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    noticed_at: Mapped[Instant]
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    followed_up_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(500), default="")


class HoursLine(TenantOwned, Base):
    """The ledger: minutes of one person in one session, as they follow from events and corrections."""

    __tablename__ = "hours_line"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id"),
        Index("ix_hours_line_person_id", "person_id", "day"),
        Index("ix_hours_line_figures", "municipality_id", "day"),
    )

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    area: Mapped[Area] = mapped_column(enum_column(Area))
    day: Mapped[date]
    """The Rome day on which the session starts."""
    minutes: Mapped[int]
    updated_at: Mapped[Instant]
