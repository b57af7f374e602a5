"""What a municipality says of an association, and what kinds of them there are."""

from enum import StrEnum

from civic.kernel.i18n import N_

MOST_DOCUMENTS = 20
"""For each association and city; a statute, a certificate and some years of accounts fit."""
REASON_LENGTH = 1000
NAME_LENGTH = 160
ABOUT_LENGTH = 2000


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


LEGAL_FORMS = {
    LegalForm.ODV: N_("Volunteer organisation (ODV)"),
    LegalForm.APS: N_("Association for social promotion (APS)"),
    LegalForm.PHILANTHROPIC: N_("Philanthropic body"),
    LegalForm.SOCIAL_ENTERPRISE: N_("Social enterprise or social cooperative"),
    LegalForm.NETWORK: N_("Network of associations"),
    LegalForm.MUTUAL_AID: N_("Mutual aid society"),
    LegalForm.OTHER: N_("Other body of the Third Sector"),
}
