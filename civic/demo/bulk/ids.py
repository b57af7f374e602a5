"""Identifiers and codes that come out the same each time."""

from datetime import datetime
from enum import IntEnum
from uuid import UUID

from civic.kernel.ids import SHORT_CODE_ALPHABET

CODE_LENGTH = 6


class Kind(IntEnum):
    """A number a table, so that no two tables share an identifier."""

    MUNICIPALITY = 1
    ASSOCIATION = 2
    STANDING = 3
    PERSON = 4
    IN_CITY = 5
    CONTACT = 6
    GRANT = 7
    POLICY = 8
    PROJECT = 9
    SESSION = 10
    ENROLMENT = 11
    BOOKING = 12
    REGISTER = 13
    PASS = 14
    ENTRY = 15
    EXIT = 16
    HOURS = 17
    PROPOSAL = 18
    AWARD = 19
    STAFF = 20


def made_id(kind: Kind, number: int, at: datetime) -> UUID:
    """Shaped like `kernel.ids.uuid7`, with kind and number where that has chance."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | kind << 64 | 0x2 << 62 | number)


def made_code(number: int) -> str:
    """A pass's short code; different numbers give different codes."""
    base = len(SHORT_CODE_ALPHABET)
    # A step without common divisor walks through all codes before it repeats, and not in order.
    number = (number + 1) * 97_396_171 % base**CODE_LENGTH
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, base)
        letters.append(SHORT_CODE_ALPHABET[place])
    return "".join(letters)
