import pytest

from civic.accounts.contacts import ContactPoint, read_contact
from civic.accounts.errors import NoSuchContact, NotAMobile, OnlyEmail
from civic.accounts.rules import ContactKind
from civic.kernel.errors import CivicError


@pytest.mark.parametrize(
    "typed",
    [
        "+39 333 123 4567",
        "0039 333 1234567",
        "333 1234567",
        "333-123-4567",
        "٣٣٣١٢٣٤٥٦٧",
        "+٣٩ ٣٣٣ ١٢٣ ٤٥٦٧",
        "۳۳۳۱۲۳۴۵۶۷",
    ],
)
def test_one_italian_mobile_written_in_any_way_is_one_contact(typed: str) -> None:
    assert read_contact(typed) == ContactPoint(ContactKind.PHONE, "+393331234567")


def test_foreign_mobile_keeps_its_country() -> None:
    assert read_contact("00212 612 345678").value == "+212612345678"


def test_address_is_compared_in_small_letters() -> None:
    assert read_contact("Amina@Example.ORG") == ContactPoint(ContactKind.EMAIL, "amina@example.org")


@pytest.mark.parametrize(
    "typed",
    ["", "amina", "12", "333", "a@b", "@", "a@@b.it", "a b@c.it", "😀", "x" * 300, "1" * 300],
)
def test_what_is_neither_a_number_nor_an_address_is_refused(typed: str) -> None:
    with pytest.raises(NoSuchContact) as refusal:
        read_contact(typed)
    assert refusal.value.field == "contact"


@pytest.mark.parametrize("typed", ["06 6982 1234", "+39 0971 415111"])
def test_a_phone_that_takes_no_messages_is_refused(typed: str) -> None:
    with pytest.raises(NotAMobile):
        read_contact(typed)


@pytest.mark.parametrize("typed", ["+39 333 1234567 ext. 5", "899 123 456", "+39 199 123456"])
def test_extensions_and_numbers_that_cost_the_caller_are_refused(typed: str) -> None:
    with pytest.raises(CivicError):
        read_contact(typed)


def test_where_phones_cannot_be_texted_only_an_address_will_do() -> None:
    with pytest.raises(OnlyEmail):
        read_contact("+39 333 1234567", can_text_phones=False)
    assert read_contact("a@example.org", can_text_phones=False).kind is ContactKind.EMAIL


def test_a_number_is_shown_in_groups() -> None:
    assert read_contact("3331234567").shown == "+39 333 123 4567"
