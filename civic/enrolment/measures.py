"""How associations answer and keep their word, in what plain words can say: from values alone."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import median

LOOKED_AT = timedelta(days=180)
FEWEST_ANSWERS, FEWEST_SESSIONS = 3, 5
"""Below these one lucky or unlucky day would speak for an association."""


@dataclass(frozen=True)
class Measure:
    """Of one association in one city, over the last months."""

    answers: tuple[timedelta, ...] = ()
    """How long each request waited for its answer, or waits since it was carried on."""
    held: int = 0
    sessions: int = 0
    """Those whose time is past; cancelled ones were not held."""

    @property
    def days_to_answer(self) -> float | None:
        """The typical wait in days; none where too few have asked."""
        if len(self.answers) < FEWEST_ANSWERS:
            return None
        return median(wait / timedelta(days=1) for wait in self.answers)

    @property
    def has_enough_sessions(self) -> bool:
        return self.sessions >= FEWEST_SESSIONS


@dataclass(frozen=True)
class Plain:
    """What a visitor reads; nothing where too little is known."""

    answers_within: int | None
    """Days, rounded up."""
    held: int | None
    sessions: int | None

    @property
    def is_silent(self) -> bool:
        return self.answers_within is None and self.sessions is None


def plain(measure: Measure) -> Plain:
    days = measure.days_to_answer
    is_known = measure.has_enough_sessions
    return Plain(
        None if days is None else max(1, ceil(days)),
        measure.held if is_known else None,
        measure.sessions if is_known else None,
    )


def share_held(measure: Measure) -> int | None:
    """In hundredths, for the officer's table."""
    if not measure.has_enough_sessions:
        return None
    return round(100 * measure.held / measure.sessions)
