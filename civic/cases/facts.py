"""By which facts a person is found again: two that both fit exactly, and names that sound alike.

What stands in the database are keyed hashes of *pairs* of facts, never of one alone: neither how
often a name occurs nor who shares a birthday can be read off it.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any
from unicodedata import category, normalize

from anyascii import anyascii

from civic.accounts.rules import plain_digits

FACTS = ("given", "family", "born_on", "born_in", "phone", "fiscal_code", "permit")
"""Of a person: names, a birthday or its year, a number to call, numbers on papers."""
NEVER_TOGETHER = frozenset({("born_on", "born_in")})
"""One follows from the other, so that both are one fact."""
PARTICLES = frozenset({"al", "el", "ben", "bin", "ibn", "ould", "abu", "abd", "de", "di", "da"})
SOUNDS = (
    (r"kh", "h"),
    (r"gh|q|ck|c(?=[aou])", "k"),
    (r"ph", "f"),
    (r"dzh|[dt]j|gi|j|zh", "g"),
    (r"sch|sh|ch|sc(?=[ei])", "s"),
    (r"th", "t"),
    (r"dh", "d"),
    (r"ou|oo|w|u|o", "u"),
    (r"[iey]+", "i"),
    (r"[vw]", "v"),
    (r"z", "s"),
    (r"h", ""),
)
"""What transliterations disagree on: Cheikh and Sheikh, Yousef and Youssouf, Khadija and Hadija."""


def plain_name(text: str) -> str:
    """A name as it is compared: Latin letters, small, one space; “Amadou DIALLO ” and “amadou
    diallo” are one."""
    latin = anyascii(normalize("NFKC", text)).casefold()
    letters = (letter if letter.isalnum() else " " for letter in latin)
    return " ".join("".join(letters).split())


def sound(word: str) -> str:
    """A word's skeleton of consonants, written in one way: `muhammad` and `mohamed` have the same."""
    heard = word
    for pattern, into in SOUNDS:
        heard = re.sub(pattern, into, heard)
    return re.sub(r"(.)\1+", r"\1", heard[:1] + re.sub(r"[aiu]", "", heard[1:]))


def plain_facts(identity: Mapping[str, Any]) -> dict[str, set[str]]:
    """What each kind of fact can be called by: a name of two words by the whole and by each word."""
    found: dict[str, set[str]] = {}
    for kind in ("given", "family"):
        whole = plain_name(str(identity.get(kind) or ""))
        if whole:
            # Which of two names is the family's is often unknown: either may be asked for as either.
            for other in ("given", "family"):
                found.setdefault(other, set()).update({whole, *_words(whole)})
    called = plain_name(str(identity.get("called") or ""))
    if called:
        found.setdefault("given", set()).add(called)
    born = str(identity.get("born") or "")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", born):
        found["born_on"] = {born}
    if re.match(r"\d{4}", born):
        found["born_in"] = {born[:4]}
    phone = "".join(
        letter for letter in plain_digits(str(identity.get("phone") or "")) if letter.isdigit()
    )
    if len(phone) >= 6:
        found["phone"] = {phone[-9:]}
    for kind in ("fiscal_code", "permit"):
        text = "".join(
            letter for letter in str(identity.get(kind) or "").upper() if _is_sign(letter)
        )
        if text:
            found[kind] = {text}
    return found


def _words(whole: str) -> set[str]:
    return {word for word in whole.split() if len(word) > 1 and word not in PARTICLES}


def _is_sign(letter: str) -> bool:
    return category(letter)[0] in "LN"


def pairs(facts: Mapping[str, set[str]]) -> Iterator[str]:
    """Every two facts of different kinds, written in one way, to be hashed."""
    for one, other in combinations(FACTS, 2):
        if (one, other) in NEVER_TOGETHER:
            continue
        for left, right in product(sorted(facts.get(one, ())), sorted(facts.get(other, ()))):
            if left != right or {one, other} != {"given", "family"}:
                yield f"pair\x00{one}\x00{left}\x00{other}\x00{right}"


def blocks(identity: Mapping[str, Any]) -> set[str]:
    """Under what people who may be one are looked for: how any of their names sounds."""
    names = " ".join(str(identity.get(kind) or "") for kind in ("given", "family", "called"))
    return {f"block\x00{sound(word)}" for word in _words(plain_name(names)) if sound(word)}
