"""When hours make a badge, decided from values alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from civic.catalogue.rules import Area


class ProposalState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    """Not yet: it can still be confirmed later."""


@dataclass(frozen=True)
class Rule:
    """So many minutes in so many sessions, of one area or of any."""

    minutes: int
    sessions: int
    area: Area | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any], area: Area | None) -> Self:
        """The rule as an achievement stores it; one that asks for nothing is a mistake."""
        rule = cls(int(values["minutes"]), int(values["sessions"]), area)
        if rule.minutes < 0 or rule.sessions < 1:
            raise ValueError("a badge asks for at least one session")
        return rule


@dataclass(frozen=True)
class Worked:
    """What one session left in the ledger."""

    area: Area
    minutes: int
    association_id: UUID | None = None


@dataclass(frozen=True)
class Tally:
    """Minutes and sessions: those worked, or those still missing."""

    minutes: int
    sessions: int

    @property
    def is_nothing(self) -> bool:
        return not (self.minutes or self.sessions)


def counted(rule: Rule, lines: Iterable[Worked]) -> list[Worked]:
    """The lines that count: of the rule's area, and with time in them (a session somebody was
    corrected out of is no session)."""
    return [line for line in lines if line.minutes > 0 and rule.area in (None, line.area)]


def tally(rule: Rule, lines: Iterable[Worked]) -> Tally:
    counting = counted(rule, lines)
    return Tally(sum(line.minutes for line in counting), len(counting))


def missing(rule: Rule, lines: Iterable[Worked]) -> Tally:
    have = tally(rule, lines)
    return Tally(max(0, rule.minutes - have.minutes), max(0, rule.sessions - have.sessions))


def earned(rule: Rule, lines: Iterable[Worked]) -> bool:
    return missing(rule, lines).is_nothing


def nearness(rule: Rule, lines: Iterable[Worked]) -> int:
    """How much of the way is done, in hundredths; the slower of hours and sessions counts."""
    have = tally(rule, lines)
    sessions = have.sessions * 100 // rule.sessions
    minutes = have.minutes * 100 // rule.minutes if rule.minutes else 100
    return min(100, sessions, minutes)


def assessor(rule: Rule, lines: Iterable[Worked], otherwise: UUID) -> UUID:
    """The association that is asked: where most of the counted time was worked. Between equals,
    `otherwise` (where the last hours were), so that the answer does not hang on the lines' order."""
    minutes: Counter[UUID] = Counter()
    for line in counted(rule, lines):
        if line.association_id is not None:
            minutes[line.association_id] += line.minutes
    most = max(minutes.values(), default=0)
    best = sorted((a for a in minutes if minutes[a] == most), key=str)
    return otherwise if not best or otherwise in best else best[0]
