"""Proofs inside a document: cryptosuite `eddsa-rdfc-2022` of W3C Data Integrity EdDSA 1.0, 3.2."""

from datetime import datetime

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from civic.badges.credentials.canonical import (
    CRYPTOSUITE,
    UndefinedTerm,
    Unreadable,
    signed_bytes,
)
from civic.badges.credentials.contexts import Document, ForeignContext
from civic.badges.credentials.moments import written

BASE58 = "z"
"""The multibase letter of base58btc."""


def sign(
    document: Document, key: Ed25519PrivateKey, *, verification_method: str, created: datetime
) -> Document:
    """A copy with the proof in it."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": written(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    signature = key.sign(signed_bytes({**document, "proof": proof}))
    proof["proofValue"] = BASE58 + base58.b58encode(signature).decode("ascii")
    return {**document, "proof": proof}


def check(document: Document, public_key: Ed25519PublicKey) -> bool:
    """Not for what strangers send: this has no limit of work (see `verify`)."""
    try:
        signed = signed_bytes(document)
    except (UndefinedTerm, ForeignContext, Unreadable):
        return False
    return is_signature(document, signed, public_key)


def is_signature(document: Document, signed: bytes, public_key: Ed25519PublicKey) -> bool:
    value = document["proof"].get("proofValue")
    if not isinstance(value, str) or not value.startswith(BASE58):
        return False
    try:
        signature = base58.b58decode(value[1:])
        # One signature has one spelling: decoders forgive spaces.
        if base58.b58encode(signature).decode("ascii") != value[1:]:
            return False
        public_key.verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True
