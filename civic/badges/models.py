from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.badges.rules import ProposalState
from civic.catalogue.rules import Area
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class Achievement(Base):
    """What a badge stands for: a rule over attended hours and the skills it shows. Network-wide."""

    __tablename__ = "achievement"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    area: Mapped[Area | None] = mapped_column(enum_column(Area))
    level: Mapped[int]
    names: Mapped[dict[str, str]]
    """By language tag."""
    rule: Mapped[dict[str, Any]]
    """`{"minutes": 720, "sessions": 4}`, within `area` when there is one."""
    skills: Mapped[list[str]]
    """ESCO ids."""


class Proposal(TenantOwned, Base):
    """The hours are there; an assessor's word is not yet.

    One for each city: hours of one city are judged by the associations of that city, which know
    nothing of the hours of another. The badge itself is awarded once.
    """

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("person_id", "achievement_id", "municipality_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievement.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"), index=True)
    """Whose organisers are asked: where most of the hours were worked."""
    state: Mapped[ProposalState] = mapped_column(enum_column(ProposalState))
    minutes: Mapped[int]
    sessions: Mapped[int]
    opened_at: Mapped[Instant]
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Award(TenantOwned, Base):
    """A badge somebody holds (badge di competenza)."""

    __tablename__ = "award"
    __table_args__ = (UniqueConstraint("person_id", "achievement_id"),)

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    achievement_id: Mapped[UUID] = mapped_column(ForeignKey("achievement.id"))
    association_id: Mapped[UUID] = mapped_column(ForeignKey("association.id"))
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    skills: Mapped[list[str]]
    """The skills the assessor confirmed, of those the achievement names."""
    minutes: Mapped[int]
    sessions: Mapped[int]
    awarded_at: Mapped[Instant]
