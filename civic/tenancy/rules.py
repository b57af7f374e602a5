from enum import StrEnum


class Verification(StrEnum):
    """What a municipality says of an association that wants to work there."""

    ASKED = "asked"
    VERIFIED = "verified"
    REFUSED = "refused"


class LegalForm(StrEnum):
    """Sections of the national register of the Third Sector (Third-Sector Code, art. 46)."""

    ODV = "odv"
    """Volunteer organisation."""
    APS = "aps"
    """Association for social promotion."""
    PHILANTHROPIC = "philanthropic"
    SOCIAL_ENTERPRISE = "social_enterprise"
    """Social cooperatives among them."""
    NETWORK = "network"
    MUTUAL_AID = "mutual_aid"
    OTHER = "other"
    """Other bodies of the Third Sector."""
