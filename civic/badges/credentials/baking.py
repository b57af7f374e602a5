"""Credentials inside pictures: Open Badges 3.0, 5.3. What went in comes out, byte for byte."""

import re
import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

MOST_BYTES = 1_000_000
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PLAIN_TEXT = b"\0" * 5
"""After the keyword: its end, no compression (which 5.3.1 forbids), no method, no language, no other
keyword."""
_START_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")


class NotABadge(ValueError):
    """No picture of a kind that carries credentials, a damaged one, or one without."""


class TooLarge(NotABadge):
    pass


class TwoCredentials(NotABadge):
    """Readers would differ in which of them they show."""


def bake(picture: bytes, credential: str) -> bytes:
    """A PNG or an SVG with the credential (JSON or a compact JWS) in it."""
    if has_credential(picture):
        raise TwoCredentials
    bake_into = _bake_png if picture.startswith(PNG_SIGNATURE) else _bake_svg
    baked = bake_into(picture, credential)
    unbake(baked)  # whatever the picture was like, what leaves here can be read
    return baked


def unbake(picture: bytes) -> str:
    found = _found(picture)
    if not found:
        raise NotABadge("no credential in the picture")
    return found[0]


def has_credential(picture: bytes) -> bool:
    return bool(_found(picture))


def _found(picture: bytes) -> list[str]:
    if len(picture) > MOST_BYTES:
        raise TooLarge
    found = _in_png(picture) if picture.startswith(PNG_SIGNATURE) else _in_svg(picture)
    if len(found) > 1:
        raise TwoCredentials
    return found


def _bake_png(picture: bytes, credential: str) -> bytes:
    content = KEYWORD + _PLAIN_TEXT + credential.encode()
    head = b"iTXt" + content
    chunk = struct.pack(">I", len(content)) + head + struct.pack(">I", zlib.crc32(head))
    # Straight after the header, which is 13 bytes in a frame of 12.
    start = len(PNG_SIGNATURE) + 25
    return picture[:start] + chunk + picture[start:]


def _in_png(picture: bytes) -> list[str]:
    found = []
    for kind, content in _chunks(picture):
        if kind != b"iTXt" or not content.startswith(KEYWORD + b"\0"):
            continue
        if content[len(KEYWORD) + 1 : len(KEYWORD) + 2] != b"\0":
            raise NotABadge("a compressed credential")
        # Language and other keyword end in a zero each, whatever they say.
        parts = content[len(KEYWORD) + 3 :].split(b"\0", 2)
        if len(parts) != 3:
            raise NotABadge("a damaged chunk")
        found.append(_text(parts[2]))
    return found


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk, its sum checked; the first is the header and nothing follows the end."""
    place, kind, count = len(PNG_SIGNATURE), b"", 0
    while kind != b"IEND":
        if place + 12 > len(picture):
            raise NotABadge("a picture cut short")
        (length,) = struct.unpack_from(">I", picture, place)
        end = place + 12 + length
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : end - 4]
        if end > len(picture) or picture[end - 4 : end] != struct.pack(
            ">I", zlib.crc32(kind + content)
        ):
            raise NotABadge("a damaged chunk")
        if count == 0 and (kind, length) != (b"IHDR", 13):
            raise NotABadge("no header")
        yield kind, content
        place, count = end, count + 1
    if place != len(picture):
        raise NotABadge("something after the end")


def _bake_svg(picture: bytes, credential: str) -> bytes:
    """After the first tag (5.3.2): a JWS as the attribute `verify`, JSON between the tags."""
    start = _Svg.read(picture).root_at
    tag = _START_TAG.match(picture, start)
    if tag is None:
        raise NotABadge("no SVG")
    if credential.startswith("{"):
        # In JSON this can only stand inside a string, where an escape says the same.
        safe = credential.replace("]]>", "]]\\u003e").encode()
        element = b"<openbadges:credential><![CDATA[" + safe + b"]]></openbadges:credential>"
    else:
        if not re.fullmatch(r"[\w.-]+", credential, re.ASCII):
            raise NotABadge("neither JSON nor a compact JWS")
        element = b'<openbadges:credential verify="' + credential.encode() + b'"/>'
    opened = tag.group()
    is_empty = opened.endswith(b"/>")
    name = re.match(rb"<([^\s/>]+)", opened)
    if name is None:
        raise NotABadge("no SVG")
    head = opened[: -2 if is_empty else -1] + b' xmlns:openbadges="' + NAMESPACE.encode() + b'">'
    close = b"</" + name.group(1) + b">" if is_empty else b""
    return picture[:start] + head + element + close + picture[tag.end() :]


def _in_svg(picture: bytes) -> list[str]:
    found = _Svg.read(picture).credentials
    return [text.strip() for text in found]


class _Svg:
    """Reads with no document type, so that no entity can grow or reach out."""

    def __init__(self) -> None:
        self.root_at = -1
        self.credentials: list[str] = []
        self._depth = 0
        self._inside: int | None = None
        self._parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._words

    @classmethod
    def read(cls, picture: bytes) -> "_Svg":
        svg = cls()
        try:
            svg._parser.Parse(picture, True)
        except (expat.ExpatError, ValueError) as error:
            if isinstance(error, NotABadge):
                raise
            raise NotABadge("no SVG") from error
        return svg

    def _doctype(self, *_: object) -> None:
        raise NotABadge("a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            if name != f"{SVG_NAMESPACE} svg":
                raise NotABadge("no SVG")
            self.root_at = self._parser.CurrentByteIndex
        if name == f"{NAMESPACE} credential":
            self._inside = self._depth
            self.credentials.append(attributes.get("verify", ""))

    def _end(self, name: str) -> None:
        if self._depth == self._inside:
            self._inside = None
        self._depth -= 1

    def _words(self, words: str) -> None:
        if self._inside is not None:
            self.credentials[-1] += words


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NotABadge("not UTF-8") from error
