"""News of projects as Atom (RFC 4287), for readers and for other sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as ET

from civic.catalogue.feeds.text import printable
from civic.kernel.i18n import direction

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Words:
    """Text with the language it is in."""

    text: str
    language: str


@dataclass(frozen=True)
class Entry:
    id: UUID
    title: Words
    url: str
    author: str
    category: str
    published_at: datetime
    updated_at: datetime
    content: Sequence[Words]


@dataclass(frozen=True)
class Feed:
    title: Words
    subtitle: str
    url: str
    """Of the page that shows the same."""
    own_url: str
    next_url: str | None
    updated_at: datetime
    entries: Sequence[Entry]


def write_feed(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM, LANG: feed.title.language})
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", Words(feed.subtitle, feed.title.language))
    _text(root, "id", Words(feed.url, ""))
    _text(root, "updated", Words(feed.updated_at.isoformat(), ""))
    _text(root, "generator", Words("Civic", ""))
    _link(root, "alternate", "text/html", feed.url)
    _link(root, "self", "application/atom+xml", feed.own_url)
    if feed.next_url:
        _link(root, "next", "application/atom+xml", feed.next_url)
    if not feed.entries:
        # A feed names an author; this one has no entries that would.
        _author(root, "Civic")
    for entry in feed.entries:
        _add_entry(root, entry)
    ET.indent(root, space=" ")
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _add_entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry")
    _text(element, "title", entry.title)
    _text(element, "id", Words(entry.id.urn, ""))
    _text(element, "published", Words(entry.published_at.isoformat(), ""))
    _text(element, "updated", Words(entry.updated_at.isoformat(), ""))
    _author(element, entry.author)
    ET.SubElement(element, "category", {"term": entry.category})
    _link(element, "alternate", "text/html", entry.url)
    content = ET.SubElement(element, "content", {"type": "xhtml"})
    box = ET.SubElement(content, "div", {"xmlns": XHTML})
    for words in entry.content:
        # As XHTML and not as plain text, because only this can say that it runs from the right.
        for line in printable(words.text).splitlines():
            if line.strip():
                marks = {LANG: words.language, "lang": words.language}
                marks["dir"] = direction(words.language)
                ET.SubElement(box, "p", marks).text = line


def _author(parent: ET.Element, name: str) -> None:
    ET.SubElement(ET.SubElement(parent, "author"), "name").text = printable(name)


def _text(parent: ET.Element, tag: str, words: Words) -> None:
    element = ET.SubElement(parent, tag, {LANG: words.language} if words.language else {})
    element.text = printable(words.text)


def _link(parent: ET.Element, rel: str, media_type: str, url: str) -> None:
    ET.SubElement(parent, "link", {"rel": rel, "type": media_type, "href": url})
