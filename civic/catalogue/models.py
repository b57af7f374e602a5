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
from civic.kernel.db.fulltext import Document


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
    changed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When what everybody reads of it last changed, its dates too. News readers go by it."""


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


def _index_of_open(name: str, *columns: str, more: str = "", more_on_sqlite: str = "") -> Index:
    """Of the sessions that the public list may show. SQLite reads the table too unless an index
    holds all that is asked, its own condition even."""
    return Index(
        f"ix_project_session_{name}",
        *columns,
        "is_public",
        "state",
        sqlite_where=text("is_public IS 1 AND state = 'scheduled'" + more_on_sqlite),
        postgresql_where=text("is_public IS true AND state = 'scheduled'" + more),
    )


class ProjectSession(CityCatalogue, Base):
    """One dated occurrence of a project (turno)."""

    __tablename__ = "project_session"
    __table_args__ = (
        UniqueConstraint("project_id", "starts_at"),
        _index_of_open("open", "starts_at", "id", "project_id"),
        _index_of_open("city", "municipality_id", "starts_at", "id", "project_id", "slot"),
        _index_of_open("next", "project_id", "starts_at", "slot", "id"),
        _index_of_open("slot", "slot", "starts_at", "id", "project_id"),
        _index_of_open(
            "apart",
            "starts_at",
            "id",
            "project_id",
            more=" AND follows_closely IS false",
            more_on_sqlite=" AND follows_closely IS 0",
        ),
    )

    id: Mapped[Id]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    meeting_point: Mapped[str] = mapped_column(String(200))
    places: Mapped[int]
    places_taken: Mapped[int] = mapped_column(default=0)
    """Confirmed and offered bookings. Raised only by a conditional UPDATE, so the last place goes
    to one."""
    state: Mapped[SessionState] = mapped_column(
        enum_column(SessionState), default=SessionState.SCHEDULED
    )
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_series.id"), index=True)
    series_day: Mapped[date | None]
    """The day its series gave it, wherever it was moved since (RFC 5545, RECURRENCE-ID)."""
    slot: Mapped[int] = mapped_column(default=_slot_of_start)
    """Weekday and part of the day of its start; see `rules.slot_of`."""
    follows_closely: Mapped[bool] = mapped_column(default=False)
    """Another open one of its project stands in the same slot within `rules.CLOSE` before it. So
    it is nobody's next session unless it starts within that time from now."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts changes that calendars must take over (RFC 5545, SEQUENCE)."""


class FacetsStamp(CityCatalogue, Base):
    """Another value each time what a city offers has changed: who remembers it looks here."""

    __tablename__ = "facets_stamp"

    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    is_public: Mapped[bool] = mapped_column(default=True)
    stamp: Mapped[UUID]


class ProjectSearch(Base):
    """A published project as search finds it; `operations.indexing` writes it. Without its row a
    project is in the plain list only."""

    __tablename__ = "project_search"
    __table_args__ = (
        Index("ix_project_search_place", "latitude", "longitude"),
        Index("ix_project_search_next", "next_starts_at", "next_session_id"),
        Index("ix_project_search_city", "city", "next_starts_at", "next_session_id"),
        Index(
            "ix_project_search_document",
            "document",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ).ddl_if(dialect="postgresql"),
    )

    number: Mapped[int] = mapped_column(primary_key=True)
    """SQLite's full-text index knows rows by whole numbers only."""
    project_id: Mapped[UUID] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), unique=True
    )
    edition: Mapped[int]
    """Of the rules by which the document was made; an older one is made again."""
    city: Mapped[str] = mapped_column(String(60))
    """Slug of the municipality."""
    minimum_age: Mapped[int]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    next_starts_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    next_session_id: Mapped[UUID | None]
    """The session to come when this was written. Once it has begun, whoever reads this looks for
    the one after it, until the worker has."""
    document: Mapped[Any] = mapped_column(Document)
    """Words by language, and facts that filters ask for; see `catalogue.lexicon`."""


class SearchWord(Base):
    """A word that stands in some project, to tell a reader who mistyped it what was meant."""

    __tablename__ = "search_word"

    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    """Empty for names."""
    word: Mapped[str] = mapped_column(String(80), primary_key=True)
    """As it is spelled, in small letters."""
