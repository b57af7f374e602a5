from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column
from civic.plans.rules import Domain, GoalState


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
