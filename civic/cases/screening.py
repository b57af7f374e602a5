"""What the screening of vulnerability adds up to, and why, in sentences the person can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civic.kernel.i18n import N_


class Urgency(StrEnum):
    NONE = "none"
    WATCH = "watch"
    SOON = "soon"
    NOW = "now"


@dataclass(frozen=True)
class Ground:
    name: str
    points: int
    words: str
    """To the person, in the second person."""


GROUNDS = (
    Ground("minor_alone", 5, N_("You are under 18 and have no parent here.")),
    Ground("exploitation", 4, N_("Somebody forces you to work or to give them money.")),
    Ground("violence", 4, N_("You suffered violence, or fear it.")),
    Ground("homeless", 3, N_("You sleep outside, or must leave the place where you sleep.")),
    Ground("illness", 2, N_("You are ill, disabled or expecting a child.")),
    Ground("permit_expiring", 2, N_("Your permit ends within two months.")),
)
"""In order of weight. The points are ours: no law gives any; they only sort who is seen first."""
NOW_FROM, SOON_FROM = 4, 2


@dataclass(frozen=True)
class Screening:
    score: int
    urgency: Urgency
    grounds: tuple[Ground, ...]
    unknown: tuple[str, ...]
    """What nobody has asked, or got no answer to: not the same as a no."""


def screened(answers: Mapping[str, Any]) -> Screening:
    found = tuple(ground for ground in GROUNDS if answers.get(ground.name) == "yes")
    score = sum(ground.points for ground in found)
    unknown = tuple(
        ground.name for ground in GROUNDS if answers.get(ground.name) not in ("yes", "no")
    )
    if any(ground.points >= NOW_FROM for ground in found):
        urgency = Urgency.NOW
    elif score >= SOON_FROM:
        urgency = Urgency.SOON
    else:
        urgency = Urgency.WATCH if unknown else Urgency.NONE
    return Screening(score, urgency, found, unknown)


URGENCY_NAMES = {
    Urgency.NONE: N_("No danger seen"),
    Urgency.WATCH: N_("Not all is known yet"),
    Urgency.SOON: N_("To be seen within days"),
    Urgency.NOW: N_("To be seen today"),
}
