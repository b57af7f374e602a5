"""What a measurement says, and whether it is good enough."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    reference: float | None
    """What it was measured against in the same run."""
    ratio: float | None
    goal: str
    holds: bool

    def line(self) -> str:
        return json.dumps(asdict(self))


def at_most(name: str, value: float, unit: str, most: float) -> Figure:
    value = round(value, 2)
    return Figure(name, value, unit, None, None, f"<= {most:g}", value <= most)


def exactly(name: str, value: float, unit: str, wanted: float) -> Figure:
    return Figure(name, value, unit, None, None, f"== {wanted:g}", value == wanted)


def at_least_of(name: str, value: float, unit: str, reference: float, share: float) -> Figure:
    ratio = round(value / reference, 3)
    return Figure(
        name,
        round(value, 1),
        unit,
        round(reference, 1),
        ratio,
        f"ratio >= {share:g}",
        ratio >= share,
    )


def at_most_times(name: str, value: float, unit: str, reference: float, times: float) -> Figure:
    ratio = round(value / reference, 3)
    return Figure(
        name,
        round(value, 2),
        unit,
        round(reference, 2),
        ratio,
        f"ratio <= {times:g}",
        ratio <= times,
    )


@dataclass(frozen=True)
class Measure:
    """A measurement and the figures it brings."""

    names: tuple[str, ...]
    take: Callable[[], Iterator[Figure]]

    def matches(self, prefix: str) -> bool:
        return any(name.startswith(prefix) for name in self.names)
