import secrets
from datetime import datetime
from uuid import UUID

SHORT_CODE_ALPHABET = "23479ACDEFHJKMNPRTVWXY"
"""No letters or digits that look alike: of 0OQ, 1IL, B8, S5, G6, UV, Z2 at most one is in."""


def uuid7(now: datetime) -> UUID:
    """A time-ordered identifier, RFC 9562 section 5.7: 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def short_code(length: int = 6) -> str:
    """A code a person can read aloud over a bad line."""
    return "".join(secrets.choice(SHORT_CODE_ALPHABET) for _ in range(length))
