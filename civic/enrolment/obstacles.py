"""What stands between somebody and a project, and when it will not any more: from values alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civic.catalogue.rules import Requirement
from civic.enrolment.rules import EnrolmentState, is_old_enough, needs_guardian
from civic.kernel.clock import rome_day

ASK_AGAIN_AFTER = timedelta(days=14)
"""How long a "not now" holds: it is no never."""
CARRIED_AFTER = timedelta(days=5)
"""How long an association may be silent before the municipality answers."""
ASKED_WORDS_LENGTH = 300
ANSWER_LENGTH = 500


class ObstacleKind(StrEnum):
    AGE_UNKNOWN = "age_unknown"
    TOO_YOUNG = "too_young"
    SKILL = "skill"
    BADGE = "badge"
    NOT_NOW = "not_now"
    CONSENT = "consent"
    """They can join, but have no place until a guardian has agreed."""


@dataclass(frozen=True)
class Obstacle:
    kind: ObstacleKind
    value: str = ""
    """ESCO id of the skill, code of the badge, reason of a "not now"."""
    minimum_age: int | None = None
    until: date | None = None
    """The first day on which it is gone by itself, where one can tell."""

    @property
    def stops_joining(self) -> bool:
        return self.kind is not ObstacleKind.CONSENT


@dataclass(frozen=True)
class Candidate:
    """What joining looks at in a person."""

    birth_year: int | None
    languages: tuple[str, ...]
    is_consented: bool
    state: EnrolmentState | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""


def obstacles(
    candidate: Candidate, minimum_age: int, missing: Sequence[Requirement], today: date
) -> tuple[Obstacle, ...]:
    """Each of them, the ones that nobody can change first. Whoever is in already stays in: what a
    project asks later is asked of newcomers."""
    found = [*_of_age(candidate.birth_year, minimum_age, today)]
    if candidate.state is not EnrolmentState.ACTIVE:
        found += _of_answer(candidate, today)
        found += [Obstacle(ObstacleKind(asked.kind.value), asked.value) for asked in missing]
    if needs_guardian(candidate.birth_year, today) and not candidate.is_consented:
        found.append(Obstacle(ObstacleKind.CONSENT))
    return tuple(found)


def _of_age(birth_year: int | None, minimum_age: int, today: date) -> list[Obstacle]:
    if birth_year is None:
        return [Obstacle(ObstacleKind.AGE_UNKNOWN)]
    if is_old_enough(birth_year, minimum_age, today):
        return []
    until = old_enough_on(birth_year, minimum_age)
    return [Obstacle(ObstacleKind.TOO_YOUNG, minimum_age=minimum_age, until=until)]


def old_enough_on(birth_year: int, minimum_age: int) -> date:
    """Where only the year is known somebody counts as born on its last day."""
    return date(birth_year + minimum_age, 12, 31)


def _of_answer(candidate: Candidate, today: date) -> list[Obstacle]:
    if candidate.state is not EnrolmentState.REJECTED or candidate.decided_at is None:
        return []
    until = may_ask_again_on(candidate.decided_at)
    if today >= until:
        return []
    return [Obstacle(ObstacleKind.NOT_NOW, candidate.decision_reason, until=until)]


def may_ask_again_on(decided_at: datetime) -> date:
    return rome_day(decided_at + ASK_AGAIN_AFTER)


def shares_no_language(own: Sequence[str], there: Sequence[str]) -> bool:
    """Worth a word, never a bar: gestures and a friend help. Nothing is said where nothing is
    known."""
    return bool(own) and bool(there) and not set(own) & set(there)
