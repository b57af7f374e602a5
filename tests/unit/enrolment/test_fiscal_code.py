import pytest

from civic.enrolment.fiscal_code import is_fiscal_code


@pytest.mark.parametrize(
    "code",
    [
        "RSSMRA85T10A562S",
        "MRTMTT91D08F205J",
        "12345678901",  # provisional
    ],
)
def test_codes_of_either_form_are_taken(code: str) -> None:
    assert is_fiscal_code(code)


def test_letters_in_place_of_digits_tell_two_people_of_one_code_apart() -> None:
    assert is_fiscal_code("MRTMTT91D08F20RU") is is_fiscal_code("MRTMTT91D08F20RU")
    # The 5 of the town's code written as R; the last letter follows from it.
    fitting = [
        letter
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        if is_fiscal_code(f"MRTMTT91D08F20R{letter}")
    ]
    assert len(fitting) == 1


@pytest.mark.parametrize(
    "code",
    ["", "RSSMRA85T10A562T", "RSSMRA85T10A562", "rssmra85t10a562s", "1234567890", "RSSMRA85X10A562S",
     "١٢٣٤٥٦٧٨٩٠١"],
)  # fmt: skip
def test_what_cannot_be_a_code_is_refused(code: str) -> None:
    assert not is_fiscal_code(code)
