"""Languages of the pages, and the marks by which words below the pages become translatable."""

from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def N_(sentence: str) -> str:
    """Mark a sentence for translation without translating it: pages do that for their reader."""
    return sentence


def direction(tag: str) -> str:
    """`rtl` or `ltr` for a BCP 47 language tag."""
    return "rtl" if tag.split("-", 1)[0].lower() in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class PageLanguage:
    """A language the whole interface speaks."""

    tag: str
    endonym: str

    @property
    def direction(self) -> str:
        return direction(self.tag)


LANGUAGES: tuple[PageLanguage, ...] = (
    PageLanguage("it", "Italiano"),
    PageLanguage("en", "English"),
    PageLanguage("fr", "Français"),
    PageLanguage("ar", "العربية"),
)
BY_TAG = {language.tag: language for language in LANGUAGES}
DEFAULT = LANGUAGES[0]

SPOKEN: tuple[str, ...] = (
    "it", "en", "fr", "ar", "es", "pt", "bn", "ur", "pa", "uk", "ru", "so", "wo", "bm",
    "ff", "ha", "ig", "yo", "am", "ti", "fa", "ps", "tr", "sq", "ro", "zh", "ta", "si",
)  # fmt: skip
"""Languages a person may say they speak, or a project may be held in."""


def best_language(wanted: list[str]) -> PageLanguage:
    """The page language for a reader's list of tags, best first; Italian when none fits."""
    for tag in wanted:
        language = BY_TAG.get(tag.split("-", 1)[0].lower())
        if language:
            return language
    return DEFAULT


@cache
def language_name(tag: str, shown_in: str) -> str:
    """The language's name in another language: `bn` shown in `it` is `bengalese`."""
    try:
        return Locale.parse(tag, sep="-").get_language_name(shown_in) or tag
    except (UnknownLocaleError, ValueError):
        return tag


@cache
def endonym(tag: str) -> str:
    """What its speakers call the language, for those who read no other."""
    return language_name(tag, tag)
