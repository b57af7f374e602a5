"""Tables for spreadsheets."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from civic.web.sheets import Cell, csv_file, neutral, xlsx_file

ROWS: list[list[Cell]] = [
    ['=HYPERLINK("http://127.0.0.1")', -3, Decimal("-1.50"), date(2026, 3, 14)],
    ["Amina", 2, None, datetime(2026, 7, 1, 8, 0, tzinfo=UTC)],
]


def test_a_text_that_begins_like_a_formula_is_neutralised_in_csv() -> None:
    read = list(
        csv.reader(io.StringIO(csv_file(["Nome"], ROWS).decode("utf-8-sig")), delimiter=";")
    )
    assert read[1][0] == '\'=HYPERLINK("http://127.0.0.1")'


def test_negative_numbers_stay_numbers() -> None:
    read = list(
        csv.reader(io.StringIO(csv_file(["Nome"], ROWS).decode("utf-8-sig")), delimiter=";")
    )
    assert read[1][1:3] == ["-3", "-1.50"]


def test_instants_are_written_by_italian_clocks() -> None:
    assert b"2026-07-01 10:00" in csv_file(["Nome"], ROWS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_every_start_of_a_formula_is_known(start: str) -> None:
    assert neutral(f"{start}1+1").startswith("'")


def test_the_sheet_holds_typed_cells_and_no_formula() -> None:
    sheet = CalamineWorkbook.from_filelike(
        io.BytesIO(xlsx_file("Registro", ["Nome", "Ore"], ROWS))
    ).get_sheet_by_index(0)
    first = sheet.to_python()[1]
    assert first == ['=HYPERLINK("http://127.0.0.1")', -3.0, -1.5, date(2026, 3, 14)]
