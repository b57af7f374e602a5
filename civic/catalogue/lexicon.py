"""Words as search compares them: without accents and endings, in the language they belong to.

Both databases are handed the tokens made here and split, fold or stem nothing themselves, so that
the same search finds the same projects on both.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock

import snowballstemmer

from civic.catalogue.stop_words import STOP_WORDS

FREE = ""
"""Names, which belong to no language and have no endings."""
LONGEST_WORD = 40
MOST_WORDS = 8
"""Of a search; more narrow it no further."""
MOST_LETTERS = 200
"""Of a search."""

STEMMERS = {
    "it": "italian", "en": "english", "fr": "french", "ar": "arabic", "es": "spanish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "tr": "turkish", "fa": "persian",
    "ta": "tamil",
}  # fmt: skip

SCRIPTS = {"ARABIC": ("ar", "fa", "ur", "ps"), "BENGALI": ("bn",), "CYRILLIC": ("uk", "ru")}
"""Languages of words in another script than Latin, whatever the page is in."""

"""Words that stand in every text and tell none from another; folded as all words are."""

# Marks that only vary how a letter is written: accents of Latin, Greek and Cyrillic letters,
# Arabic vowel signs and hamza, the Arabic stretch. Marks of Indic letters are letters' halves.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f]"
)
_LETTERS = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "æ": "ae",
        "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ګ": "ك", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ٱ": "ا",
    }
)  # fmt: skip
_WORD = re.compile(
    "[^\\W_](?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff])*"
)
# "and", "with", "for" and the article, which Arabic writes together with the word.
_ARABIC_BEGINNING = re.compile("^(?:[وف]?[بك]?ال|[وف]?لل)(?=.{3})")

_stemmers = {tag: snowballstemmer.stemmer(name) for tag, name in STEMMERS.items()}
_one_at_a_time = Lock()
"""A stemmer holds the word it works on."""


def fold(text: str) -> str:
    """The same for "Città", "CITTA" and "città"; for "أشجار" and "اشجار"."""
    plain = _DROPPED.sub("", unicodedata.normalize("NFKD", text).casefold())
    digits = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in plain
    )
    return unicodedata.normalize("NFC", digits.translate(_LETTERS))


def words_in(text: str) -> list[str]:
    """Folded, in their order."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def spelled_words(text: str) -> list[str]:
    """As their writer spelled them, in small letters: to be shown to people."""
    return [
        word[:LONGEST_WORD] for word in _WORD.findall(unicodedata.normalize("NFC", text.lower()))
    ]


@lru_cache(maxsize=50_000)
def stem(language: str, word: str) -> str:
    """What is left of a folded word without the endings of its language."""
    if language == "ar":
        word = _ARABIC_BEGINNING.sub("", word)
        if word.endswith("ه"):
            word = word[:-1] + "ة"
    stemmer = _stemmers.get(language)
    if stemmer is None:
        return word
    with _one_at_a_time:
        stemmed: str = stemmer.stemWord(word)
    return stemmed or word


def token(language: str, word: str) -> str:
    """How a word of a language stands in the index."""
    return f"{language}:{stem(language, word)}"


@lru_cache(maxsize=20_000)
def tokens_of(language: str, text: str) -> frozenset[str]:
    """All that a text in this language is found by."""
    dull = STOP_WORDS.get(language, frozenset())
    return frozenset(token(language, word) for word in words_in(text) if word not in dull)


def languages_of(word: str, reader: str) -> tuple[str, ...]:
    """Languages a typed word may be of: the reader's and Italian, or those of its script."""
    script = unicodedata.name(word[0], "").split(" ", 1)[0]
    if script in SCRIPTS:
        return (*SCRIPTS[script], FREE)
    return tuple(dict.fromkeys((reader, "it", FREE)))


def is_dull(word: str, languages: Iterable[str]) -> bool:
    """Whether a typed word tells nothing: an article, or a single Latin letter."""
    if len(word) == 1 and word.isascii():
        return True
    return any(word in STOP_WORDS.get(language, frozenset()) for language in languages)


def searched_words(text: str, reader: str) -> list[str]:
    """Of what somebody typed, the words worth looking for, each once, as they spelled them."""
    found: dict[str, str] = {}
    for spelled in spelled_words(text):
        for word in words_in(spelled):
            if not is_dull(word, languages_of(word, reader)):
                found.setdefault(word, spelled)
    return list(dict.fromkeys(found.values()))
