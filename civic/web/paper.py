"""Papers (PDF) typeset by typst from templates under `templates/paper`.

What a template shows comes in as values and never as source, so that nothing somebody typed can
become a command. PDF/UA makes a letter without a glyph an error where the default would drop it
in silence; so letters that our fonts lack are romanised first, and a name in a rare script still
stands on an attendance sheet.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import fontpkg_hind_siliguri
import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import fontpkg_noto_sans_devanagari
import fontpkg_noto_sans_tamil
import typst
from anyascii import anyascii
from fontTools.ttLib import TTFont

from civic.settings import ROOT

TEMPLATES = Path(ROOT, "templates", "paper")
FONT_FOLDERS = tuple(
    Path(package.__path__[0], "files")
    for package in (
        fontpkg_noto_sans,
        fontpkg_noto_sans_arabic,
        fontpkg_noto_sans_devanagari,
        fontpkg_noto_sans_tamil,
        fontpkg_hind_siliguri,
    )
)
UNSEEN = frozenset("\n\t\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069")
"""Breaks, joiners and marks of direction, which need no glyph."""


def typeset(template: str, values: Mapping[str, Any]) -> bytes:
    """The PDF that `templates/paper/<template>.typ` makes of `values`.

    Values are what JSON can hold; the template reads them by `json(bytes(sys.inputs.values))`.
    """
    return _compile(template, values, {"format": "pdf", "pdf_standards": ["ua-1"]})


def picture(template: str, values: Mapping[str, Any], ppi: int = 60) -> bytes:
    """The first page as PNG, for looking at."""
    return _compile(template, values, {"format": "png", "ppi": ppi})


def _compile(template: str, values: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    made = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(folder) for folder in FONT_FOLDERS],
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(readable(values), ensure_ascii=False)},
        **options,
    )
    page: bytes = made[0] if isinstance(made, list) else made
    return page


def readable(value: Any) -> Any:
    """The same value with every letter that no font of ours can draw written in Latin ones."""
    if isinstance(value, str):
        return "".join(_drawn(letter) for letter in value)
    if isinstance(value, Mapping):
        return {name: readable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [readable(each) for each in value]
    return value


def isolated(text: str) -> str:
    """Words of whatever language inside a page of another: each line keeps its own direction, and a
    full stop stays at its end."""
    return "\n".join(f"\u2068{line}\u2069" if line else "" for line in text.split("\n"))


def direction_of(name: str) -> str:
    """That of its first letter which has one."""
    found = (bidirectional(letter) for letter in name)
    return "rtl" if next((each for each in found if each in "LRAL"), "L") in ("R", "AL") else "ltr"


def _drawn(letter: str) -> str:
    return letter if letter in UNSEEN or ord(letter) in _glyphs() else anyascii(letter)


@cache
def _glyphs() -> frozenset[int]:
    found: set[int] = set()
    for folder in FONT_FOLDERS:
        for path in sorted(folder.glob("*.ttf")):
            with TTFont(path, lazy=True) as font:
                found.update(font.getBestCmap() or ())
    return frozenset(found)
