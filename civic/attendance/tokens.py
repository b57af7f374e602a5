"""What a device shows instead of a password, for how long, and what it may ask for with it."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from civic.kernel.i18n import N_


class Scope(StrEnum):
    SCAN = "scan"
    """Send scans and take its own back."""
    ROSTER = "roster"
    """Read who is expected."""
    PAGE = "page"
    """It is a page of this site, opened by an organiser: nothing that others can ask for."""


class Worthless(StrEnum):
    """Why a token opens nothing."""

    UNKNOWN = "token_unknown"
    EXPIRED = "token_expired"
    REVOKED = "token_revoked"


SCOPE_WORDS = {
    Scope.SCAN: N_("Send scans"),
    Scope.ROSTER: N_("Read who is expected"),
}
"""Of those that an organiser can give to software of others."""
WORTHLESS_WORDS = {
    Worthless.UNKNOWN: N_("We do not know this device. Open the scanner again while signed in."),
    Worthless.EXPIRED: N_(
        "This device's time is over. Sign in and open the scanner again: the scans it kept are"
        " sent then."
    ),
    Worthless.REVOKED: N_(
        "This device was signed out. Sign in and open the scanner again: the scans it kept are"
        " sent then."
    ),
}
OWN_LIFE = timedelta(hours=12)
"""Of a page of this site: a day at the gate."""
LONGEST_DAYS = 400
"""For software of others: a year, and some time to think of it."""
NAME_LENGTH = 60
TOKEN_BYTES = 32
BAD_TOKENS, BAD_TOKENS_WINDOW = 60, timedelta(minutes=15)
"""Unknown tokens from one network address until it is told to wait."""
ON_RECORD_EVERY = timedelta(hours=1)
"""How often the trail says that a device read names: it may ask each minute."""


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
