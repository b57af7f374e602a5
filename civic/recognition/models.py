from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.badges.rules import Rating
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column
from civic.recognition.rules import How, PathState, Proof

STILL_LIVING = text("ended_at IS NULL")


class RecognitionInformation(TenantOwned, Base):
    """Somebody was told what the recognition of competences is, before anything began."""

    __tablename__ = "recognition_information"
    __table_args__ = (
        UniqueConstraint(
            "person_id",
            "association_id",
            "municipality_id",
            name="uq_recognition_information_person",  # the usual name is longer than PostgreSQL takes
        ),
    )

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    how: Mapped[How] = mapped_column(enum_column(How))
    language: Mapped[str] = mapped_column(String(12))
    given_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[Instant]


class RecognitionPath(TenantOwned, Base):
    """A person's way with one association from the first word to the document of transparency."""

    __tablename__ = "recognition_path"
    __table_args__ = (
        Index(
            "ix_recognition_path_one_living",
            "person_id",
            "association_id",
            "municipality_id",
            unique=True,
            sqlite_where=STILL_LIVING,
            postgresql_where=STILL_LIVING,
        ),
        Index("ix_recognition_path_association_id", "association_id", "municipality_id"),
    )

    id: Mapped[Id]
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[PathState] = mapped_column(enum_column(PathState))
    is_own_wish: Mapped[bool]
    """The person asked for it; otherwise the association offered it."""
    tutor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    minutes_planned: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    opened_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    end_reason: Mapped[str] = mapped_column(String(300), default="")


class RecognitionGoal(TenantOwned, Base):
    """What is to be learnt, referred to a sector of the Atlante."""

    __tablename__ = "recognition_goal"

    id: Mapped[Id]
    path_id: Mapped[UUID] = mapped_column(
        ForeignKey("recognition_path.id", ondelete="CASCADE"), index=True
    )
    sector: Mapped[int]
    words_it: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    """The same in the person's language; empty where that is Italian."""
    language: Mapped[str] = mapped_column(String(12))
    skills: Mapped[list[str]]
    set_at: Mapped[Instant]


class RecognitionEvidence(TenantOwned, Base):
    """What the tutor gathered behind a goal."""

    __tablename__ = "recognition_evidence"

    id: Mapped[Id]
    path_id: Mapped[UUID] = mapped_column(
        ForeignKey("recognition_path.id", ondelete="CASCADE"), index=True
    )
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("recognition_goal.id", ondelete="CASCADE"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("project_session.id"))
    kind: Mapped[Proof] = mapped_column(enum_column(Proof))
    words: Mapped[str] = mapped_column(Text)
    skill: Mapped[str] = mapped_column(String(36), default="")
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating))
    stored_as: Mapped[str] = mapped_column(String(32), default="")
    """Of a photo, in the file store; empty once the person has taken their agreement back."""
    agreed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When the person agreed to the photo."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[Instant]
