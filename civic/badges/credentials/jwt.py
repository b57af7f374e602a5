"""Credentials as compact JWS: the VC-JWT proof format of Open Badges 3.0, 8.2."""

import base64
import binascii
import json
import re
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from civic.badges.credentials import moments
from civic.badges.credentials.contexts import Document
from civic.badges.credentials.shape import Misshapen, parse

ALGORITHM = "RS256"
"""Of those that 8.2.2 allows, what every verifier must take."""
HEADERS = {"alg", "typ", "kid", "jwk"}
"""Others are not allowed (8.2.2)."""
CLAIMS = {"iss", "jti", "nbf", "exp", "sub"}


class _Registry(jws.JWSRegistry):
    """joserfc takes headers of half a kilobyte, which a public key alone fills."""

    max_header_length = 2048


_REGISTRY = _Registry(algorithms=[ALGORITHM])
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


def encode(credential: Document, key: RSAPrivateKey, *, kid: str) -> str:
    """The credential's members are the payload's, beside the claims that repeat them (8.2.3).

    The header brings the public key too, for verifiers that cannot follow a DID; whoever knows the
    issuer takes the key from there alone.
    """
    public = RSAKey.import_key(key.public_key()).as_dict(private=False)
    header = {
        "alg": ALGORITHM,
        "typ": "JWT",
        "kid": kid,
        "jwk": {"kty": public["kty"], "n": public["n"], "e": public["e"]},
    }
    payload = {**credential, **claims(credential)}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text, RSAKey.import_key(key), registry=_REGISTRY)


def check(token: str, public_key: RSAPublicKey) -> Document | None:
    """The credential without the claims; None when the signature or a claim does not fit it. Whether
    its time has come or is over is not asked here."""
    try:
        if kid_of(token) is None:
            return None
        found = jws.deserialize_compact(token, RSAKey.import_key(public_key), registry=_REGISTRY)
        payload = parse(found.payload.decode())
    except (JoseError, ValueError):
        return None
    credential = {name: value for name, value in payload.items() if name not in CLAIMS}
    told = {name: value for name, value in payload.items() if name in CLAIMS}
    try:
        return credential if told == claims(credential) else None
    except (KeyError, TypeError):
        return None


def claims(credential: Document) -> Document:
    """8.2.3, table: `jti` belongs to this format alone; inside a JSON-LD document it is no word of
    every copy of the context."""
    begins = moments.read(credential["validFrom"])
    if begins is None:
        raise TypeError("validFrom")
    found = {
        "iss": _address(credential["issuer"]),
        "jti": credential["id"],
        "nbf": int(begins.timestamp()),
        "sub": _address(credential["credentialSubject"]),
    }
    if "validUntil" in credential:
        ends = moments.read(credential["validUntil"])
        if ends is None:
            raise TypeError("validUntil")
        found["exp"] = int(ends.timestamp())
    return found


def kid_of(token: str) -> str | None:
    """Who says to have signed; None for what is no token of this kind. Each token has one spelling:
    decoders forgive spare bits and letters."""
    if not _COMPACT.fullmatch(token):
        return None
    try:
        header, _, _ = (_decoded(part) for part in token.split("."))
        read = parse(header.decode())
    except (binascii.Error, ValueError):
        return None
    kid = read.get("kid")
    fits = set(read) <= HEADERS and read.get("alg") == ALGORITHM and read.get("typ", "JWT") == "JWT"
    return kid if fits and isinstance(kid, str) else None


def unchecked(token: str) -> Document:
    """The payload of a token whose signature nobody has looked at: only to find out whom to ask."""
    try:
        return parse(_decoded(token.split(".")[1]).decode())
    except (binascii.Error, ValueError, IndexError) as error:
        raise Misshapen("no token") from error


def _decoded(part: str) -> bytes:
    content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(content).decode("ascii").rstrip("=") != part:
        raise ValueError("another spelling")
    return content


def _address(one: Any) -> str:
    address = one if isinstance(one, str) else one["id"]
    if not isinstance(address, str):
        raise TypeError("id")
    return address
