"""What differs between two versions of a project that were handed in, from their values alone."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

WORD_FIELDS = ("title", "what_you_do", "what_to_bring")
FACT_FIELDS = (
    "area",
    "languages",
    "minimum_age",
    "skills",
    "requirements",
    "district",
    "place",
    "is_wheelchair_accessible",
    "needs_no_italian",
    "is_occasional",
    "needs_approval",
)
"""In the order in which they are shown."""
SIGNS = ".,;:!?…،؛؟।"
WORD_OR_SIGN = re.compile(rf"\s*[^\s{SIGNS}]+|\s*[{SIGNS}]|\s+")
MOST_PAIRS = 20_000
"""Of equal words in both texts; prose of full length has a quarter of it. Above, the same few
words come again and again, comparing would take minutes, and both texts are shown whole."""


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class WordChange:
    """One text in one language, before and now, in pieces that say what moved."""

    field: str
    language: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True)
class FactChange:
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, order=True)
class Date:
    starts_at: datetime
    ends_at: datetime
    meeting_point: str
    places: int


@dataclass(frozen=True)
class Changes:
    words: tuple[WordChange, ...]
    facts: tuple[FactChange, ...]
    dates_gone: tuple[Date, ...]
    dates_new: tuple[Date, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.facts or self.dates_gone or self.dates_new)


def compare(old: Mapping[str, Any], new: Mapping[str, Any], at: datetime) -> Changes:
    """`at` is when the newer one was handed in: dates that had passed by then are no change."""
    before = {date for date in _dates(old) if date.starts_at > at}
    now = set(_dates(new))
    return Changes(
        words=tuple(_word_changes(old, new)),
        facts=tuple(
            FactChange(name, old["facts"].get(name), new["facts"].get(name))
            for name in FACT_FIELDS
            if old["facts"].get(name) != new["facts"].get(name)
        ),
        dates_gone=tuple(sorted(before - now)),
        dates_new=tuple(sorted(now - before)),
    )


def _dates(content: Mapping[str, Any]) -> list[Date]:
    return [
        Date(
            datetime.fromisoformat(each["starts_at"]),
            datetime.fromisoformat(each["ends_at"]),
            each["meeting_point"],
            each["places"],
        )
        for each in content["dates"]
    ]


def _word_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[WordChange]:
    """The language of the original first, then the others by their tags."""
    tags = sorted(
        {*old["texts"], *new["texts"]}, key=lambda language: (language != new["language"], language)
    )
    found = []
    for tag in tags:
        for name in WORD_FIELDS:
            before = old["texts"].get(tag, {}).get(name, "")
            now = new["texts"].get(tag, {}).get(name, "")
            if before != now:
                found.append(WordChange(name, tag, *pieces(before, now)))
    return found


def pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they begin and cease to differ, at the bounds of words."""
    before, now = _cut(old), _cut(new)
    if _pairs(before, now) > MOST_PAIRS:
        return _whole(Kind.GONE, old), _whole(Kind.NEW, new)
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, before, now, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        is_same = operation == "equal"
        left.extend(_whole(Kind.SAME if is_same else Kind.GONE, "".join(before[old_start:old_end])))
        right.extend(_whole(Kind.SAME if is_same else Kind.NEW, "".join(now[new_start:new_end])))
    return tuple(left), tuple(right)


def _pairs(before: Sequence[str], now: Sequence[str]) -> int:
    there = Counter(now)
    return sum(times * there[word] for word, times in Counter(before).items())


def _whole(kind: Kind, text: str) -> tuple[Piece, ...]:
    return (Piece(kind, text),) if text else ()


def _cut(text: str) -> list[str]:
    """Words and signs, each with the space before it: a space is no word that everything shares,
    and the last word of a text stays the same when another sentence follows it."""
    return WORD_OR_SIGN.findall(text)
