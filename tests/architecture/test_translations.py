"""The catalogues: whole, with the same placeholders, and in step with the sources."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from civic.kernel.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
SOURCE_LANGUAGE = "en"
TRANSLATED = [language.tag for language in LANGUAGES if language.tag != SOURCE_LANGUAGE]
KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None, "N_": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")


@pytest.fixture(params=TRANSLATED, scope="module")
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path = ROOT / "translations" / request.param / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=request.param)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (str(text),)


def test_every_sentence_is_translated_and_none_is_a_guess(catalogue: Catalog) -> None:
    missing = [
        message.id
        for message in _messages(catalogue)
        if message.fuzzy or not all(_forms(message.string))
    ]
    assert missing == []


def test_every_plural_has_all_the_forms_its_language_needs(catalogue: Catalog) -> None:
    short = [
        message.id
        for message in _messages(catalogue)
        if message.pluralizable and len(_forms(message.string)) != catalogue.num_plurals
    ]
    assert short == []


def test_every_placeholder_is_in_the_translation_and_no_other(catalogue: Catalog) -> None:
    """A form for one, two or none may leave the number out, as its language does."""
    wrong = []
    for message in _messages(catalogue):
        wanted = set(PLACEHOLDER.findall(" ".join(_forms(message.id))))
        optional = {"num"} if message.pluralizable else set()
        for text in _forms(message.string):
            found = set(PLACEHOLDER.findall(text))
            if found - wanted or (wanted - found) - optional:
                wrong.append((message.id, text))
    assert wrong == []


def test_the_catalogue_holds_every_sentence_of_the_sources(catalogue: Catalog) -> None:
    known = {_forms(message.id)[0] for message in _messages(catalogue)}
    assert _sentences() - known == set(), "run `make translations` and translate what came in"


def _sentences() -> set[str]:
    found: set[str] = set()
    for folder, pattern, method in (("civic", "**.py", "python"), ("templates", "**.*", "jinja2")):
        for _path, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], keywords=KEYWORDS
        ):
            found.add(_forms(text)[0])
    return found
