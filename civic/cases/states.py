"""The way of a case: contact, intake, in charge, suspended, closed, reopened; allowed moves alone."""

from enum import StrEnum

from civic.kernel.i18n import N_


class CaseState(StrEnum):
    CONTACT = "contact"
    INTAKE = "intake"
    IN_CHARGE = "in_charge"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    REOPENED = "reopened"
    """In charge again; what was counted first stays counted then."""


MOVES = {
    CaseState.CONTACT: (CaseState.INTAKE, CaseState.CLOSED),
    CaseState.INTAKE: (CaseState.IN_CHARGE, CaseState.CLOSED),
    CaseState.IN_CHARGE: (CaseState.SUSPENDED, CaseState.CLOSED),
    CaseState.SUSPENDED: (CaseState.IN_CHARGE, CaseState.CLOSED),
    CaseState.CLOSED: (CaseState.REOPENED,),
    CaseState.REOPENED: (CaseState.SUSPENDED, CaseState.CLOSED),
}
COUNTED = frozenset({CaseState.IN_CHARGE, CaseState.REOPENED})
"""Reaching one of these for the first time is the day from which a person is counted."""


class Ending(StrEnum):
    """How a case ended, by what became of the person."""

    AUTONOMY = "autonomy"
    OTHER_SERVICE = "other_service"
    MOVED_AWAY = "moved_away"
    WITHDREW = "withdrew"
    UNREACHABLE = "unreachable"
    NOT_TAKEN = "not_taken"
    DIED = "died"
    DUPLICATE = "duplicate"


def may_move(before: CaseState, after: CaseState) -> bool:
    return after in MOVES[before]


STATE_NAMES = {
    CaseState.CONTACT: N_("First contact"),
    CaseState.INTAKE: N_("Intake"),
    CaseState.IN_CHARGE: N_("In charge"),
    CaseState.SUSPENDED: N_("Suspended"),
    CaseState.CLOSED: N_("Closed"),
    CaseState.REOPENED: N_("In charge again"),
}
MOVE_WORDS = {
    CaseState.INTAKE: N_("Begin the intake"),
    CaseState.IN_CHARGE: N_("Take in charge"),
    CaseState.SUSPENDED: N_("Suspend for a while"),
    CaseState.CLOSED: N_("Close the case"),
    CaseState.REOPENED: N_("Take in charge again"),
}
ENDING_NAMES = {
    Ending.AUTONOMY: N_("Stands on their own feet"),
    Ending.OTHER_SERVICE: N_("Another service goes on"),
    Ending.MOVED_AWAY: N_("Moved away"),
    Ending.WITHDREW: N_("Did not want to go on"),
    Ending.UNREACHABLE: N_("Cannot be found any more"),
    Ending.NOT_TAKEN: N_("Not taken in charge"),
    Ending.DIED: N_("Died"),
    Ending.DUPLICATE: N_("Had another file here"),
}
