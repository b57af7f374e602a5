"""The gate and the hours, decided from values alone."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from civic.kernel.i18n import N_
from civic.kernel.ids import SHORT_CODE_ALPHABET

DOORS_OPEN = timedelta(minutes=30)
"""How long before the start people may come in."""
DOORS_CLOSE = timedelta(hours=12)
"""How long after the end somebody can still be let out; hours stop at the end all the same."""
MOST_MINUTES = 24 * 60
NOTICED_AFTER, NOTICED_UNTIL = timedelta(hours=3), timedelta(days=7)
"""How long after its end a session is looked at for people who did not come: phones without
network have sent their scans by then, and a call a week later would only surprise."""
NOTE_LENGTH = 500
TOKEN_BYTES = 16
SHORT_CODE_LENGTH = 6


class Direction(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPEATED = "repeated"
    """An answer only: a repeat of the same scan stores nothing."""


class Reason(StrEnum):
    """Why a scan was refused: a fixed list, each with a sentence in the holder's language."""

    INVALID = "invalid"
    REVOKED = "revoked"
    SESSION_CANCELLED = "session_cancelled"
    NOT_BOOKED = "not_booked"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NO_COVER = "no_cover"
    GUARDIAN_MISSING = "guardian_missing"
    ALREADY_IN = "already_in"
    NOT_IN = "not_in"


REASON_WORDS = {
    Reason.INVALID: N_("We do not know this pass. Look again, or type the code under it."),
    Reason.REVOKED: N_("This pass was replaced by a new one. Ask to see the new one."),
    Reason.SESSION_CANCELLED: N_("This session was cancelled."),
    Reason.NOT_BOOKED: N_("No place in this session. Take one on the project's page first."),
    Reason.TOO_EARLY: N_("Too early: the doors open half an hour before the start."),
    Reason.TOO_LATE: N_("Too late: the session is over."),
    Reason.NO_COVER: N_("Not insured on this day. Add the policy on the insurance page first."),
    Reason.GUARDIAN_MISSING: N_("The guardian's consent is missing. The municipality records it."),
    Reason.ALREADY_IN: N_("Already in: nothing was counted twice."),
    Reason.NOT_IN: N_("Not in yet: scan the entry first."),
}
COUNTED = frozenset({None, Reason.ALREADY_IN, Reason.NOT_IN})
"""Scans that tell when somebody was there: accepted ones, and those that only came in another
order than they happened, because a phone without network sent them late."""


class Presence(StrEnum):
    NOT_YET = "not_yet"
    IN = "in"
    LEFT = "left"


class PassState(StrEnum):
    LIVING = "living"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Mark:
    """A stored scan of one person in one session, as far as hours are concerned."""

    id: UUID
    direction: Direction
    scanned_at: datetime
    reason: Reason | None = None
    """None when it was accepted."""


@dataclass(frozen=True)
class Gate:
    """What is known when a pass is held up."""

    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    is_revoked: bool
    is_booked: bool
    is_guardian_missing: bool
    is_covered: bool


def in_order(marks: Iterable[Mark]) -> list[Mark]:
    """Counted marks as they happened, however they arrived. At one instant the exit is later."""
    counted = {mark.id: mark for mark in marks if mark.reason in COUNTED}
    return sorted(
        counted.values(),
        key=lambda mark: (mark.scanned_at, mark.direction is Direction.EXIT, mark.id),
    )


def presence(marks: Iterable[Mark]) -> Presence:
    ordered = in_order(marks)
    state = Presence.NOT_YET
    for mark in ordered:
        if mark.direction is Direction.ENTRY:
            state = Presence.IN
        elif state is Presence.IN:
            state = Presence.LEFT
    return state


def judge_scan(
    direction: Direction, scanned_at: datetime, gate: Gate, marks: Sequence[Mark]
) -> Reason | None:
    """Why the scan is refused, or None when it is accepted.

    Whoever is in can always leave: only the pass itself and the presence are looked at.
    """
    if gate.is_revoked:
        return Reason.REVOKED
    if direction is Direction.EXIT:
        return _judge_exit(scanned_at, gate, marks)
    return _judge_entry(scanned_at, gate) or (
        Reason.ALREADY_IN if _is_in_at(scanned_at, marks) else None
    )


def _judge_exit(scanned_at: datetime, gate: Gate, marks: Sequence[Mark]) -> Reason | None:
    if scanned_at > gate.ends_at + DOORS_CLOSE:
        return Reason.TOO_LATE
    before = [mark for mark in marks if mark.scanned_at <= scanned_at]
    return None if presence(before) is Presence.IN else Reason.NOT_IN


def _judge_entry(scanned_at: datetime, gate: Gate) -> Reason | None:
    checks = (
        (gate.is_cancelled, Reason.SESSION_CANCELLED),
        (not gate.is_booked, Reason.NOT_BOOKED),
        (scanned_at < gate.starts_at - DOORS_OPEN, Reason.TOO_EARLY),
        (scanned_at > gate.ends_at, Reason.TOO_LATE),
        (gate.is_guardian_missing, Reason.GUARDIAN_MISSING),
        (not gate.is_covered, Reason.NO_COVER),
    )
    return next((reason for is_wrong, reason in checks if is_wrong), None)


def _is_in_at(scanned_at: datetime, marks: Sequence[Mark]) -> bool:
    """In already; or let in a moment later by another device whose scan arrived first."""
    ordered = in_order(marks)
    before = [mark for mark in ordered if mark.scanned_at <= scanned_at]
    after = [mark for mark in ordered if mark.scanned_at > scanned_at]
    return presence(before) is Presence.IN or (
        bool(after) and after[0].direction is Direction.ENTRY
    )


def worked_minutes(
    marks: Iterable[Mark], correction: int | None, starts_at: datetime, ends_at: datetime
) -> int | None:
    """Minutes between entries and exits, as far as they lie within the session; None while
    nobody has been seen to leave. A correction (the latest) stands above what was scanned."""
    if correction is not None:
        return correction
    worked, came_at, has_left = timedelta(), None, False
    for mark in in_order(marks):
        if mark.direction is Direction.ENTRY:
            came_at = came_at or mark.scanned_at
        elif came_at is not None:
            stayed = min(mark.scanned_at, ends_at) - max(came_at, starts_at)
            worked += max(stayed, timedelta())
            came_at, has_left = None, True
    return int(worked / timedelta(minutes=1)) if has_left else None


def pass_token(digest: bytes) -> str:
    """128 bits in the letters that make the smallest QR code."""
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip("=")


def read_code(typed: str) -> str:
    """What somebody typed or a camera read, as letters and digits only: at most a token's length."""
    kept = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return kept[:64]


def is_short_code(code: str) -> bool:
    return len(code) == SHORT_CODE_LENGTH and all(letter in SHORT_CODE_ALPHABET for letter in code)


def spaced(short_code: str) -> str:
    """ABC DEF: easier to read aloud."""
    return f"{short_code[:3]} {short_code[3:]}"
