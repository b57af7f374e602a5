"""What people type to be reached, in its normal form: +39…, or an address in small letters."""

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from civic.accounts.errors import NoSuchContact, NotAMobile, OnlyEmail
from civic.accounts.rules import ContactKind

HOME_REGION = "IT"
TAKES_MESSAGES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
"""Also keeps out the numbers that cost whoever calls them."""
LONGEST = 254


@dataclass(frozen=True)
class ContactPoint:
    kind: ContactKind
    value: str

    @property
    def shown(self) -> str:
        """As people write it: a phone number in groups."""
        if self.kind is ContactKind.EMAIL:
            return self.value
        number = phonenumbers.parse(self.value)
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def read_contact(typed: str, *, can_text_phones: bool = True) -> ContactPoint:
    """The phone number or address somebody typed; digits of any script, +39, 0039 or neither."""
    if len(typed) > LONGEST:
        raise NoSuchContact
    if "@" in typed:
        return ContactPoint(ContactKind.EMAIL, _email(typed))
    if not can_text_phones:
        raise OnlyEmail
    return ContactPoint(ContactKind.PHONE, _phone(typed))


def _email(typed: str) -> str:
    try:
        found = validate_email(typed.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise NoSuchContact from None
    return found.normalized.lower()


def _phone(typed: str) -> str:
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise NoSuchContact from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NoSuchContact
    if phonenumbers.number_type(number) not in TAKES_MESSAGES:
        raise NotAMobile
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
