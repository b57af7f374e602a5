"""The code shown at the place: what it says, how long it holds, and the claim that scanning it gives.

Nobody stores it. Whoever holds the key can tell from the code alone which session and gate it was
shown for and when; it says nothing of any person.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from civic.attendance.rules import Direction, Outcome, Reason
from civic.kernel.ids import uuid7
from civic.kernel.keys import Keys

STEP = timedelta(seconds=30)
HOLDS_FOR = timedelta(seconds=90)
"""From the moment at which a code is first shown."""
CLAIM_LIFE = timedelta(minutes=30)
"""Signing in may take so long; it counts as of the scan all the same."""
GATE_LENGTH = 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ID_BYTES, STEP_BYTES, SEAL_BYTES = 16, 3, 8
HEAD_BYTES = ID_BYTES + STEP_BYTES + SEAL_BYTES
MOST_LETTERS = 512
STEPS = 1 << 8 * STEP_BYTES
"""After sixteen years their numbers begin again."""


class NotTaken(StrEnum):
    """Why a code gives no claim."""

    OLD = "old"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PlaceCode:
    session_id: UUID
    gate: str
    step: int

    @property
    def begins_at(self) -> datetime:
        return EPOCH + self.step * STEP

    def holds_at(self, now: datetime) -> bool:
        """A moment before it begins too: clocks of two servers are never quite the same."""
        return self.begins_at - STEP <= now < self.begins_at + HOLDS_FOR


def code_at(session_id: UUID, gate: str, now: datetime) -> PlaceCode:
    return PlaceCode(session_id, gate, (now - EPOCH) // STEP)


def token_of(keys: Keys, code: PlaceCode) -> str:
    """In capitals and digits alone, which make the smallest picture."""
    step = (code.step % STEPS).to_bytes(STEP_BYTES)
    packed = code.session_id.bytes + step + _seal(keys, code) + code.gate.encode()
    return base64.b32encode(packed).decode().rstrip("=")


def code_of(keys: Keys, token: str, now: datetime) -> PlaceCode | NotTaken:
    """What a token says, if it is ours and holds at this moment."""
    packed = _unpacked(token)
    try:
        gate = packed[HEAD_BYTES:].decode()
    except UnicodeDecodeError:
        return NotTaken.UNKNOWN
    if len(packed) < HEAD_BYTES:
        return NotTaken.UNKNOWN
    sent = int.from_bytes(packed[ID_BYTES : ID_BYTES + STEP_BYTES])
    code = PlaceCode(UUID(bytes=packed[:ID_BYTES]), gate, _nearest(sent, (now - EPOCH) // STEP))
    seal = packed[ID_BYTES + STEP_BYTES : HEAD_BYTES]
    if not hmac.compare_digest(seal, _seal(keys, code)):
        return NotTaken.UNKNOWN
    return code if code.holds_at(now) else NotTaken.OLD


def _seal(keys: Keys, code: PlaceCode) -> bytes:
    text = f"{code.session_id.hex} {code.step % STEPS} {code.gate}"
    return keys.digest("place code", text)[:SEAL_BYTES]


def _unpacked(token: str) -> bytes:
    letters = token.upper()
    if len(letters) > MOST_LETTERS:
        return b""
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):
        return b""


def _nearest(sent: int, now: int) -> int:
    """The step of that number which lies nearest to the present one."""
    half = STEPS // 2
    return now + (sent - now + half) % STEPS - half


@dataclass(frozen=True)
class Told:
    """What the page answered last, to be shown until somebody goes on."""

    scan_id: UUID
    name: str
    direction: Direction
    outcome: Outcome | None
    reason: Reason | None


@dataclass(frozen=True)
class Claim:
    """That this browser was at the place at that instant. Each person who signs in to it there and
    then has one scan of it."""

    id: UUID
    session_id: UUID
    gate: str
    at: datetime
    is_shared: bool = False
    """The phone is not theirs: whoever checked in is signed out again."""
    told: Told | None = None

    @classmethod
    def begun(cls, code: PlaceCode, now: datetime) -> Self:
        return cls(uuid7(now), code.session_id, code.gate, now)

    def scan_id(self, keys: Keys, person_id: UUID) -> UUID:
        """The same for the same person however often they tap, so that it counts once."""
        chance = keys.digest("own scan", f"{self.id.hex} {person_id.hex}")
        kept = self.id.int & ~((1 << 62) - 1)  # the time, the version, and what tells claims apart
        return UUID(int=kept | int.from_bytes(chance[:8]) & ((1 << 62) - 1))

    def answered(self, told: Told) -> Self:
        return replace(self, told=told)

    def shared(self) -> Self:
        return replace(self, is_shared=True, told=None)

    def as_values(self) -> dict[str, Any]:
        """For the signed cookie."""
        told = self.told
        return {
            "id": self.id.hex,
            "session": self.session_id.hex,
            "gate": self.gate,
            "at": self.at.isoformat(),
            "shared": self.is_shared,
            "told": told
            and [told.scan_id.hex, told.name, told.direction, told.outcome, told.reason],
        }

    @classmethod
    def of(cls, values: Any, now: datetime) -> Self | None:
        """As the cookie kept it; None when there is none or its time is over."""
        if not values:
            return None
        at = datetime.fromisoformat(values["at"])
        if not at <= now < at + CLAIM_LIFE:
            return None
        told = values["told"] and _told(*values["told"])
        return cls(
            UUID(values["id"]),
            UUID(values["session"]),
            values["gate"],
            at,
            values["shared"],
            told,
        )


def _told(scan_id: str, name: str, direction: str, outcome: str | None, reason: str | None) -> Told:
    return Told(
        UUID(scan_id),
        name,
        Direction(direction),
        Outcome(outcome) if outcome else None,
        Reason(reason) if reason else None,
    )
