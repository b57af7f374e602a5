import pytest

from civic.housing.book_errors import IbanWrong
from civic.housing.rules.iban import in_fours, read_iban

# The example that the registry of ISO 13616 gives for Italy.
ITALIAN = "IT60X0542811101000000123456"


@pytest.mark.parametrize(
    "typed", [ITALIAN, "it60 x054 2811 1010 0000 0123 456", "IT60-X054-2811-1010-0000-0123-456"]
)
def test_an_account_number_is_read_with_or_without_its_spaces(typed: str) -> None:
    assert read_iban(typed) == ITALIAN


def test_one_of_another_country_is_read_too() -> None:
    assert read_iban("FR14 2004 1010 0505 0001 3M02 606") == "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    "typed",
    [
        "IT60X0542811101000000123457",
        "IT60X054281110100000012345",
        "IT06X0542811101000000123456",
        "X0542811101000000123456",
        "350,00",
        "IT60X0542811101000000123456" * 3,
        "",
    ],
)
def test_a_letter_or_digit_wrong_or_missing_is_noticed(typed: str) -> None:
    with pytest.raises(IbanWrong):
        read_iban(typed)


def test_it_is_shown_in_fours() -> None:
    assert in_fours(ITALIAN) == "IT60 X054 2811 1010 0000 0123 456"
