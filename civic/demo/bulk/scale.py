"""How much is made, and the order things come in."""

import itertools
from dataclasses import dataclass

CITIES = {
    "Agrigento": (37.31, 13.58), "Bari": (41.12, 16.87), "Bologna": (44.49, 11.34),
    "Bolzano": (46.50, 11.35), "Cagliari": (39.22, 9.12), "Caserta": (41.07, 14.33),
    "Catania": (37.50, 15.09), "Firenze": (43.77, 11.26), "Genova": (44.41, 8.93),
    "Latina": (41.47, 12.90), "Milano": (45.46, 9.19), "Napoli": (40.85, 14.27),
    "Palermo": (38.12, 13.36), "Perugia": (43.11, 12.39), "Potenza": (40.64, 15.80),
    "Roma": (41.90, 12.50), "Sassari": (40.73, 8.56), "Taranto": (40.47, 17.24),
    "Torino": (45.07, 7.69), "Trieste": (45.65, 13.77), "Venezia": (45.44, 12.32),
    "Catanzaro": (38.91, 16.59),
}  # fmt: skip
"""Twenty-two, as in the network's third edition, with the middle of each."""
CITY_NAMES = tuple(CITIES)

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
