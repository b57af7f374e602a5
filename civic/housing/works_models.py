"""Light refurbishment, and checks that come back."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.housing.rules.stock import CheckKind, WorkKind, WorkState
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class Work(TenantOwned, Base):
    """Something to be mended or made in a dwelling, from the first word to the inspection."""

    __tablename__ = "housing_work"

    id: Mapped[Id]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[WorkKind] = mapped_column(enum_column(WorkKind))
    state: Mapped[WorkState] = mapped_column(enum_column(WorkState), index=True)
    beds: Mapped[list[str]]
    """Ids of those that nobody can sleep in meanwhile; empty where one can stay."""
    first_night: Mapped[date | None]
    until_night: Mapped[date | None]
    """As planned; the nights themselves are in `bed_span`."""
    resident_id: Mapped[UUID | None] = mapped_column(ForeignKey("resident.id"))
    """Who reported it from their own page."""
    requested_at: Mapped[Instant]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    budget_line_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("housing_budget_line.id"), index=True
    )
    approved_cents: Mapped[int] = mapped_column(default=0)
    """What the chosen quote asks; booked on the line from the approval on."""
    approved_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    started_on: Mapped[date | None]
    done_on: Mapped[date | None]
    inspected_on: Mapped[date | None]
    inspected_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """words, and what the inspection found; under the unit's key."""


class WorkQuote(TenantOwned, Base):
    __tablename__ = "housing_quote"

    id: Mapped[Id]
    work_id: Mapped[UUID] = mapped_column(ForeignKey("housing_work.id"), index=True)
    firm: Mapped[str] = mapped_column(String(120))
    amount_cents: Mapped[int]
    received_on: Mapped[date]
    is_chosen: Mapped[bool] = mapped_column(default=False)


class RecurringCheck(TenantOwned, Base):
    """A check that a dwelling needs again and again."""

    __tablename__ = "housing_check"
    __table_args__ = (UniqueConstraint("unit_id", "kind"),)

    id: Mapped[Id]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[CheckKind] = mapped_column(enum_column(CheckKind))
    every_months: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    last_done_on: Mapped[date | None]
