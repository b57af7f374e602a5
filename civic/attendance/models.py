from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.attendance.rules import (
    Cause,
    CorrectionKind,
    CorrectionState,
    Decision,
    Direction,
    Method,
    Outcome,
    Reason,
)
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


class ScannerDevice(TenantOwned, Base):
    """A phone at a gate, or software of others: what it may ask for, and until when."""

    __tablename__ = "scanner_device"

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    gate: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(12))
    """Of whoever stands at the gate: their answers are in it."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("project_session.id"))
    """The only session it may scan for; any of the association's, when none."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CheckEvent(TenantOwned, Base):
    """A scan or a tap at the gate. Never edited, never deleted."""

    __tablename__ = "check_event"
    __table_args__ = (
        Index("ix_check_event_presence", "session_id", "person_id", "scanned_at"),
        Index("ix_check_event_person", "person_id", "scanned_at"),
        Index(
            "ix_check_event_to_look_at",
            "session_id",
            sqlite_where=text("to_look_at IS 1"),
            postgresql_where=text("to_look_at IS true"),
        ),
    )

    id: Mapped[Id]
    """Made by the device, so that a repeat cannot count twice."""
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Nobody, when the pass is of no person known here."""
    direction: Mapped[Direction] = mapped_column(enum_column(Direction))
    method: Mapped[Method] = mapped_column(enum_column(Method), default=Method.QR)
    scanned_at: Mapped[Instant]
    """By the server's clock as far as it can be known, and never later than `received_at`."""
    told_at: Mapped[Instant]
    """What the device's clock showed."""
    offset_ms: Mapped[int | None]
    """How far the device knew its clock to be behind the server's."""
    received_at: Mapped[Instant]
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    reason: Mapped[Reason | None] = mapped_column(enum_column(Reason))
    """Of the refusal; or what spoke against a scan that stands all the same."""
    flags: Mapped[list[str]] = mapped_column(default=list)
    is_forced: Mapped[bool] = mapped_column(default=False)
    to_look_at: Mapped[bool] = mapped_column(default=False)
    """On the organiser's list until somebody decided; see `CheckDecision`."""
    unknown_code: Mapped[str | None] = mapped_column(String(64))
    """What was read, when it is the code of nobody known here."""
    gate: Mapped[str] = mapped_column(String(60), default="")
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("scanner_device.id"))
    operator_id: Mapped[UUID]


class CheckDecision(TenantOwned, Base):
    """What was decided of a scan afterwards. The scan itself stays as it is."""

    __tablename__ = "check_decision"

    event_id: Mapped[UUID] = mapped_column(
        ForeignKey("check_event.id", ondelete="CASCADE"), primary_key=True
    )
    decision: Mapped[Decision] = mapped_column(enum_column(Decision))
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class Correction(TenantOwned, Base):
    """Minutes of one day set by hand, signed and with a reason. It counts once a second person has
    confirmed it; of several the one confirmed last. None is edited otherwise, except that whoever
    confirms what the system proposed may make it less."""

    __tablename__ = "correction"
    __table_args__ = (
        Index("ix_correction_presence", "session_id", "person_id", "made_at"),
        Index("ix_correction_state", "state", "session_id"),
        # What the system proposes for a day it proposes once, however often it looks.
        Index(
            "ix_correction_forgotten",
            "session_id",
            "person_id",
            "day",
            unique=True,
            sqlite_where=text("kind = 'forgotten_exit'"),
            postgresql_where=text("kind = 'forgotten_exit'"),
        ),
    )

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    minutes: Mapped[int]
    kind: Mapped[CorrectionKind] = mapped_column(
        enum_column(CorrectionKind), default=CorrectionKind.BY_HAND
    )
    reason: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Nobody for hours that the system proposed."""
    made_at: Mapped[Instant]
    state: Mapped[CorrectionState] = mapped_column(
        enum_column(CorrectionState), default=CorrectionState.PROPOSED
    )
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)


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
    """Minutes of one person in one session and day: what the entries of the ledger add up to."""

    __tablename__ = "hours_line"
    __table_args__ = (
        UniqueConstraint("session_id", "person_id", "day"),
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
    """In Italy; a session over midnight has two."""
    minutes: Mapped[int]
    updated_at: Mapped[Instant]


class HoursEntry(TenantOwned, Base):
    """The ledger: each change of somebody's hours, with who, when and why. Never edited."""

    __tablename__ = "hours_entry"
    __table_args__ = (
        Index("ix_hours_entry_line", "session_id", "person_id", "day"),
        Index("ix_hours_entry_person_id", "person_id", "made_at"),
        Index("ix_hours_entry_month", "municipality_id", "month"),
    )

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    minutes: Mapped[int]
    """More or fewer than before."""
    month: Mapped[date]
    """First day of the month in whose account it stands: the day's, unless that was closed."""
    cause: Mapped[Cause] = mapped_column(enum_column(Cause))
    cause_id: Mapped[UUID | None]
    """The scan, decision or correction it follows from."""
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]


class ClosedMonth(TenantOwned, Base):
    """A month of a city's ledger to which nothing is added any more."""

    __tablename__ = "closed_month"
    __table_args__ = (UniqueConstraint("municipality_id", "month"),)

    id: Mapped[Id]
    month: Mapped[date]
    """Its first day."""
    closed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[Instant]


class Contest(TenantOwned, Base):
    """A person says that a line of their hours is wrong: a task for the association."""

    __tablename__ = "contest"
    __table_args__ = (
        Index("ix_contest_open", "association_id", "answered_at"),
        Index("ix_contest_person_id", "person_id"),
        # One question at a time of each line; after its answer another may follow.
        Index(
            "ix_contest_one_open",
            "session_id",
            "person_id",
            "day",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("project_session.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day: Mapped[date]
    words: Mapped[str] = mapped_column(String(500))
    language: Mapped[str] = mapped_column(String(12))
    """In which they wrote, for whoever reads it."""
    made_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class PassPhoto(TenantOwned, Base):
    """A face for the printed pass, by agreement alone. The file lies outside what the web serves."""

    __tablename__ = "pass_photo"
    __table_args__ = (UniqueConstraint("person_id", "municipality_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    stored_as: Mapped[str] = mapped_column(String(80), unique=True)
    agreed_at: Mapped[Instant]
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The officer to whom the person said yes."""
