"""How well a project fits a person, and why: decided from values alone.

Every point a project earns has a reason that can be said in words; nothing else moves it.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import sqrt
from typing import Self
from uuid import UUID

from civic.accounts.rules import youngest_age
from civic.catalogue.finding import KILOMETRES_A_DEGREE, Spot
from civic.catalogue.rules import EPOCH, Area, Requirement, overlaps

ITALIAN = "it"

REACHABLE = 200
"""More than all the rest together: what cannot be reached does not fit."""
FREE_THEN = 40
FOR_A_GOAL = 35
LANGUAGE_SHARED = 30
NO_ITALIAN_ASKED = 20
FOR_A_BADGE = 15
ITALIAN_SHARED = 10
LACKING = -70
"""For what the project asks and the person cannot show yet: still listed, but behind."""
REACH = 30.0
"""Kilometres."""
NEARNESS = ((1.0, 30), (3.0, 24), (8.0, 15), (15.0, 8), (REACH, 2))
"""Spots by kilometres, the nearest first."""
MOST_REASONS = 3
CURSOR_BYTES = 28


def distance_from(place: Spot) -> Callable[[float, float], float]:
    """Kilometres to a latitude and longitude, as on a flat map: right to a hundredth of the way
    as far as anybody would go, and quick enough for thousands."""
    latitude, longitude = place.latitude, place.longitude
    narrowing = place.narrowing

    def far(other_latitude: float, other_longitude: float) -> float:
        up, along = other_latitude - latitude, (other_longitude - longitude) * narrowing
        return sqrt(up * up + along * along) * KILOMETRES_A_DEGREE

    return far


@dataclass(frozen=True)
class Wishes:
    """What is known of a person that makes one project suit them better than another."""

    languages: tuple[str, ...] = ()
    free: frozenset[int] = frozenset()
    """Slots of the week; see `rules.slot`."""
    busy: tuple[tuple[datetime, datetime], ...] = ()
    """From when to when they have a place somewhere, or wait for one."""
    skills: frozenset[str] = frozenset()
    """What the open goals of their plan ask for, by ESCO id."""
    areas: frozenset[Area] = frozenset()
    """Where they are on the way to a badge."""
    held: frozenset[Requirement] = frozenset()
    birth_year: int | None = None
    cities: frozenset[UUID] = frozenset()
    """That know them."""
    near: Spot | None = None
    """A place picked for this one question; then it counts and the cities do not."""
    hidden: frozenset[UUID] = frozenset()
    """Projects not to be named again."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known that could put one project before another."""
        return self == Wishes(busy=self.busy, birth_year=self.birth_year, hidden=self.hidden)

    def age_on(self, day: date) -> int | None:
        """None: not known, and so no bar to anything in a list."""
        return None if self.birth_year is None else youngest_age(self.birth_year, day)

    def is_free(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether nothing of their own is in the way."""
        return not any(overlaps(starts_at, ends_at, *span) for span in self.busy)


@dataclass(frozen=True)
class Facets:
    """What of a project can suit somebody."""

    project_id: UUID
    municipality_id: UUID
    area: Area
    minimum_age: int
    languages: frozenset[str]
    slots: frozenset[int]
    """Of its sessions to come."""
    spans: tuple[tuple[datetime, datetime], ...]
    """Of each slot, the first and the last start."""
    skills: frozenset[str]
    requirements: frozenset[Requirement]
    needs_no_italian: bool
    is_wheelchair_accessible: bool
    district: tuple[str, ...]
    """Its words as search compares them."""
    point: Spot | None
    next_starts_at: datetime
    last_starts_at: datetime

    def may_meet(self, first: datetime, next_day: datetime) -> bool:
        """False when it certainly does not between these instants."""
        return any(start < next_day and end >= first for start, end in self.spans)


class ReasonKind(StrEnum):
    FREE_THEN = "free_then"
    """Its slot of the week."""
    GOAL = "goal"
    """The skill."""
    LANGUAGE = "language"
    """The language's tag."""
    NEAR = "near"
    """Kilometres."""
    NO_ITALIAN = "no_italian"
    BADGE = "badge"
    """The area."""


@dataclass(frozen=True)
class Reason:
    """Why a project fits, as a value; `words.reason_words` says it."""

    kind: ReasonKind
    data: str | int | float = ""


@dataclass(frozen=True)
class Earned:
    points: int
    reason: Reason | None = None
    """None for what would tell nobody anything, or is no reason to come."""


def earned(facets: Facets, wishes: Wishes) -> tuple[Earned, ...]:
    """All that counts for and against a project."""
    return (
        *_where(facets, wishes),
        *_when_and_what_for(facets, wishes),
        *_language(facets, wishes),
        *([Earned(LACKING)] if facets.requirements - wishes.held else []),
    )


def score(facets: Facets, wishes: Wishes) -> int:
    return sum(each.points for each in earned(facets, wishes))


def reasons(facets: Facets, wishes: Wishes) -> tuple[Reason, ...]:
    """The best few, strongest first."""
    told = [each for each in earned(facets, wishes) if each.reason is not None]
    told.sort(key=lambda each: -each.points)
    return tuple(each.reason for each in told[:MOST_REASONS] if each.reason)


def _where(facets: Facets, wishes: Wishes) -> list[Earned]:
    if wishes.near is None:
        return [Earned(REACHABLE)] if facets.municipality_id in wishes.cities else []
    if facets.point is None:
        return []
    far = distance_from(wishes.near)(facets.point.latitude, facets.point.longitude)
    points = points_by_distance(far)
    return [Earned(REACHABLE), Earned(points, Reason(ReasonKind.NEAR, far))] if points else []


def points_by_distance(far: float) -> int:
    for limit, points in NEARNESS:
        if far <= limit:
            return points
    return 0


def _when_and_what_for(facets: Facets, wishes: Wishes) -> list[Earned]:
    found = []
    if free := facets.slots & wishes.free:
        found.append(Earned(FREE_THEN, Reason(ReasonKind.FREE_THEN, min(free))))
    if skills := facets.skills & wishes.skills:
        found.append(Earned(FOR_A_GOAL, Reason(ReasonKind.GOAL, min(skills))))
    if facets.area in wishes.areas:
        found.append(Earned(FOR_A_BADGE, Reason(ReasonKind.BADGE, facets.area.value)))
    return found


def _language(facets: Facets, wishes: Wishes) -> list[Earned]:
    """Italian is spoken nearly everywhere: sharing it counts little and is not worth a word."""
    found = []
    shared = [tag for tag in wishes.languages if tag in facets.languages]
    own = next((tag for tag in shared if tag != ITALIAN), None)
    if own:
        found.append(Earned(LANGUAGE_SHARED, Reason(ReasonKind.LANGUAGE, own)))
    elif shared:
        found.append(Earned(ITALIAN_SHARED))
    if facets.needs_no_italian and speaks_no_italian(wishes):
        found.append(Earned(NO_ITALIAN_ASKED, Reason(ReasonKind.NO_ITALIAN)))
    return found


def speaks_no_italian(wishes: Wishes) -> bool:
    """They said what they speak, and Italian is not among it."""
    return bool(wishes.languages) and ITALIAN not in wishes.languages


@dataclass(frozen=True)
class Rank:
    """Where a project stands among others: by points, then by its next session, then by id."""

    score: int
    at: datetime
    id: UUID

    @property
    def order(self) -> tuple[int, datetime, UUID]:
        return (-self.score, self.at, self.id)

    def encode(self) -> str:
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        packed = self.score.to_bytes(4, "big", signed=True)
        packed += microseconds.to_bytes(8, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """None for whatever no page of ours gave out."""
        try:
            packed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            if len(packed) != CURSOR_BYTES:
                return None
            microseconds = int.from_bytes(packed[4:12], "big", signed=True)
            at = EPOCH + timedelta(microseconds=microseconds)
        except (ValueError, OverflowError):
            return None
        return cls(int.from_bytes(packed[:4], "big", signed=True), at, UUID(bytes=packed[12:]))
