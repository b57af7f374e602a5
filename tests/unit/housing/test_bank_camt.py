"""Statements in CAMT.053: what is read, what is left out, and what counts once."""

from datetime import date

import pytest

from civic.housing.bank_files import read_bank_file
from civic.housing.bank_lines import REASON_WORDS, BankFile, Reason
from tests.unit.housing.camt_samples import (
    ACCOUNT,
    NAMESPACE,
    batch,
    entry,
    payment,
    statement,
)


def _read(*entries: str) -> BankFile:
    return read_bank_file(statement(*entries).encode())


def _reasons(file: BankFile) -> list[tuple[int, str]]:
    return [(number, reason) for number, reason in file.refused]


def test_an_entry_becomes_a_line_with_day_amount_reference_words_and_name() -> None:
    file = _read(entry(reference="B1", details=batch(payment())))
    (line,) = file.lines
    assert (line.booked_on, line.amount_cents, line.currency) == (date(2026, 3, 2), 35000, "EUR")
    assert (line.reference, line.words, line.name) == ("B1", "Rent March", "Tenant A")
    assert (line.account, file.account) == (ACCOUNT, ACCOUNT)
    assert not line.is_repeat
    assert not line.is_reversal
    assert file.refused == ()


def test_a_statement_of_version_eight_says_the_same_in_other_places() -> None:
    details = batch(
        '<TxDtls><Refs><AcctSvcrRef>B8</AcctSvcrRef></Refs><Amt Ccy="EUR">350.00</Amt>'
        "<RltdPties><Dbtr><Pty><Nm>Tenant A</Nm></Pty></Dbtr></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Ref>RF18 5390 0754</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
    )
    booked = entry(status="<Sts><Cd>BOOK</Cd></Sts>", details=details)
    pending = entry(status="<Sts><Cd>PDNG</Cd></Sts>")
    file = read_bank_file(statement(booked, pending, version="08").encode())
    (line,) = file.lines
    assert (line.reference, line.words, line.name) == ("B8", "RF18 5390 0754", "Tenant A")


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
def test_any_version_is_read_with_or_without_a_prefix(version: str) -> None:
    plain = statement(entry(), version=version)
    bare = plain.replace(f' xmlns="{NAMESPACE % version}"', "")
    prefixed = plain.replace("<", "<c:").replace("<c:/", "</c:").replace("xmlns=", "xmlns:c=")
    lines = [read_bank_file(each.encode()).lines for each in (plain, bare, prefixed)]
    assert len(lines[0]) == 1
    assert lines[0] == lines[1] == lines[2]


def test_several_statements_in_an_envelope_are_all_read_each_with_its_account() -> None:
    one, two = statement(entry()), statement(entry(), account="IT00B")
    file = read_bank_file(f"<Envelope>{one}{two}</Envelope>".encode())
    assert [line.account for line in file.lines] == [ACCOUNT, "IT00B"]
    assert file.account == ACCOUNT
    assert len({line.identity for line in file.lines}) == 2


def test_what_went_is_negative_and_names_who_got_it() -> None:
    (line,) = _read(entry(way="DBIT", details=batch(payment()))).lines
    assert (line.amount_cents, line.name) == (-35000, "Comune")


@pytest.mark.parametrize("told", ["true", "1"])
def test_a_reversal_of_what_came_is_negative_and_names_who_had_paid(told: str) -> None:
    more = f"<RvslInd>{told}</RvslInd>"
    (line,) = _read(entry(way="DBIT", more=more, details=batch(payment()))).lines
    assert (line.amount_cents, line.is_reversal, line.name) == (-35000, True, "Tenant A")


def test_a_reversal_of_what_went_comes_back() -> None:
    (line,) = _read(entry(more="<RvslInd>true</RvslInd>")).lines
    assert (line.amount_cents, line.is_reversal) == (35000, True)


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
def test_what_is_not_booked_yet_is_left_out(status: str) -> None:
    file = _read(entry(status=f"<Sts>{status}</Sts>"), entry("1.00"))
    assert [line.amount_cents for line in file.lines] == [100]
    assert file.refused == ()


def test_another_currency_is_refused_and_the_others_stay() -> None:
    file = _read(entry(currency="USD"), entry("20.5"))
    assert [line.amount_cents for line in file.lines] == [2050]
    assert _reasons(file) == [(1, Reason.CURRENCY)]


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        (entry("0.00"), Reason.NOTHING),
        (entry("350.001"), Reason.AMOUNT),
        (entry("-350.00"), Reason.AMOUNT),
        (entry("1e3"), Reason.AMOUNT),
        (entry("."), Reason.AMOUNT),
        (entry("20000000.01"), Reason.AMOUNT),
        (entry("99999999999999999999"), Reason.AMOUNT),
        (entry(way=""), Reason.DIRECTION),
        (entry(day="<BookgDt><Dt>2026-02-30</Dt></BookgDt>"), Reason.DAY),
        (entry(day="<BookgDt><Dt>1026-02-03</Dt></BookgDt>"), Reason.DAY),
        (entry(day="<BookgDt><DtTm>9999-12-31T23:59:59Z</DtTm></BookgDt>"), Reason.DAY),
    ],
)
def test_an_entry_that_cannot_be_used_is_told_with_its_reason(unfit: str, reason: Reason) -> None:
    file = _read(entry("1.00"), unfit)
    assert len(file.lines) == 1
    assert _reasons(file) == [(2, reason)]
    assert REASON_WORDS[reason]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("<BookgDt><Dt>2026-03-02+01:00</Dt></BookgDt>", date(2026, 3, 2)),
        ("<BookgDt><DtTm>2026-03-02T09:00:00</DtTm></BookgDt>", date(2026, 3, 2)),
        ("<BookgDt><DtTm>2026-03-02T23:30:00Z</DtTm></BookgDt>", date(2026, 3, 3)),
        ("", date(2026, 3, 3)),
    ],
)
def test_the_day_is_the_one_in_italy_or_the_value_date(day: str, expected: date) -> None:
    assert _read(entry(day=day)).lines[0].booked_on == expected


def _amount(cents: str, currency: str = "EUR") -> str:
    return f'<Amt Ccy="{currency}">{cents}</Amt>'


def test_a_batch_that_gives_all_amounts_becomes_a_line_for_each() -> None:
    old = "<AmtDtls><TxAmt>%s</TxAmt></AmtDtls>"
    details = batch(
        payment("Tenant A", more=old % _amount("100.00")),
        payment("Tenant B", more=_amount("250")),
    )
    lines = _read(entry(reference="B1", details=details)).lines
    assert [(line.name, line.amount_cents) for line in lines] == [
        ("Tenant A", 10000),
        ("Tenant B", 25000),
    ]


@pytest.mark.parametrize(
    "amounts",
    [
        (_amount("100.00"), ""),
        (_amount("100.00"), _amount("249.99")),
        (_amount("100.00"), _amount("250.00", "USD")),
    ],
)
def test_a_batch_whose_amounts_do_not_sum_stays_one_line(amounts: tuple[str, str]) -> None:
    details = batch(payment("Tenant A", "one", amounts[0]), payment("Tenant B", "two", amounts[1]))
    (line,) = _read(entry(details=details)).lines
    assert (line.amount_cents, line.name, line.words) == (35000, "", "one two")


def test_payments_of_a_batch_that_share_its_reference_are_not_taken_for_one() -> None:
    same = payment(more="<Refs><AcctSvcrRef>B1</AcctSvcrRef></Refs>" + _amount("175.00"))
    bare = payment(more=_amount("175.00"))
    for each in (same, bare):
        file = _read(entry(reference="B1", details=batch(each, each)))
        assert [line.reference for line in file.lines] == ["B1/1", "B1/2"]
        assert file.refused == ()


def test_the_same_payment_twice_by_the_banks_reference_counts_once() -> None:
    file = _read(entry(reference="B1"), entry(reference="B1"), entry(reference="B2"))
    assert [line.reference for line in file.lines] == ["B1", "B2"]
    assert _reasons(file) == [(2, Reason.REPEATED)]


def test_two_equal_payments_without_a_reference_stay_two_and_are_flagged() -> None:
    one = entry(details=batch(payment()))
    file = _read(one, one, entry(details=batch(payment("Tenant B"))))
    assert [line.is_repeat for line in file.lines] == [False, True, False]
    assert len({line.identity for line in file.lines}) == 3


@pytest.mark.parametrize("nothing", ["NONREF", "NOTPROVIDED", "notprovided"])
def test_what_banks_write_for_no_reference_is_none(nothing: str) -> None:
    file = _read(entry(reference=nothing), entry(reference=nothing))
    assert [line.reference for line in file.lines] == ["", ""]


def test_the_same_file_read_twice_gives_the_same_identities() -> None:
    entries = [entry(reference="B1"), entry(), entry(), entry("2.00", way="DBIT")]
    first, again = _read(*entries), _read(*entries)
    assert [line.identity for line in first.lines] == [line.identity for line in again.lines]
    longer = _read(entry("7.00"), *entries)
    assert {line.identity for line in first.lines} < {line.identity for line in longer.lines}


def test_control_and_direction_letters_do_not_reach_the_words() -> None:
    (line,) = _read(entry(details=batch(payment("\u202eA\u2066\n  B", "R\u0085ent")))).lines
    assert (line.name, line.words) == ("A B", "R ent")


def test_names_and_words_stay_out_of_what_a_log_would_show() -> None:
    file = _read(entry(details=batch(payment())))
    assert "Tenant A" not in repr(file)
    assert "Rent March" not in repr(file)
    assert ACCOUNT not in repr(file)
