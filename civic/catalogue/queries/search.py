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
    """One statement when something is found; up to four when words must be put right."""
    words = searched_words(filters.words, language)
    facts = _facts(filters)
    query = (*_groups(words, language), *facts)
    if not query:
        return Search(filters, query, None)
    numbers = _numbers(ctx, query)
    if numbers is None or numbers.count or not words:
        return Search(filters, query, numbers)
    meant = _meant(ctx, words, language)
    if meant.groups == query[: len(meant.groups)]:
        return Search(filters, query, numbers, unknown=meant.unknown)
    query = (*meant.groups, *facts)
    numbers = _numbers(ctx, query)
    if meant.words == words:
        return Search(filters, query, numbers, unknown=meant.unknown)
    corrected = replace(filters, words=" ".join(meant.words))
    return Search(corrected, query, numbers, filters.words, meant.unknown)


def _facts(filters: Filters) -> Query:
    """What is asked for beside words; what few projects have comes first."""
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
    return tuple((Term(facet(*each)),) for each in wanted if each)


def _groups(words: Iterable[str], language: str) -> Query:
    """Words as they stand in the index, each in the languages that it may be of."""
    return tuple(
        tuple(Term(token(tag, word)) for tag in languages_of(word, language))
        for spelled in words
        for word in words_in(spelled)
    )


def _beginning(spelled: str, language: str) -> Group:
    """What a word begins that is still being typed."""
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
    some = _found(on_postgresql, "terms").limit(MANY + 1).subquery()
    (number,) = some.c
    return select(func.count(), gather(number, on_postgresql=on_postgresql)).select_from(some)


def _found(on_postgresql: bool, terms: str) -> Select[int]:
    found = fulltext.numbers(
        ProjectSearch.__tablename__,
        ProjectSearch.__table__.c.number,
        ProjectSearch.__table__.c.document,
        on_postgresql=on_postgresql,
        terms=terms,
    )
    if not on_postgresql:
        return found
    # Else it sees that a few will do, hopes for the best and reads the table from its beginning.
    whole = found.cte(f"by_{terms}").prefix_with("MATERIALIZED")
    return select(whole.c.number)


@dataclass(frozen=True)
class _Meant:
    """Words put right, as far as they can be."""

    words: list[str]
    groups: Query
    unknown: tuple[str, ...]
    """Those that stand nowhere and are like none that does."""


def _meant(ctx: Context, words: list[str], language: str) -> _Meant:
    asked = [_groups([word], language) for word in words]
    last = _beginning(words[-1], language)
    if last:
        asked.append((last,))
    standing = _standing(ctx, asked)
    begins = len(standing) > len(words) and standing.pop() and not standing[-1]
    if begins:
        standing[-1] = True
    vocabulary = _vocabulary(ctx) if not all(standing) else None
    meant, unknown = [], []
    for word, stands in zip(words, standing, strict=True):
        alike = word
        if vocabulary and not stands:
            alike = _alike(word, vocabulary, languages_of(words_in(word)[0], language)) or ""
        meant.append(alike or word)
        unknown += [] if alike else [word]
    groups = _groups(meant, language)
    return _Meant(meant, (*groups[:-1], last) if begins else groups, tuple(unknown))


def _standing(ctx: Context, queries: list[Query]) -> list[bool]:
    """Of each, whether any project has it; one statement."""
    on_postgresql = fulltext.is_on_postgresql(ctx.db)
    asked = {
        f"word_{number}": fulltext.parameters(query, on_postgresql=on_postgresql)["terms"]
        for number, query in enumerate(queries)
    }
    return list(ctx.db.execute(_asking(on_postgresql, len(queries)), asked).one())


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
