"""The least of a badge in a square on paper: a compact JWS (RFC 7515) over JWT claims, its payload
deflated, as SMART Health Cards do; docs/cards.md has the words of it. It is no Open Badge: that one has
no room on a card. Whoever has the issuer's public key checks it without network.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from civic.badges.credentials.contexts import Document
from civic.badges.credentials.documents import Skill
from civic.badges.credentials.facts import Facts, Incomplete
from civic.badges.credentials.shape import Misshapen, parse
from civic.badges.credentials.status import Purpose

ALGORITHM, ZIP, TYPE = "Ed25519", "DEF", "civic-card"
MOST_LETTERS = 640
"""Of a token: what still makes modules of half a millimetre on 40 mm. Skills that find no room stay
out."""
MOST_BYTES = 4096
"""Unpacked; and the letters of a token that anybody may send."""
RAW = -zlib.MAX_WBITS
"""Deflate without a frame around it."""
FIRST = ord("-")
"""The lowest of the letters of a token; each becomes two figures, which a square holds best."""
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_FIGURES = re.compile(r"(?:\d\d)+", re.ASCII)


@dataclass(frozen=True)
class Card:
    id: str
    """Of the badge's credential."""
    holder: str
    badge: str
    issuer_name: str
    skills: tuple[str, ...]
    begins: datetime
    ends: datetime | None
    lists: str
    """Address of the issuer's lists of what was withdrawn, without their purpose."""
    place: int


def encode(card: Card, key: Ed25519PrivateKey, *, kid: str) -> str:
    """With as many of its skills as there is room for."""
    for count in range(len(card.skills), -1, -1):
        token = _signed(replace(card, skills=card.skills[:count]), key, kid)
        if len(token) <= MOST_LETTERS:
            break
    return token


def check(token: str, public_key: Ed25519PublicKey) -> Document | None:
    """The claims; None when they are not what the key signed."""
    start, _dot, written = token.rpartition(".")
    try:
        public_key.verify(_decoded(written), start.encode("ascii"))
        return _unpacked(start.partition(".")[2])
    except (InvalidSignature, ValueError):
        return None


def kid_of(token: str) -> str | None:
    """Who says to have signed; None for what is no card."""
    if len(token) > MOST_BYTES or not _COMPACT.fullmatch(token):
        return None
    try:
        header = parse(_decoded(token.partition(".")[0]).decode())
    except ValueError:
        return None
    fits = (header.get("alg"), header.get("zip"), header.get("typ")) == (ALGORITHM, ZIP, TYPE)
    kid = header.get("kid")
    return (
        kid
        if fits and set(header) <= {"alg", "zip", "typ", "kid"} and isinstance(kid, str)
        else None
    )


def in_square(page: str, token: str) -> str:
    """An address that any camera opens: the site's own page with the token behind the #, which no
    browser sends anywhere."""
    return f"{page}#{''.join(f'{ord(letter) - FIRST:02}' for letter in token)}"


def token_in(text: str) -> str | None:
    """The token in what a camera read, or in what somebody copied from it."""
    text = text.strip().rpartition("#")[2]
    if len(text) > 2 * MOST_BYTES:
        return None
    if _FIGURES.fullmatch(text):
        text = "".join(chr(int(text[at : at + 2]) + FIRST) for at in range(0, len(text), 2))
    return text if kid_of(text) else None


def facts(claims: Document, issuer: str) -> Facts:
    return Facts(
        id=_text(claims, "jti"),
        is_endorsement=False,
        name=_text(claims, "badge"),
        description="",
        issuer=issuer,
        issuer_name=_text(claims, "by"),
        subject="",
        begins=_instant(claims.get("nbf")),
        ends=_instant(claims["exp"]) if "exp" in claims else None,
        skills=tuple(Skill("", str(each)) for each in _list(claims.get("skills", []))),
        holder=_text(claims, "name"),
    )


def statuses(claims: Document) -> list[Document]:
    """Its places on the lists, as a badge names its own."""
    told = _list(claims.get("status"))
    if len(told) != 2 or not isinstance(told[0], str) or not isinstance(told[1], int):
        raise Incomplete("status")
    return [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose.value,
            "statusListIndex": str(told[1]),
            "statusListCredential": f"{told[0]}/{purpose.value}",
        }
        for purpose in Purpose
    ]


def _signed(card: Card, key: Ed25519PrivateKey, kid: str) -> str:
    ends = {"exp": int(card.ends.timestamp())} if card.ends else {}
    claims: dict[str, Any] = {
        "jti": card.id,
        "nbf": int(card.begins.timestamp()),
        **ends,
        "name": card.holder,
        "badge": card.badge,
        "by": card.issuer_name,
        "status": [card.lists, card.place],
        "skills": list(card.skills),
    }
    header = {"alg": ALGORITHM, "zip": ZIP, "typ": TYPE, "kid": kid}
    packer = zlib.compressobj(level=9, wbits=RAW)
    packed = packer.compress(_json(claims)) + packer.flush()
    start = f"{_encoded(_json(header))}.{_encoded(packed)}"
    return f"{start}.{_encoded(key.sign(start.encode('ascii')))}"


def _unpacked(part: str) -> Document:
    unpack = zlib.decompressobj(wbits=RAW)
    try:
        content = unpack.decompress(_decoded(part), MOST_BYTES)
    except zlib.error as error:
        raise Misshapen("not deflated") from error
    if not unpack.eof or unpack.unused_data:
        raise Misshapen("not deflated")
    return parse(content.decode())


def _json(value: Document) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def _decoded(part: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise Misshapen("no base64url") from error
    if _encoded(content) != part:
        raise Misshapen("another spelling")
    return content


def _instant(value: object) -> datetime:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Incomplete("no times")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Incomplete("no times") from error


def _text(claims: Document, name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise Incomplete(name)
    return value


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise Incomplete("no list")
    return value
