"""How much is made, and the order things come in."""

import itertools
from dataclasses import dataclass

CITY_NAMES = (
    "Agrigento", "Bari", "Bologna", "Bolzano", "Cagliari", "Caserta", "Catania", "Firenze",
    "Genova", "Latina", "Milano", "Napoli", "Palermo", "Perugia", "Potenza", "Roma", "Sassari",
    "Taranto", "Torino", "Trieste", "Venezia", "Catanzaro",
)  # fmt: skip
"""Twenty-two, as in the network's third edition."""

PAST_SESSIONS = 5
"""Of each project; they lie in the last weeks, one a week."""
COMING_SESSIONS = 4
"""At most, of each project; some projects have none, as in life."""
PROJECTS_PER_ASSOCIATION = 10


@dataclass(frozen=True)
class Scale:
    name: str
    projects: int
    participants: int
    check_events: int
    cities: int = len(CITY_NAMES)

    @property
    def visits_per_session(self) -> int:
        """People at each past session: each leaves two check events, coming and going."""
        return self.check_events // (2 * self.projects * PAST_SESSIONS)


CITY = Scale("city", projects=2_000, participants=20_000, check_events=200_000)
NETWORK = Scale("network", projects=20_000, participants=200_000, check_events=2_000_000)


def shares(total: int, parts: int) -> list[range]:
    """Consecutive numbers 0 to total dealt out as evenly as can be."""
    edges = [total * part // parts for part in range(parts + 1)]
    return [range(first, last) for first, last in itertools.pairwise(edges)]
