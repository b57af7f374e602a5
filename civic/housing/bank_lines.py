"""What a bank's file comes down to, whatever its format: lines, each known again when it returns.

Names and words of people stay out of every `repr`, so that no log or error page shows them.
"""

import hashlib
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from civic.housing.bank_errors import BankFileTooLong
from civic.kernel.i18n import N_

MOST_LINES = 20_000
LARGEST_LINE_CENTS = 2_000_000_000
"""Twenty million euro: more is no rent, and would not fit the column."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
WORDS, NAME, REFERENCE = 500, 140, 140
NO_REFERENCE = {"NONREF", "NOTPROVIDED", "NOT PROVIDED", "N/A", "NA", "-"}
"""What banks write where they have none."""


class Reason(StrEnum):
    """Why one line is left out while the others stay."""

    CURRENCY = "currency"
    DAY = "day"
    AMOUNT = "amount"
    NOTHING = "nothing"
    DIRECTION = "direction"
    BALANCE = "balance"
    REPEATED = "repeated"


REASON_WORDS = {
    Reason.CURRENCY: N_("not in euro"),
    Reason.DAY: N_("no day that we can read"),
    Reason.AMOUNT: N_("no amount that we can read"),
    Reason.NOTHING: N_("no money was moved"),
    Reason.DIRECTION: N_("it does not say whether money came or went"),
    Reason.BALANCE: N_("a balance, not a payment"),
    Reason.REPEATED: N_("the same payment stands in this file twice, and counts once"),
}


class Refused(NamedTuple):
    number: int
    """The line of a CSV file; in XML, whose lines say nothing, the place of the entry, from 1."""
    reason: Reason


@dataclass(frozen=True)
class BankLine:
    booked_on: date
    amount_cents: int
    """What came is positive, what went is negative."""
    currency: str
    reference: str
    """The bank's own; empty if it gives none."""
    words: str = field(repr=False)
    name: str = field(repr=False)
    """Of the other side."""
    account: str = field(repr=False)
    identity: str
    """The same for the same payment whenever it is read: see `Gathering.keep`."""
    is_reversal: bool = False
    """It takes an earlier payment back."""
    is_repeat: bool = False
    """An equal line stands before it, and the bank gives no reference to tell them apart: two
    payments, or one written twice. Somebody has to look."""


@dataclass(frozen=True)
class BankFile:
    lines: tuple[BankLine, ...]
    account: str = field(repr=False)
    """Of the first statement; empty if the file names none."""
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class Found:
    """A line as a format's reader understood it."""

    number: int
    booked_on: date
    amount_cents: int
    reference: str = ""
    words: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    is_reversal: bool = False


class Gathering:
    """Lines kept and refused, in the order of the file. BankFileTooLong past MOST_LINES."""

    def __init__(self) -> None:
        self._lines: list[BankLine] = []
        self._refused: list[Refused] = []
        self._times: Counter[str] = Counter()

    def keep(self, found: Found) -> None:
        """Keep a line, unless its money cannot be or the bank's reference was there already.

        Its identity is a hash of account, day, amount and the bank's reference; the same one
        twice is one payment. Without a reference, words and name stand in for it, with the place
        among equal lines: two equal payments of a file stay two, and the same file read again
        gives the same two.
        """
        unfit = _unfit(found)
        if unfit:
            self.refuse(found.number, unfit)
            return
        reference, words, name = plain(found.reference), plain(found.words), plain(found.name)
        if reference.upper() in NO_REFERENCE:
            reference = ""
        said = [reference] if reference else ["", words.casefold(), name.casefold()]
        day, account = found.booked_on.isoformat(), plain(found.account)
        about = [account, day, str(found.amount_cents), *said]
        key = "\x1f".join(about)
        before = self._times[key]
        if reference and before:
            self.refuse(found.number, Reason.REPEATED)
            return
        self._times[key] += 1
        counted = key if reference else f"{key}\x1f{before + 1}"
        self._lines.append(
            BankLine(
                booked_on=found.booked_on,
                amount_cents=found.amount_cents,
                currency="EUR",
                reference=reference[:REFERENCE],
                words=words[:WORDS],
                name=name[:NAME],
                account=account,
                identity=hashlib.sha256(counted.encode()).hexdigest(),
                is_reversal=found.is_reversal,
                is_repeat=before > 0,
            )
        )
        self._bound()

    def refuse(self, number: int, reason: Reason) -> None:
        self._refused.append(Refused(number, reason))
        self._bound()

    def file(self, account: str) -> BankFile:
        return BankFile(tuple(self._lines), plain(account), tuple(self._refused))

    def _bound(self) -> None:
        if len(self._lines) + len(self._refused) > MOST_LINES:
            raise BankFileTooLong(most=MOST_LINES)


def _unfit(found: Found) -> Reason | None:
    if found.amount_cents == 0:
        return Reason.NOTHING
    if abs(found.amount_cents) > LARGEST_LINE_CENTS:
        return Reason.AMOUNT
    return None if FIRST_YEAR <= found.booked_on.year <= LAST_YEAR else Reason.DAY


def plain(text: str) -> str:
    """One line without control and direction letters, whatever a payer has put into it."""
    kept = (letter if _stays(letter) else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join("".join(kept).split())


def _stays(letter: str) -> bool:
    # The two joiners belong to Persian, Bengali and Sinhala spelling.
    return letter in "\u200c\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
