"""What a search means: which tokens of the index it asks for, and what a mistyped word was to be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, Engine, Select, func, select

from civic.catalogue.finding import Facet, facet
from civic.catalogue.lexicon import (
    languages_of,
    searched_words,
    token,
    words_in,
)
from civic.catalogue.models import ProjectSearch, SearchWord
from civic.catalogue.rules import Filters
from civic.kernel.context import Context
from civic.kernel.db import fulltext
from civic.kernel.db.dialects import gather
from civic.kernel.db.fulltext import Group, Query, Term

MANY = 800
"""Up to so many projects, each is asked for its next session; of more, those with the next
sessions are asked whether they match. At about this number both cost the same."""
SHORTEST_BEGINNING = 3
"""A last word of so many letters may be one that is still being typed."""
VOCABULARY_LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Numbers:
    """Of some projects in the index, as the database gave them and takes them again."""

    count: int
    listed: Any


@dataclass(frozen=True)
class Search:
    """Filters as they were understood."""

    filters: Filters
    """With the words that were looked for."""
    query: Query
    """Empty when nothing but dates is asked for, which no document tells."""
    numbers: Numbers | None
    """Of the projects that match, when they are not MANY."""
    typed: str = ""
    """What was corrected; empty when nothing was."""
    unknown: tuple[str, ...] = ()
    """Words that stand in no project, when nothing was found."""

    @property
    def has_many(self) -> bool:
        return self.numbers is None

    @property
    def found_nothing(self) -> bool:
        return self.numbers is not None and not self.numbers.count


def search_for(ctx: Context, filters: Filters, language: str) -> Search:
    """One statement when something is found; up to four when words must be corrected."""
    words = searched_words(filters.words, language)
    query = _query(filters, words, language)
    if not query:
        return Search(filters, query, None)
    numbers = _numbers(ctx, query)
    if numbers is None or numbers.count or not words:
        return Search(filters, query, numbers)
    meant, unknown = _corrected(ctx, words, language)
    if meant == words:
        return Search(filters, query, numbers, unknown=unknown)
    corrected = replace(filters, words=" ".join(meant))
    query = _query(corrected, meant, language)
    return Search(corrected, query, _numbers(ctx, query), filters.words, unknown)


def _query(filters: Filters, words: list[str], language: str) -> Query:
    wanted: list[Any] = [
        filters.city and filters.district and (
            Facet.DISTRICT, filters.city, *words_in(filters.district)
        ),
        filters.spoken and (Facet.SPOKEN, filters.spoken),
        filters.city and (Facet.CITY, filters.city),
        filters.is_wheelchair_accessible and (Facet.WHEELCHAIR,),
        filters.needs_no_italian and (Facet.NO_ITALIAN,),
        filters.area and (Facet.AREA, filters.area.value),
    ]  # fmt: skip
    groups = [group for spelled in words for group in _groups(spelled, language)]
    if groups:
        groups[-1] += _beginnings(words[-1], language)
    return (*groups, *((Term(facet(*each)),) for each in wanted if each))


def _groups(spelled: str, language: str) -> list[Group]:
    """A word as it stands in the index, in each language that it may be of."""
    return [
        tuple(Term(token(tag, word)) for tag in languages_of(word, language))
        for word in words_in(spelled)
    ]


def _beginnings(spelled: str, language: str) -> Group:
    word = words_in(spelled)[-1]
    if len(word) < SHORTEST_BEGINNING:
        return ()
    return tuple(Term(f"{tag}:{word}", is_beginning=True) for tag in languages_of(word, language))


def _numbers(ctx: Context, query: Query) -> Numbers | None:
    """Of the projects that match; None when they are more than it pays to look at one by one."""
    on_postgresql = fulltext.is_on_postgresql(ctx.db)
    asked = fulltext.parameters(query, on_postgresql=on_postgresql)
    count, numbers = ctx.db.execute(_gathered(on_postgresql), asked).one()
    return Numbers(count, numbers) if count <= MANY else None


@cache
def _gathered(on_postgresql: bool) -> Select[int, Any]:
    found = _found(on_postgresql, "terms")
    if on_postgresql:
        # Else it sees the limit, hopes for the best and reads the table from its beginning.
        whole = found.cte("whole").prefix_with("MATERIALIZED")
        found = select(whole.c.number)
    some = found.limit(MANY + 1).subquery()
    (number,) = some.c
    return select(func.count(), gather(number, on_postgresql=on_postgresql)).select_from(some)


def _found(on_postgresql: bool, terms: str) -> Select[int]:
    return fulltext.numbers(
        ProjectSearch.__tablename__,
        ProjectSearch.__table__.c.number,
        ProjectSearch.__table__.c.document,
        on_postgresql=on_postgresql,
        terms=terms,
    )


def _corrected(ctx: Context, words: list[str], language: str) -> tuple[list[str], tuple[str, ...]]:
    """The words with those that stand nowhere put right, and those that cannot be."""
    standing = _standing(ctx, words, language)
    if all(standing):
        return words, ()
    vocabulary = _vocabulary(ctx)
    meant, unknown = [], []
    for word, stands in zip(words, standing, strict=True):
        alike = word if stands else _alike(word, vocabulary, languages_of(word, language))
        meant.append(alike or word)
        if alike is None:
            unknown.append(word)
    return meant, tuple(unknown)


def _standing(ctx: Context, words: list[str], language: str) -> list[bool]:
    """Of each word, whether it stands in any project; one statement."""
    on_postgresql = fulltext.is_on_postgresql(ctx.db)
    asked: dict[str, Any] = {}
    for number, word in enumerate(words):
        query = _query(Filters(), [word], language)
        spelled = fulltext.parameters(query, on_postgresql=on_postgresql)
        asked[f"word_{number}"] = spelled["terms"]
    return list(ctx.db.execute(_asking(on_postgresql, len(words)), asked).one())


@cache
def _asking(on_postgresql: bool, words: int) -> Select[*tuple[bool, ...]]:
    return select(*(_found(on_postgresql, f"word_{n}").exists() for n in range(words)))


@dataclass(frozen=True)
class _Vocabulary:
    spelled: dict[str, dict[str, str]]
    """Of each language, the spelling of each folded word."""
    read_at: datetime


_vocabularies: WeakKeyDictionary[Engine | Connection, _Vocabulary] = WeakKeyDictionary()


def _vocabulary(ctx: Context) -> _Vocabulary:
    """All words of all projects, for some minutes; only those who mistype need it."""
    bind = ctx.db.get_bind()
    kept = _vocabularies.get(bind)
    if kept is None or not timedelta(0) <= ctx.now() - kept.read_at < VOCABULARY_LIFE:
        spelled: dict[str, dict[str, str]] = defaultdict(dict)
        rows = select(SearchWord.language, SearchWord.word)
        for language, word in ctx.db.execute(rows.order_by(SearchWord.word)):
            spelled[language].setdefault("".join(words_in(word)), word)
        kept = _vocabularies[bind] = _Vocabulary(dict(spelled), ctx.now())
    return kept


def _alike(word: str, vocabulary: _Vocabulary, languages: Iterable[str]) -> str | None:
    """The known word that differs least; a longer word may differ more."""
    folded = "".join(words_in(word))
    most = 0 if len(folded) < 4 else 1 if len(folded) < 6 else 2
    best: tuple[int, int, str] | None = None
    for place, language in enumerate(languages if most else ()):
        known = vocabulary.spelled.get(language, {})
        found = process.extractOne(folded, known.keys(), scorer=OSA.distance, score_cutoff=most)
        if found and (best is None or (found[1], place) < best[:2]):
            best = (int(found[1]), place, known[found[0]])
    return best[2] if best else None
