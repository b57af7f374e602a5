"""When hours make a badge, decided from values alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from civic.catalogue.rules import Area


class ProposalState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    """Not yet: it can still be confirmed later."""


class Rating(StrEnum):
    """How an assessor saw a skill, the least first."""

    OBSERVED = "observed"
    WITH_HELP = "with_help"
    ALONE = "alone"

    @property
    def rank(self) -> int:
        return list(Rating).index(self)


class ReviewState(StrEnum):
    """Of a badge whose ground was corrected away."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    """Later hours gave the ground back before anybody decided."""


ALT_LENGTH = 200
"""Letters that say what can be seen on a badge's picture."""
LIVES = (7, 30, 90, 365)
"""Days that a link to a badge can be made for."""
MOST_KEPT = 95
"""Hundredths. Beyond it one day in bed could not be made good in half a year of Saturdays."""


class RuleContradicts(ValueError):
    """A rule that nobody can reach, or that everybody has reached."""


@dataclass(frozen=True)
class Rule:
    """What a badge asks for. Hours, sessions and months count together those of its scope: of one
    area, project or association, and of a period, as far as these are named."""

    minutes: int
    sessions: int
    area: Area | None = None
    project_id: UUID | None = None
    association_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    """Its last day."""
    months: int = 0
    """Different months in which they were there."""
    kept: int = 0
    """Of a hundred places taken, those to which they came."""
    badges: tuple[str, ...] = ()
    """Codes of badges that come before it."""
    ratings: tuple[tuple[str, Rating], ...] = ()
    """Skills that the assessor must have seen, and how at least."""

    @classmethod
    def of(cls, values: Mapping[str, Any], area: Area | None) -> Self:
        """The rule as an achievement stores it. `RuleContradicts` for one that cannot be meant."""
        rule = cls(
            int(values["minutes"]),
            int(values["sessions"]),
            area,
            project_id=_id(values.get("project")),
            association_id=_id(values.get("association")),
            since=_day(values.get("since")),
            until=_day(values.get("until")),
            months=int(values.get("months", 0)),
            kept=int(values.get("kept", 0)),
            badges=tuple(sorted(values.get("badges", ()))),
            ratings=tuple(
                sorted((skill, Rating(least)) for skill, least in values.get("ratings", {}).items())
            ),
        )
        rule.check()
        return rule

    def check(self) -> None:
        if min(self.minutes, self.months, self.kept) < 0 or self.sessions < 1:
            raise RuleContradicts("a badge asks for at least one session")
        if self.months > self.sessions:
            raise RuleContradicts("nobody is there in more months than sessions")
        if self.kept > MOST_KEPT:
            raise RuleContradicts("nobody keeps every appointment")
        if self.since and self.until and self.since > self.until:
            raise RuleContradicts("the period ends before it begins")

    def to_json(self) -> dict[str, Any]:
        """As `of` reads it, without what it does not ask; the area is a column of its own."""
        told = {
            "project": self.project_id and str(self.project_id),
            "association": self.association_id and str(self.association_id),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "months": self.months,
            "kept": self.kept,
            "badges": list(self.badges),
            "ratings": {skill: least.value for skill, least in self.ratings},
        }
        asked = {name: value for name, value in told.items() if value}
        return {"minutes": self.minutes, "sessions": self.sessions} | asked


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@dataclass(frozen=True)
class Worked:
    """What one session left in the ledger on one day."""

    area: Area
    minutes: int
    association_id: UUID | None = None
    session_id: UUID | None = None
    """Lines of one session count as one, over midnight too; None for one of its own."""
    project_id: UUID | None = None
    day: date | None = None


@dataclass(frozen=True)
class Missed:
    """A place that was taken and not kept."""

    area: Area
    association_id: UUID
    project_id: UUID
    day: date


@dataclass(frozen=True)
class Grounds:
    """All that a badge of somebody in a city can rest on."""

    lines: Sequence[Worked] = ()
    missed: Sequence[Missed] = ()
    badges: frozenset[str] = frozenset()
    """Codes of those they hold."""


@dataclass(frozen=True)
class Tally:
    """What somebody has, or what is still missing."""

    minutes: int
    sessions: int
    months: int = 0
    badges: tuple[str, ...] = field(default=())

    @property
    def is_nothing(self) -> bool:
        return not (self.minutes or self.sessions or self.months or self.badges)


def counted(rule: Rule, lines: Iterable[Worked]) -> list[Worked]:
    """The lines that count: of the rule's scope, and with time in them (a session somebody was
    corrected out of is no session)."""
    return [line for line in lines if line.minutes > 0 and _is_in_scope(rule, line)]


def _is_in_scope(rule: Rule, line: Worked | Missed) -> bool:
    return (
        rule.area in (None, line.area)
        and rule.project_id in (None, line.project_id)
        and rule.association_id in (None, line.association_id)
        and (rule.since is None or (line.day is not None and rule.since <= line.day))
        and (rule.until is None or (line.day is not None and line.day <= rule.until))
    )


def tally(rule: Rule, grounds: Grounds) -> Tally:
    counting = counted(rule, grounds.lines)
    return Tally(
        sum(line.minutes for line in counting),
        _sessions(counting),
        len({(line.day.year, line.day.month) for line in counting if line.day}),
        tuple(code for code in rule.badges if code in grounds.badges),
    )


def _sessions(lines: Iterable[Worked]) -> int:
    lines = list(lines)
    alone = sum(line.session_id is None for line in lines)
    return alone + len({line.session_id for line in lines} - {None})


def missing(rule: Rule, grounds: Grounds) -> Tally:
    have = tally(rule, grounds)
    sessions = max(0, rule.sessions - have.sessions, _to_make_good(rule, grounds, have.sessions))
    return Tally(
        max(0, rule.minutes - have.minutes),
        sessions,
        max(0, rule.months - have.months),
        tuple(code for code in rule.badges if code not in grounds.badges),
    )


def _to_make_good(rule: Rule, grounds: Grounds, came: int) -> int:
    """Sessions to come to before those that were missed weigh little enough: the least n for which
    came + n is `kept` hundredths of came + missed + n."""
    if not rule.kept:
        return 0
    missed = sum(_is_in_scope(rule, each) for each in grounds.missed)
    lacking = rule.kept * (came + missed) - 100 * came
    return max(0, -(-lacking // (100 - rule.kept)))


def earned(rule: Rule, grounds: Grounds) -> bool:
    """Whether an assessor may be asked; what they must have seen is theirs to say."""
    return missing(rule, grounds).is_nothing


def nearness(rule: Rule, grounds: Grounds) -> int:
    """How much of the way is done, in hundredths; the slowest part of it counts."""
    have, lack = tally(rule, grounds), missing(rule, grounds)
    if lack.is_nothing:
        return 100
    parts = [have.sessions * 100 // (have.sessions + lack.sessions or 1)]
    parts += [have.minutes * 100 // rule.minutes] if rule.minutes else []
    parts += [have.months * 100 // rule.months] if rule.months else []
    parts += [len(have.badges) * 100 // len(rule.badges)] if rule.badges else []
    return min([99, *parts])


@dataclass(frozen=True)
class Turns:
    """How often they still come, if all goes on as before."""

    times: int
    weekday: int | None
    """The day on which they mostly came, Monday is 0."""


MOSTLY = 2 / 3


def turns_missing(rule: Rule, grounds: Grounds) -> Turns | None:
    """None before the first time, when nobody knows how long they stay; and where coming again is
    not all that is missing."""
    lack, lines = missing(rule, grounds), counted(rule, grounds.lines)
    if lack.is_nothing or lack.badges or not lines:
        return None
    usual = sum(line.minutes for line in lines) // _sessions(lines)
    times = max(lack.sessions, lack.months, -(-lack.minutes // max(1, usual)))
    days = Counter(line.day.weekday() for line in lines if line.day)
    weekday, often = days.most_common(1)[0] if days else (0, 0)
    return Turns(times, weekday if often >= max(2, MOSTLY * len(lines)) else None)


def unseen(rule: Rule, ratings: Mapping[str, Rating]) -> list[tuple[str, Rating]]:
    """What the rule wants to have been seen and the assessor did not see so."""
    return [
        (skill, least)
        for skill, least in rule.ratings
        if skill not in ratings or ratings[skill].rank < least.rank
    ]


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
