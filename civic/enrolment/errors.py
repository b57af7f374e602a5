from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class ProjectNotOpen(Conflict):
    code = "project_not_open"
    sentence = N_("This project takes no new people. Look for another one near you.")


class AgeUnknown(Conflict):
    code = "age_unknown"
    sentence = N_(
        "Not yet, because we do not know the year you were born."
        " The municipality's desk can add it; then you can join."
    )


class TooYoung(Conflict):
    code = "too_young"
    sentence = N_(
        "This project is for people aged %(minimum)s and over. We know only the year you were"
        " born, so we count you as born on its last day."
    )


class ConsentMissing(Conflict):
    code = "consent_missing"
    sentence = N_(
        "Not yet, because you may be under 18 and we need your guardian's consent first."
        " Here is how: go with your guardian, or with somebody from the home where you live,"
        " to the municipality's desk. They write it down, and then you can take a place."
    )


class SessionPast(Conflict):
    code = "session_past"
    sentence = N_("This session is over. Choose another date.")


class OverlapsOwn(Conflict):
    code = "overlaps_own"
    sentence = N_(
        "You already have a place or a waiting place at that time: %(title)s."
        " Give that one back first if you prefer this session."
    )


class SessionBegun(Conflict):
    code = "session_begun"
    sentence = N_("The session has begun. If you cannot be there, tell the people who run it.")


class PolicyEndsBeforeStart(Invalid):
    code = "policy_ends_before_start"
    field = "ends_on"
    sentence = N_("The last day must not come before the first.")


class PolicyTooLong(Invalid):
    code = "policy_too_long"
    field = "ends_on"
    sentence = N_("A policy runs for at most five years. Check the days.")


class GuardianNameMissing(Invalid):
    code = "guardian_name_missing"
    field = "guardian_name"
    sentence = N_("Write who agreed: the name of the guardian.")
