"""The achievements an installation starts with.

Migrations 0002 and 0018 wrote them into the database from copies of their own, because a migration
must stay as it was; a test holds the two together. Skills are chosen by ESCO's definitions, not their
labels: "use gardening equipment" includes chainsaws, so no badge for a few Saturdays claims it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from civic.catalogue.rules import Area

GROUND_MAINTENANCE = "41be6ab9-1cf9-43af-8c63-b6664b921dd5"
PLANTING = "8ce4a4af-969b-4d1c-8bfe-891cff82f913"
PRUNING = "51097602-8e4e-4830-8f35-d77afc713fc0"
OUTDOOR_WORK = "0e355580-bd4a-465a-8058-92984623070e"
ACCOMPANYING = "ab89ad86-1098-44bb-9465-05af5624557c"
ELDERLY = "9aa2a1cb-37a6-4f3b-9610-0dadee1ec8ed"
EMPATHY = "77b636e8-fab3-41a8-8022-1e0a354059dc"
CONFIDENTIALITY = "e37d64dc-0f05-4ee8-b065-bf76f70d8f5c"
STREET_FURNITURE = "d1052480-60f7-404b-83f1-254666daf790"
PAINTING = "b826a56a-811d-477c-b165-271729f644a4"
ROAD_SIGNS = "f21c872c-68ae-49bb-a84f-bf3097c65443"
PROTECTION = "51754b8a-3e2c-4cc1-86e6-cf510d9c6fe4"
TEAMWORK = "60c78287-22eb-4103-9c8c-28deaa460da0"
COMMITMENT = "113b4428-0a31-4199-8496-070af7854b91"
INSTRUCTIONS = "fc511e12-fe90-40a0-bec8-227abb5e4255"
SPOKEN_ITALIAN = "b45f87e9-66ce-4212-82eb-3a55765bc512"
CIVIC_LIFE = "7d9bace0-63d0-4848-ac87-350a98082c12"


@dataclass(frozen=True)
class StartupAchievement:
    id: UUID
    code: str
    area: Area | None
    level: int
    minutes: int
    sessions: int
    skills: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)
    """What its rule asks for besides; see `rules.Rule`."""


STARTUP = (
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000001"), "first-day", None, 1, 0, 1, (CIVIC_LIFE,)
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000011"), "green-12", Area.GREEN, 1, 720, 4,
        (GROUND_MAINTENANCE, PLANTING, OUTDOOR_WORK, TEAMWORK),
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000012"), "green-40", Area.GREEN, 2, 2400, 12,
        (GROUND_MAINTENANCE, PLANTING, PRUNING, OUTDOOR_WORK, TEAMWORK, COMMITMENT, INSTRUCTIONS),
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000021"), "care-12", Area.CARE, 1, 720, 4,
        (ACCOMPANYING, ELDERLY, EMPATHY, SPOKEN_ITALIAN),
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000022"), "care-40", Area.CARE, 2, 2400, 12,
        (ACCOMPANYING, ELDERLY, EMPATHY, CONFIDENTIALITY, SPOKEN_ITALIAN, COMMITMENT),
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000031"), "territory-12", Area.TERRITORY, 1, 720, 4,
        (STREET_FURNITURE, PAINTING, PROTECTION, TEAMWORK),
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000032"), "territory-40", Area.TERRITORY, 2, 2400, 12,
        (STREET_FURNITURE, PAINTING, ROAD_SIGNS, PROTECTION, TEAMWORK, COMMITMENT, INSTRUCTIONS),
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000041"), "reliable", None, 1, 1200, 8, (COMMITMENT,),
        {"months": 2, "kept": 90},
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000042"), "italian", None, 1, 600, 4,
        (SPOKEN_ITALIAN, INSTRUCTIONS), {"ratings": {SPOKEN_ITALIAN: "with_help"}},
    ),
    StartupAchievement(
        UUID("01968c3e-0000-7000-8000-000000000043"), "team", None, 1, 720, 6,
        (TEAMWORK, CIVIC_LIFE), {"ratings": {TEAMWORK: "with_help"}},
    ),
)  # fmt: skip
