from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from civic.accounts.rules import ContactKind
from civic.kernel.db.base import Base, Id, Instant, UtcInstant, enum_column
from civic.notifications.rules import MessageKind


class Message(Base):
    """One message to one address, already in its reader's language. No city's row: sign-in codes
    go out before anybody knows where a person belongs."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_waiting", "sent_at", "next_try_at"),)

    id: Mapped[Id]
    once_key: Mapped[str] = mapped_column(String(120), unique=True)
    """What the message is about: the same thing is told once, however often an event arrives."""
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind))
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[ContactKind] = mapped_column(enum_column(ContactKind))
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Emptied once a sign-in code has gone out."""
    created_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[Instant]
    sent_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("project_session.id"))
    """Of a reminder: it goes out only while the person has a place there…"""
    session_starts_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """…and the session still starts then."""
