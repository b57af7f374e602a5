from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.catalogue.rules import Area, ProjectState, SessionState
from civic.kernel.db.base import Base, CityCatalogue, Id, Instant, UtcInstant, enum_column


class Project(CityCatalogue, Base):
    """What an association offers. Its words stand in `ProjectText`, one row a language."""

    __tablename__ = "project"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    area: Mapped[Area] = mapped_column(enum_column(Area))
    state: Mapped[ProjectState] = mapped_column(enum_column(ProjectState))
    language: Mapped[str] = mapped_column(String(12))
    """The language the association wrote it in."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts up when the words in `language` change; translations remember which they followed."""
    minimum_age: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[Instant]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    sent_back_reason: Mapped[str] = mapped_column(Text, default="")


class ProjectText(Base):
    """A project's words in one language."""

    __tablename__ = "project_text"

    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    revision: Mapped[int]
    """The revision of the original that these words follow."""
    title: Mapped[str] = mapped_column(String(120))
    what_you_do: Mapped[str] = mapped_column(Text)
    what_to_bring: Mapped[str] = mapped_column(Text, default="")


class ProjectLanguage(Base):
    """A language spoken there."""

    __tablename__ = "project_language"

    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class ProjectSkill(Base):
    """A skill the project teaches, by the last part of its ESCO address."""

    __tablename__ = "project_skill"

    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[str] = mapped_column(String(36), primary_key=True)


class ProjectSession(CityCatalogue, Base):
    """One dated occurrence of a project (turno)."""

    __tablename__ = "project_session"
    __table_args__ = (
        UniqueConstraint("project_id", "starts_at"),
        Index(
            "ix_project_session_open",
            "starts_at",
            "id",
            sqlite_where=text("is_public IS 1 AND state = 'scheduled'"),
            postgresql_where=text("is_public IS true AND state = 'scheduled'"),
        ),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    meeting_point: Mapped[str] = mapped_column(String(200))
    places: Mapped[int]
    places_taken: Mapped[int] = mapped_column(default=0)
    """Confirmed bookings. Raised only by a conditional UPDATE, so the last place goes to one."""
    state: Mapped[SessionState] = mapped_column(
        enum_column(SessionState), default=SessionState.SCHEDULED
    )
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts changes that calendars must take over (RFC 5545, SEQUENCE)."""
