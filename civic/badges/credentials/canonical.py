"""From a document to the bytes that a key signs: W3C Data Integrity EdDSA 1.0, 3.2, and RDF Dataset
Canonicalization.

PyLD drops what its contexts do not define without a word, and a signature would not cover it. So
whatever would fall out is refused here, when signing and when checking.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from civic.badges.credentials.contexts import Document, ForeignContext, Loader, SpoiltContext, load

CRYPTOSUITE = "eddsa-rdfc-2022"
PROOF_MEMBERS = {
    "type",
    "cryptosuite",
    "created",
    "verificationMethod",
    "proofPurpose",
    "proofValue",
}
RELATIVE = "relative://relative/"
"""What PyLD puts before an address that has no beginning: so it is known again, and refused. It would
else put one of its own, which no other program knows."""
ADDRESS = re.compile(r"(?!relative:)[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
"""What N-Quads can write between < and >. PyLD drops or garbles what else stands there."""


class UndefinedTerm(Exception):
    """A name or value that means nothing in the document's contexts: a signature would not cover it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Unreadable(Exception):
    """The document is no JSON-LD."""


def signed_bytes(document: Document, load: Loader = load) -> bytes:
    """What the key signs: the hash of the proof's own words, then that of the document."""
    bare = dict(document)
    proof = bare.pop("proof", None)
    if not isinstance(proof, dict) or not is_ours(proof):
        raise Unreadable("no proof of a kind that we read")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = document.get("@context")
    return _hash(options, load) + _hash(bare, load)


def is_ours(proof: Document) -> bool:
    return (
        set(proof) <= PROOF_MEMBERS
        and all(isinstance(value, str) for value in proof.values())
        and proof.get("type") == "DataIntegrityProof"
        and proof.get("cryptosuite") == CRYPTOSUITE
        and proof.get("proofPurpose") == "assertionMethod"
    )


def _hash(document: Document, load: Loader) -> bytes:
    try:
        return hashlib.sha256(_canonical(document, load).encode()).digest()
    except UnicodeEncodeError as error:
        raise Unreadable("half a letter") from error


def _canonical(document: Document, load: Loader) -> str:
    # PyLD's own store of contexts is shared by all loaders and threads.
    options: Any = {
        "documentLoader": load,
        "contextResolver": ContextResolver({}, load),
        "base": RELATIVE,
    }
    try:
        expanded = jsonld.expand(document, options, on_property_dropped=_refuse)
        for name in _loose_ends(expanded):
            raise UndefinedTerm(name)
        canonical: str = jsonld.normalize(
            expanded, options | {"algorithm": "URDNA2015", "format": "application/n-quads"}
        )
    except jsonld.JsonLdError as error:
        raise _of_ours(error) or Unreadable(str(error.type)) from error
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable("no JSON-LD") from error
    return canonical


def _of_ours(error: jsonld.JsonLdError) -> Exception | None:
    """PyLD wraps what the loader says."""
    cause: BaseException | None = error
    while isinstance(cause, jsonld.JsonLdError):
        cause = cause.__cause__
    return cause if isinstance(cause, ForeignContext | SpoiltContext | UndefinedTerm) else None


def _refuse(name: object) -> None:
    raise UndefinedTerm(str(name))


def _loose_ends(expanded: Any, *, is_address: bool = False) -> Iterator[str]:
    """Addresses and types that RDF has no place for: they would fall out without a word, and what
    hangs on them as well."""
    if isinstance(expanded, list):
        for each in expanded:
            yield from _loose_ends(each, is_address=is_address)
    elif isinstance(expanded, dict):
        for name, value in expanded.items():
            if name == "@value":
                continue
            yield from _loose_ends(value, is_address=name in ("@id", "@type"))
    elif is_address and isinstance(expanded, str) and not ADDRESS.fullmatch(expanded):
        yield expanded
