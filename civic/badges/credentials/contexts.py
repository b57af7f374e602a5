"""The JSON-LD contexts that give a credential's words their meaning, from files: nothing is fetched.

Whoever could change a context could change what a signature covers, so each file is held to its hash.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "vendor" / "contexts"
CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

Document = dict[str, Any]
Loader = Callable[[str, Document], Document]
"""What PyLD calls with an address and options of its own."""


class ForeignContext(Exception):
    """A document names a context that we do not hold."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class SpoiltContext(Exception):
    """A file of ours is not the one that was pinned."""


@dataclass(frozen=True)
class _Pinned:
    file: str
    sha256: str


PINNED = {
    # The hash that the recommendation itself names (VC Data Model 2.0, B.1).
    CREDENTIALS: _Pinned(
        "credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    ),
    # Copies of 3.0.3 differ in `endorsementJwt` and `jti`. This one has neither, so that whoever
    # writes them is told that they do not expand.
    OPEN_BADGES: _Pinned(
        "open-badges-3.0.3.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"
    ),
}


@cache
def _read(url: str) -> Document:
    pinned = PINNED.get(url)
    if pinned is None:
        raise ForeignContext(url)
    content = (FOLDER / pinned.file).read_bytes()
    if hashlib.sha256(content).hexdigest() != pinned.sha256:
        raise SpoiltContext(pinned.file)
    read: Document = json.loads(content)
    return read


def load(url: str, _options: Document) -> Document:
    """The document loader for PyLD."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _read(url),
    }
