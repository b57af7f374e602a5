from collections.abc import Iterable
from enum import StrEnum

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
"""Letters of a goal in the person's own words."""


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
