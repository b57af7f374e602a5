"""Who may do what, where.

A `Permission` is a name and the rule behind it. A rule asks an actor and a place; with no place
it answers whether the actor may do this *anywhere*, which is what a route checks before it looks
at any row. The permissions of a room stand in its `policy.py`, one line each, so that they read
as a table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from civic.kernel.errors import NotFound
from civic.kernel.i18n import DEFAULT


class Role(StrEnum):
    ORGANISER = "organiser"
    OFFICER = "officer"
    DESK = "desk"
    MOBILE_UNIT = "mobile_unit"
    CASE_WORKER = "case_worker"
    HOUSING_OFFICER = "housing_officer"
    CITY_COORDINATOR = "city_coordinator"
    DATA_PROTECTION = "data_protection_officer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Grant:
    """A role held in one municipality, and for organisers in one association there."""

    role: Role
    municipality_id: UUID | None = None
    association_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a visitor (no person), a person with their grants, or the system itself."""

    person_id: UUID | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    municipalities: frozenset[UUID] = frozenset()
    """Where their reach ends: the cities of their grants, or those that know a participant."""
    language: str = DEFAULT.tag
    is_system: bool = False
    by_pin: bool = False
    """Signed in with a printed card and its PIN, perhaps at a screen in a hall: never opens cases."""
    has_second_factor: bool = False
    """The digits of their own phone were shown in this session as well."""
    handed_over_to: str = ""
    """The one page, without its language, that this device opens while it is in other hands."""

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def own_id(self) -> UUID:
        """The person acting; NotFound for visitors and the system, who have no pages of their own."""
        if self.person_id is None:
            raise NotFound
        return self.person_id

    def has_role(self, *roles: Role) -> bool:
        return any(grant.role in roles for grant in self.grants)


VISITOR = Actor()


def system_in(*municipality_ids: UUID) -> Actor:
    """The worker, acting within the municipality of the event it delivers."""
    return Actor(municipalities=frozenset(municipality_ids), is_system=True)


@dataclass(frozen=True)
class Place:
    """Where a thing stands: whose city, whose association, about whom."""

    municipality_id: UUID | None = None
    association_id: UUID | None = None
    person_id: UUID | None = None


Rule = Callable[[Actor, Place | None], bool]


@dataclass(frozen=True)
class Permission:
    name: str
    rule: Rule
    second_factor: bool = False
    """Its pages open only in a session with the second step, which `web.guard` asks for; whether
    somebody may do a thing does not depend on it."""

    def allows(self, actor: Actor, place: Place | None = None) -> bool:
        return self.rule(actor, place)

    def require(self, actor: Actor, place: Place | None = None) -> None:
        """Refuse as if the thing were absent, so that nothing can be guessed from the answer."""
        if not self.allows(actor, place):
            raise NotFound


def any_of(*rules: Rule) -> Rule:
    return lambda actor, place: any(rule(actor, place) for rule in rules)


def all_of(*rules: Rule) -> Rule:
    return lambda actor, place: all(rule(actor, place) for rule in rules)


def is_person(actor: Actor, place: Place | None) -> bool:
    """Somebody signed in; about a row, the person the row is about."""
    if actor.person_id is None:
        return False
    return place is None or place.person_id == actor.person_id


def _granted(role: Role) -> Rule:
    def in_city(actor: Actor, place: Place | None) -> bool:
        return any(
            grant.role is role and (place is None or grant.municipality_id == place.municipality_id)
            for grant in actor.grants
        )

    return in_city


officer_there = _granted(Role.OFFICER)
case_worker_there = _granted(Role.CASE_WORKER)
desk_there = _granted(Role.DESK)
mobile_unit_there = _granted(Role.MOBILE_UNIT)
housing_officer_there = _granted(Role.HOUSING_OFFICER)
city_coordinator_there = _granted(Role.CITY_COORDINATOR)
data_protection_there = _granted(Role.DATA_PROTECTION)


def organiser_there(actor: Actor, place: Place | None) -> bool:
    """An organiser of that association, in that municipality."""
    return any(
        grant.role is Role.ORGANISER
        and (
            place is None
            or (
                grant.association_id == place.association_id
                and grant.municipality_id == place.municipality_id
            )
        )
        for grant in actor.grants
    )


def coordinator(actor: Actor, _place: Place | None) -> bool:
    return actor.has_role(Role.COORDINATOR)


def administrator(actor: Actor, _place: Place | None) -> bool:
    return actor.has_role(Role.ADMINISTRATOR)


def city_of(actor: Actor, role: Role, wanted: str = "") -> UUID:
    """The city an actor works in by that role: the one wanted if it is theirs, else their first."""
    cities = [
        grant.municipality_id
        for grant in actor.grants
        if grant.role is role and grant.municipality_id
    ]
    if not cities:
        raise NotFound
    return next((city for city in cities if str(city) == wanted), cities[0])
