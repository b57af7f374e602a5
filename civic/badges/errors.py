from civic.kernel.errors import Conflict, Forbidden, Invalid
from civic.kernel.i18n import N_


class HoursNoLongerReached(Conflict):
    code = "hours_no_longer_reached"
    sentence = N_("The hours were corrected: they no longer reach what this badge asks for.")


class AlreadyConfirmed(Conflict):
    code = "already_confirmed"
    sentence = N_("This badge has already been confirmed.")


class OwnBadge(Forbidden):
    code = "own_badge"
    sentence = N_("Nobody confirms their own badge: ask a colleague of your association.")


class NoSkillChosen(Invalid):
    code = "no_skill_chosen"
    field = "skills"
    sentence = N_("Choose at least one skill that you saw.")


class SkillNotOfBadge(Invalid):
    code = "skill_not_of_badge"
    field = "skills"
    sentence = N_("This badge does not show that skill.")


class NotSeenSo(Invalid):
    code = "not_seen_so"
    field = "skills"
    sentence = N_("This badge asks for more: look at what stands beside each skill.")


class ReviewReasonMissing(Invalid):
    code = "review_reason_missing"
    field = "reason"
    sentence = N_("Write why: the person can read it.")


class AlreadyReviewed(Conflict):
    code = "already_reviewed"
    sentence = N_("Somebody has decided this already.")


class LifeUnknown(Invalid):
    code = "life_unknown"
    field = "days"
    sentence = N_("Choose for how long.")


class RuleNotMeant(Invalid):
    code = "rule_not_meant"
    field = "sessions"
    sentence = N_("Nobody can reach this: look at sessions, months and days again.")


class PictureMissing(Invalid):
    code = "picture_missing"
    field = "file"
    sentence = N_("Choose a picture first.")


class UnknownBadge(Invalid):
    code = "unknown_badge"
    field = "badges"
    sentence = N_("We do not know this badge. Choose from the list.")
