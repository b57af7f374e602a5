"""Projects as fit sees them, for tests that need no database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from civic.catalogue.fit import Facets
from civic.catalogue.rules import Area, PartOfDay, slot

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
POTENZA, CASERTA = UUID(int=1), UUID(int=2)
SATURDAY_MORNING = slot(5, PartOfDay.MORNING)
SUNDAY_EVENING = slot(6, PartOfDay.EVENING)


def facets(number: int = 1, **over: Any) -> Facets:
    """A plain project of Potenza next Saturday morning, where Italian is spoken."""
    values: dict[str, Any] = {
        "project_id": UUID(int=1000 + number),
        "municipality_id": POTENZA,
        "area": Area.GREEN,
        "minimum_age": 14,
        "languages": frozenset({"it"}),
        "slots": frozenset({SATURDAY_MORNING}),
        "spans": ((NOW + timedelta(days=7), NOW + timedelta(days=21)),),
        "skills": frozenset(),
        "requirements": frozenset(),
        "needs_no_italian": False,
        "is_wheelchair_accessible": False,
        "district": (),
        "point": None,
        "next_starts_at": NOW + timedelta(days=7),
        "last_starts_at": NOW + timedelta(days=21),
    }
    return Facets(**values | over)
