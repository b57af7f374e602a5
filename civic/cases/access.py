"""Who may see what of a case: one table, asked by every page, list, export and message.

A role on a case comes from the team, the desk, the street or an emergency; several add up, and none
takes away. Whatever leaves a case passes `Access` first.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum

from civic.kernel.i18n import N_
from civic.kernel.policy import Role


class Data(StrEnum):
    """What a file is made of. Every sealed field belongs to exactly one of them."""

    IDENTITY = "identity"
    LEGAL_STATUS = "legal_status"
    SOCIAL = "social"
    HEALTH = "health"
    """Psychological and of health."""
    LEGAL_ADVICE = "legal_advice"
    PROTECTION = "protection"
    HOUSING = "housing"
    PLAN = "plan"


class Access(IntEnum):
    """In rising order; what a higher one allows, a lower one does not."""

    NONE = 0
    EXISTENCE = 1
    """That there is something, not what."""
    MASKED = 2
    """The shape: initials, a number."""
    READ = 3
    WRITE = 4


class CaseRole(StrEnum):
    """What somebody is on one case."""

    DESK = "desk"
    MOBILE_UNIT = "mobile_unit"
    CASE_LEAD = "case_lead"
    PSYCHOLOGIST = "psychologist"
    LEGAL_ADVISER = "legal_adviser"
    HOUSING_OFFICER = "housing_officer"
    TUTOR = "tutor"
    CITY_COORDINATOR = "city_coordinator"


_LETTERS = {
    "-": Access.NONE,
    "E": Access.EXISTENCE,
    "M": Access.MASKED,
    "R": Access.READ,
    "W": Access.WRITE,
}
# In the order of `Data`: identity, legal status, social, health, legal advice, protection, housing,
# plan. Roles that are left out (national coordinator, administrator, data-protection officer) see
# nothing of any case.
_ROWS = {
    CaseRole.DESK:             "W R - - - E - -",
    CaseRole.MOBILE_UNIT:      "W - W - - E E -",
    CaseRole.CASE_LEAD:        "W W W E E R R W",
    CaseRole.PSYCHOLOGIST:     "R - R W - W - R",
    CaseRole.LEGAL_ADVISER:    "R W R - W R - R",
    CaseRole.HOUSING_OFFICER:  "R E - - - E W R",
    CaseRole.TUTOR:            "M - - - - - - W",
    CaseRole.CITY_COORDINATOR: "M M - - - - R M",
}  # fmt: skip

TABLE: Mapping[CaseRole, Mapping[Data, Access]] = {
    role: dict(zip(Data, (_LETTERS[letter] for letter in row.split()), strict=True))
    for role, row in _ROWS.items()
}

NOTHING: Mapping[Data, Access] = dict.fromkeys(Data, Access.NONE)


def access_of(roles: Iterable[CaseRole]) -> dict[Data, Access]:
    """What these roles together allow, the most of each."""
    held = list(roles)
    return {data: max((TABLE[role][data] for role in held), default=Access.NONE) for data in Data}


def only_reading(access: Mapping[Data, Access]) -> dict[Data, Access]:
    """In an emergency one reads what the role reads, and writes nothing."""
    return {data: min(level, Access.READ) for data, level in access.items()}


def most_of(one: Mapping[Data, Access], other: Mapping[Data, Access]) -> dict[Data, Access]:
    return {data: max(one[data], other[data]) for data in Data}


TEAM_ROLES = (
    CaseRole.CASE_LEAD,
    CaseRole.PSYCHOLOGIST,
    CaseRole.LEGAL_ADVISER,
    CaseRole.HOUSING_OFFICER,
    CaseRole.TUTOR,
)
"""What a case lead may ask somebody to be."""

NEEDS_ROLE = {
    CaseRole.DESK: Role.DESK,
    CaseRole.MOBILE_UNIT: Role.MOBILE_UNIT,
    CaseRole.CASE_LEAD: Role.CASE_WORKER,
    CaseRole.PSYCHOLOGIST: Role.CASE_WORKER,
    CaseRole.LEGAL_ADVISER: Role.CASE_WORKER,
    CaseRole.HOUSING_OFFICER: Role.HOUSING_OFFICER,
    CaseRole.TUTOR: Role.CASE_WORKER,
    CaseRole.CITY_COORDINATOR: Role.CITY_COORDINATOR,
}
"""The role in the city without which one on a case is worth nothing: it ends when that one ends."""
NEEDS_DISCIPLINE = {
    CaseRole.PSYCHOLOGIST: "psychologist",
    CaseRole.LEGAL_ADVISER: "legal_adviser",
}
"""A seal of a discipline opens to who is of it, whatever a team calls them."""


def is_backed(role: CaseRole, held: Role, discipline: str | None) -> bool:
    """Whether a role in the city, with its discipline, carries that role on a case."""
    wanted = NEEDS_DISCIPLINE.get(role)
    return held is NEEDS_ROLE[role] and (wanted is None or wanted == discipline)


def emergency_role(held: Role, discipline: str | None) -> CaseRole | None:
    """As what somebody enters in an emergency: by their own trade, so that the seal of a discipline
    holds then, too. None for who is no case staff."""
    if held is not Role.CASE_WORKER:
        return {
            Role.HOUSING_OFFICER: CaseRole.HOUSING_OFFICER,
            Role.MOBILE_UNIT: CaseRole.MOBILE_UNIT,
            Role.DESK: CaseRole.DESK,
        }.get(held)
    return {
        "psychologist": CaseRole.PSYCHOLOGIST,
        "legal_adviser": CaseRole.LEGAL_ADVISER,
    }.get(discipline or "", CaseRole.CASE_LEAD)


DATA_NAMES = {
    Data.IDENTITY: N_("Who it is"),
    Data.LEGAL_STATUS: N_("Legal status"),
    Data.SOCIAL: N_("Social"),
    Data.HEALTH: N_("Health and mind"),
    Data.LEGAL_ADVICE: N_("Legal advice"),
    Data.PROTECTION: N_("Protection"),
    Data.HOUSING: N_("Housing"),
    Data.PLAN: N_("Plan and tasks"),
}
CASE_ROLE_NAMES = {
    CaseRole.DESK: N_("desk"),
    CaseRole.MOBILE_UNIT: N_("mobile unit"),
    CaseRole.CASE_LEAD: N_("case lead"),
    CaseRole.PSYCHOLOGIST: N_("psychologist"),
    CaseRole.LEGAL_ADVISER: N_("legal adviser"),
    CaseRole.HOUSING_OFFICER: N_("housing officer"),
    CaseRole.TUTOR: N_("tutor"),
    CaseRole.CITY_COORDINATOR: N_("coordinator of the city"),
}
