from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from civic.enrolment.line import LAST_CALL, LONGEST_OFFER, SHORTEST_OFFER
from civic.kernel.clock import rome_day

MAX_TRIES = 8


class MessageKind(StrEnum):
    SIGN_IN_CODE = "sign_in_code"
    SIGNING_CODE = "signing_code"
    PLACE_CONFIRMED = "place_confirmed"
    PLACE_WAITING = "place_waiting"
    PLACE_OFFERED = "place_offered"
    PLACE_OPENED = "place_opened"
    PLACE_REMOVED = "place_removed"
    OFFER_LAPSED = "offer_lapsed"
    REMINDER_DAY = "reminder"
    REMINDER_SOON = "reminder_soon"
    SESSION_CHANGED = "session_changed"
    SESSION_CANCELLED = "session_cancelled"
    REQUEST_RECEIVED = "request_received"
    REQUESTS_WAIT = "requests_wait"
    REQUESTS_CARRIED = "requests_carried"
    REQUEST_APPROVED = "request_approved"
    REQUEST_PUT_OFF = "request_put_off"
    WRITTEN_IN = "written_in"
    MISSED = "missed"
    HOURS_ANSWERED = "hours_answered"
    APPOINTMENT = "appointment"
    APPOINTMENTS_OF_STAFF = "appointments_of_staff"
    APPOINTMENT_MADE = "appointment_made"
    APPOINTMENT_NEAR = "appointment_near"
    EMERGENCY_OPENED = "emergency_opened"
    BADGE_AWARDED = "badge_awarded"
    BADGE_LOOKED_AT = "badge_looked_at"
    BADGE_KEPT = "badge_kept"
    BADGE_WITHDRAWN = "badge_withdrawn"
    PAPER_WAITS = "paper_waits"
    HOME_PROPOSED = "home_proposed"
    ABOUT_RENT = "about_rent"
    ANNOUNCEMENT = "announcement"
    PROJECT_PUBLISHED = "project_published"
    PROJECT_SENT_BACK = "project_sent_back"
    ASSOCIATION_DECIDED = "association_decided"


USEFUL_FOR = {
    MessageKind.SIGN_IN_CODE: timedelta(minutes=10),
    MessageKind.SIGNING_CODE: timedelta(minutes=10),
    MessageKind.PLACE_OFFERED: LONGEST_OFFER,
    MessageKind.PLACE_OPENED: SHORTEST_OFFER + LAST_CALL,
    MessageKind.APPOINTMENT: timedelta(days=3),
    MessageKind.APPOINTMENTS_OF_STAFF: timedelta(days=3),
}
"""After that the message would only confuse; the others are worth sending late."""
CODES = frozenset({MessageKind.SIGN_IN_CODE, MessageKind.SIGNING_CODE})
"""What such a message says is kept no longer than it takes to send it."""


def is_stale(kind: MessageKind, created_at: datetime, now: datetime) -> bool:
    life = USEFUL_FOR.get(kind)
    return life is not None and now - created_at >= life


REMINDER_LEADS = {
    MessageKind.REMINDER_SOON: timedelta(hours=2),
    MessageKind.REMINDER_DAY: timedelta(hours=24),
}
"""How long before a session its people are reminded, the nearest first."""
FIRST_REMINDER = max(REMINDER_LEADS.values())


@dataclass(frozen=True)
class Place:
    """What a reminder says that somebody has: it must still be true when it goes out."""

    session_id: UUID
    starts_at: datetime


def reminder_at(starts_at: datetime, now: datetime) -> MessageKind | None:
    """Which reminder makes sense now: each until the next one, the last until the session begins.

    So after an outage of hours the one that was missed is still sent while it helps.
    """
    left = starts_at - now
    if left <= timedelta(0):
        return None
    return next((kind for kind, lead in REMINDER_LEADS.items() if left <= lead), None)


def reminder_due(starts_at: datetime, told_at: datetime, now: datetime) -> MessageKind | None:
    """The reminder for somebody who was told of this place and time at `told_at`.

    Whoever booked, or heard of the new time, after a reminder fell due has just been told all
    that it says: twenty hours before, they get the one of two hours before; half an hour before,
    none.
    """
    kind = reminder_at(starts_at, now)
    if kind is None or told_at > starts_at - REMINDER_LEADS[kind]:
        return None
    return kind


APPOINTMENT_LEAD = timedelta(days=3)
"""How long before the day of an appointment its two people are reminded."""
AWAITED = frozenset({MessageKind.APPOINTMENT_MADE, MessageKind.APPOINTMENT_NEAR})
"""About an appointment with its hour: it must still stand, and be wanted, when the message goes out."""
WAKING = range(9, 20)
"""Hours on Italian clocks at which a message about a mere day is written."""


def is_near(at: datetime, now: datetime) -> bool:
    """On the day before or later: whoever is told of an appointment then has been reminded of it too."""
    return rome_day(at) - rome_day(now) <= timedelta(days=1)


def pause_after(tries: int) -> timedelta:
    """The wait before the next try: two, four, eight… minutes."""
    return timedelta(minutes=2**tries)
