"""Occupations that a plan can walk towards, by ESCO address, and what each asks for.

ESCO names far more skills for each of them: here stand those of the twenty starter skills that its
description of the occupation speaks of, and the transversal ones without which nobody does it.
"""

from dataclasses import dataclass

from civic.catalogue.skills import SKILLS
from civic.kernel.i18n import N_

ESCO = "http://data.europa.eu/esco/occupation/"
_BY_LABEL = {skill.label: skill.id for skill in SKILLS.values()}


@dataclass(frozen=True)
class Occupation:
    id: str
    label: str
    skills: tuple[str, ...]
    """ESCO ids: those of its own field first, then those that any work asks for."""

    @property
    def address(self) -> str:
        return ESCO + self.id


def _skills(*labels: str) -> tuple[str, ...]:
    return tuple(_BY_LABEL[label] for label in labels)


_ALL = (
    Occupation(
        "a48b9a5a-5ded-482d-8cda-7fd097a32c16",
        N_("groundsman/groundswoman"),
        _skills(
            "perform ground maintenance activities",
            "plant green plants",
            "prune hedges and trees",
            "use gardening equipment",
            "work in outdoor conditions",
            "use personal protection equipment",
            "follow verbal instructions",
            "meet commitments",
        ),
    ),
    Occupation(
        "1391bdf9-bd61-4fb5-91ca-c29036ab2b60",
        N_("home care aide"),
        _skills(
            "accompany people",
            "communicate with elderly groups",
            "show empathy",
            "respect confidentiality obligations",
            "assist with personal administration issues",
            "interact verbally in Italian",
            "meet commitments",
        ),
    ),
    Occupation(
        "ea4c9aa1-cb9d-4037-a748-ac1305af7129",
        N_("emergency response worker"),
        _skills(
            "assist emergency services",
            "use personal protection equipment",
            "work in outdoor conditions",
            "show empathy",
            "work in teams",
            "follow verbal instructions",
            "interact verbally in Italian",
        ),
    ),
    Occupation(
        "f272a521-1a38-4d34-a78e-3adeca95b977",
        N_("road maintenance worker"),
        _skills(
            "inspect road signs",
            "paint surfaces",
            "clean public furniture",
            "use personal protection equipment",
            "work in outdoor conditions",
            "work in teams",
            "follow verbal instructions",
        ),
    ),
)

OCCUPATIONS: dict[str, Occupation] = {each.id: each for each in _ALL}
