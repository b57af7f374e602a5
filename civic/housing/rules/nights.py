"""Nights: what occupies a bed, from which night until which morning.

A night is named by the day on which it begins. A span of nights holds its `first` and not its `until`:
who sleeps somewhere from the 3rd until the 5th is there two nights, and leaves on the 5th. Days have
no hours, so a change of the clocks neither adds a night nor takes one away.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civic.housing.errors import EndsBeforeStart, NoNights, TooManyNights
from civic.kernel.i18n import N_

MOST_NIGHTS = 730
"""Of one stay or closure as planned; longer ones are extended when they come near their end."""
MOST_NIGHTS_BACK = 366
"""How long ago something may have begun that is written down only now."""
OPEN_ENDED = timedelta(days=90)
"""Until when a stay without an agreed end is planned; it is looked at before that."""


class Use(StrEnum):
    """What occupies a bed. There is one of it for each bed and night."""

    STAY = "stay"
    OVERSTAY = "overstay"
    """Somebody is still there after the planned end."""
    WORKS = "works"
    VOID = "void"
    TURNAROUND = "turnaround"


SLEPT = (Use.STAY, Use.OVERSTAY)


class VoidReason(StrEnum):
    DAMAGE = "damage"
    NO_HEATING_OR_WATER = "no_heating_or_water"
    SAFETY = "safety"
    PESTS = "pests"
    OWNER = "owner"
    NO_STAFF = "no_staff"
    OTHER = "other"


VOID_NAMES = {
    VoidReason.DAMAGE: N_("damage"),
    VoidReason.NO_HEATING_OR_WATER: N_("no heating or water"),
    VoidReason.SAFETY: N_("not safe"),
    VoidReason.PESTS: N_("pests"),
    VoidReason.OWNER: N_("the owner needs it"),
    VoidReason.NO_STAFF: N_("nobody to look after it"),
    VoidReason.OTHER: N_("another reason"),
}
USE_NAMES = {
    Use.STAY: N_("somebody lives there"),
    Use.OVERSTAY: N_("stayed on after the planned end"),
    Use.WORKS: N_("works"),
    Use.VOID: N_("closed"),
    Use.TURNAROUND: N_("being made ready"),
}


@dataclass(frozen=True)
class Nights:
    """`first` is slept, `until` is the day of leaving."""

    first: date
    until: date

    def __len__(self) -> int:
        return max(0, (self.until - self.first).days)

    def __iter__(self) -> Iterator[date]:
        for place in range(len(self)):
            yield self.first + timedelta(days=place)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    def shares(self, other: "Nights") -> "Nights | None":
        """The nights both have; None where there are none."""
        both = Nights(max(self.first, other.first), min(self.until, other.until))
        return both if len(both) else None


def checked(first: date, until: date) -> Nights:
    """EndsBeforeStart, NoNights or TooManyNights for what nobody can mean."""
    if until < first:
        raise EndsBeforeStart
    nights = Nights(first, until)
    if not len(nights):
        raise NoNights
    if len(nights) > MOST_NIGHTS:
        raise TooManyNights(most=MOST_NIGHTS)
    return nights
