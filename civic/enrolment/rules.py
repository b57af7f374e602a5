"""Who may join and what a place is, decided from values alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from civic.accounts.rules import may_be_minor, youngest_age
from civic.catalogue.rules import ProjectState

LONGEST_POLICY = timedelta(days=5 * 366)


class EnrolmentState(StrEnum):
    REQUESTED = "requested"
    """Waits for the organiser's yes."""
    ACTIVE = "active"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class LegalBasis(StrEnum):
    """On what ground somebody takes part, and so which cover protects them.

    The last two say something of a person's legal position: only the municipality sets and sees
    them (DOMAIN.md, rule 5).
    """

    VOLUNTEER = "volunteer"
    """Third-Sector Code, art. 17: in the association's register."""
    OCCASIONAL = "occasional"
    """Now and then: insured, but in no register (art. 17, paragraph 1)."""
    ASYLUM_SEEKER = "asylum_seeker"
    """Voluntary work under an agreement with the municipality (decree 142 of 2015, art. 22-bis)."""
    PUC = "puc"
    """A project useful to the community for who receives income support."""


class LineKind(StrEnum):
    """What a line of the register of volunteers says."""

    ENTERED = "entered"
    LEFT = "left"
    CORRECTED = "corrected"


class BookingState(StrEnum):
    GATHERING = "gathering"
    """In a group that has not asked for its places yet."""
    WAITING = "waiting"
    OFFERED = "offered"
    """A place came free and is held for them until they take it or the time is over."""
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    """Nobody took the offer in time; it went on to the next."""
    WITHDRAWN = "withdrawn"
    """The person gave the place back, or the session was cancelled."""


HELD = (BookingState.CONFIRMED, BookingState.OFFERED, BookingState.WAITING)
"""A place or the hope of one: what stands in the way of another session at the same time."""
WITH_PLACE = (BookingState.CONFIRMED, BookingState.OFFERED)
"""Those that count in a session's `places_taken`."""


def is_old_enough(birth_year: int, minimum_age: int, on_day: date) -> bool:
    return youngest_age(birth_year, on_day) >= minimum_age


def needs_guardian(birth_year: int | None, on_day: date) -> bool:
    """Whether a guardian must have agreed. With no year known nobody can rule a minor out."""
    return birth_year is None or may_be_minor(birth_year, on_day)


@dataclass(frozen=True)
class OpenProject:
    """What joining needs to know of a project."""

    id: UUID
    slug: str
    association_id: UUID
    municipality_id: UUID
    state: ProjectState
    minimum_age: int


@dataclass(frozen=True)
class RosterLine:
    """Somebody with a place or on the waiting list, as the organiser may know them."""

    person_id: UUID
    name: str
    languages: tuple[str, ...]
    state: BookingState


@dataclass(frozen=True)
class Standing:
    """What stands between a person and the gate of one session."""

    booking: BookingState | None
    birth_year: int | None
    is_consented: bool
    is_covered: bool


@dataclass(frozen=True)
class AwaitedConsent:
    person_id: UUID
    name: str
    municipality_id: UUID


@dataclass(frozen=True)
class PolicyLine:
    association_id: UUID | None
    municipality_id: UUID
    insurer: str
    number: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class RegisterLine:
    association_id: UUID
    municipality_id: UUID
    name: str
    first_day: date
    last_day: date | None


def uncovered_days(
    days: Sequence[tuple[UUID, UUID, date]], policies: Sequence[PolicyLine]
) -> list[tuple[UUID, UUID, date]]:
    """Of the days (association, city, day) on which something happens, those without a policy."""
    return [
        (association_id, municipality_id, day)
        for association_id, municipality_id, day in days
        if not any(
            policy.association_id == association_id
            and policy.municipality_id == municipality_id
            and policy.starts_on <= day <= policy.ends_on
            for policy in policies
        )
    ]
