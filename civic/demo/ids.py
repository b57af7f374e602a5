"""Identifiers that come out the same each time."""

from datetime import datetime
from enum import IntEnum
from uuid import UUID


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
    REGISTER_LINE = 21


DEMO_NUMBERS = 1 << 40
"""Where the numbers of the small demonstration begin: above all of the large data, so that both
can stand in one database."""


def made_id(kind: Kind, number: int, at: datetime) -> UUID:
    """Shaped like `kernel.ids.uuid7`, with kind and number where that has chance."""
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | kind << 64 | 0x2 << 62 | number)
