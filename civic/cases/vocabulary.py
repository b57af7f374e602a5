"""The words of case work, by their codes: kinds of entries, consents, referrals, relations.

Domains of need follow the preliminary analysis of the Italian personalised plan for social inclusion
(PaIS; legislative decree 147 of 2017, art. 5), which looks at the person, their work, their learning,
their home, their networks and their household.
"""

from enum import StrEnum

from civic.cases.access import Data
from civic.kernel.i18n import N_


class EntryKind(StrEnum):
    CONTACT = "contact"
    """Somebody of the mobile unit or the desk met them."""
    NOTE = "note"
    INTERVENTION = "intervention"


class AlertKind(StrEnum):
    PERMIT = "permit"
    DANGER = "danger"
    OTHER = "other"


class Relation(StrEnum):
    SELF = "self"
    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    RELATIVE = "relative"
    OTHER = "other"


class Purpose(StrEnum):
    """What somebody says yes to, each by itself."""

    TAKING_CHARGE = "taking_charge"
    SHARING = "sharing"
    """Data handed on to the recipient."""
    REMINDERS = "reminders"
    STATISTICS = "statistics"
    PHOTO = "photo"


class Recipient(StrEnum):
    TEAM = "team"
    HEALTH_SERVICE = "health_service"
    POLICE_OFFICE = "police_office"
    HOUSING = "housing"
    SCHOOL = "school"
    EMPLOYER = "employer"
    LAWYER = "lawyer"
    OTHER_CITY = "other_city"


class AppointmentState(StrEnum):
    PLANNED = "planned"
    CAME = "came"
    ABSENT = "absent"
    CANCELLED = "cancelled"


class ReferralState(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DONE = "done"
    CALLED_BACK = "called_back"


REFERRAL_MOVES = {
    ReferralState.SENT: (
        ReferralState.ACCEPTED,
        ReferralState.REFUSED,
        ReferralState.CALLED_BACK,
    ),
    ReferralState.ACCEPTED: (ReferralState.DONE, ReferralState.REFUSED),
    ReferralState.REFUSED: (),
    ReferralState.DONE: (),
    ReferralState.CALLED_BACK: (),
}


class RefusalReason(StrEnum):
    NO_PLACE = "no_place"
    NOT_OURS = "not_ours"
    OUT_OF_AREA = "out_of_area"
    PERSON_ABSENT = "person_absent"
    MISSING_PAPERS = "missing_papers"
    OTHER = "other"


INTERVENTIONS = {
    Data.SOCIAL: {
        "interview": N_("Interview"),
        "home_visit": N_("Visit at home"),
        "accompaniment": N_("Went along to an office"),
        "material_help": N_("Material help"),
        "mediation": N_("Cultural mediation"),
        "work_orientation": N_("Guidance towards work"),
        "education": N_("Educational support"),
        "school": N_("Enrolment in school or a course"),
        "network": N_("Meeting with other services"),
    },
    Data.HEALTH: {
        "psychological_interview": N_("Psychological interview"),
        "psychological_support": N_("Psychological support"),
        "health_visit": N_("Medical visit"),
        "health_card": N_("Enrolment in the health service"),
        "dependency": N_("Way out of a dependency"),
    },
    Data.LEGAL_ADVICE: {
        "legal_interview": N_("Legal interview"),
        "asylum": N_("Preparation of the asylum hearing"),
        "permit": N_("Request or renewal of a permit"),
        "residence": N_("Registration of residence"),
        "family_reunion": N_("Family reunion"),
        "appeal": N_("Appeal"),
    },
    Data.HOUSING: {
        "housing_interview": N_("Talk about housing"),
        "viewing": N_("Flat viewed together"),
    },
}
"""What is done, by the data it belongs to: who may write one is who may write the other."""

ENTRY_NAMES = {
    EntryKind.CONTACT: N_("Meeting"),
    EntryKind.NOTE: N_("Note"),
    EntryKind.INTERVENTION: N_("Intervention"),
}
ALERT_NAMES = {
    AlertKind.PERMIT: N_("The permit ends"),
    AlertKind.DANGER: N_("Danger"),
    AlertKind.OTHER: N_("Keep in mind"),
}
RELATION_NAMES = {
    Relation.SELF: N_("this person"),
    Relation.PARTNER: N_("partner"),
    Relation.CHILD: N_("child"),
    Relation.PARENT: N_("parent"),
    Relation.SIBLING: N_("brother or sister"),
    Relation.RELATIVE: N_("relative"),
    Relation.OTHER: N_("lives with them"),
}
PURPOSE_NAMES = {
    Purpose.TAKING_CHARGE: N_("To be taken in charge by a team"),
    Purpose.SHARING: N_("To hand on what is needed"),
    Purpose.REMINDERS: N_("To be reminded of appointments"),
    Purpose.STATISTICS: N_("To be counted in figures without a name"),
    Purpose.PHOTO: N_("To keep a photo of papers"),
}
PURPOSE_WORDS = {
    Purpose.TAKING_CHARGE: N_("The people of the team may work together on your file."),
    Purpose.SHARING: N_("We may tell them what you agreed to, and nothing more."),
    Purpose.REMINDERS: N_("We may send you the day and the hour, never what it is about."),
    Purpose.STATISTICS: N_("You count in our figures; nobody can see that it is you."),
    Purpose.PHOTO: N_("We may keep pictures of your papers in your file."),
}
"""As it is explained to the person, in their language."""
BASIS_NAMES = {
    Purpose.TAKING_CHARGE: N_("Public task of the municipality (GDPR, art. 6.1.e and 9.2.g)"),
    Purpose.SHARING: N_("Consent (GDPR, art. 6.1.a and 9.2.a)"),
    Purpose.REMINDERS: N_("Consent (GDPR, art. 6.1.a)"),
    Purpose.STATISTICS: N_("Statistical purposes (GDPR, art. 89)"),
    Purpose.PHOTO: N_("Consent (GDPR, art. 6.1.a and 9.2.a)"),
}
"""The ground in law, which stands apart from what somebody says yes to."""
RECIPIENT_NAMES = {
    Recipient.TEAM: N_("the team of the case"),
    Recipient.HEALTH_SERVICE: N_("the health service"),
    Recipient.POLICE_OFFICE: N_("the police office for permits"),
    Recipient.HOUSING: N_("who lets or runs a home"),
    Recipient.SCHOOL: N_("a school or course"),
    Recipient.EMPLOYER: N_("an employer"),
    Recipient.LAWYER: N_("a lawyer"),
    Recipient.OTHER_CITY: N_("another city"),
}
APPOINTMENT_NAMES = {
    AppointmentState.PLANNED: N_("Planned"),
    AppointmentState.CAME: N_("Came"),
    AppointmentState.ABSENT: N_("Did not come"),
    AppointmentState.CANCELLED: N_("Called off"),
}
REFERRAL_NAMES = {
    ReferralState.SENT: N_("Sent"),
    ReferralState.ACCEPTED: N_("Accepted"),
    ReferralState.REFUSED: N_("Refused"),
    ReferralState.DONE: N_("Done"),
    ReferralState.CALLED_BACK: N_("Called back"),
}
REFUSAL_NAMES = {
    RefusalReason.NO_PLACE: N_("No place is free"),
    RefusalReason.NOT_OURS: N_("It is not their task"),
    RefusalReason.OUT_OF_AREA: N_("The person lives elsewhere"),
    RefusalReason.PERSON_ABSENT: N_("The person did not come"),
    RefusalReason.MISSING_PAPERS: N_("Papers are missing"),
    RefusalReason.OTHER: N_("Another reason"),
}
