"""In what order a list of projects comes, and from where somebody looks."""

import base64
import math
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

KILOMETRES_A_DEGREE = 111.2
CURSOR_BYTES = 24


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As they stand in an address."""


class Order(StrEnum):
    SOONEST = "soonest"
    NEAREST = "nearest"
    FIT = "fit"
    """What suits the person who is signed in comes first."""


class Facet(StrEnum):
    """What a filter asks for, as the index of projects names it."""

    AREA = "a"
    CITY = "c"
    DISTRICT = "d"
    SPOKEN = "l"
    WHEELCHAIR = "w"
    NO_ITALIAN = "n"


def facet(kind: Facet, *values: str) -> str:
    """A token that no word's can be: those begin with a language's two letters, or with a colon."""
    return ":".join((kind.value, *values)) if values else f"{kind.value}:yes"


@dataclass(frozen=True)
class Spot:
    """Where somebody is, to the kilometre: nobody needs to know it better."""

    latitude: float
    longitude: float

    @classmethod
    def read(cls, text: str) -> Self | None:
        """`40.64,15.80`; None for what is no place on earth."""
        parts = text.split(",")
        try:
            latitude, longitude = (round(float(part), 2) for part in parts)
        except (ValueError, OverflowError):
            return None
        # Written so that "not a number" fails too.
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        return cls(latitude + 0.0, longitude + 0.0)

    def __str__(self) -> str:
        return f"{self.latitude:.2f},{self.longitude:.2f}"

    @property
    def narrowing(self) -> float:
        """How much shorter a degree of longitude is here than one of latitude."""
        return max(math.cos(math.radians(self.latitude)), 0.01)


def kilometres(squared_degrees: float) -> float:
    """A distance for people, from the square of the degrees that the databases compare."""
    return round(math.sqrt(squared_degrees) * KILOMETRES_A_DEGREE, 1)


@dataclass(frozen=True)
class NearCursor:
    """Where a page by distance ended: the distance as the database computed it, and the project."""

    squared: float
    id: UUID

    def encode(self) -> str:
        return base64.urlsafe_b64encode(struct.pack(">d", self.squared) + self.id.bytes).decode()

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """None for whatever no page of ours gave out."""
        try:
            packed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        except ValueError:
            return None
        if len(packed) != CURSOR_BYTES:
            return None
        (squared,) = struct.unpack(">d", packed[:8])
        # Also false for "not a number".
        return cls(squared, UUID(bytes=packed[8:])) if 0 <= squared < math.inf else None
