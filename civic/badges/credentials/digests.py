"""SHA-256 as credentials write it: a multihash in multibase base64url (VC Data Model 2.0, 5.3)."""

import base64
import binascii

_SHA256 = b"\x12\x20"
"""The multihash's name of it, and its length."""


def digest(hexadecimal: str) -> str:
    content = _SHA256 + bytes.fromhex(hexadecimal)
    return "u" + base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def hexadecimal(text: object) -> str | None:
    """None for what is no such digest."""
    if not isinstance(text, str) or not text.startswith("u"):
        return None
    try:
        content = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return content[2:].hex() if content[:2] == _SHA256 and len(content) == 34 else None
