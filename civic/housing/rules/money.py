"""Amounts in euro as people and banks write them, read into whole cents."""

import re
import unicodedata

from civic.housing.support_errors import (
    AmountEmpty,
    AmountNegative,
    AmountTooFine,
    AmountTooLarge,
    AmountUnreadable,
)

MOST_CENTS = 100_000_000
"""One million euro: no rent, deposit or ceiling of a city is larger; a slip of the hand is."""
LONGEST = 60
CURRENCY = re.compile(r"(?<![^+-])(?:€|euros?|eur) ?| ?(?:€|euros?|eur)$")
"""Before the number or after it, never in its middle."""
MINUSES = str.maketrans(dict.fromkeys("−–‐‑‒﹣－", "-") | {"＋": "+"})
SPACED = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
"""A space or a Swiss apostrophe between groups of three."""
BEHIND_SIGN = re.compile(r"(?<=^[+-]) ")
SHAPE = re.compile(r"([+-]?)([.,]?\d[\d.,]*)")
GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")


def read_cents(typed: str) -> int:
    """What somebody typed as an amount, in cents; nothing (`0`) is an amount too.

    Italian and English manners both: `350`, `350,50`, `1.250,00`, `1,250.00`, `1 250,00`, with or
    without a sign for euro, in the digits of any script. Three digits after a single dot are
    thousands (`1.250`), unless that cannot be meant: after a zero (`0.123`). Three digits after a
    single comma (`60,005`) are far more likely cents with a finger too many than sixty thousand.
    Those are refused rather than guessed.

    AmountEmpty, AmountUnreadable, AmountNegative, AmountTooFine, AmountTooLarge.
    """
    cents, is_negative = _read(typed)
    if is_negative:
        raise AmountNegative
    if cents > MOST_CENTS:
        raise AmountTooLarge
    return cents


def read_signed_cents(written: str) -> int:
    """As `read_cents`, for a bank's column: with a minus before, after, or brackets around it.

    There is no largest amount here; whoever reads a file sets its own.
    """
    text = written.strip()
    if text.startswith("(") and text.endswith(")"):
        return -abs(_signed(text[1:-1]))
    return _signed(text)


def _signed(text: str) -> int:
    plain = _plain(text)
    if len(plain) > 1 and plain[-1] in "+-" and plain[0] not in "+-":
        text = plain[-1] + plain[:-1]
    cents, is_negative = _read(text)
    return -cents if is_negative else cents


def _read(typed: str) -> tuple[int, bool]:
    plain = _plain(typed)
    if not plain:
        raise AmountEmpty
    shape = SHAPE.fullmatch(plain) if len(plain) <= LONGEST else None
    if shape is None:
        raise AmountUnreadable
    whole, cents = _parted(shape[2])
    if len(cents) > 2:
        raise AmountTooFine
    return int(whole or "0") * 100 + int(cents.ljust(2, "0")), shape[1] == "-"


def _plain(typed: str) -> str:
    """Without marks of direction, the name of the currency and the spaces between thousands, in
    European digits."""
    kept = (letter for letter in typed if unicodedata.category(letter) != "Cf")
    text = "".join(_european(letter) for letter in kept).translate(MINUSES).casefold()
    text = CURRENCY.sub("", BEHIND_SIGN.sub("", " ".join(text.split())), count=1)
    return BEHIND_SIGN.sub("", SPACED.sub("", text))


def _european(letter: str) -> str:
    if letter in "٫،٬":  # the Arabic sign for decimals, the comma typed for it, and thousands
        return "." if letter == "٬" else ","
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _parted(number: str) -> tuple[str, str]:
    """The whole euro and the cents of a number with dots and commas."""
    marks = [letter for letter in number if letter in ".,"]
    if not marks:
        return number, ""
    grouped = GROUPED.fullmatch(number)
    if grouped and not _is_slip(number):
        return number.replace(grouped[1], ""), ""
    whole, cents = number[: number.rindex(marks[-1])], number[number.rindex(marks[-1]) + 1 :]
    if len(marks) == 1:
        if not cents:
            raise AmountUnreadable
        return whole, cents
    grouped = GROUPED.fullmatch(whole)
    if grouped is None or grouped[1] == marks[-1] or not cents:
        raise AmountUnreadable
    return whole.replace(grouped[1], ""), cents


def _is_slip(number: str) -> bool:
    return re.fullmatch(r"\d{1,3},\d{3}", number) is not None
