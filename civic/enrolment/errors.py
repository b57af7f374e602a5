from civic.kernel.errors import Conflict, Invalid, Throttled
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


class RequirementMissing(Conflict):
    code = "requirement_missing"
    sentence = N_(
        "Not yet, because this project asks for something to be shown first."
        " Its page says what it is and where you can learn it."
    )


class AnsweredNotNow(Conflict):
    code = "answered_not_now"
    sentence = N_("They answered “not now”. You can ask again from %(day)s.")


class RequestSettled(Conflict):
    code = "request_settled"
    sentence = N_(
        "This request does not wait any more: somebody answered it, or it was taken back."
    )


class AnswerMissing(Invalid):
    code = "answer_missing"
    field = "reason"
    sentence = N_("Write why not now: the person reads it.")


class ContactNotFree(Invalid):
    code = "contact_not_free"
    field = "contact"
    sentence = N_(
        "Somebody is known by this number or address already. Look for them by name, or leave the"
        " field empty."
    )


class BirthYearKnown(Conflict):
    code = "birth_year_known"
    sentence = N_("The year is known already.")


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


class PolicyEndNotEarlier(Invalid):
    code = "policy_end_not_earlier"
    field = "last_day"
    sentence = N_(
        "Choose a day from %(first)s to %(last)s: a policy written down here can only end earlier."
        " If it runs longer, add the new policy."
    )


class PolicyEndReasonMissing(Invalid):
    code = "policy_end_reason_missing"
    field = "reason"
    sentence = N_("Write why it ends earlier. The reason stays with the policy.")


class NoRiskCovered(Invalid):
    code = "no_risk_covered"
    field = "risks"
    sentence = N_("Choose at least one thing that the policy covers.")


class NobodyCovered(Invalid):
    code = "nobody_covered"
    field = "bases"
    sentence = N_("Choose whom the policy covers.")


class FiscalCodeWrong(Invalid):
    code = "fiscal_code_wrong"
    field = "fiscal_code"
    sentence = N_(
        "This is no fiscal code: it has 16 letters and digits, or 11 digits if it is provisional."
        " Leave it empty if there is none."
    )


class BirthDateWrong(Invalid):
    code = "birth_date_wrong"
    field = "birth_date"
    sentence = N_("Check the date of birth. Leave it empty if it is not known.")


class GuardianNameMissing(Invalid):
    code = "guardian_name_missing"
    field = "guardian_name"
    sentence = N_("Write who agreed: the name of the guardian.")


class AlreadyInLine(Conflict):
    code = "already_in_line"
    sentence = N_(
        "You already have a place or a waiting place in this session."
        " Give it back first if you prefer to come with your group."
    )


class GroupFull(Conflict):
    code = "group_full"
    sentence = N_("This group is complete: at most %(most)s people come together.")


class GroupTooBig(Conflict):
    code = "group_too_big"
    sentence = N_(
        "This session has only %(places)s places in all, fewer than your group needs."
        " Choose another date, or take places one by one."
    )


class GroupHasAsked(Conflict):
    code = "group_has_asked"
    sentence = N_(
        "This group has asked for its places already, so nobody can be added to it."
        " Ask for a place of your own, or make a new group."
    )


class GroupChanged(Conflict):
    code = "group_changed"
    sentence = N_(
        "Somebody came to your group or left it just now. Look who is in it and ask again."
    )


class GroupNotReady(Conflict):
    code = "group_not_ready"
    sentence = N_(
        "Something is still missing for %(names)s. They see on this page what it is."
        " Then ask again."
    )


class NotOnTheList(Conflict):
    code = "not_on_the_list"
    sentence = N_("This person is not on the list any more. Look at it again.")


class NotReadyForPlace(Conflict):
    code = "not_ready_for_place"
    sentence = N_(
        "%(name)s cannot have a place on this day yet: the insurance or another condition is"
        " missing. Ask the municipality's desk."
    )


class OverrideReasonMissing(Invalid):
    code = "override_reason_missing"
    field = "reason"
    sentence = N_("Write the reason. It is kept with your name.")


class NobodyToTell(Conflict):
    code = "nobody_to_tell"
    sentence = N_("Nobody has a place in this session, so there is nobody to write to.")


class SessionLongOver(Conflict):
    code = "session_long_over"
    sentence = N_("This session was over more than a week ago. Its people are not written to.")


class TooManyAnnouncements(Throttled):
    code = "too_many_announcements"
    sentence = N_(
        "You sent %(most)s messages to these people within a day. Send the next one tomorrow."
    )
