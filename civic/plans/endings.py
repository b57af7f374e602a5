"""How a plan ends, what is asked again months later, and how it goes along to another city."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from civic.kernel.i18n import N_


class Outcome(StrEnum):
    """What a plan ended in."""

    JOB = "job"
    TRAINING = "training"
    INTERNSHIP = "internship"
    OWN_BUSINESS = "own_business"
    MOVED = "moved"
    INTERRUPTED = "interrupted"


OUTCOME_NAMES = {
    Outcome.JOB: N_("A job"),
    Outcome.TRAINING: N_("A school or training course"),
    Outcome.INTERNSHIP: N_("An internship"),
    Outcome.OWN_BUSINESS: N_("Own business"),
    Outcome.MOVED: N_("Moved to another place"),
    Outcome.INTERRUPTED: N_("Interrupted"),
}


class FollowUpAnswer(StrEnum):
    STILL_SO = "still_so"
    CHANGED = "changed"
    NOT_REACHED = "not_reached"


ANSWER_NAMES = {
    FollowUpAnswer.STILL_SO: N_("It is still so"),
    FollowUpAnswer.CHANGED: N_("It has become something else"),
    FollowUpAnswer.NOT_REACHED: N_("The person could not be reached"),
}

FOLLOW_UPS = (6, 12)
"""Months after the end at which somebody asks again."""
ASKED_EARLY = timedelta(days=14)
"""So long before its day a follow-up is on the list, and can be answered."""


def follow_up_days(closed_on: date) -> dict[int, date]:
    """The same day of a later month, or that month's last."""
    return {months: closed_on + relativedelta(months=months) for months in FOLLOW_UPS}


def is_time_to_ask(due_on: date, today: date) -> bool:
    return due_on - ASKED_EARLY <= today


def now_is(ended_in: Outcome, changes: Iterable[Outcome | None]) -> Outcome:
    """What it is by now, from the end and what follow-ups, in their order, said that changed."""
    return next((each for each in reversed(list(changes)) if each is not None), ended_in)


class MoveState(StrEnum):
    """Where a plan is on its way to another city, seen from the city it leaves."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    CALLED_BACK = "called_back"
    TAKEN = "taken"


MOVE_NAMES = {
    MoveState.PROPOSED: N_("Waits for the person's answer"),
    MoveState.AGREED: N_("On its way"),
    MoveState.REFUSED: N_("The person said no"),
    MoveState.CALLED_BACK: N_("Called back"),
    MoveState.TAKEN: N_("Arrived and taken on"),
}


class ArrivalState(StrEnum):
    """The same, seen from the city that receives it."""

    WAITING = "waiting"
    TAKEN = "taken"
    CALLED_BACK = "called_back"
