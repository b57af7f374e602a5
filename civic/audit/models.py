from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, Instant, TenantOwned


class AuditEntry(TenantOwned, Base):
    """One line of a city's trail, chained by hash, so that a changed or missing line shows."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("municipality_id", "number"),
        Index("ix_audit_entry_subject", "subject_id", "at"),
        Index("ix_audit_entry_thing", "thing_id", "at"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    """Counts up by one within the municipality."""
    at: Mapped[Instant]
    actor_id: Mapped[UUID | None]
    """Nobody for the system itself."""
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID | None]
    """The person whose file was read or changed."""
    thing_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    details: Mapped[dict[str, Any]]
    """Ids and codes only: never a name, never a text somebody wrote."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(TenantOwned, Base):
    """The last line of a city's trail; locked while the next one is written."""

    __tablename__ = "audit_head"

    id: Mapped[Id]
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("municipality_id"),)
