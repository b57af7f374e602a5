"""What a visitor asks of the list, read from an address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from civic.catalogue.rules import (
    FURTHEST_SESSION,
    Area,
    Cursor,
    Filters,
)
from civic.kernel.i18n import SPOKEN


@dataclass(frozen=True)
class Asked:
    """What a visitor asked of the list, as far as it made sense."""

    filters: Filters
    after: Cursor | None
    query: dict[str, Any]
    """The filters as they stand in an address."""
    notes: list[str] = field(default_factory=list)
    """A sentence for each part that did not."""


def read_filters(args: MultiDict[str, str], cities: Sequence[str], today: date) -> Asked:
    """From an address that anybody may have typed; nothing in it can be refused."""
    notes: list[str] = []
    given = {name: value.strip() for name, value in args.items() if value.strip()}
    area = given.get("area")
    if area and area not in set(Area):
        notes.append(_("We do not know this area, so you see all areas."))
        area = None
    city = given.get("municipality")
    if city and city not in cities:
        notes.append(_("We do not know this municipality, so you see all of them."))
        city = None
    spoken = given.get("language")
    if spoken and spoken not in SPOKEN:
        notes.append(_("We do not know this language, so you see projects in all languages."))
        spoken = None
    day = _read_day(given.get("day"), today, notes)
    after = Cursor.decode(given["after"]) if "after" in given else None
    if "page" in given or ("after" in given and after is None):
        notes.append(_("We could not find that page of the list, so it starts from the beginning."))
    query = {"area": area, "municipality": city, "day": day and day.isoformat(), "language": spoken}
    return Asked(
        Filters(Area(area) if area else None, city, day, spoken),
        after,
        {name: value for name, value in query.items() if value},
        notes,
    )


def _read_day(text: str | None, today: date, notes: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        notes.append(_("We could not read this day, so you see all days."))
        return None
    if day < today:
        notes.append(_("This day is over, so you see the days to come."))
        return None
    if day - today > FURTHEST_SESSION + timedelta(days=1):
        notes.append(_("This day is too far away, so you see all days."))
        return None
    return day
