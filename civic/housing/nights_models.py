"""Availability by construction: one row for each bed and night that is not free."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.housing.rules.nights import Use, VoidReason
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, enum_column


class BedSpan(TenantOwned, Base):
    """Nights in a row that one thing occupies in one bed: a stay of one person, works, a closure, or
    the time a bed is made ready. Never removed: one that was cancelled has no nights left."""

    __tablename__ = "bed_span"
    __table_args__ = (
        CheckConstraint("until_night >= first_night", name="nights"),
        # The report of a period walks along this, and so does a year's calendar.
        Index("ix_bed_span_bed_id_until_night", "bed_id", "until_night"),
        Index("ix_bed_span_placement_id", "placement_id"),
        Index("ix_bed_span_work_id", "work_id"),
    )

    id: Mapped[Id]
    bed_id: Mapped[UUID] = mapped_column(ForeignKey("bed.id"))
    first_night: Mapped[date]
    until_night: Mapped[date]
    """The morning after the last one."""
    use: Mapped[Use] = mapped_column(enum_column(Use))
    reason: Mapped[VoidReason | None] = mapped_column(enum_column(VoidReason))
    """Of a closure."""
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"))
    """Of a stay, and of the turnaround after it."""
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("resident.id"), index=True)
    work_id: Mapped[UUID | None] = mapped_column(ForeignKey("housing_work.id"))
    made_at: Mapped[Instant]
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class BedNight(TenantOwned, Base):
    """A night of a span. The primary key lets no two things share a bed, the other one lets nobody
    sleep in two places; both hold on either database whatever the code above them forgets."""

    __tablename__ = "bed_night"
    __table_args__ = (UniqueConstraint("resident_id", "night"),)

    bed_id: Mapped[UUID] = mapped_column(ForeignKey("bed.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    span_id: Mapped[UUID] = mapped_column(ForeignKey("bed_span.id"))
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("resident.id"))
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    """Without an index of its own: a bed's nights are found by the bed."""
