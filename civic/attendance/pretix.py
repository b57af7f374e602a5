"""What pretix's scanner apps call things, and what these are here: an organizer is an association, an
event a project, a check-in list a session, a ticket's secret the code of a pass."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from civic.attendance.forms import LONGEST_CODE
from civic.attendance.rules import Direction, Reason
from civic.attendance.sent_scans import read_moment

REASONS = {
    Reason.INVALID: "invalid",
    Reason.REVOKED: "revoked",
    Reason.CANCELLED: "canceled",
    Reason.NOT_BOOKED: "product",
    Reason.NOT_APPROVED: "unapproved",
    Reason.WRONG_SESSION: "product",
    Reason.TOO_EARLY: "invalid_time",
    Reason.TOO_LATE: "invalid_time",
    Reason.NOT_INSURED: "blocked",
    Reason.GUARDIAN_MISSING: "blocked",
    Reason.OVERLAP: "rules",
    Reason.ALREADY_IN: "already_redeemed",
    Reason.ALREADY_OUT: "rules",
    Reason.ERROR: "error",
}
AMBIGUOUS = "ambiguous"
DIRECTIONS = {"entry": Direction.ENTRY, "exit": Direction.EXIT}
BARCODE = "barcode"
NUMBER_BITS = 52
"""As whole numbers stay exact in every JSON reader."""
LONGEST_NONCE = 200
MOST_LISTS = 100
LEAST_LETTERS = 3
"""Of a search: fewer would read the list out."""
MOST_FOUND = 50


@dataclass(frozen=True)
class Redeem:
    secret: str
    lists: tuple[int, ...]
    direction: Direction
    is_barcode: bool
    at: datetime | None
    """None when it happens now."""
    is_forced: bool
    """It happened without network, and counts."""
    nonce: str | None


@dataclass(frozen=True)
class Annul:
    nonce: str


class Misread(ValueError):
    """Which field cannot be understood."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def number_of(thing_id: UUID) -> int:
    """A whole number for an id, where apps expect one. It follows from the id alone, so no table
    keeps it and it never changes; two of a city's sessions share one once in many lifetimes."""
    return int.from_bytes(hashlib.sha256(thing_id.bytes).digest()[:7]) % (1 << NUMBER_BITS)


def scan_id_of(device_id: UUID, nonce: str) -> UUID:
    """The same call again is the same scan: its id follows from the device and its nonce."""
    return uuid5(device_id, nonce)


def read_redeem(body: Any) -> Redeem:
    given = body if isinstance(body, Mapping) else {}
    secret = given.get("secret")
    if not isinstance(secret, str) or not secret or len(secret) > LONGEST_CODE:
        raise Misread("secret")
    direction = given.get("type", "entry")
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise Misread("type")
    return Redeem(
        secret,
        _lists(given.get("lists")),
        DIRECTIONS[direction],
        given.get("source_type") in (None, BARCODE),
        _moment(given.get("datetime")),
        given.get("force") is True,
        _nonce(given["nonce"]) if given.get("nonce") is not None else None,
    )


def read_annul(body: Any) -> Annul:
    given = body if isinstance(body, Mapping) else {}
    return Annul(_nonce(given.get("nonce")))


def _lists(value: Any) -> tuple[int, ...]:
    is_list = isinstance(value, list) and 0 < len(value) <= MOST_LISTS
    if not is_list or not all(type(each) is int for each in value):
        raise Misread("lists")
    return tuple(value)


def _nonce(value: Any) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_NONCE:
        raise Misread("nonce")
    # What is no letter in any script (half of a pair) has no bytes to hash.
    return value.encode("utf-8", "replace").decode()


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return read_moment(value)
    except ValueError:
        raise Misread("datetime") from None
