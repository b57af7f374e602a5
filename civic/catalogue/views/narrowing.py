"""The list's search box and filters as the page shows them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Connection, Engine

from civic.catalogue.finding import WEEKDAYS, Order, Spot
from civic.catalogue.forms.filters import Asked
from civic.catalogue.queries.known import District, districts, languages_offered, middles
from civic.catalogue.rules import PartOfDay
from civic.catalogue.words import area_name, sentence_start, weekday_name
from civic.kernel.context import Context
from civic.tenancy.queries.standings import City, municipalities
from civic.web.words import local_day, shown_language

CHOICES_LIFE = timedelta(minutes=1)


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed by."""

    cities: tuple[City, ...]
    languages: tuple[str, ...]
    districts: tuple[District, ...]
    read_at: datetime

    @property
    def city_options(self) -> list[tuple[str, str]]:
        return [(city.slug, city.name) for city in self.cities]

    @cached_property
    def districts_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for each in self.districts:
            if each.name:
                found[each.city].append(each.name)
        return found

    def district_options(self, city: str | None) -> list[tuple[str, str]]:
        return [(name, name) for name in self.districts_of.get(city or "", ())]

    @cached_property
    def _middles(self) -> dict[str, Spot]:
        return middles(self.districts)

    def starts(self, city: str | None) -> list[tuple[str, str]]:
        """Places from where distances can be told: cities, and the quarters of the chosen one."""
        found: dict[str, str] = {}
        for each in self.cities:
            if each.slug in self._middles:
                found.setdefault(str(self._middles[each.slug]), each.name)
            if each.slug == city:
                for one in self.districts:
                    if one.city == city and one.name and one.spot:
                        found.setdefault(str(one.spot), f"{each.name}, {one.name}")
        return list(found.items())


_choices: WeakKeyDictionary[Engine | Connection, Choices] = WeakKeyDictionary()


def current_choices(ctx: Context) -> Choices:
    """The same for every visitor and slow to change: read once a minute in each process."""
    bind = ctx.db.get_bind()
    kept = _choices.get(bind)
    if kept is None or not timedelta(0) <= ctx.now() - kept.read_at < CHOICES_LIFE:
        kept = Choices(
            tuple(municipalities(ctx)), languages_offered(ctx), districts(ctx), ctx.now()
        )
        _choices[bind] = kept
    return kept


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the list without it."""

    label: str
    url: str


PARTS = (PartOfDay.MORNING, PartOfDay.AFTERNOON, PartOfDay.EVENING)


def part_name(part: PartOfDay) -> str:
    names = {
        PartOfDay.MORNING: _("Morning"),
        PartOfDay.AFTERNOON: _("Afternoon"),
        PartOfDay.EVENING: _("Evening"),
    }
    return names[part]


def weekday_options() -> list[tuple[str, str]]:
    return [(code, sentence_start(weekday_name(n))) for n, code in enumerate(WEEKDAYS)]


def part_options() -> list[tuple[str, str]]:
    return [(part.value, part_name(part)) for part in PARTS]


def list_url(query: dict[str, Any]) -> str:
    return url_for("catalogue.project_list", **query)


def chips(asked: Asked, choices: Choices) -> list[Chip]:
    """One for each filter that is set."""
    return [
        Chip(label, list_url(_without(asked.query, name, value)))
        for name, value, label in _labels(asked, choices)
    ]


def _without(query: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    kept = dict(query)
    if isinstance(kept[name], list):
        kept[name] = [each for each in kept[name] if each != value]
    else:
        del kept[name]
    if name == "municipality":
        kept.pop("district", None)
    if name == "near":
        kept.pop("sort", None)
    return kept


def _labels(asked: Asked, choices: Choices) -> list[tuple[str, str, str]]:
    """Of each filter that is set: its name in the address, its value if it has several, its label."""
    filters = asked.filters
    labels = {
        "q": filters.words,
        "area": filters.area and area_name(filters.area),
        "municipality": filters.city and dict(choices.city_options)[filters.city],
        "district": filters.district,
        "day": filters.day and sentence_start(local_day(filters.day)),
        "language": filters.spoken and sentence_start(shown_language(filters.spoken)),
        "age": filters.age is not None and _("I am %(age)s", age=filters.age),
        "wheelchair": filters.is_wheelchair_accessible and _("Wheelchair accessible"),
        "no_italian": filters.needs_no_italian and _("No Italian needed"),
        "free": filters.has_free_places and _("With free places"),
        "near": asked.near and _("Near %(place)s", place=near_name(asked, choices)),
    }
    found = [(name, "", str(label)) for name, label in labels.items() if label]
    found += [
        ("weekday", WEEKDAYS[day], sentence_start(weekday_name(day))) for day in filters.weekdays
    ]
    return [*found, *(("part", part.value, part_name(part)) for part in filters.parts)]


def near_name(asked: Asked, choices: Choices) -> str:
    """The place by its name, if it is one of those to choose from; else the phone told it."""
    known = dict(choices.starts(asked.filters.city))
    return known.get(str(asked.near)) or _("your position")


@dataclass(frozen=True)
class OrderLink:
    label: str
    url: str
    active: bool


def order_links(asked: Asked, *, may_fit: bool) -> list[OrderLink]:
    """The list in each order; the nearest first asks for a place if none was chosen."""
    names = {Order.SOONEST: _("Soonest"), Order.NEAREST: _("Nearest"), Order.FIT: _("For you")}
    if not may_fit:
        del names[Order.FIT]
    kept = {name: value for name, value in asked.query.items() if name != "sort"}
    usual = Order.NEAREST if asked.near else Order.SOONEST
    return [
        OrderLink(
            label,
            list_url(kept if order is usual else {**kept, "sort": order.value}),
            asked.order is order,
        )
        for order, label in names.items()
    ]
