"""Areas, states and what a project may become, decided from values alone."""

import base64
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from civic.catalogue.errors import (
    EndIsSkipped,
    EndsBeforeStart,
    PlacesOutOfRange,
    SessionInPast,
    SessionTooFar,
    SessionTooLong,
    StartIsSkipped,
)
from civic.kernel.clock import ROME, rome_day, rome_instant
from civic.kernel.i18n import N_


class Area(StrEnum):
    """The three areas of civic engagement of the network."""

    GREEN = "green"
    CARE = "care"
    TERRITORY = "territory"


AREA_NAMES = {
    Area.GREEN: N_("Green-space care"),
    Area.CARE: N_("Personal care"),
    Area.TERRITORY: N_("Territory safety"),
}


class ProjectState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    PUBLISHED = "published"
    PAUSED = "paused"
    """Still to be read, but out of the list, and nobody new can join."""
    CLOSED = "closed"


class RequirementKind(StrEnum):
    """What somebody must show before they can join."""

    SKILL = "skill"
    """A skill by its ESCO id, shown by any badge."""
    BADGE = "badge"
    """One badge, by the code of its achievement."""


@dataclass(frozen=True, order=True)
class Requirement:
    kind: RequirementKind
    value: str
    """ESCO id of the skill, or code of the achievement."""


class PartOfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


NOON, DUSK = time(12), time(17)
DAYS_A_WEEK = 7
SLOTS_A_DAY = len(PartOfDay)


def part_of_day(wall_time: time) -> PartOfDay:
    """By when something starts: before noon, before five in the afternoon, or later."""
    if wall_time < NOON:
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if wall_time < DUSK else PartOfDay.EVENING


def slot(weekday: int, part: PartOfDay) -> int:
    """A weekday (0 is Monday) and a part of the day as one number from 0 to 20."""
    return weekday * SLOTS_A_DAY + list(PartOfDay).index(part)


def slot_of(starts_at: datetime) -> int:
    """The slot in which a session starts, by Italian clocks."""
    wall = starts_at.astimezone(ROME)
    return slot(wall.weekday(), part_of_day(wall.time()))


def next_stretch(slots: frozenset[int], since: datetime) -> tuple[datetime, datetime]:
    """The first unbroken time, from `since` on, in which all sessions start in one of the slots."""
    day = rome_day(since)
    edges = [
        (slot((day + timedelta(days=after)).weekday(), part), day + timedelta(days=after), start)
        for after in range(DAYS_A_WEEK + 1)
        for part, start in zip(PartOfDay, (time.min, NOON, DUSK), strict=True)
    ]
    spans = [(number, rome_instant(on, start)) for number, on, start in edges]
    spans.append((-1, rome_instant(day + timedelta(days=DAYS_A_WEEK + 1), time.min)))
    begins = None
    for (number, start), (_next, end) in itertools.pairwise(spans):
        if number in slots and end > since:
            begins = begins or max(start, since)
        elif begins:
            return begins, start
    return begins or since, spans[-1][1]


class SessionState(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


EDITABLE = frozenset(
    {
        ProjectState.DRAFT,
        ProjectState.SENT_BACK,
        ProjectState.PUBLISHED,
        ProjectState.PAUSED,
    }
)
"""Not while an officer reads it, nor after it closed."""

NEXT_STATES: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.DRAFT: frozenset({ProjectState.SUBMITTED}),
    ProjectState.SENT_BACK: frozenset({ProjectState.SUBMITTED}),
    ProjectState.SUBMITTED: frozenset({ProjectState.PUBLISHED, ProjectState.SENT_BACK}),
    ProjectState.PUBLISHED: frozenset({ProjectState.PAUSED, ProjectState.CLOSED}),
    ProjectState.PAUSED: frozenset({ProjectState.PUBLISHED, ProjectState.CLOSED}),
    ProjectState.CLOSED: frozenset(),
}

LONGEST_SESSION = timedelta(hours=16)
FURTHEST_SESSION = timedelta(days=2 * 366)
MOST_PLACES = 500
CLOSE = timedelta(days=7, hours=2)
"""Between two sessions of a weekly rhythm; somewhat more, for summer time and a late start."""
TITLE_LENGTH = 120
MEETING_POINT_LENGTH = 200
WORDS_LENGTH = 4000
REASON_LENGTH = 1000

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR_BYTES = 24


def can_become(state: ProjectState, target: ProjectState) -> bool:
    return target in NEXT_STATES[state]


def overlaps(
    starts_at: datetime, ends_at: datetime, other_starts: datetime, other_ends: datetime
) -> bool:
    """Half-open intervals: a session that starts when another ends does not clash."""
    return starts_at < other_ends and other_starts < ends_at


def wall_span(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """From what Italian clocks will show to instants; an end before the start is the next day's.

    Refuses an hour that the clocks skip.
    """
    last = day if end >= start else day + timedelta(days=1)
    starts_at, ends_at = rome_instant(day, start), rome_instant(last, end)
    if not _shows(starts_at, start):
        raise StartIsSkipped(day=day)
    if not _shows(ends_at, end):
        raise EndIsSkipped(day=last)
    return starts_at, ends_at


def _shows(instant: datetime, wall_time: time) -> bool:
    """Whether clocks show that time at the instant: not in the hour lost to summer time."""
    return instant.astimezone(ROME).time() == wall_time.replace(tzinfo=None)


def check_session(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Refuse times that no session can have."""
    day = rome_day(starts_at)
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if ends_at - starts_at > LONGEST_SESSION:
        raise SessionTooLong(hours=int(LONGEST_SESSION / timedelta(hours=1)))
    if starts_at <= now:
        raise SessionInPast(day=day)
    if starts_at - now > FURTHEST_SESSION:
        raise SessionTooFar(day=day)


def check_places(places: int) -> None:
    if not 1 <= places <= MOST_PLACES:
        raise PlacesOutOfRange(most=MOST_PLACES)


@dataclass(frozen=True)
class Cursor:
    """Where a page of a list ended: the instant it is ordered by, and the row at that instant."""

    at: datetime
    id: UUID

    def encode(self) -> str:
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        packed = microseconds.to_bytes(8, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(packed).decode()

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """None for whatever no page of ours gave out."""
        try:
            packed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            at = EPOCH + timedelta(microseconds=int.from_bytes(packed[:8], "big", signed=True))
        except (ValueError, OverflowError):
            return None
        return cls(at, UUID(bytes=packed[8:])) if len(packed) == CURSOR_BYTES else None


@dataclass(frozen=True)
class Filters:
    """What a visitor narrows the list of projects by."""

    area: Area | None = None
    city: str | None = None
    """Slug of the municipality."""
    day: date | None = None
    spoken: str | None = None
    """A language spoken there."""
    words: str = ""
    """What was typed into the search box, without what no search can use."""
    district: str | None = None
    """A quarter of `city`."""
    weekdays: tuple[int, ...] = ()
    """0 is Monday; none means any."""
    parts: tuple[PartOfDay, ...] = ()
    age: int | None = None
    """How old the reader is: projects for people of that age or younger."""
    is_wheelchair_accessible: bool = False
    needs_no_italian: bool = False
    has_free_places: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Filters()

    @property
    def slots(self) -> frozenset[int]:
        """Slots of the week in which a session may start; empty when any will do."""
        if not (self.weekdays or self.parts):
            return frozenset()
        days = self.weekdays or range(DAYS_A_WEEK)
        chosen = {slot(day, part) for day in days for part in self.parts or PartOfDay}
        return frozenset(chosen) if len(chosen) < DAYS_A_WEEK * SLOTS_A_DAY else frozenset()
