"""Which beds suit a household best, decided from values alone.

What must hold comes first: all of the household in one dwelling, whoever cannot climb steps in a room
without them, the rules of the dwelling and of the room, no minor alone with strangers. Of what is left
the best stands first: places without steps are kept for who needs them, people who know each other have
rooms to themselves, few beds stay empty beside them, and the kind of dwelling goes with how long it is
needed. Every suggestion says why. Nothing here decides: an officer does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import zip_longest
from uuid import UUID

from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import Need, Somebody, Urgency, may_live
from civic.housing.rules.stock import Gender, UnitKind, Who
from civic.kernel.i18n import N_

MOST_SUGGESTIONS = 10
SHORT = 14
"""Nights up to which a stay is one for an emergency bed."""
MIDDLE = 180
"""Nights up to which it is one for a temporary flat; from then on it is somewhere to live."""


@dataclass(frozen=True)
class FreeRoom:
    """A room on the nights that are asked for."""

    id: UUID
    name: str
    is_step_free: bool
    only_for: Gender | None
    beds: int
    """That are there on one of the nights at least."""
    free: int
    """That nobody and nothing has on any of them."""

    @property
    def is_empty(self) -> bool:
        return self.free == self.beds


@dataclass(frozen=True)
class Dwelling:
    id: UUID
    name: str
    kind: UnitKind
    quarter: str
    takes: frozenset[Who]
    is_step_free: bool
    is_safe_house: bool
    rooms: tuple[FreeRoom, ...]

    @property
    def free(self) -> int:
        return sum(room.free for room in self.rooms)


@dataclass(frozen=True)
class Household:
    people: Mapping[UUID, Somebody]
    needs: frozenset[Need]
    urgency: Urgency
    nights: Nights
    is_open_ended: bool

    @property
    def size(self) -> int:
        return len(self.people)

    @cached_property
    def minors(self) -> frozenset[UUID]:
        first = self.nights.first
        return frozenset(who for who, each in self.people.items() if each.is_minor_on(first))

    @cached_property
    def without_steps(self) -> frozenset[UUID]:
        """Who must not meet a step. Where it is named for the household and of nobody, all of them."""
        named = frozenset(who for who, each in self.people.items() if each.needs_no_steps)
        if not named and Need.STEP_FREE in self.needs:
            return frozenset(self.people)
        return named

    @cached_property
    def sleepers(self) -> tuple[tuple[UUID, "Sleeper"], ...]:
        return tuple(
            (who, Sleeper(each.gender, who in self.minors, who in self.without_steps))
            for who, each in self.people.items()
        )

    @cached_property
    def in_turn(self) -> tuple[UUID, ...]:
        """Who needs most first; then an adult and a minor in turn, so that a child is with somebody."""
        rest = [who for who in self.people if who not in self.without_steps]
        adults = [who for who in rest if who not in self.minors]
        minors = [who for who in rest if who in self.minors]
        turns = [each for pair in zip_longest(adults, minors) for each in pair if each is not None]
        return (*(who for who in self.people if who in self.without_steps), *turns)


@dataclass(frozen=True)
class Sleeper:
    """Of a person, what decides about a room."""

    gender: Gender
    is_minor: bool
    without_steps: bool

    def may_sleep_in(self, room: FreeRoom) -> bool:
        if self.without_steps and not room.is_step_free:
            return False
        return self.is_minor or room.only_for in (None, self.gender)


class Reason(StrEnum):
    TOGETHER = "together"
    STEP_FREE = "step_free"
    HIDDEN = "hidden"
    WOMEN_ONLY = "women_only"
    OWN_ROOM = "own_room"
    ROOM_ALONE = "room_alone"
    NOTHING_LEFT = "nothing_left"
    KIND = "kind"
    SHARES = "shares"
    KIND_OTHER = "kind_other"
    TAKES_STEP_FREE = "takes_step_free"
    ASK_QUIET = "ask_quiet"
    ASK_SCHOOL = "ask_school"


SENTENCES = {
    Reason.TOGETHER: N_("All of them live together."),
    Reason.STEP_FREE: N_("Dwelling and room have no steps."),
    Reason.HIDDEN: N_("Only its team knows this place."),
    Reason.WOMEN_ONLY: N_("Only women live there."),
    Reason.OWN_ROOM: N_("Nobody else sleeps in their rooms."),
    Reason.ROOM_ALONE: N_("Nobody else sleeps in their room."),
    Reason.NOTHING_LEFT: N_("No bed stays empty beside them."),
    Reason.KIND: N_("This kind of place goes with how long they need it."),
    Reason.SHARES: N_("They share a room with somebody they do not know."),
    Reason.KIND_OTHER: N_("This kind of place is meant for shorter or longer stays."),
    Reason.TAKES_STEP_FREE: N_("It takes a place without steps that somebody else may need."),
    Reason.ASK_QUIET: N_("They asked for a quiet room: look whether it is one."),
    Reason.ASK_SCHOOL: N_("They asked to be near a school: look how far it is."),
}
CAUTIONS = frozenset(
    {
        Reason.SHARES,
        Reason.KIND_OTHER,
        Reason.TAKES_STEP_FREE,
        Reason.ASK_QUIET,
        Reason.ASK_SCHOOL,
    }
)
"""What speaks against it, or is to be looked at."""

Seats = dict[UUID, FreeRoom]
Rank = tuple[int, ...]


@dataclass(frozen=True)
class Fit:
    dwelling: Dwelling
    seats: Mapping[UUID, UUID]
    """Of each person, the room they sleep in."""
    reasons: tuple[Reason, ...]
    rank: Rank
    """The smaller the better; compared between dwellings of one household."""


def best_fits(
    dwellings: Iterable[Dwelling], household: Household, most: int = MOST_SUGGESTIONS
) -> list[Fit]:
    """The best first. Dwellings that fit equally well stand by their names."""
    found = [fit for each in dwellings if (fit := fit_of(each, household)) is not None]
    found.sort(key=lambda fit: (fit.rank, fit.dwelling.name, fit.dwelling.id))
    return found[:most]


def fit_of(dwelling: Dwelling, household: Household) -> Fit | None:
    """How they would sleep there; None where they cannot."""
    if not household.people or dwelling.free < household.size or not _lets_in(dwelling, household):
        return None
    seats = _seated(dwelling, household)
    if seats is None or _leaves_minor_alone(seats, household):
        return None
    if not _is_among_women(dwelling, seats.values(), household):
        return None
    return _judged(dwelling, household, seats)


def _lets_in(dwelling: Dwelling, household: Household) -> bool:
    """By its rules. A safe house is for who has to be hidden, and who has to be is proposed no other."""
    if dwelling.is_safe_house != (Need.HIDDEN in household.needs):
        return False
    if household.without_steps and not dwelling.is_step_free:
        return False
    return may_live(dwelling.takes, list(household.people.values()), household.nights.first)


def _is_among_women(dwelling: Dwelling, rooms: Collection[FreeRoom], household: Household) -> bool:
    if Need.WOMEN_ONLY not in household.needs:
        return True
    return dwelling.takes == {Who.SINGLE_WOMEN} or all(
        room.only_for is Gender.WOMAN for room in rooms
    )


def _seated(dwelling: Dwelling, household: Household) -> Seats | None:
    """A room for everybody, the wished ones first: each new person takes the first bed they may have,
    and if somebody else sits there who can sit elsewhere, they move. So a place is found wherever
    there is one (augmenting paths in a bipartite graph, Kuhn 1955)."""
    beds: list[FreeRoom] = []
    allowed: dict[UUID, list[int]] = {who: [] for who in household.people}
    for room in _wished(dwelling, household):
        numbers = range(len(beds), len(beds) + room.free)
        beds += [room] * room.free
        for who, sleeper in household.sleepers:
            if sleeper.may_sleep_in(room):
                allowed[who] += numbers
    sits: dict[int, UUID] = {}

    def take(who: UUID, tried: set[int]) -> bool:
        for number in allowed[who]:
            if number in tried:
                continue
            tried.add(number)
            if number not in sits or take(sits[number], tried):
                sits[number] = who
                return True
        return False

    if not all(take(who, set()) for who in household.in_turn):
        return None
    return {who: beds[number] for number, who in sits.items()}


def _wished(dwelling: Dwelling, household: Household) -> list[FreeRoom]:
    """Its rooms, those they should have first: of the empty ones the smallest that holds all who are
    left, else the largest, and so on; after these the shared ones."""
    needs_step_free = bool(household.without_steps)

    def wish(room: FreeRoom, left: int) -> Rank:
        is_step_free = dwelling.is_step_free and room.is_step_free
        is_misfit = is_step_free != needs_step_free
        too_small = max(0, left - room.free)
        return (not room.is_empty, is_misfit, too_small > 0, too_small, room.free)

    rest = [room for room in dwelling.rooms if room.free]
    wished: list[FreeRoom] = []
    left = household.size
    while rest:
        following = min(rest, key=lambda room: (*wish(room, left), room.name))
        rest.remove(following)
        wished.append(following)
        left = max(0, left - following.free)
    return wished


def _leaves_minor_alone(seats: Seats, household: Household) -> bool:
    """In a room where somebody else sleeps, too, a child has an adult of theirs beside them."""
    minors = household.minors
    if len(minors) == household.size:
        return False
    with_adult = {room.id for who, room in seats.items() if who not in minors}
    shared = _shared(seats)
    return any(seats[who].id in shared - with_adult for who in minors)


def _shared(seats: Seats) -> set[UUID]:
    """Rooms in which somebody else sleeps already."""
    return {room.id for room in seats.values() if not room.is_empty}


def _judged(dwelling: Dwelling, household: Household, seats: Seats) -> Fit:
    rooms = {room.id: room for room in seats.values()}
    among_strangers = sum(not room.is_empty for room in seats.values())
    wasted = _wasted(dwelling, household, seats)
    gap = kind_gap(dwelling.kind, household)
    left = sum(room.free for room in rooms.values()) - household.size
    rank = (
        wasted,
        int(gap > 1),
        among_strangers,
        left,
        gap,
        dwelling.free - household.size,
        len(rooms),
    )
    reasons = _reasons(household, rooms.values(), wasted=wasted, gap=gap, left=left)
    chosen = {who: room.id for who, room in seats.items()}
    return Fit(dwelling, chosen, tuple(reasons), rank)


def _wasted(dwelling: Dwelling, household: Household, seats: Seats) -> int:
    """Places without steps that go to a household in which nobody needs one."""
    if household.without_steps or not dwelling.is_step_free:
        return 0
    return sum(room.is_step_free for room in seats.values())


KIND_GAPS = {
    "short": {UnitKind.EMERGENCY: 0, UnitKind.TEMPORARY: 1},
    "middle": {UnitKind.TEMPORARY: 0, UnitKind.COHOUSING: 0, UnitKind.SEMI_AUTONOMOUS: 1},
    "long": {
        UnitKind.COHOUSING: 0,
        UnitKind.SEMI_AUTONOMOUS: 0,
        UnitKind.TEMPORARY: 1,
        UnitKind.MARKET: 1,
    },
}


def kind_gap(kind: UnitKind, household: Household) -> int:
    """0 where this kind of dwelling is meant for such a stay, 1 where it will do, 2 where it is meant
    for something else."""
    if not household.is_open_ended and len(household.nights) <= SHORT:
        length = "short"
    elif household.urgency is Urgency.TONIGHT:
        # Nobody waits in the street for a place in a shared flat.
        return min(KIND_GAPS["short"].get(kind, 2), KIND_GAPS["middle"].get(kind, 2))
    elif not household.is_open_ended and len(household.nights) <= MIDDLE:
        length = "middle"
    else:
        length = "long"
    return KIND_GAPS[length].get(kind, 2)


def _reasons(
    household: Household,
    rooms: Collection[FreeRoom],
    *,
    wasted: int,
    gap: int,
    left: int,
) -> list[Reason]:
    are_own = all(room.is_empty for room in rooms)
    holds: Sequence[tuple[Reason, bool]] = (
        (Reason.HIDDEN, Need.HIDDEN in household.needs),
        (Reason.TOGETHER, household.size > 1),
        (Reason.STEP_FREE, bool(household.without_steps)),
        (Reason.WOMEN_ONLY, Need.WOMEN_ONLY in household.needs),
        (Reason.ROOM_ALONE, are_own and len(rooms) == 1),
        (Reason.OWN_ROOM, are_own and len(rooms) > 1),
        (Reason.NOTHING_LEFT, left == 0),
        (Reason.KIND, gap == 0),
        (Reason.SHARES, not are_own),
        (Reason.KIND_OTHER, gap > 1),
        (Reason.TAKES_STEP_FREE, wasted > 0),
        (Reason.ASK_QUIET, Need.QUIET in household.needs),
        (Reason.ASK_SCHOOL, Need.NEAR_SCHOOL in household.needs),
    )
    return [reason for reason, is_so in holds if is_so]
