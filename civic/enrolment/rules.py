"""Who may join and what a place is, decided from values alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from civic.accounts.rules import may_be_minor, youngest_age
from civic.catalogue.rules import ProjectState
from civic.kernel.i18n import N_

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


MUNICIPAL = frozenset({LegalBasis.ASYLUM_SEEKER, LegalBasis.PUC})
"""Organisers read only that somebody comes "through the municipality"."""


ASSOCIATIONS_OWN = (LegalBasis.VOLUNTEER, LegalBasis.OCCASIONAL)
"""Whom an association insures; for the others the municipality does."""
BASIS_WORDS = {
    LegalBasis.VOLUNTEER: N_("Volunteers in the register"),
    LegalBasis.OCCASIONAL: N_("Occasional volunteers"),
    LegalBasis.ASYLUM_SEEKER: N_("Asylum seekers under an agreement with the municipality"),
    LegalBasis.PUC: N_("People in projects useful to the community (PUC)"),
}


class Risk(StrEnum):
    """What somebody must be insured against (Third-Sector Code, art. 18)."""

    ACCIDENT = "accident"
    ILLNESS = "illness"
    LIABILITY = "liability"


RISK_WORDS = {
    Risk.ACCIDENT: N_("Accidents"),
    Risk.ILLNESS: N_("Illness"),
    Risk.LIABILITY: N_("Damage to others"),
}


@dataclass(frozen=True)
class DayToCome:
    """A day on which people of some ground will take part with an association."""

    association_id: UUID
    municipality_id: UUID
    day: date
    basis: LegalBasis


class LineKind(StrEnum):
    """What a line of the register of volunteers says."""

    ENTERED = "entered"
    LEFT = "left"
    CORRECTED = "corrected"


LINE_WORDS = {
    LineKind.ENTERED: N_("Entered"),
    LineKind.LEFT: N_("Left the register"),
    LineKind.CORRECTED: N_("Corrected"),
}


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
GIVEN_UP = (BookingState.LAPSED, BookingState.WITHDRAWN)


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
    is_occasional: bool
    needs_approval: bool
    has_requirements: bool
    """A skill or a badge to be shown first."""

    @property
    def basis(self) -> LegalBasis:
        """The ground on which people take part unless the municipality sets another."""
        return LegalBasis.OCCASIONAL if self.is_occasional else LegalBasis.VOLUNTEER


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
    id: UUID
    association_id: UUID | None
    municipality_id: UUID
    insurer: str
    number: str
    starts_on: date
    ends_on: date
    was_to_end_on: date | None
    end_reason: str
    risks: tuple[Risk, ...]
    bases: tuple[LegalBasis, ...]

    def covers(self, day: DayToCome) -> bool:
        """For somebody, against something: of the association itself or of its municipality."""
        return (
            self.municipality_id == day.municipality_id
            and self.association_id in (day.association_id, None)
            and self.starts_on <= day.day <= self.ends_on
            and day.basis in self.bases
        )


@dataclass(frozen=True)
class UncoveredDay:
    day: DayToCome
    missing: tuple[Risk, ...]
    """All three when there is no policy at all."""


def uncovered_days(days: Sequence[DayToCome], policies: Sequence[PolicyLine]) -> list[UncoveredDay]:
    """Of the days on which something happens, those on which somebody would not be insured."""
    found = []
    for day in days:
        held = {risk for policy in policies if policy.covers(day) for risk in policy.risks}
        missing = tuple(risk for risk in Risk if risk not in held)
        if missing:
            found.append(UncoveredDay(day, missing))
    return found
