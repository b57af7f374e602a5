"""The queue at the one-stop shop: numbers, and nothing that says who somebody is."""

from datetime import datetime
from enum import StrEnum

from civic.kernel.i18n import N_


class Reason(StrEnum):
    """What somebody comes for, as far as they want to say it in the hall."""

    DOCUMENTS = "documents"
    HOUSING = "housing"
    WORK = "work"
    HEALTH = "health"
    ITALIAN = "italian"
    TAKING_PART = "taking_part"
    OTHER = "other"


REASON_NAMES = {
    Reason.DOCUMENTS: N_("Papers and permits"),
    Reason.HOUSING: N_("A place to live"),
    Reason.WORK: N_("Work"),
    Reason.HEALTH: N_("Health"),
    Reason.ITALIAN: N_("Learning Italian"),
    Reason.TAKING_PART: N_("Taking part in a project"),
    Reason.OTHER: N_("Something else"),
}


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    DONE = "done"
    ABSENT = "absent"
    """Called, and nobody came; they may still be waiting outside."""


NEXT_STATES = {
    TicketState.WAITING: frozenset({TicketState.CALLED}),
    TicketState.CALLED: frozenset({TicketState.DONE, TicketState.ABSENT, TicketState.WAITING}),
    TicketState.ABSENT: frozenset({TicketState.WAITING}),
    TicketState.DONE: frozenset(),
}
"""Allowed moves alone; whoever was absent and comes back keeps their number and their turn."""
COUNTER_LENGTH = 20


def minutes_waited(taken_at: datetime, until: datetime) -> int:
    """Whole minutes, never below nothing: clocks of two machines differ a little."""
    return max(0, int((until - taken_at).total_seconds()) // 60)
