from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column
from civic.plans.endings import ArrivalState, FollowUpAnswer, MoveState, Outcome
from civic.plans.rules import ActionState, Domain, EvidenceKind, GoalState, OwedBy, View

STILL_OPEN = text("closed_at IS NULL")


class Plan(TenantOwned, Base):
    """A person's plan towards work and autonomy, opened by their case worker with their agreement."""

    __tablename__ = "plan"
    __table_args__ = (
        Index(
            "ix_plan_one_open",
            "person_id",
            "municipality_id",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    case_worker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    agreed_at: Mapped[Instant]
    """When the person said yes, in front of the case worker."""
    opened_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """From then on nothing of it changes; how it ended stands in its closing."""


class Goal(TenantOwned, Base):
    __tablename__ = "goal"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    domain: Mapped[Domain] = mapped_column(enum_column(Domain))
    words: Mapped[str] = mapped_column(Text)
    """In the person's own words."""
    language: Mapped[str] = mapped_column(String(12))
    words_it: Mapped[str] = mapped_column(Text, default="")
    """The same in Italian; empty while nobody has written it, and where `words` are Italian."""
    skills: Mapped[list[str]]
    """ESCO ids that the goal asks for."""
    state: Mapped[GoalState] = mapped_column(enum_column(GoalState))
    set_at: Mapped[Instant]
    changed_at: Mapped[datetime | None] = mapped_column(UtcInstant)


class Milestone(TenantOwned, Base):
    """A step on the way to a goal."""

    __tablename__ = "milestone"

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    due_on: Mapped[date | None]
    set_at: Mapped[Instant]
    reached_on: Mapped[date | None]


class Evidence(TenantOwned, Base):
    """What stands behind a goal: a badge or a step towards a home, which came by themselves, or what
    the case worker put there by hand. Taken off, it stays on record with the reason."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("goal_id", "award_id"),
        CheckConstraint("(award_id IS NULL) <> (kind IS NULL)", name="badge_or_by_hand"),
    )

    id: Mapped[Id]
    goal_id: Mapped[UUID] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    award_id: Mapped[UUID | None] = mapped_column(ForeignKey("award.id"))
    kind: Mapped[EvidenceKind | None] = mapped_column(enum_column(EvidenceKind))
    title: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(2), default="")
    """Of the language course, by the Common European Framework; empty for other kinds."""
    dated_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    attached_at: Mapped[Instant]
    attached_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Nobody for what came by itself."""
    taken_off_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    taken_off_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    taken_off_reason: Mapped[str] = mapped_column(String(300), default="")


class Barrier(TenantOwned, Base):
    """What stands in the way."""

    __tablename__ = "barrier"

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    domain: Mapped[Domain] = mapped_column(enum_column(Domain))
    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    set_at: Mapped[Instant]
    overcome_on: Mapped[date | None]


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


class PlanOccupation(TenantOwned, Base):
    """An occupation that the two chose to walk towards."""

    __tablename__ = "plan_occupation"
    __table_args__ = (UniqueConstraint("plan_id", "occupation"),)

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"))
    occupation: Mapped[str] = mapped_column(String(36))
    """The last part of its ESCO address."""
    chosen_at: Mapped[Instant]


STILL_STANDING = text("reopened_at IS NULL")


class Closing(TenantOwned, Base):
    """How a plan ended. One that was taken back stays, with the reason why."""

    __tablename__ = "closing"
    __table_args__ = (
        Index(
            "ix_closing_standing",
            "plan_id",
            unique=True,
            sqlite_where=STILL_STANDING,
            postgresql_where=STILL_STANDING,
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    closed_on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(Text)
    closed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[Instant]
    reopened_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why the plan was taken up again."""


class FollowUp(TenantOwned, Base):
    """Asking again, months after the end, how things are."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("closing_id", "months"),)

    id: Mapped[Id]
    closing_id: Mapped[UUID] = mapped_column(ForeignKey("closing.id", ondelete="CASCADE"))
    months: Mapped[int]
    due_on: Mapped[date] = mapped_column(index=True)
    answer: Mapped[FollowUpAnswer | None] = mapped_column(enum_column(FollowUpAnswer))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    """What it has become, where it changed."""
    asked_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)


UNDER_WAY = text("state IN ('proposed', 'agreed')")


class PlanMove(TenantOwned, Base):
    """A plan that is to go along to another city; a row of the city it leaves."""

    __tablename__ = "plan_move"
    __table_args__ = (
        Index(
            "ix_plan_move_one",
            "plan_id",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id", ondelete="CASCADE"), index=True)
    to_municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    proposed_at: Mapped[Instant]
    state: Mapped[MoveState] = mapped_column(enum_column(MoveState))
    parcel: Mapped[dict[str, Any]]
    """What the person saw and agreed to, from the moment they did."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    language: Mapped[str | None] = mapped_column(String(12))
    """In which the person read, or heard, what they agreed to."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The person; or the case worker before whom they said it."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    """When it was taken on over there, or called back."""


class PlanArrival(TenantOwned, Base):
    """A plan that came along with its person; a row of the city that receives it."""

    __tablename__ = "plan_arrival"

    id: Mapped[Id]
    move_id: Mapped[UUID] = mapped_column(
        ForeignKey("plan_move.id", ondelete="CASCADE"), unique=True
    )
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    from_municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    parcel: Mapped[dict[str, Any]]
    """Emptied once it is unpacked or called back."""
    agreed_at: Mapped[Instant]
    arrived_at: Mapped[Instant]
    state: Mapped[ArrivalState] = mapped_column(enum_column(ArrivalState))
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    plan_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("plan.id", ondelete="SET NULL"), index=True
    )
    """The plan it became here."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)
