from dataclasses import dataclass
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class BadgeAwarded(Event):
    """An assessor confirmed that somebody practised these skills."""

    person_id: UUID
    award_id: UUID
    achievement_id: UUID
    skills: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AchievementDefined(Event):
    """A city or an association has a new badge."""

    achievement_id: UUID


@dataclass(frozen=True, kw_only=True)
class BadgeReviewBegun(Event):
    """Hours were corrected, and somebody looks at a badge again; until then it stays."""

    person_id: UUID
    award_id: UUID
    review_id: UUID


@dataclass(frozen=True, kw_only=True)
class BadgeReviewDecided(Event):
    """Somebody looked: the badge stays, or it was withdrawn."""

    person_id: UUID
    award_id: UUID
    review_id: UUID
    is_kept: bool
