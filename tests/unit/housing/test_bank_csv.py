"""The CSV files of banks, no two of which look alike."""

from datetime import date

import pytest

from civic.housing.bank_errors import BankFileOfOtherKind, BankFileTooLong, BankFileUnreadable
from civic.housing.bank_files import read_bank_file
from civic.housing.bank_lines import MOST_LINES, BankFile, Reason

MARCH = date(2026, 3, 2)


def _read(*lines: str, codec: str = "utf-8", ending: str = "\n") -> BankFile:
    return read_bank_file(ending.join(lines).encode(codec))


def _amounts(file: BankFile) -> list[int]:
    return [line.amount_cents for line in file.lines]


def _reasons(file: BankFile) -> list[tuple[int, str]]:
    return [(number, reason) for number, reason in file.refused]


def test_a_line_becomes_day_amount_reference_words_and_name() -> None:
    file = _read(
        "Data contabile;Data valuta;Importo;Divisa;Descrizione;Ordinante;CRO",
        "02/03/2026;03/03/2026;1.250,50;EUR;Affitto marzo;Tenant A;12345678901",
    )
    (line,) = file.lines
    assert (line.booked_on, line.amount_cents, line.currency) == (MARCH, 125050, "EUR")
    assert (line.words, line.name) == ("Affitto marzo", "Tenant A")
    assert line.reference == "12345678901"
    assert file.refused == ()


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_ending_is_read(separator: str, ending: str) -> None:
    rows = ["Date,Amount,Description", '2026-03-02,"1,250.50",Rent', "", "2026-03-03,-1,Fee"]
    changed = [row.replace(",", separator) for row in rows]
    changed[1] = changed[1].replace(f'"1{separator}250.50"', '"1,250.50"')
    assert _amounts(_read(*changed, ending=ending)) == [125050, -100]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_alphabet_of_the_banks_is_read(codec: str) -> None:
    file = _read("Data;Importo (€);Causale", "02/03/2026;5,00;Niccolò", codec=codec)
    assert [line.words for line in file.lines] == ["Niccolò"]


@pytest.mark.parametrize(
    "day",
    ["02/03/2026", "02.03.2026", "02-03-2026", "2026-03-02", "02/03/26", "02/03/2026 10:22",
     "2026-03-02T10:22:00"],
)  # fmt: skip
def test_days_are_read_with_the_day_before_the_month(day: str) -> None:
    assert _read("Data;Importo", f"{day};1,00").lines[0].booked_on == MARCH


@pytest.mark.parametrize(
    ("header", "cells", "cents"),
    [
        ("Data;Dare;Avere", "02/03/2026;;350,00", 35000),
        ("Data;Dare;Avere", "02/03/2026;350,00;", -35000),
        ("Data;Entrate;Uscite", "02/03/2026;;-350,00", -35000),
        ("Data;Entrate;Uscite", "02/03/2026;350,00;0,00", 35000),
        ("Data;Entrate;Uscite", "02/03/2026;-350,00;", -35000),
        ("Data;Importo;Segno", "02/03/2026;350,00;D", -35000),
        ("Data;Importo;Segno", "02/03/2026;350,00;+", 35000),
        ("Data;Importo;Dare/Avere", "02/03/2026;350,00;Avere", 35000),
        ("Data;Importo in EUR", "02/03/2026;350,00-", -35000),
        ("Date;Money in;Money out", "02/03/2026;;350.00", -35000),
        ("Data;IMPORTO (€)", "02/03/2026;€ 350,00", 35000),
    ],
)
def test_what_came_is_positive_and_what_went_negative(header: str, cells: str, cents: int) -> None:
    assert _amounts(_read(header, cells)) == [cents]


def test_the_booking_day_comes_before_any_other() -> None:
    file = _read("Data valuta;Data;Data contabile;Importo", "09/03/2026;08/03/2026;02/03/2026;1")
    assert file.lines[0].booked_on == MARCH
    only_value = _read("Data valuta;Importo", "02/03/2026;1")
    assert only_value.lines[0].booked_on == MARCH


def test_a_column_called_valuta_is_a_day_or_a_currency() -> None:
    day = _read("Data;Valuta;Importo", "02/03/2026;03/03/2026;1")
    assert [line.booked_on for line in day.lines] == [MARCH]
    currency = _read("Data;Valuta;Importo", "02/03/2026;EUR;1", "02/03/2026;USD;2")
    assert _amounts(currency) == [100]
    assert _reasons(currency) == [(3, Reason.CURRENCY)]


def test_the_other_side_is_who_sent_it_or_who_got_it() -> None:
    file = _read(
        "Data;Importo;Ordinante;Beneficiario",
        "02/03/2026;1;Tenant A;Comune",
        "02/03/2026;-1;Comune;Owner B",
    )
    assert [line.name for line in file.lines] == ["Tenant A", "Owner B"]


def test_what_stands_before_the_header_is_passed_over_but_for_the_account() -> None:
    file = _read(
        "Conto;IT60 X054 2811 1010 0000 0123 456 intestato a Comune",
        "Conto;IT61X0542811101000000123456",
        "Periodo;01/03/2026;31/03/2026",
        "",
        "Data;Importo;Causale",
        "02/03/2026;350,00;Affitto",
    )
    assert file.account == "IT60X0542811101000000123456"
    assert [line.account for line in file.lines] == [file.account]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("02/03/2026;350,00;USD;", Reason.CURRENCY),
        ("31/02/2026;350,00;;", Reason.DAY),
        ("03/15/2026;350,00;;", Reason.DAY),
        (";350,00;;", Reason.DAY),
        ("02/03/1926;350,00;;", Reason.DAY),
        ("02/03/2026;;;", Reason.AMOUNT),
        ("02/03/2026;much;;", Reason.AMOUNT),
        ("02/03/2026;350,505;;", Reason.AMOUNT),
        ("02/03/2026;20.000.000,01;;", Reason.AMOUNT),
        ("02/03/2026", Reason.AMOUNT),
        ("02/03/2026;0,00;;", Reason.NOTHING),
        ("31/03/2026;350,00;;Saldo finale al 31/03/2026", Reason.BALANCE),
        ("Saldo iniziale;350,00;;", Reason.BALANCE),
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number_and_the_others_stay(
    cells: str, reason: Reason
) -> None:
    file = _read("Data;Importo;Divisa;Causale", cells, "", "02/03/2026;1,00;eur;x")
    assert _amounts(file) == [100]
    assert _reasons(file) == [(2, reason)]


def test_a_line_with_both_sides_or_an_unknown_sign_is_refused() -> None:
    both = _read("Data;Dare;Avere", "02/03/2026;1;1", "02/03/2026;x;")
    assert _reasons(both) == [(2, Reason.AMOUNT), (3, Reason.AMOUNT)]
    sign = _read("Data;Importo;Segno", "02/03/2026;1;?")
    assert _reasons(sign) == [(2, Reason.DIRECTION)]


def test_a_tenant_may_pay_the_balance_of_a_rent() -> None:
    file = _read("Data;Importo;Causale", "02/03/2026;5;Saldo affitto marzo")
    assert _amounts(file) == [500]


def test_what_is_not_booked_yet_is_left_out() -> None:
    file = _read("Data;Importo;Stato", "02/03/2026;1;Non contabilizzato", "02/03/2026;2;ok")
    assert _amounts(file) == [200]
    assert file.refused == ()


def test_a_cell_of_several_lines_keeps_the_count_of_lines() -> None:
    file = _read(
        "Data;Importo;Causale", '02/03/2026;1;"Affitto', 'di marzo; ""via Roma"""', "x;1;y"
    )
    assert [line.words for line in file.lines] == ['Affitto di marzo; "via Roma"']
    assert _reasons(file) == [(4, Reason.DAY)]


def test_the_same_payment_twice_by_the_banks_reference_counts_once() -> None:
    file = _read(
        "Data;Importo;TRN",
        "02/03/2026;350,00;0306912345678901",
        "02/03/2026;350,00;0306912345678901",
        "02/03/2026;-350,00;0306912345678901",
    )
    assert _amounts(file) == [35000, -35000]
    assert _reasons(file) == [(3, Reason.REPEATED)]


def test_two_equal_payments_without_a_reference_stay_two_and_are_flagged() -> None:
    row = "02/03/2026;350,00;Affitto;Tenant A"
    lines = ["Data;Importo;Causale;Ordinante", row, row, row.replace("A", "B")]
    file = _read(*lines)
    assert [line.is_repeat for line in file.lines] == [False, True, False]
    assert len({line.identity for line in file.lines}) == 3
    again = _read(*lines, "05/03/2026;1;x;y", codec="cp1252")
    assert [line.identity for line in again.lines[:3]] == [line.identity for line in file.lines]


def test_words_of_a_payer_are_no_reference_of_the_bank() -> None:
    rows = ["02/03/2026;350,00;affitto;Tenant A", "02/03/2026;350,00;affitto;Tenant B"]
    file = _read("Data;Importo;Riferimento;Ordinante", *rows)
    assert [line.reference for line in file.lines] == ["", ""]
    assert len(file.lines) == 2


@pytest.mark.parametrize(
    "lines",
    [
        ["Data;Importo;Causale", '02/03/2026;1;"Affitto'],
        ["Data;Importo;Causale", '02/03/2026;1;"Affitto" di marzo;x'],
        ["Data;Importo;Causale", "02/03/2026;1;" + "x" * 100_001],
        ["Data;Importo", ";" * 9_000_000],
    ],
)
def test_a_broken_file_is_refused_whole(lines: list[str]) -> None:
    with pytest.raises(BankFileUnreadable):
        _read(*lines)


@pytest.mark.parametrize(
    "body",
    [
        b"nothing of the kind",
        b"Data;Causale\n02/03/2026;Affitto",
        b"Importo;Causale\n1;Affitto",
        b"x\n" * 40 + b"Data;Importo\n02/03/2026;1",
        b"PK\x03\x04\x14\0\0\0",
        b"%PDF-1.7\n",
    ],
)
def test_a_file_without_a_day_and_an_amount_is_of_another_kind(body: bytes) -> None:
    with pytest.raises(BankFileOfOtherKind):
        read_bank_file(body)


def test_more_lines_than_a_year_of_a_city_are_refused() -> None:
    rows = ["02/03/2026;1"] * MOST_LINES
    assert len(_read("Data;Importo", *rows).lines) == MOST_LINES
    with pytest.raises(BankFileTooLong):
        _read("Data;Importo", *rows, "x;1")
