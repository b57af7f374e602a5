"""Amounts as people type them, and as banks write them."""

import pytest

from civic.housing.rules.money import MOST_CENTS, read_cents, read_signed_cents
from civic.housing.support_errors import (
    AmountEmpty,
    AmountNegative,
    AmountTooFine,
    AmountTooLarge,
    AmountUnreadable,
)
from civic.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("350", 35000),
        ("0", 0),
        ("350,5", 35050),
        ("350,50", 35050),
        ("350.50", 35050),
        (",50", 50),
        (" 350 ", 35000),
        ("1.250,00", 125000),
        ("1,250.00", 125000),
        ("1 250,00", 125000),
        ("1\u00a0250,00", 125000),
        ("1\u202f250", 125000),
        ("1'250.50", 125050),
        ("1.000.000,00", MOST_CENTS),
        ("€ 350", 35000),
        ("350 €", 35000),
        ("350€", 35000),
        ("EUR 350,50", 35050),
        ("350 euro", 35000),
        ("+350", 35000),
        ("\u0663\u0665\u0660", 35000),
        ("\u200f\u0663\u0665\u0660\u066b\u0665\u0660 €\u200f", 35050),
        ("\u0661\u066c\u0662\u0665\u0660", 125000),
        ("३५०", 35000),
    ],
)
def test_an_amount_is_read_in_italian_and_english_manner_and_in_any_digits(
    typed: str, cents: int
) -> None:
    assert read_cents(typed) == cents


@pytest.mark.parametrize("typed", ["1.250", "12.500", "250.000"])
def test_three_digits_after_one_dot_are_thousands(typed: str) -> None:
    assert read_cents(typed) == int(typed.replace(".", "")) * 100


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", AmountEmpty),
        (" \u200f ", AmountEmpty),
        ("€", AmountEmpty),
        ("-5", AmountNegative),
        ("\u2212 350,00 €", AmountNegative),
        ("350,505", AmountTooFine),
        ("60,005", AmountTooFine),
        ("1,250", AmountTooFine),
        ("0.123", AmountTooFine),
        ("0.123456789012", AmountTooFine),
        ("1.250,505", AmountTooFine),
        ("1000000,01", AmountTooLarge),
        ("1.000.001", AmountTooLarge),
        ("9" * 50, AmountTooLarge),
        ("9" * 5000, AmountUnreadable),
        ("abc", AmountUnreadable),
        ("1e3", AmountUnreadable),
        ("nan", AmountUnreadable),
        ("inf", AmountUnreadable),
        ("35²", AmountUnreadable),
        ("350,", AmountUnreadable),
        ("1.2.3", AmountUnreadable),
        ("1.250.00", AmountUnreadable),
        ("350,50,00", AmountUnreadable),
        ("3€500", AmountUnreadable),
        ("350-400", AmountUnreadable),
        ("$ 350", AmountUnreadable),
        ("..", AmountUnreadable),
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence_of_its_own(
    typed: str, refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal) as refused:
        read_cents(typed)
    assert refused.value.field == "amount"


def test_every_refusal_of_an_amount_says_something_else() -> None:
    refusals = [AmountEmpty, AmountNegative, AmountTooFine, AmountTooLarge, AmountUnreadable]
    assert len({each.sentence for each in refusals} - {""}) == len(refusals)
    assert len({each.code for each in refusals}) == len(refusals)


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("350,00", 35000),
        ("-350,00", -35000),
        ("\u2212350,00", -35000),
        ("1.250,00-", -125000),
        ("(350.00)", -35000),
        ("+1,250.00", 125000),
        ("2.500.000,00", 250_000_000),
    ],
)
def test_a_bank_may_write_what_went_with_a_minus_wherever_it_likes(
    written: str, cents: int
) -> None:
    assert read_signed_cents(written) == cents
