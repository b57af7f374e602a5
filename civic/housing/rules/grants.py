"""Amounts of grants and of their lines, which may be larger than any rent."""

from civic.housing.rules.money import read_signed_cents
from civic.housing.stock_errors import GrantEmpty, GrantTooLarge
from civic.housing.support_errors import AmountNegative

MOST_GRANT_CENTS = 2_000_000_000
"""Twenty million euro; what a column of whole numbers holds on both databases, with some to spare."""


def read_grant_cents(typed: str) -> int:
    """As `money.read_cents`, with a bound of its own: AmountEmpty, AmountUnreadable, AmountTooFine,
    AmountNegative, GrantEmpty, GrantTooLarge."""
    cents = read_signed_cents(typed)
    if cents < 0:
        raise AmountNegative
    if cents == 0:
        raise GrantEmpty
    if cents > MOST_GRANT_CENTS:
        raise GrantTooLarge
    return cents
