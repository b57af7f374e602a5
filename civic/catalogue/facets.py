"""Many projects ranked at once.

For every trait (a language, a slot of the week, a skill…) the projects of a city that have it are
the bits of one whole number. What suits a person is then a few dozen "and"s of such numbers,
however many projects there are. Adding points up row by row took, for 20,000 projects, 13 ms in
SQLite and 8 ms in Python; this takes less than one.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import itemgetter, or_
from typing import TypeVar
from uuid import UUID

from civic.catalogue import fit
from civic.catalogue.finding import KILOMETRES_A_DEGREE, Spot
from civic.catalogue.fit import Facets, Rank, Wishes
from civic.catalogue.lexicon import words_in
from civic.catalogue.rules import Filters, PartOfDay, slot
from civic.kernel.clock import rome_day

T = TypeVar("T")
Bits = int
"""A set of projects: bit n is the city's nth."""
Part = tuple[int, Bits]
"""Points, and who earns them."""


class CityFacets:
    """The projects of one city that have a session to come, in the order of their next one."""

    def __init__(self, rows: Iterable[Facets]) -> None:
        self.rows = sorted(rows, key=lambda row: (row.next_starts_at, row.project_id))
        self._keys = [(row.next_starts_at, row.project_id) for row in self.rows]
        self._number = {row.project_id: number for number, row in enumerate(self.rows)}
        self.everyone = (1 << len(self.rows)) - 1
        self._ends = sorted((row.last_starts_at, n) for n, row in enumerate(self.rows))
        self._by_latitude = sorted(
            (row.point.latitude, row.point.longitude, n)
            for n, row in enumerate(self.rows)
            if row.point
        )
        self.cities = self._index(lambda row: (row.municipality_id,))
        self.languages = self._index(lambda row: row.languages)
        self.slots = self._index(lambda row: row.slots)
        self.skills = self._index(lambda row: row.skills)
        self.areas = self._index(lambda row: (row.area,))
        self.ages = self._index(lambda row: (row.minimum_age,))
        self.requirements = self._index(lambda row: row.requirements)
        self.districts = self._index(lambda row: (row.district,))
        self.no_italian = self._index(lambda row: (row.needs_no_italian,)).get(True, 0)
        self.wheelchair = self._index(lambda row: (row.is_wheelchair_accessible,)).get(True, 0)

    def _index(self, traits: Callable[[Facets], Iterable[T]]) -> dict[T, Bits]:
        numbers: dict[T, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            for trait in traits(row):
                numbers[trait].append(number)
        return {trait: self._bits(having) for trait, having in numbers.items()}

    def _bits(self, numbers: Iterable[int]) -> Bits:
        packed = bytearray(len(self.rows) // 8 + 1)
        for number in numbers:
            packed[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(packed, "little")

    def only(self, project_ids: Iterable[UUID]) -> Bits:
        return self._bits(self._number[each] for each in project_ids if each in self._number)

    def within(self, filters: Filters) -> Bits:
        """Those that the filters let through, as far as they ask for what is known here: not for
        words or free places, and for no more of a day than which one of the week it is."""
        found = self.everyone
        if filters.day:
            weekday = filters.day.weekday()
            found &= union(self.slots, (slot(weekday, part) for part in PartOfDay))
        if filters.area:
            found &= self.areas.get(filters.area, 0)
        if filters.district:
            found &= self.districts.get(tuple(words_in(filters.district)), 0)
        if filters.spoken:
            found &= self.languages.get(filters.spoken, 0)
        if filters.age is not None:
            found &= union(self.ages, range(filters.age + 1))
        if filters.slots:
            found &= union(self.slots, filters.slots)
        if filters.is_wheelchair_accessible:
            found &= self.wheelchair
        if filters.needs_no_italian:
            found &= self.no_italian
        return found

    def ranked(self, wishes: Wishes, now: datetime, within: Bits) -> dict[int, Bits]:
        """By score, the projects that have it; those nobody so young may join are left out."""
        listed = within & ~self._bits(
            number for _, number in self._ends[: bisect_right(self._ends, now, key=itemgetter(0))]
        )
        age = wishes.age_on(rome_day(now))
        if age is not None:
            listed &= ~union(self.ages, (asked for asked in self.ages if asked > age))
        if wishes.hidden:
            listed &= ~self.only(wishes.hidden)
        return _split(listed, self._parts(wishes))

    def _parts(self, wishes: Wishes) -> Iterator[Part]:
        """The same points as `fit.earned` gives, each with all who earn them."""
        if wishes.near is None:
            yield fit.REACHABLE, union(self.cities, wishes.cities)
        else:
            yield from self._near(wishes.near)
        yield fit.FREE_THEN, union(self.slots, wishes.free)
        yield fit.FOR_A_GOAL, union(self.skills, wishes.skills)
        yield fit.FOR_A_BADGE, union(self.areas, wishes.areas)
        own = union(self.languages, (tag for tag in wishes.languages if tag != fit.ITALIAN))
        yield fit.LANGUAGE_SHARED, own
        if fit.ITALIAN in wishes.languages:
            yield fit.ITALIAN_SHARED, self.languages.get(fit.ITALIAN, 0) & ~own
        if fit.speaks_no_italian(wishes):
            yield fit.NO_ITALIAN_ASKED, self.no_italian
        yield fit.LACKING, union(self.requirements, self.requirements.keys() - wishes.held)

    def _near(self, place: Spot) -> Iterator[Part]:
        """Each band of distance; only a strip of latitudes is measured."""
        reach = fit.REACH / KILOMETRES_A_DEGREE
        south, north = place.latitude - reach, place.latitude + reach
        first = bisect_left(self._by_latitude, south, key=itemgetter(0))
        last = bisect_right(self._by_latitude, north, key=itemgetter(0))
        far = fit.distance_from(place)
        bands: dict[int, list[int]] = defaultdict(list)
        for latitude, longitude, number in self._by_latitude[first:last]:
            bands[fit.points_by_distance(far(latitude, longitude))].append(number)
        for points, numbers in bands.items():
            if points:
                yield fit.REACHABLE + points, self._bits(numbers)

    def walk(self, score: int, bits: Bits, after: Rank | None) -> Iterator[tuple[Rank, Facets]]:
        """These projects in order; a page after another begins where it must, not at the front."""
        if after is not None and after.score == score:
            begun = bisect_right(self._keys, (after.at, after.id))
            bits = bits >> begun << begun
        while bits:
            lowest = bits & -bits
            row = self.rows[lowest.bit_length() - 1]
            yield Rank(score, row.next_starts_at, row.project_id), row
            bits ^= lowest


def union(index: Mapping[T, Bits], traits: Iterable[T]) -> Bits:
    return reduce(or_, (index.get(trait, 0) for trait in traits), 0)


def _split(listed: Bits, parts: Iterable[Part]) -> dict[int, Bits]:
    """Part by part, whoever earns its points moves up by them."""
    groups = {0: listed}
    for points, earning in parts:
        if not earning:
            continue
        moved: dict[int, Bits] = defaultdict(int)
        for score, group in groups.items():
            if up := group & earning:
                moved[score + points] |= up
            if rest := group & ~earning:
                moved[score] |= rest
        groups = moved
    return {score: group for score, group in groups.items() if group}


def best_first(
    cities: Sequence[tuple[CityFacets, Mapping[int, Bits]]], after: Rank | None
) -> Iterator[tuple[Rank, Facets]]:
    """Projects of several cities as one ranking, lazily."""
    scores = {score for _, groups in cities for score in groups}
    for score in sorted(scores, reverse=True):
        if after is None or score <= after.score:
            walks = [
                city.walk(score, groups[score], after) for city, groups in cities if score in groups
            ]
            yield from heapq.merge(*walks, key=lambda found: found[0].order)
