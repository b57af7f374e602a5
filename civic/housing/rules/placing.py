"""Who waits for a home, how urgently, and what becomes of a stay.

The order of the waiting list comes from named criteria alone, each with a weight that everybody can
read and a sentence for the person it is about. Weights are our reading of what one-stop desks ask
first; a municipality changes them here. Waiting itself counts, a point a week, so that nobody waits
for ever behind others who come later.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civic.housing.rules.stock import Gender, Who
from civic.kernel.i18n import N_

ADULT = 18
WAITING_POINTS_AT_MOST = 20
MOST_PEOPLE = 12


class Source(StrEnum):
    CASE = "case"
    DESK = "desk"
    TONIGHT = "tonight"


class Urgency(StrEnum):
    TONIGHT = "tonight"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    CAN_WAIT = "can_wait"


class RequestState(StrEnum):
    WAITING = "waiting"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"


class Need(StrEnum):
    STEP_FREE = "step_free"
    """A wheelchair, or legs that do not climb stairs."""
    WOMEN_ONLY = "women_only"
    QUIET = "quiet"
    HIDDEN = "hidden"
    """Somebody looks for them."""
    NEAR_SCHOOL = "near_school"


class Criterion(StrEnum):
    SLEEPS_ROUGH = "sleeps_rough"
    IN_DANGER = "in_danger"
    SMALL_CHILD = "small_child"
    PREGNANT = "pregnant"
    ILL_OR_DISABLED = "ill_or_disabled"
    LEAVES_HOSPITAL = "leaves_hospital"
    LOSES_HOME = "loses_home"
    LEAVES_RECEPTION = "leaves_reception"
    COMES_OF_AGE = "comes_of_age"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """By the person, with a reason; they stay on the list."""
    FREED = "freed"
    """Another one of theirs was accepted, or somebody else took the bed."""
    WITHDRAWN = "withdrawn"


class RefusedFor(StrEnum):
    TOO_FAR = "too_far"
    SHARING = "sharing"
    SCHOOL_OR_WORK = "school_or_work"
    NOT_SAFE = "not_safe"
    COST = "cost"
    FAMILY = "family"
    OTHER = "other"


class StayState(StrEnum):
    BOOKED = "booked"
    MOVED_IN = "moved_in"
    ENDED = "ended"
    CANCELLED = "cancelled"


LIVING = (StayState.BOOKED, StayState.MOVED_IN)


class Outcome(StrEnum):
    OWN_LEASE = "own_lease"
    FAMILY = "family"
    OTHER_PROJECT = "other_project"
    STREET = "street"
    DIED = "died"
    UNKNOWN = "unknown"


AUTONOMY = (Outcome.OWN_LEASE,)
"""What counts as an exit to autonomy; living with family is shown apart."""


class IncidentKind(StrEnum):
    QUARREL = "quarrel"
    VIOLENCE = "violence"
    DAMAGE = "damage"
    FIRE = "fire"
    HEALTH = "health"
    POLICE = "police"
    OTHER = "other"


class InventoryKind(StrEnum):
    MOVE_IN = "move_in"
    MOVE_OUT = "move_out"


WEIGHTS = {
    Criterion.IN_DANGER: 40,
    Criterion.SLEEPS_ROUGH: 40,
    Criterion.SMALL_CHILD: 30,
    Criterion.PREGNANT: 30,
    Criterion.ILL_OR_DISABLED: 25,
    Criterion.LEAVES_HOSPITAL: 25,
    Criterion.LOSES_HOME: 20,
    Criterion.COMES_OF_AGE: 15,
    Criterion.LEAVES_RECEPTION: 15,
}
CRITERION_NAMES = {
    Criterion.SLEEPS_ROUGH: N_("sleeps outside or in a car"),
    Criterion.IN_DANGER: N_("is in danger where they are"),
    Criterion.SMALL_CHILD: N_("has a child under six with them"),
    Criterion.PREGNANT: N_("expects a child"),
    Criterion.ILL_OR_DISABLED: N_("is ill or lives with a disability"),
    Criterion.LEAVES_HOSPITAL: N_("leaves hospital with nowhere to go"),
    Criterion.LOSES_HOME: N_("loses their home within a month"),
    Criterion.LEAVES_RECEPTION: N_("leaves a reception centre within a month"),
    Criterion.COMES_OF_AGE: N_("turns eighteen and has to leave a home for minors"),
}
CRITERION_REASONS = {
    Criterion.SLEEPS_ROUGH: N_("You sleep outside or in a car."),
    Criterion.IN_DANGER: N_("You are not safe where you are now."),
    Criterion.SMALL_CHILD: N_("A child under six is with you."),
    Criterion.PREGNANT: N_("A child is on the way."),
    Criterion.ILL_OR_DISABLED: N_("You are ill or live with a disability."),
    Criterion.LEAVES_HOSPITAL: N_("You leave hospital and have nowhere to go."),
    Criterion.LOSES_HOME: N_("You lose your home within a month."),
    Criterion.LEAVES_RECEPTION: N_("You leave a reception centre within a month."),
    Criterion.COMES_OF_AGE: N_("You turn eighteen and have to leave the home for minors."),
}
NEED_NAMES = {
    Need.STEP_FREE: N_("no steps (wheelchair)"),
    Need.WOMEN_ONLY: N_("women only"),
    Need.QUIET: N_("a quiet room"),
    Need.HIDDEN: N_("a place nobody knows of"),
    Need.NEAR_SCHOOL: N_("near a school"),
}
URGENCY_NAMES = {
    Urgency.TONIGHT: N_("tonight"),
    Urgency.THIS_WEEK: N_("this week"),
    Urgency.THIS_MONTH: N_("this month"),
    Urgency.CAN_WAIT: N_("can wait"),
}
REQUEST_NAMES = {
    RequestState.WAITING: N_("waiting"),
    RequestState.PLACED: N_("has a place"),
    RequestState.WITHDRAWN: N_("withdrawn"),
}
PROPOSAL_NAMES = {
    ProposalState.OPEN: N_("waits for an answer"),
    ProposalState.ACCEPTED: N_("accepted"),
    ProposalState.REFUSED: N_("they said no"),
    ProposalState.FREED: N_("no longer needed"),
    ProposalState.WITHDRAWN: N_("taken back"),
}
REFUSED_FOR_NAMES = {
    RefusedFor.TOO_FAR: N_("too far away"),
    RefusedFor.SHARING: N_("does not want to share"),
    RefusedFor.SCHOOL_OR_WORK: N_("far from school or work"),
    RefusedFor.NOT_SAFE: N_("does not feel safe there"),
    RefusedFor.COST: N_("it costs too much"),
    RefusedFor.FAMILY: N_("wants to stay with family or friends"),
    RefusedFor.OTHER: N_("another reason"),
}
STAY_NAMES = {
    StayState.BOOKED: N_("booked"),
    StayState.MOVED_IN: N_("lives there"),
    StayState.ENDED: N_("has ended"),
    StayState.CANCELLED: N_("cancelled"),
}
OUTCOME_NAMES = {
    Outcome.OWN_LEASE: N_("a home of their own"),
    Outcome.FAMILY: N_("with family or friends"),
    Outcome.OTHER_PROJECT: N_("in another project"),
    Outcome.STREET: N_("back in the street"),
    Outcome.DIED: N_("has died"),
    Outcome.UNKNOWN: N_("not known"),
}
INCIDENT_NAMES = {
    IncidentKind.QUARREL: N_("quarrel"),
    IncidentKind.VIOLENCE: N_("violence"),
    IncidentKind.DAMAGE: N_("damage"),
    IncidentKind.FIRE: N_("fire"),
    IncidentKind.HEALTH: N_("somebody ill or hurt"),
    IncidentKind.POLICE: N_("the police came"),
    IncidentKind.OTHER: N_("something else"),
}


@dataclass(frozen=True)
class Somebody:
    """Of a person, what decides where they can live."""

    birth_year: int | None
    gender: Gender = Gender.UNTOLD
    birth_date: date | None = None
    needs_no_steps: bool = False

    def age_on(self, day: date) -> int | None:
        """In whole years; by the year alone as old as they turn in it. None where nothing is known."""
        if self.birth_date is not None:
            has_turned = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - (0 if has_turned else 1)
        return day.year - self.birth_year if self.birth_year is not None else None

    def is_minor_on(self, day: date) -> bool:
        """Nobody is taken for a minor of whom no age is known."""
        age = self.age_on(day)
        return age is not None and age < ADULT


def kinds_of(people: Collection[Somebody], day: date) -> frozenset[Who]:
    """What a household counts as, where a unit names who may live there. Empty for adults of whom
    nothing more is known: such a household fits only where everybody may live."""
    minors = [each for each in people if each.is_minor_on(day)]
    if people and len(minors) == len(people):
        return frozenset({Who.MINORS})
    found = set()
    if minors or len(people) > 1:
        found.add(Who.FAMILIES)
    if not minors and all(each.gender is Gender.WOMAN for each in people):
        found.add(Who.SINGLE_WOMEN)
    if not minors and all(each.gender is Gender.MAN for each in people):
        found.add(Who.SINGLE_MEN)
    return frozenset(found)


def may_live(unit_takes: Collection[Who], people: Collection[Somebody], day: date) -> bool:
    """Whether the rules of a unit let a household in. Minors alone only where they are looked after."""
    kinds = kinds_of(people, day)
    if Who.MINORS in kinds:
        return Who.MINORS in unit_takes
    return not unit_takes or bool(kinds & set(unit_takes))


@dataclass(frozen=True)
class Priority:
    points: int
    criteria: tuple[Criterion, ...]
    """Those that count, weightiest first."""
    weeks: int
    """Of waiting, as far as they count."""


def priority_of(criteria: Collection[Criterion], asked_on: date, today: date) -> Priority:
    counted = tuple(sorted(set(criteria), key=lambda each: (-WEIGHTS[each], each.value)))
    weeks = min(max(0, (today - asked_on).days // 7), WAITING_POINTS_AT_MOST)
    return Priority(sum(WEIGHTS[each] for each in counted) + weeks, counted, weeks)
