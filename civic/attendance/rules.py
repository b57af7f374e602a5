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
QUESTION_LENGTH, ANSWER_LENGTH = 500, 300
"""Of somebody who says that their hours are wrong, and of who answers: an answer with other hours
is the reason of a correction too."""
QUESTION_CARRIED_AFTER = timedelta(days=5)
"""A question that the association left unanswered for so long goes to the municipality as well."""
TOKEN_BYTES = 16
SHORT_CODE_LENGTH = 6


class Direction(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"
    BREAK = "break"
    """Out for a while. Coming back is an entry; who does not come back has left."""


class Method(StrEnum):
    """How somebody was found to be there."""

    QR = "qr"
    """A camera read the code of their pass."""
    CODE = "code"
    """The short code, typed or spoken."""
    ROSTER = "roster"
    """Their name was tapped."""
    OWN = "own"
    """They scanned the code that changes, shown at the place."""
    OTHER = "other"
    """Software of others, through the interface."""


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPEATED = "repeated"
    """An answer only: a repeat of the same scan stores nothing."""


class Shown(StrEnum):
    """What a device without network told the people before it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNMATCHED = "unmatched"
    """The pass was not on its roster: kept, to be matched."""


class Flag(StrEnum):
    """What should be known of a scan that stands."""

    CLOCK_OFF = "clock_off"
    """The device's clock differed by more than ten minutes."""
    CLAMPED = "clamped"
    """It lay in the future and counts as of its arrival."""
    FORCED = "forced"
    """They were let in without network, and would have been refused."""
    LATE = "late"
    """Sent after the fact."""
    DUPLICATE = "duplicate"
    """Another device had let them in or out already."""


class Reason(StrEnum):
    """Why a scan is refused, or would have been: a fixed list, each with a sentence."""

    INVALID = "invalid"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    NOT_BOOKED = "not_booked"
    NOT_APPROVED = "not_approved"
    WRONG_SESSION = "wrong_session"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOT_INSURED = "not_insured"
    GUARDIAN_MISSING = "guardian_missing"
    OVERLAP = "overlap"
    ALREADY_IN = "already_in"
    ALREADY_OUT = "already_out"
    ERROR = "error"


REASON_WORDS = {
    Reason.INVALID: N_("We do not know this pass. Look again, or type the code under it."),
    Reason.REVOKED: N_("This pass was replaced by a new one. Ask to see the new one."),
    Reason.CANCELLED: N_("This session was cancelled."),
    Reason.NOT_BOOKED: N_("No place in this session. Take one on the project's page first."),
    Reason.NOT_APPROVED: N_("They asked to join and nobody has answered. Say yes to them first."),
    Reason.WRONG_SESSION: N_("Their place today is in another session. Look at the list."),
    Reason.TOO_EARLY: N_("Too early: the doors open half an hour before the start."),
    Reason.TOO_LATE: N_("Too late: the session is over."),
    Reason.NOT_INSURED: N_("Not insured on this day. Add the policy on the insurance page first."),
    Reason.GUARDIAN_MISSING: N_("The guardian's consent is missing. The municipality records it."),
    Reason.OVERLAP: N_("They are still in at another session. Let them out there first."),
    Reason.ALREADY_IN: N_("Already in: nothing was counted twice."),
    Reason.ALREADY_OUT: N_("Not in: scan the entry first."),
    Reason.ERROR: N_("Not stored. Try again."),
}
"""For whoever stands at the gate."""
HOLDER_WORDS = {
    Reason.INVALID: N_("Open your pass again, or say the code under it."),
    Reason.REVOKED: N_("You have a newer pass. Open the page My pass and show that one."),
    Reason.CANCELLED: N_("This session was cancelled. You can choose another day."),
    Reason.NOT_BOOKED: N_("You have no place yet. Take one on the project's page."),
    Reason.NOT_APPROVED: N_("The association has not said yes yet. Ask the person at the gate."),
    Reason.WRONG_SESSION: N_("Your place today is in another session. Look at My page."),
    Reason.TOO_EARLY: N_("You are early. The gate opens half an hour before the start."),
    Reason.TOO_LATE: N_("This session is over. You can choose another day."),
    Reason.NOT_INSURED: N_("Your insurance is missing today. The association must see to it."),
    Reason.GUARDIAN_MISSING: N_("Your guardian must agree first. The municipality helps you."),
    Reason.OVERLAP: N_("You are still checked in somewhere else. Check out there first."),
    Reason.ALREADY_IN: N_("You are already in. All is well."),
    Reason.ALREADY_OUT: N_("You are not checked in. Check in first."),
    Reason.ERROR: N_("Something went wrong. Please show your pass again."),
}
"""For the person, in their language: the nearest thing that can be mended."""
ONLY_OUT_OF_ORDER = frozenset({Reason.ALREADY_IN, Reason.ALREADY_OUT})
"""Such scans tell when somebody was there all the same: a phone without network sent them late,
or two devices met the same person."""
BY_HAND_AT_ONCE = timedelta(minutes=15)
"""How long a scan can be undone on the device that made it; afterwards hours are corrected."""
IS_LATE_AFTER = timedelta(minutes=2)


class Decision(StrEnum):
    """What was decided of a scan afterwards."""

    UNDONE = "undone"
    """On the device that made it, within minutes: a slip of the finger."""
    SET_ASIDE = "set_aside"
    """By the association, after a look: it counts no more."""
    KEPT = "kept"
    """By the association, after a look: it counts as it is."""


DISCOUNTED = (Decision.UNDONE, Decision.SET_ASIDE)


class CorrectionKind(StrEnum):
    BY_HAND = "by_hand"
    FORGOTTEN_EXIT = "forgotten_exit"
    """Proposed by the system for somebody who was never seen to leave."""


class CorrectionState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Cause(StrEnum):
    """What changed somebody's hours."""

    SCAN = "scan"
    UNDO = "undo"
    DECISION = "decision"
    CORRECTION = "correction"
    FORGOTTEN_EXIT = "forgotten_exit"
    REBUILD = "rebuild"
    """Recomputed from the events by an administrator."""


class Presence(StrEnum):
    NOT_YET = "not_yet"
    IN = "in"
    BREAK = "break"
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
    """None when nothing spoke against it."""
    is_forced: bool = False
    """It happened, whatever spoke against it."""

    @property
    def counts(self) -> bool:
        """Whether it tells when somebody was there."""
        return self.is_forced or self.reason is None or self.reason in ONLY_OUT_OF_ORDER


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
    awaits_approval: bool = False
    is_expected_elsewhere: bool = False
    """They have a place in another session of that day."""
    is_in_elsewhere: bool = False
    """They came in at another session and have not left it."""


def in_order(marks: Iterable[Mark]) -> list[Mark]:
    """Counted marks as they happened, however they arrived. At one instant the exit is later."""
    counted = {mark.id: mark for mark in marks if mark.counts}
    return sorted(
        counted.values(),
        key=lambda mark: (mark.scanned_at, mark.direction is not Direction.ENTRY, mark.id),
    )


def presence(marks: Iterable[Mark]) -> Presence:
    state = Presence.NOT_YET
    for mark in in_order(marks):
        if mark.direction is Direction.ENTRY:
            state = Presence.IN
        elif mark.direction is Direction.BREAK:
            state = Presence.BREAK if state is Presence.IN else state
        elif state is not Presence.NOT_YET:
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
    if direction is not Direction.ENTRY:
        return _judge_leaving(direction, scanned_at, gate, marks)
    return _judge_entry(scanned_at, gate) or (
        Reason.ALREADY_IN if _is_in_at(scanned_at, marks) else None
    )


def _judge_leaving(
    direction: Direction, scanned_at: datetime, gate: Gate, marks: Sequence[Mark]
) -> Reason | None:
    if scanned_at > gate.ends_at + DOORS_CLOSE:
        return Reason.TOO_LATE
    here = presence(mark for mark in marks if mark.scanned_at <= scanned_at)
    can_leave = here is Presence.IN or (here is Presence.BREAK and direction is Direction.EXIT)
    return None if can_leave else Reason.ALREADY_OUT


def _judge_entry(scanned_at: datetime, gate: Gate) -> Reason | None:
    """The nearest that can be mended comes first: a place before a policy."""
    checks = (
        (gate.is_cancelled, Reason.CANCELLED),
        (not gate.is_booked and gate.awaits_approval, Reason.NOT_APPROVED),
        (not gate.is_booked and gate.is_expected_elsewhere, Reason.WRONG_SESSION),
        (not gate.is_booked, Reason.NOT_BOOKED),
        (scanned_at < gate.starts_at - DOORS_OPEN, Reason.TOO_EARLY),
        (scanned_at > gate.ends_at, Reason.TOO_LATE),
        (gate.is_guardian_missing, Reason.GUARDIAN_MISSING),
        (not gate.is_covered, Reason.NOT_INSURED),
        (gate.is_in_elsewhere, Reason.OVERLAP),
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


@dataclass(frozen=True)
class Verdict:
    """What becomes of a scan."""

    outcome: Outcome
    reason: Reason | None
    flags: tuple[Flag, ...] = ()
    to_look_at: bool = False
    """Somebody of the association should see it."""

    @property
    def is_forced(self) -> bool:
        return Flag.FORCED in self.flags


def verdict(reason: Reason | None, shown: Shown | None, clock: Sequence[Flag]) -> Verdict:
    """A scan that a device let through stands, whatever spoke against it; one that it could not
    match, or refused, is judged now and kept to be looked at where the two disagree."""
    flags = tuple(clock)
    look = Flag.CLOCK_OFF in flags or Flag.CLAMPED in flags
    if shown is not Shown.ACCEPTED:
        disagrees = reason is None if shown is Shown.REFUSED else reason is not None
        outcome = Outcome.REFUSED if reason else Outcome.ACCEPTED
        return Verdict(outcome, reason, flags, look or (shown is not None and disagrees))
    if reason is Reason.INVALID:
        return Verdict(Outcome.REFUSED, reason, flags, to_look_at=True)
    if reason in ONLY_OUT_OF_ORDER:
        return Verdict(Outcome.ACCEPTED, reason, (*flags, Flag.DUPLICATE), look)
    if reason is not None:
        return Verdict(Outcome.ACCEPTED, reason, (*flags, Flag.FORCED), to_look_at=True)
    return Verdict(Outcome.ACCEPTED, None, flags, look)


def pass_token(digest: bytes) -> str:
    """128 bits in the letters that make the smallest QR code."""
    return base64.b32encode(digest[:TOKEN_BYTES]).decode().rstrip("=")


def read_code(typed: str) -> str:
    """What somebody typed or a camera read, as letters and digits only: at most a token's length."""
    if typed.isascii() and typed.isalnum():
        return typed.upper()[:64]  # as a camera reads it; at the gate hundreds are read at once
    kept = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    return kept[:64]


def is_short_code(code: str) -> bool:
    return len(code) == SHORT_CODE_LENGTH and all(letter in SHORT_CODE_ALPHABET for letter in code)


def spaced(short_code: str) -> str:
    """ABC DEF: easier to read aloud."""
    return f"{short_code[:3]} {short_code[3:]}"
