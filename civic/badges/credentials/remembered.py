"""Signatures that stood once, by the hash of what was signed: a badge that many look at is put into
its canonical form once. The signature itself is checked each time, with the key of that moment."""

import hashlib
import json
from collections import OrderedDict
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from civic.badges.credentials import proof
from civic.badges.credentials.canonical import signed_bytes
from civic.badges.credentials.checker import signed_bytes_apart
from civic.badges.credentials.contexts import Document

KEPT = 500
"""Documents, in each process. Forged ones are not kept: nobody can push the others out with them."""
_lock = Lock()
_kept: OrderedDict[bytes, bytes] = OrderedDict()


def is_signed_by(document: Document, key: Ed25519PublicKey, *, apart: bool = True) -> bool:
    """Of a document that a stranger may have sent it is read in a process apart, unless it was seen to
    be true before. Raises what `checker` and `canonical` raise."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    with _lock:
        known = _kept.get(name)
        if known is not None:
            _kept.move_to_end(name)
    signed = known or (signed_bytes_apart if apart else signed_bytes)(document)
    if not proof.is_signature(document, signed, key):
        return False
    if known is None:
        with _lock:
            _kept[name] = signed
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return True
