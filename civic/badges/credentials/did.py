"""What an issuer publishes so that others find its keys: DID Core 1.0, and Controlled Identifiers 1.0
for the two ways to write a key."""

import base64
from collections.abc import Sequence

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.jwk import RSAKey

from civic.badges.credentials.contexts import Document
from civic.badges.credentials.keys import PublicGeneration

PublicKey = Ed25519PublicKey | RSAPublicKey
CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]
_ED25519_PUBLIC = b"\xed\x01"
"""The multicodec of an Ed25519 public key."""


def did_document(did: str, publics: Sequence[PublicGeneration]) -> Document:
    """Retired keys stay, since what they signed is still true. A key that somebody else may hold is
    gone altogether: some verifiers look no further than whether it is there."""
    methods: list[Document] = []
    for each in publics:
        if each.compromised_at:
            continue
        methods.append(
            {
                "id": did + each.kid,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey(each.ed25519),
            }
        )
        methods.append(
            {
                "id": did + each.rsa_kid,
                "type": "JsonWebKey",
                "controller": did,
                "publicKeyJwk": jwk(each.rsa),
            }
        )
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def find_key(publics: Sequence[PublicGeneration], fragment: str) -> PublicKey | None:
    """The key that `#k1` or `#k1-rsa` names, unless somebody else may hold it."""
    for each in publics:
        if each.compromised_at is None and fragment in (each.kid, each.rsa_kid):
            return each.ed25519 if fragment == each.kid else each.rsa
    return None


def ed25519_keys(document: Document) -> dict[str, str]:
    """By fragment, as browsers take them: raw, in base64url."""
    return {
        method["id"].rpartition("#")[2]: _raw(method["publicKeyMultibase"])
        for method in document["verificationMethod"]
        if method["type"] == "Multikey"
    }


def _raw(written: str) -> str:
    key = base58.b58decode(written[1:])[len(_ED25519_PUBLIC) :]
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")


def multikey(key: Ed25519PublicKey) -> str:
    return "z" + base58.b58encode(_ED25519_PUBLIC + key.public_bytes_raw()).decode("ascii")


def jwk(key: RSAPublicKey) -> Document:
    public = RSAKey.import_key(key).as_dict(private=False)
    return {"kty": public["kty"], "n": public["n"], "e": public["e"]}
