"""The desk's tables: numbers of the day, and where to go for help."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.cases.rules import Reason, TicketState
from civic.kernel.db.base import (
    Base,
    CityCatalogue,
    Id,
    Instant,
    TenantOwned,
    UtcInstant,
    enum_column,
)


class Ticket(TenantOwned, Base):
    """A number of the day. It names nobody, and nothing else here names it."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("municipality_id", "day", "number"),
        Index("ix_ticket_queue", "municipality_id", "day", "state", "number"),
    )

    id: Mapped[Id]
    day: Mapped[date]
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    """Wanted at the desk."""
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    state: Mapped[TicketState] = mapped_column(enum_column(TicketState))
    taken_at: Mapped[Instant]
    called_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    counter: Mapped[str] = mapped_column(String(20), default="")
    """Where they were called to."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class TicketDay(TenantOwned, Base):
    """The last number of a day; whoever takes the next holds this row until they commit."""

    __tablename__ = "ticket_day"
    __table_args__ = (UniqueConstraint("municipality_id", "day"),)

    id: Mapped[Id]
    day: Mapped[date]
    last_number: Mapped[int]


class Service(CityCatalogue, Base):
    """Somewhere to go for help: who, where, when, in which languages, with which papers."""

    __tablename__ = "service"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    """What somebody comes for, by which it is found."""
    address: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20), default="")
    languages: Mapped[list[str]]
    """Spoken there."""
    closed_on_holidays: Mapped[bool]
    changed_at: Mapped[Instant]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ServiceText(CityCatalogue, Base):
    """What is done there and what to bring, in one language."""

    __tablename__ = "service_text"
    __table_args__ = (UniqueConstraint("service_id", "language"),)

    id: Mapped[Id]
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12))
    what: Mapped[str] = mapped_column(Text)
    bring: Mapped[str] = mapped_column(Text)


class ServiceHours(CityCatalogue, Base):
    """Open on that weekday from one minute of the day to another, on Italian clocks."""

    __tablename__ = "service_hours"
    __table_args__ = (UniqueConstraint("service_id", "weekday", "opens"),)

    id: Mapped[Id]
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]
