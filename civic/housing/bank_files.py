"""A bank's file, CAMT.053 or CSV, read into lines: bounded, and safe before anything is parsed."""

import re

from civic.housing.bank_camt import read_camt
from civic.housing.bank_csv import read_csv
from civic.housing.bank_errors import (
    BankFileEmpty,
    BankFileLetters,
    BankFileOfOtherKind,
    BankFileTooLarge,
)
from civic.housing.bank_lines import BankFile

MEGABYTE = 1_000_000
LARGEST_BANK_FILE = 10 * MEGABYTE
OTHER_KINDS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")
"""How spreadsheets, PDF papers and old office files begin."""
DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
ALPHABETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
"""What a statement may declare. UTF-16 says so by its mark; no bank writes UTF-7."""


def read_bank_file(body: bytes) -> BankFile:
    """The booked lines of a statement in euro; what cannot be used is told line by line.

    BankFileTooLarge (by its size alone), BankFileEmpty, BankFileLetters, BankFileOfOtherKind,
    BankFileUnreadable, BankFileTooLong, UnsafeBankFile.
    """
    if len(body) > LARGEST_BANK_FILE:
        raise BankFileTooLarge(megabytes=LARGEST_BANK_FILE // MEGABYTE)
    if not body.strip():
        raise BankFileEmpty
    if body.startswith(OTHER_KINDS):
        raise BankFileOfOtherKind
    text = _text(body).lstrip("\ufeff \t\r\n")
    if not text:
        raise BankFileEmpty
    return read_camt(text) if text.startswith("<") else read_csv(text)


def _text(body: bytes) -> str:
    """Decoded once, here, so that no parser below can be talked into another alphabet."""
    try:
        text = body.decode(_alphabet(body))
    except UnicodeDecodeError:
        raise BankFileLetters from None
    if "\0" in text:
        raise BankFileLetters
    return text


def _alphabet(body: bytes) -> str:
    if body.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"+/v")):  # UTF-32 and UTF-7
        raise BankFileLetters
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if body.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    declared = DECLARED.match(body)
    if declared:
        name = declared[1].decode("ascii").lower()
        if name not in ALPHABETS:
            raise BankFileLetters
        return ALPHABETS[name]
    return "utf-8" if _is_utf8(body) or body.lstrip().startswith(b"<") else "cp1252"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
