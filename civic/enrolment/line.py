"""Whose turn it is for a place and how long it is held for them: from values alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

SHORTEST_OFFER, LONGEST_OFFER = timedelta(minutes=30), timedelta(hours=24)
LAST_CALL = timedelta(minutes=15)
"""So long before the start no place is held any more for somebody who does not answer."""
MOST_IN_GROUP = 5


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when a place that came free now is held for the first in line: a quarter of the time
    left, between half an hour and a day.

    None when not even half an hour fits before the last quarter of an hour, or the session has
    begun. Who waits may be at home by then, so a free place goes to whoever asks first.
    """
    left = starts_at - now
    if left < SHORTEST_OFFER + LAST_CALL:
        return None
    return now + min(max(left / 4, SHORTEST_OFFER), LONGEST_OFFER)


class Missing(StrEnum):
    """What keeps a place from somebody, in the order in which it is worth saying."""

    APPROVAL = "approval"
    """They have not joined the project, or the organiser has not said yes."""
    CONSENT = "consent"
    COVER = "cover"
    """Nobody insures them on the day."""


def what_is_missing(*, is_active: bool, is_agreed: bool, is_insured: bool) -> Missing | None:
    if not is_active:
        return Missing.APPROVAL
    if not is_agreed:
        return Missing.CONSENT
    return None if is_insured else Missing.COVER


@dataclass(frozen=True)
class InLine:
    """Somebody on a session's waiting list."""

    booking_id: UUID
    person_id: UUID
    group_id: UUID | None
    missing: Missing | None

    @property
    def is_ready(self) -> bool:
        return self.missing is None


Unit = tuple[InLine, ...]
"""Who is served together or not at all: somebody alone, or a whole group."""


def units(line: Sequence[InLine]) -> list[Unit]:
    return [
        tuple(together)
        for _, together in groupby(line, key=lambda one: one.group_id or one.booking_id)
    ]


def whose_turn(line: Sequence[InLine], free: int, places: int) -> list[Unit]:
    """Who gets the free places, in the order of the line.

    Who is not ready keeps their place in the line but stops nobody; neither does a group that the
    session could never hold. Any other group at the head that is larger than what is free stops
    the line until enough places are.
    """
    served: list[Unit] = []
    for unit in units(line):
        if len(unit) > places or not all(one.is_ready for one in unit):
            continue
        if len(unit) > free:
            break
        free -= len(unit)
        served.append(unit)
    return served
