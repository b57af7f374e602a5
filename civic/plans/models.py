from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column
from civic.plans.rules import ActionState, Domain, GoalState, OwedBy, View

STILL_OPEN = text("closed_at IS NULL")


class Plan(TenantOwned, Base):
    """A person's plan towards work and autonomy, opened by their case worker with their agreement."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("person_id", "municipality_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    case_worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    agreed_at: Mapped[Instant]
    """When the person said yes, in front of the case worker."""
    opened_at: Mapped[Instant]


class Goal(TenantOwned, Base):
    __tablename__ = "goal"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    domain: Mapped[Domain] = mapped_column(enum_column(Domain))
    words: Mapped[str] = mapped_column(Text)
    """In the person's own words."""
    language: Mapped[str] = mapped_column(String(12))
    skills: Mapped[list[str]]
    """ESCO ids that the goal asks for."""
    state: Mapped[GoalState] = mapped_column(enum_column(GoalState))
    set_at: Mapped[Instant]
    changed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Evidence(TenantOwned, Base):
    """A badge that stands behind a goal; it came by itself when the badge was awarded."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("goal_id", "award_id"),)

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    attached_at: Mapped[Instant]


class Action(TenantOwned, Base):
    """What one of the two sides has promised to do."""

    __tablename__ = "action"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("goal.id", ondelete="CASCADE"), index=True
    )
    owed_by: Mapped[OwedBy] = mapped_column(enum_column(OwedBy))
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date | None]
    state: Mapped[ActionState] = mapped_column(enum_column(ActionState))
    set_at: Mapped[Instant]
    changed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Review(TenantOwned, Base):
    """A day on which the two looked at where things stand. One of a day, and one open at a time, so
    that a form sent twice begins it once."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("plan_id", "held_on"),
        Index(
            "ix_review_one_open",
            "plan_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    held_on: Mapped[date]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    note: Mapped[str] = mapped_column(Text)
    next_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """From then on its scores stay as they are."""


class ReviewScore(TenantOwned, Base):
    """Where a domain stands in one of the two views; a domain left out has no row."""

    __tablename__ = "review_score"
    __table_args__ = (
        UniqueConstraint("review_id", "domain", "view"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
    )

    id: Mapped[Id]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    domain: Mapped[Domain] = mapped_column(enum_column(Domain))
    view: Mapped[View] = mapped_column(enum_column(View))
    score: Mapped[int]
