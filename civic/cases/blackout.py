"""Names of others, taken out of a copy that a person gets of their own file.

A copy must not harm the rights of others (GDPR, art. 15.4). It is matched by letters and not by
sound, whatever their case and accents: a name and each word of it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

from civic.cases.facts import PARTICLES

BLACK = "█████"
MARKS = "[\u0300-\u036f\u064b-\u0652]*"
"""Accents, and vowels above and below Arabic letters: some write them, others do not."""
SHORTEST_WORD = 3
"""Of a name of several words a shorter one is left alone: it would be found all over a text."""
ENDLESS_WORD = 4
"""From so many letters on what hangs at the end goes too: Fatimas, Marcos."""
LISTED = "third_parties"


def names_in(text: str) -> list[str]:
    """As they are listed: `Awa Sarr (sister), Modou`."""
    plain = re.sub(r"\([^)]*\)", " ", text)
    return [name for each in re.split(r"[,;\n/·•]", plain) if (name := " ".join(each.split()))]


class Blackout:
    def __init__(self, names: Iterable[str], own: Iterable[str] = ()) -> None:
        """`own` are the person's names, which stay also where a relative shares them."""
        self._own = {word for name in own for word in _words(name)}
        found = sorted(self._patterns(names), key=len, reverse=True)
        self._pattern = re.compile("|".join(found), re.IGNORECASE) if found else None

    def text(self, text: str) -> str:
        if self._pattern is None:
            return text
        return normalize("NFC", self._pattern.sub(BLACK, normalize("NFD", text)))

    def values(self, value: Any, name: str = "") -> Any:
        """The same, of whatever JSON can hold."""
        if isinstance(value, str):
            return BLACK if value and name == LISTED else self.text(value)
        if isinstance(value, Mapping):
            return {key: self.values(each, str(key)) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.values(each, name) for each in value]
        return value

    def _patterns(self, names: Iterable[str]) -> set[str]:
        found = set()
        for name in names:
            words = _words(name)
            if not words or self._own.issuperset(words):
                continue
            if len(words) > 1:
                found.add(r"[\W_]{1,3}".join(_spelt(word) for word in words))
                words = [each for each in words if each not in PARTICLES and each not in self._own]
                words = [each for each in words if len(each) >= SHORTEST_WORD]
            found.update(_bounded(each) for each in words)
        return found


def _words(name: str) -> list[str]:
    bare = re.sub(MARKS, "", normalize("NFD", name)).casefold()
    return re.findall(r"[^\W_]+", bare)


def _spelt(word: str) -> str:
    return "".join(f"{re.escape(letter)}{MARKS}" for letter in word)


def _bounded(word: str) -> str:
    """By itself; in scripts without capitals also inside of what is written together, as words that
    mean “and” or “to” are."""
    if word.upper() == word.lower():
        return _spelt(word)
    ending = r"\w*" if len(word) >= ENDLESS_WORD else r"(?!\w)"
    return rf"(?<!\w){_spelt(word)}{ending}"
