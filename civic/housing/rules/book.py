"""The book of rent support: reference codes, where a payment is known from, and paying on time."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from civic.housing.rules.ledger import GRACE_DAYS, Payer, Payment, ledger
from civic.housing.rules.support import Instalment
from civic.kernel.i18n import N_

MONTHS_ON_TIME = 3
CODE_LENGTH = 8
CODE = re.compile(r"(?<![A-Z0-9])CV[^A-Z0-9]{0,3}((?:[0-9A-FOIL][ ._/-]?){8})(?![A-Z0-9])")
MISREAD = str.maketrans("OIL", "011")
"""What hands and scanners make of digits; a code has none of these letters."""


class Cents(int):
    """An amount in a refusal: pages write it in their language, a log as it stands here."""

    def __str__(self) -> str:
        whole, rest = divmod(int(self), 100)
        return f"{whole},{rest:02d} €"


class PaymentSource(StrEnum):
    RECORDED = "recorded"
    CSV = "csv"
    CAMT = "camt"


class EntryState(StrEnum):
    """Of a line of the bank: what became of it."""

    OPEN = "open"
    BOOKED = "booked"
    SET_ASIDE = "set_aside"


PAYER_NAMES = {
    Payer.TENANT: N_("the tenant"),
    Payer.MUNICIPALITY: N_("the municipality"),
}
SOURCE_NAMES = {
    PaymentSource.RECORDED: N_("written down by hand"),
    PaymentSource.CSV: N_("from the bank’s file"),
    PaymentSource.CAMT: N_("from the bank’s file"),
}


def code_of(decision_id: UUID) -> str:
    """The last eight letters of an id, which are random; what stands behind `CV-`."""
    return decision_id.hex[-CODE_LENGTH:].upper()


def shown_code(code: str) -> str:
    """What people write into a transfer."""
    return f"CV-{code}"


def codes_in(words: str) -> list[str]:
    """Every code that stands in what somebody wrote into a transfer, however they spaced it."""
    found = (
        re.sub(r"[^0-9A-Z]", "", each[1]).translate(MISREAD)
        for each in CODE.finditer(words.upper())
    )
    return list(dict.fromkeys(found))


def is_on_time(
    instalments: Iterable[Instalment], payments: Collection[Payment], today: date
) -> bool:
    """Whether the tenant paid three of their own parts in a row, each by the end of its grace days.

    Only parts that have come due count: paying a year ahead is not yet a year of paying on time.
    """
    all_of_them = tuple(instalments)
    own = sorted(
        (each for each in all_of_them if each.tenant_cents and each.due_on <= today),
        key=lambda each: (each.due_on, each.number),
    )
    in_a_row = 0
    for each in own:
        by = min(today, each.due_on + timedelta(days=GRACE_DAYS))
        in_a_row = in_a_row + 1 if _is_paid(each, all_of_them, payments, by) else 0
        if in_a_row == MONTHS_ON_TIME:
            return True
    return False


def _is_paid(
    part: Instalment, instalments: Sequence[Instalment], payments: Collection[Payment], by: date
) -> bool:
    rows = ledger(instalments, payments, by).rows
    return any(row.instalment == part and not row.tenant_missing_cents for row in rows)


def folded_names(name: str) -> frozenset[str]:
    """The words of a name without accents and titles, for two spellings of one person."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    words = re.findall(r"\w+", plain)
    return frozenset(words) - {"sig", "sigra", "mr", "mrs", "ms", "dott", "o", "e"}


def are_alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: all words of the shorter stand in the longer."""
    first, second = sorted((folded_names(one), folded_names(other)), key=len)
    return bool(first) and first <= second
