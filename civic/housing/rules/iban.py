"""Account numbers as banks write them (ISO 13616)."""

import re

from civic.housing.book_errors import IbanWrong

SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
LENGTHS = {"IT": 27, "SM": 27}
"""Where we know how long one is: a digit too few is seen before the check digits are asked."""


def read_iban(typed: str) -> str:
    """In capitals, without spaces. IbanWrong for what its own check digits do not vouch for: moved to
    the end, letters counted from ten, what is left of it by 97 is 1 (ISO 7064, MOD 97-10)."""
    iban = re.sub(r"[\s-]", "", typed).upper()
    if not SHAPE.fullmatch(iban) or len(iban) != LENGTHS.get(iban[:2], len(iban)):
        raise IbanWrong
    turned = iban[4:] + iban[:4]
    if int("".join(str(int(letter, 36)) for letter in turned)) % 97 != 1:
        raise IbanWrong
    return iban


def in_fours(iban: str) -> str:
    """As people read it aloud."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))
