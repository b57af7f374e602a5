"""Passwords of staff: argon2id, 19 MiB and two passes: 40 ms, which small machines bear."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
SHORTEST, LONGEST = 10, 200
NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$czfINFr7pKssoIFlCH5lhQ$IdKeJr5FOoJIEzidQRP5nwA4VwoFpeiB0TpAmRfVoOo"
)
"""Tried for names that nobody has, so that the answer takes as long as for any other."""


def hash_password(password: str) -> str:
    return HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Takes the same time with and without a hash; never true without one."""
    try:
        HASHER.verify(password_hash or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)
