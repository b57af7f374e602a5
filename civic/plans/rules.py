from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from civic.kernel.i18n import N_


class Domain(StrEnum):
    """Fields of life that a plan of autonomy looks at."""

    WORK = "work"
    SKILLS = "skills"
    ITALIAN = "italian"
    HOUSING = "housing"
    HEALTH = "health"
    LEGAL = "legal"
    RELATIONS = "relations"


DOMAIN_NAMES = {
    Domain.WORK: N_("Work"),
    Domain.SKILLS: N_("Skills"),
    Domain.ITALIAN: N_("Italian language"),
    Domain.HOUSING: N_("Housing"),
    Domain.HEALTH: N_("Health"),
    Domain.LEGAL: N_("Legal position"),
    Domain.RELATIONS: N_("Relations"),
}


WORDS_LENGTH = 1000
"""Letters of a goal in the person's own words, of an action, and of a review's note."""


class GoalState(StrEnum):
    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


STATE_NAMES = {
    GoalState.OPEN: N_("Under way"),
    GoalState.REACHED: N_("Reached"),
    GoalState.DROPPED: N_("Dropped"),
}


def supports(goal_skills: Iterable[str], badge_skills: Iterable[str]) -> bool:
    """A badge is evidence for a goal when it shows at least one of the skills the goal asks for."""
    return bool(set(goal_skills) & set(badge_skills))


class EvidenceKind(StrEnum):
    """What stands behind a goal besides badges."""

    ITALIAN = "italian"
    CERTIFICATE = "certificate"
    CONTRACT = "contract"
    DOCUMENT = "document"
    OTHER = "other"
    HOUSING = "housing"
    """A step towards a home: it comes by itself from the housing room."""


BY_HAND = tuple(each for each in EvidenceKind if each is not EvidenceKind.HOUSING)
"""What a case worker can put behind a goal."""

EVIDENCE_NAMES = {
    EvidenceKind.ITALIAN: N_("Italian course or exam"),
    EvidenceKind.CERTIFICATE: N_("Certificate of a course"),
    EvidenceKind.CONTRACT: N_("Work contract or internship"),
    EvidenceKind.DOCUMENT: N_("Document"),
    EvidenceKind.OTHER: N_("Something else"),
    EvidenceKind.HOUSING: N_("A step towards a home"),
}
LEVELS = ("A0", "A1", "A2", "B1", "B2", "C1", "C2")
"""Of a language, by the Common European Framework of Reference; A0 stands before its first level."""
TITLE_LENGTH = 200
REASON_LENGTH = 300


class OwedBy(StrEnum):
    """Who has promised an action."""

    PERSON = "person"
    SERVICE = "service"


OWED_BY_NAMES = {
    OwedBy.PERSON: N_("The person"),
    OwedBy.SERVICE: N_("The service"),
}


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


ACTION_STATE_NAMES = {
    ActionState.OPEN: N_("To do"),
    ActionState.DONE: N_("Done"),
    ActionState.DROPPED: N_("Set aside"),
}


def is_overdue(state: ActionState, due_on: date | None, today: date) -> bool:
    """The day itself still belongs to whoever promised."""
    return state is ActionState.OPEN and due_on is not None and due_on < today


class View(StrEnum):
    """Whose eyes a score is seen with; neither changes the other's."""

    WORKER = "worker"
    PERSON = "person"


SCORES = range(1, 6)
INTERVALS = (1, 2, 3, 6)
"""Months from one review to the next."""


def next_review(held_on: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    return held_on + relativedelta(months=months)


SOON = timedelta(days=14)


class Due(StrEnum):
    """How a plan stands towards its next review, the most pressing first."""

    OVERDUE = "overdue"
    SOON = "soon"
    UNDER_WAY = "under_way"
    NEVER = "never"
    LATER = "later"


DUE_NAMES = {
    Due.OVERDUE: N_("Review overdue"),
    Due.SOON: N_("Review due soon"),
    Due.UNDER_WAY: N_("Review under way"),
    Due.NEVER: N_("No review yet"),
    Due.LATER: N_("Review later"),
}


def due(next_on: date | None, *, is_open: bool, today: date) -> Due:
    """From the day set at a plan's last review, and whether that one is still open."""
    if next_on is None:
        return Due.NEVER
    if is_open:
        return Due.UNDER_WAY
    if next_on < today:
        return Due.OVERDUE
    return Due.SOON if next_on <= today + SOON else Due.LATER
