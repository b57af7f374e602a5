"""What the recognition of volunteers' competences asks for (decree of 31 July 2025, which puts article
19(2) of the Third-Sector Code to work): sixty hours within twelve months, on a project that both have
signed, seen by a tutor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from civic.kernel.i18n import N_

LEAST_HOURS = 60
LEAST_MINUTES = LEAST_HOURS * 60
MOST_HOURS = 2000
MONTHS = 12
WORDS_LENGTH = 1000


class How(StrEnum):
    """How somebody was told of the service."""

    ALONE = "alone"
    GROUP = "group"
    ONLINE = "online"
    """They read it themselves and said so."""


HOW_NAMES = {
    How.ALONE: N_("face to face"),
    How.GROUP: N_("in a group"),
    How.ONLINE: N_("read by themselves"),
}


class PathState(StrEnum):
    ASKED = "asked"
    """By the person; the association has yet to name a tutor."""
    DRAFT = "draft"
    TO_SIGN = "to_sign"
    """The personalised project waits for both signatures."""
    UNDER_WAY = "under_way"
    TO_CONCLUDE = "to_conclude"
    """The document of transparency waits for both signatures."""
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"


STATE_NAMES = {
    PathState.ASKED: N_("Asked for"),
    PathState.DRAFT: N_("Being written"),
    PathState.TO_SIGN: N_("Project to sign"),
    PathState.UNDER_WAY: N_("Under way"),
    PathState.TO_CONCLUDE: N_("Document to sign"),
    PathState.COMPLETED: N_("Path completed"),
    PathState.INTERRUPTED: N_("Interrupted"),
}
LIVING = frozenset(PathState) - {PathState.COMPLETED, PathState.INTERRUPTED}
WRITABLE = frozenset({PathState.ASKED, PathState.DRAFT})
"""While nobody has been asked to sign, the project may be changed."""


class Proof(StrEnum):
    """What a tutor gathers from sessions."""

    NOTE = "note"
    PRODUCT = "product"
    PHOTO = "photo"
    ASSESSMENT = "assessment"


PROOF_NAMES = {
    Proof.NOTE: N_("What I saw"),
    Proof.PRODUCT: N_("What was made"),
    Proof.PHOTO: N_("Photo"),
    Proof.ASSESSMENT: N_("Short assessment"),
}


def last_day(starts_on: date) -> date:
    """Of the twelve months that begin on this day."""
    return starts_on + relativedelta(months=MONTHS) - timedelta(days=1)


def is_period(starts_on: date, ends_on: date) -> bool:
    return starts_on <= ends_on <= last_day(starts_on)


def minutes_within(lines: Iterable[tuple[date, int]], starts_on: date, ends_on: date) -> int:
    """Of the days in the period, both ends included; never more than twelve months of them."""
    end = min(ends_on, last_day(starts_on))
    return sum(minutes for day, minutes in lines if starts_on <= day <= end)


class Missing(StrEnum):
    """What keeps a path from its document, in the order in which it is seen to."""

    INFORMATION = "information"
    PROJECT = "project"
    HOURS = "hours"
    EVIDENCE = "evidence"
    ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Standing:
    """What there is of a path."""

    is_informed: bool
    is_project_signed: bool
    minutes: int
    minutes_planned: int
    goals: frozenset[str]
    """By an id of any kind."""
    proven: frozenset[str]
    """Goals with something behind them."""
    skills: frozenset[str]
    """That the goals name."""
    assessed: frozenset[str]


@dataclass(frozen=True)
class Lack:
    kind: Missing
    minutes: int = 0
    """That are still to be done."""
    goals: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


def lacking(standing: Standing) -> list[Lack]:
    """Nothing missing means that the document of transparency may be written."""
    found = []
    if not standing.is_informed:
        found.append(Lack(Missing.INFORMATION))
    if not standing.is_project_signed:
        found.append(Lack(Missing.PROJECT))
    wanted = max(LEAST_MINUTES, standing.minutes_planned)
    if standing.minutes < wanted:
        found.append(Lack(Missing.HOURS, minutes=wanted - standing.minutes))
    bare = standing.goals - standing.proven
    if bare or not standing.goals:
        found.append(Lack(Missing.EVIDENCE, goals=tuple(sorted(bare))))
    unseen = standing.skills - standing.assessed
    if unseen:
        found.append(Lack(Missing.ASSESSMENT, skills=tuple(sorted(unseen))))
    return found


def best_ratings(seen: Iterable[tuple[str, str]], ranks: Mapping[str, int]) -> dict[str, str]:
    """Of each skill the highest rating that was given; later ones do not take an earlier one away."""
    best: dict[str, str] = {}
    for skill, rating in seen:
        if skill not in best or ranks[rating] > ranks[best[skill]]:
            best[skill] = rating
    return best
