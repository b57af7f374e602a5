"""Nothing that can be typed breaks what reads it."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from civic.accounts.contacts import read_contact
from civic.accounts.rules import CODE_DIGITS, ContactKind, plain_digits
from civic.kernel.errors import Invalid
from civic.web.fields import clean_line

anything = st.text(max_size=300)
DIGIT_ZEROS = ("0", "٠", "۰", "०", "০", "０")


@given(anything)
def test_any_text_is_a_contact_or_a_refusal(typed: str) -> None:
    with suppress(Invalid):
        contact = read_contact(typed)
        assert read_contact(contact.value) == contact


@given(st.from_regex(r"3[2-9][0-9]{8}", fullmatch=True), st.sampled_from(DIGIT_ZEROS))
def test_a_number_is_the_same_in_every_script(number: str, zero: str) -> None:
    written = "".join(chr(ord(zero) + int(digit)) for digit in number)
    with suppress(Invalid):
        contact = read_contact(number)
        assert contact.kind is ContactKind.PHONE
        assert read_contact(written) == contact


@given(st.integers(min_value=0, max_value=999_999), st.sampled_from(DIGIT_ZEROS))
def test_a_code_is_the_same_in_every_script(code: int, zero: str) -> None:
    digits = f"{code:0{CODE_DIGITS}}"
    written = "".join(chr(ord(zero) + int(digit)) for digit in digits)
    assert plain_digits(f" {written[:3]} {written[3:]} ") == digits


@given(anything)
def test_a_cleaned_name_carries_no_override_and_no_control(typed: str) -> None:
    cleaned = clean_line(typed)
    assert not set(cleaned) & set("\x00\n\r\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert clean_line(cleaned) == cleaned
