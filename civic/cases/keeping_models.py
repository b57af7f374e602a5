"""How a file ends and what its person takes with them: erasures, notices of retention, archives."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.retention import ErasureReason, Kept
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class CaseErasure(TenantOwned, Base):
    """Asked for by the lead and decided by the data-protection officer, who is somebody else."""

    __tablename__ = "case_erasure"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    reason: Mapped[ErasureReason] = mapped_column(enum_column(ErasureReason))
    asked_at: Mapped[Instant]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_confirmed: Mapped[bool | None]


class RetentionNotice(TenantOwned, Base):
    """A part of a file that goes on a day. Nothing goes that was not listed for a while."""

    __tablename__ = "retention_notice"
    __table_args__ = (UniqueConstraint("case_id", "kept", "due_on"),)

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    kept: Mapped[Kept] = mapped_column(enum_column(Kept))
    due_on: Mapped[date]
    listed_at: Mapped[Instant]
    removed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class CaseArchive(TenantOwned, Base):
    """A person asks for a copy of their file. The copy itself is never kept: it is made each time."""

    __tablename__ = "case_archive"

    id: Mapped[Id]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[Instant]
    released_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Names to black out that the lead found besides those that stand in the file."""


class CaseScrap(TenantOwned, Base):
    """A stored file whose row is gone: thrown away after the commit, by whoever comes first."""

    __tablename__ = "case_scrap"

    id: Mapped[Id]
    file: Mapped[str] = mapped_column(String(32))
    thrown_at: Mapped[Instant]
