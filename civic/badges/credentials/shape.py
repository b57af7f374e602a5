"""What a document must look like before anything reads its meaning.

RDF does not see how a document is laid out: a name written in full, a value put into a list, or a
second context leave the signature whole and hide the value from whoever looks for it under its plain
name. So all of that is refused; and so is what is so large or so deep that reading it is the attack.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from civic.badges.credentials.contexts import Document

DEEPEST = 16
MOST_NODES = 4000
MOST_BLANK = 100
"""Objects without an address: the work of canonicalising grows with their factorial."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")


class Misshapen(ValueError):
    pass


def parse(text: str) -> Document:
    try:
        read = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Misshapen("no JSON") from error
    if not isinstance(read, dict):
        raise Misshapen("no object")
    return read


def hold_to(document: Document, contexts: Sequence[str], *, most_blank: int = MOST_BLANK) -> None:
    """Exactly these contexts, plain names, and within the limits."""
    if document.get("@context") != list(contexts):
        raise Misshapen("other contexts")
    bare = {name: value for name, value in document.items() if name != "@context"}
    nodes = blank = 0
    waiting: list[tuple[Any, int]] = [(bare, 1)]
    while waiting:
        value, depth = waiting.pop()
        nodes += 1
        if depth > DEEPEST or nodes > MOST_NODES:
            raise Misshapen("too large")
        if isinstance(value, dict):
            blank += _hold_names(value)
            waiting.extend((each, depth + 1) for each in value.values())
        elif isinstance(value, list):
            waiting.extend((each, depth + 1) for each in value)
    if blank > most_blank:
        raise Misshapen("too many objects without an address")


def _hold_names(value: Document) -> bool:
    """Whether the object has no address of its own."""
    for name in value:
        if not _PLAIN.fullmatch(name):
            raise Misshapen("a name that is not plain")
    address = value.get("id")
    if isinstance(address, str) and address.startswith("_:"):
        raise Misshapen("an address for one without")
    return address is None


def _once(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Misshapen("the same name twice")
    return found


def _no_number(word: str) -> Any:
    raise Misshapen(word)
