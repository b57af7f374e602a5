"""What a visitor asks of the list, read from an address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from civic.catalogue.finding import WEEKDAYS, NearCursor, Order, Spot
from civic.catalogue.fit import Rank
from civic.catalogue.lexicon import MOST_LETTERS, MOST_WORDS, searched_words
from civic.catalogue.rules import FURTHEST_SESSION, Area, Cursor, Filters, PartOfDay
from civic.kernel.i18n import SPOKEN
from civic.web.fields import clean_line
from civic.web.locale import page_language

OLDEST = 120
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """What only a page that people look at offers to choose from."""

    districts: Mapping[str, Sequence[str]]
    """Of each city by its slug."""
    may_fit: bool
    """Whether somebody is signed in, whom projects can suit."""


@dataclass(frozen=True)
class Asked:
    """What a visitor asked of the list, as far as it made sense."""

    filters: Filters
    after: Cursor | None
    query: dict[str, Any]
    """The filters as they stand in an address."""
    notes: list[str] = field(default_factory=list)
    """A sentence for each part that did not."""
    order: Order = Order.SOONEST
    near: Spot | None = None
    after_near: NearCursor | None = None
    after_rank: Rank | None = None
    wants_place: bool = False
    """The nearest first, but from where?"""

    @property
    def is_later_page(self) -> bool:
        return bool(self.after or self.after_near or self.after_rank)

    @property
    def lasting_query(self) -> dict[str, Any]:
        """The filters alone, for an address that others keep: not where somebody stands now."""
        return address_of(self.filters, None, Order.SOONEST)


def read_filters(
    args: MultiDict[str, str], cities: Sequence[str], today: date, known: Known | None = None
) -> Asked:
    """From an address that anybody may have typed; nothing in it can be refused. Without `known`
    the list is by date, whatever order the address names."""
    reading = _Reading(args)
    city = reading.one_of(
        "municipality", cities, _l("We do not know this municipality, so you see all of them.")
    )
    weekdays = reading.several(
        "weekday", WEEKDAYS.index, _l("We do not know this day of the week, so we left it out.")
    )
    parts = reading.several(
        "part", PartOfDay, _l("We do not know this part of the day, so we left it out.")
    )
    filters = Filters(
        area=reading.taken("area", Area, _l("We do not know this area, so you see all areas.")),
        city=city,
        day=reading.taken("day", lambda text: _read_day(text, today)),
        spoken=reading.one_of(
            "language",
            SPOKEN,
            _l("We do not know this language, so you see projects in all languages."),
        ),
        words=_read_words(reading),
        district=_read_district(reading, city, known),
        weekdays=tuple(sorted(weekdays)),
        parts=tuple(part for part in PartOfDay if part in parts),
        age=reading.taken(
            "age", _read_age, _l("We could not read this age, so you see projects for all ages.")
        ),
        is_wheelchair_accessible="wheelchair" in reading.given,
        needs_no_italian="no_italian" in reading.given,
        has_free_places="free" in reading.given,
    )
    near = order = None
    if known:
        near = reading.taken(
            "near",
            Spot.read,
            _l("We could not read where you start from, so the soonest come first."),
        )
        order = _read_order(reading, near, known)
    return _asked(reading, filters, near, order or Order.SOONEST)


class _Refusal(ValueError):
    """Why a part of an address makes no sense, as a sentence."""


class _Reading:
    def __init__(self, args: MultiDict[str, str]) -> None:
        self._args = args
        self.given = {name: value.strip() for name, value in args.items() if value.strip()}
        self.notes: list[str] = []

    def taken(self, name: str, read: Callable[[str], T | None], refusal: object = "") -> T | None:
        text = self.given.get(name)
        if text is None:
            return None
        try:
            value = read(text)
        except _Refusal as why:
            self.notes.append(str(why))
            return None
        except ValueError:
            value = None
        if value is None:
            self.notes.append(str(refusal))
        return value

    def one_of(self, name: str, known: Sequence[str], refusal: object) -> str | None:
        return self.taken(name, lambda text: text if text in known else None, refusal)

    def several(self, name: str, read: Callable[[str], T], refusal: object) -> frozenset[T]:
        found = set()
        wrong = False
        for text in self._args.getlist(name):
            try:
                found.add(read(text.strip()))
            except ValueError:
                wrong = wrong or bool(text.strip())
        if wrong:
            self.notes.append(str(refusal))
        return frozenset(found)


def _read_words(reading: _Reading) -> str:
    text: str = clean_line(reading.given.get("q", ""))
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS].strip()
        reading.notes.append(
            _(
                "That is a lot to look for: we took the first %(number)s letters.",
                number=MOST_LETTERS,
            )
        )
    if not text:
        return ""
    words = searched_words(text, page_language().tag)
    if not words:
        reading.notes.append(_("We cannot search for this. Write a word or two."))
        return ""
    if len(words) > MOST_WORDS:
        reading.notes.append(_("We looked for the first %(number)s words only.", number=MOST_WORDS))
        return " ".join(words[:MOST_WORDS])
    return text


def _read_district(reading: _Reading, city: str | None, known: Known | None) -> str | None:
    district: str | None = clean_line(reading.given.get("district", "")) or None
    if district is None or known is None:
        return district if city else None
    if city is None:
        reading.notes.append(_("To choose a district, choose its municipality too."))
        return None
    if district not in known.districts.get(city, ()):
        reading.notes.append(_("We do not know this district there, so you see all of them."))
        return None
    return district


def _read_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Refusal(_("We could not read this day, so you see all days.")) from None
    if day < today:
        raise _Refusal(_("This day is over, so you see the days to come."))
    if day - today > FURTHEST_SESSION + timedelta(days=1):
        raise _Refusal(_("This day is too far away, so you see all days."))
    return day


def _read_age(text: str) -> int | None:
    if not text.isdecimal() or len(text) > 3:
        return None
    age = int(text)
    return age if age <= OLDEST else None


def _read_order(reading: _Reading, near: Spot | None, known: Known) -> Order:
    order = reading.taken("sort", Order, _("We do not know this order: the soonest come first."))
    if order is Order.FIT and not known.may_fit:
        reading.notes.append(_("Sign in to see first what suits you."))
        return Order.SOONEST
    if order is None and near:
        return Order.NEAREST
    return order or Order.SOONEST


def _asked(reading: _Reading, filters: Filters, near: Spot | None, order: Order) -> Asked:
    wants_place = order is Order.NEAREST and near is None
    if wants_place:
        reading.notes.append(_("Choose where you start from: then the nearest come first."))
        order = Order.SOONEST
    kinds = {Order.SOONEST: Cursor, Order.NEAREST: NearCursor, Order.FIT: Rank}
    after: Any = None
    if "after" in reading.given:
        after = kinds[order].decode(reading.given["after"])  # type: ignore[attr-defined]  # all have it
    if "page" in reading.given or ("after" in reading.given and after is None):
        reading.notes.append(
            _("We could not find that page of the list, so it starts from the beginning.")
        )
    return Asked(
        filters,
        after if order is Order.SOONEST else None,
        address_of(filters, near, order),
        reading.notes,
        order,
        near,
        after if order is Order.NEAREST else None,
        after if order is Order.FIT else None,
        wants_place,
    )


def address_of(filters: Filters, near: Spot | None, order: Order) -> dict[str, Any]:
    """What is asked, as it stands in an address."""
    query: dict[str, Any] = {
        "q": filters.words,
        "area": filters.area and filters.area.value,
        "municipality": filters.city,
        "district": filters.district,
        "day": filters.day and filters.day.isoformat(),
        "weekday": [WEEKDAYS[day] for day in filters.weekdays],
        "part": [part.value for part in filters.parts],
        "language": filters.spoken,
        "age": None if filters.age is None else str(filters.age),
        "wheelchair": filters.is_wheelchair_accessible and "1",
        "no_italian": filters.needs_no_italian and "1",
        "free": filters.has_free_places and "1",
        "near": near and str(near),
        "sort": None if order is (Order.NEAREST if near else Order.SOONEST) else order.value,
    }
    return {name: value for name, value in query.items() if value}
