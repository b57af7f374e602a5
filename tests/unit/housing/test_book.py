"""Codes in the words of a transfer, names of one person, and three months in a row on time."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from civic.housing.rules.book import (
    Cents,
    are_alike,
    code_of,
    codes_in,
    is_on_time,
    shown_code,
)
from civic.housing.rules.ledger import GRACE_DAYS, Payer, Payment
from civic.housing.rules.market import Paper, papers_are_ready
from civic.housing.rules.support import Curve, instalments_of

FIRST = date(2026, 1, 10)
PARTS = instalments_of(30_000, 4, FIRST, Curve(1000, 1000))
"""300 euro of the tenant on the tenth of each month."""
CODE = "1A2B3C4D"


def paid(*made: tuple[int, date]) -> list[Payment]:
    return [
        Payment(UUID(int=number), Payer.TENANT, cents, day)
        for number, (cents, day) in enumerate(made, start=1)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "CV-1A2B3C4D",
        "affitto marzo cv1a2b3c4d grazie",
        "CV 1A2B 3C4D",
        "Causale: CV/1A2B3C4D/MARZO",
        "CV-IA2B3C4D",
        "cv - 1 A 2 B 3 C 4 D",
    ],
)
def test_a_code_is_found_however_it_was_written(words: str) -> None:
    assert codes_in(words) == [CODE]


@pytest.mark.parametrize("words", ["", "CV-1A2B3C", "ACV1A2B3C4D", "CV-1A2B3C4D5E", "CV allegato"])
def test_what_is_no_code_is_not_taken_for_one(words: str) -> None:
    assert codes_in(words) == []


def test_two_codes_in_one_transfer_are_both_found_once() -> None:
    assert codes_in("CV-1A2B3C4D e CV-00000001, CV-1A2B3C4D") == [CODE, "00000001"]


def test_a_code_is_the_end_of_an_id_and_reads_back() -> None:
    decision_id = UUID("01975a00-0000-7000-8000-0000deadbeef")
    assert shown_code(code_of(decision_id)) == "CV-DEADBEEF"
    assert codes_in(shown_code(code_of(decision_id))) == ["DEADBEEF"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Awa Sarr", "SARR AWA", True),
        ("Awa Sarr", "Sig. Awa Fatou Sarr", True),
        ("José Peña", "JOSE PENA", True),
        ("Awa Sarr", "Awa Diop", False),
        ("Awa", "Awa Sarr", True),
        ("Awa Sarr", "", False),
        ("", "", False),
        ("Sig.", "Sig. Rossi", False),
    ],
)
def test_two_spellings_of_a_name_are_one_person(one: str, other: str, *, same: bool) -> None:
    assert are_alike(one, other) is same
    assert are_alike(other, one) is same


@pytest.mark.parametrize(
    ("days_late", "on_time"),
    [(0, True), (GRACE_DAYS, True), (GRACE_DAYS + 1, False)],
)
def test_a_part_is_on_time_until_its_grace_is_over(days_late: int, *, on_time: bool) -> None:
    late = timedelta(days=days_late)
    payments = paid(*((30_000, part.due_on + late) for part in PARTS[:3]))
    assert is_on_time(PARTS, payments, date(2026, 3, 31)) is on_time


def test_three_have_to_follow_each_other() -> None:
    days = [PARTS[0].due_on, PARTS[1].due_on + timedelta(days=9), PARTS[2].due_on]
    payments = paid(*((30_000, day) for day in days))
    assert not is_on_time(PARTS, payments, date(2026, 3, 31))


def test_paying_ahead_counts_once_the_days_have_come() -> None:
    payments = paid((120_000, FIRST))
    assert not is_on_time(PARTS, payments, date(2026, 3, 9))
    assert is_on_time(PARTS, payments, date(2026, 3, 10))


def test_half_a_part_is_not_paid() -> None:
    payments = paid(*((15_000, part.due_on) for part in PARTS))
    assert not is_on_time(PARTS, payments, date(2026, 12, 31))


def test_a_payment_taken_back_in_time_does_not_count() -> None:
    payments = paid(*((30_000, part.due_on) for part in PARTS[:3]))
    back = Payment(UUID(int=9), Payer.TENANT, -30_000, PARTS[2].due_on, payments[2].id)
    assert not is_on_time(PARTS, [*payments, back], date(2026, 3, 31))


@pytest.mark.parametrize(
    ("papers", "ready"),
    [
        ([], False),
        ([Paper.IDENTITY, Paper.TAX_CODE], False),
        ([Paper.IDENTITY, Paper.PAYSLIPS], False),
        ([Paper.IDENTITY, Paper.TAX_CODE, Paper.PAYSLIPS], True),
        ([Paper.IDENTITY, Paper.TAX_CODE, Paper.GUARANTOR], True),
        ([Paper.PERMIT, Paper.TAX_CODE, Paper.PAYSLIPS, Paper.ISEE], False),
    ],
)
def test_papers_are_ready_with_identity_tax_code_and_a_word_on_income(
    papers: list[Paper], *, ready: bool
) -> None:
    assert papers_are_ready(papers) is ready


def test_an_amount_in_a_refusal_can_be_read_without_a_language() -> None:
    assert str(Cents(125_005)) == "1250,05 €"
