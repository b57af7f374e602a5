from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.catalogue.rules import Area, ProjectState, RequirementKind, SessionState, slot_of
from civic.kernel.db.base import (
    Base,
    CityCatalogue,
    Id,
    Instant,
    TenantOwned,
    UtcInstant,
    enum_column,
)


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
    district: Mapped[str] = mapped_column(String(80), default="")
    """The quarter of the city, as people there call it."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """Where it usually meets, in degrees (WGS 84)."""
    is_wheelchair_accessible: Mapped[bool] = mapped_column(default=False)
    needs_no_italian: Mapped[bool] = mapped_column(default=False)
    is_occasional: Mapped[bool] = mapped_column(default=False)
    """Who helps here now and then is an occasional volunteer: insured, but in no register."""
    needs_approval: Mapped[bool] = mapped_column(default=False)
    """The organiser says yes to each person who wants to join."""
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


class ProjectRequirement(Base):
    """What somebody must show before they join: a skill or a badge."""

    __tablename__ = "project_requirement"

    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[RequirementKind] = mapped_column(enum_column(RequirementKind), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)
    """ESCO id of the skill, or code of the achievement."""


class ProjectSubmission(TenantOwned, Base):
    """What an officer was given to read, each time a project was handed in."""

    __tablename__ = "project_submission"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    number: Mapped[int]
    """From 1 for each project."""
    submitted_at: Mapped[Instant]
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    content: Mapped[dict[str, Any]]
    """Its words and facts at that moment; two of them are compared."""


class SessionSeries(CityCatalogue, Base):
    """A rhythm of sessions by weekday and wall-clock time; each session is a row of its own."""

    __tablename__ = "session_series"

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), index=True
    )
    rule: Mapped[str] = mapped_column(String(300))
    """The RRULE value of RFC 5545, with an end: `FREQ=WEEKLY;BYDAY=SA;UNTIL=…`."""
    first_day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    """By Italian clocks; an end before the start means the next day."""
    except_days: Mapped[list[str]]
    """Days left out, as ISO dates."""
    meeting_point: Mapped[str] = mapped_column(String(200))
    places: Mapped[int]
    created_at: Mapped[Instant]


def _slot_of_start(context: Any) -> int:
    return slot_of(context.get_current_parameters()["starts_at"])


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
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_series.id"), index=True)
    series_day: Mapped[date | None]
    """The day its series gave it, wherever it was moved since (RFC 5545, RECURRENCE-ID)."""
    slot: Mapped[int] = mapped_column(default=_slot_of_start)
    """Weekday and part of the day of its start; see `rules.slot_of`."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts changes that calendars must take over (RFC 5545, SEQUENCE)."""
