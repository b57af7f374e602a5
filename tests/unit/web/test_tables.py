"""Tables that people send."""

import io
import zipfile

import pytest

from civic.web import tables
from civic.web.sheets import csv_file, xlsx_file
from civic.web.tables import NotATable, TableEmpty, TableTooLong, read_table

HEADER = ["Titolo", "Posti"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_seen_from_the_header(delimiter: str) -> None:
    body = f"Titolo{delimiter}Posti\r\nOrti{delimiter}12\r\n".encode()
    assert read_table(body).rows == ((2, ("Orti", "12")),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_letter_of_the_header(encoding: str) -> None:
    table = read_table("Città;Posti\nPotenza;3\n".encode(encoding))
    assert table.header == ("Città", "Posti")
    assert not table.is_guessed


def test_older_windows_letters_are_read_and_said_to_be_a_guess() -> None:
    table = read_table("Città;Posti\nForlì;3\n".encode("cp1252"))
    assert (table.header[0], table.rows[0][1][0], table.is_guessed) == ("Città", "Forlì", True)


@pytest.mark.parametrize(
    "body", [b"MZ\x90\x00\x03", b"PK\x03\x04 broken", b'Titolo\n"never closed', b"%PDF-1.7\x00"]
)
def test_what_is_no_table_is_refused(body: bytes) -> None:
    with pytest.raises(NotATable):
        read_table(body)


@pytest.mark.parametrize("body", [b"", b"\n\n", b"Titolo;Posti\n", b"Titolo;Posti\n;\n;\n"])
def test_a_table_without_lines_is_told_so(body: bytes) -> None:
    with pytest.raises(TableEmpty):
        read_table(body)


@pytest.mark.parametrize("write", [csv_file, lambda header, rows: xlsx_file("T", header, rows)])
def test_fifty_thousand_lines_are_too_many_at_once(write: object) -> None:
    body = write(HEADER, [["Orti", 3]] * 50_000)  # type: ignore[operator]
    with pytest.raises(TableTooLong):
        read_table(body)


def test_a_small_file_that_unpacks_into_gigabytes_is_refused_unopened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MOST_UNPACKED", 1_000_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    with pytest.raises(TableTooLong):
        read_table(out.getvalue())


def test_lines_keep_their_number_when_empty_ones_stand_between() -> None:
    assert [number for number, _ in read_table(b"Titolo;Posti\nA;1\n;\nB;2\n").rows] == [2, 4]
