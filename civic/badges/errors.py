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
    sentence = N_("Tick at least one skill that you saw.")


class SkillNotOfBadge(Invalid):
    code = "skill_not_of_badge"
    field = "skills"
    sentence = N_("This badge does not show that skill.")


class UnknownBadge(Invalid):
    code = "unknown_badge"
    field = "badges"
    sentence = N_("We do not know this badge. Choose from the list.")
