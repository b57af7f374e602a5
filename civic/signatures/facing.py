"""A frozen paper said in Italian and, facing it, in the language of the person: on a page and as PDF.

A paper's own room says what it says as blocks, once in each language and in the same order, so that
what stands side by side belongs together. Free words stay in the language they were said in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from civic.kernel.i18n import BY_TAG, DEFAULT, PageLanguage, direction
from civic.signatures.queries import Document, Signed
from civic.signatures.rules import BOX, MEANS_NAMES, Drawing, Side
from civic.signatures.words import awaited_words
from civic.web import paper
from civic.web.locale import speaking
from civic.web.words import local_date, local_time

SHOWN_OF_HASH = 16
"""Letters of the hash at the foot of each page; the whole of it stands at the end."""


@dataclass(frozen=True)
class Block:
    """What stands on one side of the page: `section`, `heading`, `fact` (with a label), `words`, `item`,
    `note` or `table` (whose first row is its head)."""

    kind: str
    text: str = ""
    label: str = ""
    language: str = ""
    """Of free words; that of the side otherwise."""
    rows: tuple[tuple[str, ...], ...] = ()


Build = Callable[[Mapping[str, Any], str], list[Block]]
"""The blocks of a content in the language of that tag, which is being spoken."""


FIRST_STRONG_ISOLATE, END_ISOLATE = "\u2068", "\u2069"


def apart(text: str) -> str:
    """A name or a day kept from mixing with words of the other direction beside it."""
    return f"{FIRST_STRONG_ISOLATE}{text}{END_ISOLATE}" if text else ""


def section(text: str) -> Block:
    return Block("section", text)


def heading(text: str) -> Block:
    return Block("heading", text)


def fact(label: str, text: str) -> Block:
    """Parts that are kept apart already follow each other in the direction of the side: of an
    isolate that holds nothing but isolates the direction would be left to right."""
    return Block("fact", text if FIRST_STRONG_ISOLATE in text else apart(text), label)


def words(text: str, language: str, label: str = "") -> Block:
    return Block("words", text, label, language)


def item(text: str, language: str = "") -> Block:
    return Block("item", text, language=language)


def note(text: str) -> Block:
    return Block("note", text)


def table(*rows: tuple[str, ...]) -> Block:
    return Block("table", rows=rows)


@dataclass(frozen=True)
class FacingSide:
    language: PageLanguage
    title: str
    blocks: tuple[Block, ...]


def sides(document: Document, title: str, build: Build) -> list[FacingSide]:
    """Italian first; a single side for who reads Italian. `title` is a marked sentence."""
    return _said(document.content, title, build)


def _said(content: Mapping[str, Any], title: str, build: Build) -> list[FacingSide]:
    own = BY_TAG.get(str(content.get("language", "")), DEFAULT)
    found = []
    for language in dict.fromkeys((DEFAULT, own)):
        with speaking(language):
            said = build(content, language.tag)
            found.append(FacingSide(language, _(title), tuple(said)))
    if len({len(side.blocks) for side in found}) != 1:
        raise ValueError("the two sides of a paper say different things")
    return found


def typeset(document: Document, title: str, build: Build) -> bytes:
    """As PDF/UA: both sides, who has signed and how, number and hash."""
    facing = sides(document, title, build)
    values = {
        "sides": [_side(document, side) for side in facing],
        "rows": _rows(facing),
        "drawings": [
            {"svg": as_svg(signed.drawing), "name": paper.readable(signed.signer_name)}
            for side in Side
            if (signed := document.signatures.get(side)) and signed.drawing
        ],
        "number": str(document.number),
        "hash": document.hash,
        "short_hash": document.hash[:SHOWN_OF_HASH],
        "is_complete": document.is_complete,
    }
    return paper.typeset("signatures/signed", values)


def typeset_by_hand(content: Mapping[str, Any], title: str, build: Build) -> bytes:
    """The same of what is not frozen: to be printed and signed on paper, by who has no account.
    Without number and hash, since nothing vouches for it but the paper itself."""
    facing = _said(content, title, build)
    values = {
        "sides": [_side_by_hand(side) for side in facing],
        "rows": _rows(facing),
        "drawings": [],
        "number": "",
        "hash": "",
        "short_hash": "",
        "is_complete": True,
    }
    return paper.typeset("signatures/signed", values)


def _rows(facing: list[FacingSide]) -> list[list[dict[str, Any]]]:
    return [
        [_cell(block, side.language) for block, side in zip(row, facing, strict=True)]
        for row in zip(*(side.blocks for side in facing), strict=True)
    ]


def _cell(block: Block, side: PageLanguage) -> dict[str, Any]:
    language = block.language or side.tag
    return {
        "kind": block.kind,
        "text": block.text,
        "label": block.label,
        "lang": language.split("-", 1)[0],
        "dir": direction(language),
        "side": side.direction,
        "rows": block.rows,
    }


def _side(document: Document, side: FacingSide) -> dict[str, Any]:
    with speaking(side.language):
        return {
            "lang": side.language.tag,
            "dir": side.language.direction,
            "title": side.title,
            "numbered": _(
                "Number %(number)d of %(day)s",
                number=document.number,
                day=apart(local_date(document.frozen_at)),
            ),
            "draft": "" if document.is_complete else _("Not yet signed by both"),
            "signatures_title": _("Signatures"),
            "signatures": [_signature(document.signatures.get(each), each) for each in SIGNING],
            "hash_title": _(
                "What was signed is this text and no other. Its fingerprint (SHA-256):"
            ),
            # Translators: foot of a page on paper; keep {page} and {pages}
            "page_of": _("Page {page} of {pages}"),
            "lines": [],
        }


def _side_by_hand(side: FacingSide) -> dict[str, Any]:
    with speaking(side.language):
        return {
            "lang": side.language.tag,
            "dir": side.language.direction,
            "title": side.title,
            "numbered": "",
            "draft": "",
            "signatures_title": _("Signatures"),
            "signatures": [],
            "hash_title": "",
            "lines": [_("Place and day"), _("For the service"), _("Who signs for the household")],
            "page_of": _("Page {page} of {pages}"),
        }


SIGNING = (Side.SERVICE, Side.PERSON)


def _signature(signed: Signed | None, side: Side) -> str:
    if signed is None:
        return awaited_words(side)
    how = _(
        "%(name)s: %(how)s, %(day)s, %(time)s",
        name=apart(signed.signer_name),
        how=_(MEANS_NAMES[signed.means]),
        day=apart(local_date(signed.signed_at)),
        time=apart(local_time(signed.signed_at)),
    )
    if not signed.witness_name:
        return how
    return f"{how} ({_('In front of %(name)s', name=apart(signed.witness_name))})"


def as_svg(drawing: Drawing) -> str:
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in stroke)}"/>' for stroke in drawing
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BOX[0]} {BOX[1]}" fill="none"'
        f' stroke="#17324d" stroke-width="6" stroke-linecap="round">{lines}</svg>'
    )
