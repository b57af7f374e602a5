"""Tables that people send, as CSV or XLSX, read into plain cells."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from civic.kernel.errors import Invalid
from civic.kernel.i18n import N_

MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 10_000
MOST_UNPACKED = 200_000_000
"""Bytes inside an XLSX, which is a zip: a small one can hold gigabytes of zeros."""
ZIP_MARK = b"PK\x03\x04"
DELIMITERS = ";,\t"

Cell = str | int | float | bool | date | datetime | time | timedelta


class NotATable(Invalid):
    code = "not_a_table"
    field = "file"
    sentence = N_(
        "We cannot read this file as a table. Save it as XLSX or as CSV and send it again."
    )


class TableEmpty(Invalid):
    code = "table_empty"
    field = "file"
    sentence = N_("There is nothing in this table below its first line.")


class TableTooLong(Invalid):
    code = "table_too_long"
    field = "file"
    sentence = N_("This table has too many lines: at most %(most)s at once. Send it in parts.")


class WrongLetters(Invalid):
    code = "wrong_letters"
    field = "file"
    sentence = N_(
        "The letters in this file are written in a way that we cannot read."
        " Save it as “CSV UTF-8” or as XLSX and send it again."
    )


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    """Each with its number in the file, the header being line 1; lines without a word are left out."""
    is_typed: bool = False
    """Cells carry their kinds, so that no text in them is a formula."""
    is_guessed: bool = False
    """The letters were not UTF-8 and were read as older Windows programs write them."""


def read_table(body: bytes) -> Table:
    """What the file holds, whatever its name says; raises a refusal of this module."""
    if body.startswith(ZIP_MARK):
        return _table(_sheet(body), is_typed=True)
    text, is_guessed = _text(body)
    return _table(_lines(text), is_guessed=is_guessed)


def _sheet(body: bytes) -> Sequence[Sequence[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise TableTooLong(most=MOST_ROWS)
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        if not book.sheet_names:
            raise TableEmpty
        sheet = book.get_sheet_by_index(0)
        if sheet.total_height > MOST_ROWS + 1:
            raise TableTooLong(most=MOST_ROWS)
        rows: Sequence[Sequence[Cell]] = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, ValueError, OSError):
        raise NotATable from None
    return rows


def _text(body: bytes) -> tuple[str, bool]:
    if b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotATable
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return body.decode(encoding), False
    except UnicodeDecodeError:
        pass
    try:
        return body.decode("cp1252"), True
    except UnicodeDecodeError:
        raise WrongLetters from None


def _lines(text: str) -> list[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                raise TableTooLong(most=MOST_ROWS)
    except csv.Error:
        raise NotATable from None
    return rows


def _table(
    rows: Sequence[Sequence[Cell]], *, is_typed: bool = False, is_guessed: bool = False
) -> Table:
    if not rows:
        raise TableEmpty
    header = tuple(str(name).strip() for name in rows[0][:MOST_COLUMNS])
    filled = tuple(
        (number, tuple(_cell(value) for value in row[:MOST_COLUMNS]))
        for number, row in enumerate(rows[1:], start=2)
        if any(value not in ("", None) for value in row)
    )
    if not any(header) or not filled:
        raise TableEmpty
    return Table(header, filled, is_typed, is_guessed)


def _cell(value: Cell) -> Cell:
    return value.strip()[:LONGEST_CELL] if isinstance(value, str) else value
