"""Lists of bits that say which credentials were withdrawn: W3C Bitstring Status List 1.0.

Many credentials share a list, so who asks for it does not tell which one was shown to them.
"""

import base64
import binascii
import gzip
import zlib
from enum import StrEnum

SIZE = 131_072
"""The least that the recommendation allows (2.2): a list hides each of its credentials."""
MOST_BYTES = 1_048_576
BASE64URL = "u"
"""The multibase letter of base64url without padding."""


class Purpose(StrEnum):
    REVOCATION = "revocation"
    """For good."""
    SUSPENSION = "suspension"
    """Until further notice."""


class NotAList(ValueError):
    pass


def blank() -> bytes:
    return bytes(SIZE // 8)


def is_set(bits: bytes, index: int) -> bool:
    """Counted from the left: number 0 is the highest bit of the first byte (3.2)."""
    byte, mask = _place(bits, index)
    return bool(bits[byte] & mask)


def with_bit(bits: bytes, index: int, value: bool) -> bytes:
    byte, mask = _place(bits, index)
    changed = bytearray(bits)
    changed[byte] = changed[byte] | mask if value else changed[byte] & ~mask
    return bytes(changed)


def encode(bits: bytes) -> str:
    # Without a time in it, the same bits always give the same text.
    packed = gzip.compress(bits, mtime=0)
    return BASE64URL + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(text: object) -> bytes:
    if not isinstance(text, str) or not text.startswith(BASE64URL):
        raise NotAList("not base64url")
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), b"-_", validate=True)
        bits = unpack.decompress(packed, MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise NotAList("not packed as a list is") from error
    if not unpack.eof or unpack.unused_data or len(bits) * 8 < SIZE:
        raise NotAList("not of the size of a list")
    return bits


def _place(bits: bytes, index: int) -> tuple[int, int]:
    if not 0 <= index < len(bits) * 8:
        raise NotAList("no such place in the list")
    return index // 8, 0x80 >> index % 8
