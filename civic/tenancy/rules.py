from enum import StrEnum


class Verification(StrEnum):
    """What a municipality says of an association that wants to work there."""

    ASKED = "asked"
    VERIFIED = "verified"
    REFUSED = "refused"
