from datetime import datetime, timedelta
from enum import StrEnum

MAX_TRIES = 8
REMINDER_LEAD = timedelta(hours=24)
"""How long before a session its people are reminded."""


class MessageKind(StrEnum):
    SIGN_IN_CODE = "sign_in_code"
    PLACE_CONFIRMED = "place_confirmed"
    PLACE_WAITING = "place_waiting"
    REMINDER = "reminder"
    SESSION_CHANGED = "session_changed"
    SESSION_CANCELLED = "session_cancelled"
    BADGE_AWARDED = "badge_awarded"
    PROJECT_PUBLISHED = "project_published"
    PROJECT_SENT_BACK = "project_sent_back"


USEFUL_FOR = {
    MessageKind.SIGN_IN_CODE: timedelta(minutes=10),
    MessageKind.REMINDER: REMINDER_LEAD,
}
"""After that the message would only confuse; the others are worth sending late."""


def is_stale(kind: MessageKind, created_at: datetime, now: datetime) -> bool:
    life = USEFUL_FOR.get(kind)
    return life is not None and now - created_at >= life


def pause_after(tries: int) -> timedelta:
    """The wait before the next try: two, four, eight… minutes."""
    return timedelta(minutes=2**tries)
