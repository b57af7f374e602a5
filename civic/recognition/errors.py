from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class NobodyChosen(Invalid):
    code = "nobody_chosen"
    field = "people"
    sentence = N_("Choose at least one person of your association.")


class DayToCome(Invalid):
    code = "day_to_come"
    field = "given_on"
    sentence = N_("This day has not come yet.")


class TooFewHours(Invalid):
    code = "too_few_hours"
    field = "hours"
    sentence = N_("A project has at least 60 hours.")


class PeriodTooLong(Invalid):
    code = "period_too_long"
    field = "ends_on"
    sentence = N_("The project ends after it begins, and within twelve months.")


class NoTutorOfOurs(Invalid):
    code = "no_tutor_of_ours"
    field = "tutor"
    sentence = N_("Choose somebody of your association as tutor.")


class NoGoals(Conflict):
    code = "no_goals"
    sentence = N_("Write at least one goal before the project is signed.")


class ProjectUnfinished(Conflict):
    code = "project_unfinished"
    sentence = N_("First choose the tutor, the hours and the days of the project.")


class ProjectFixed(Conflict):
    code = "project_fixed"
    sentence = N_("The project waits to be signed, or is signed: it stays as it is.")


class PathElsewhere(Conflict):
    code = "path_elsewhere"
    sentence = N_("This person already has a path with this association.")


class PathOver(Conflict):
    code = "path_over"
    sentence = N_("This path has ended.")


class NotUnderWay(Conflict):
    code = "not_under_way"
    sentence = N_("This is possible only while the path is under way.")


class StillMissing(Conflict):
    code = "still_missing"
    sentence = N_("Something is still missing: it stands on the page of the path.")


class SessionNotTheirs(Invalid):
    code = "session_not_theirs"
    field = "session_id"
    sentence = N_("Choose a session where the person was present in these days.")


class GoalNotOfPath(Invalid):
    code = "goal_not_of_path"
    field = "goal_id"
    sentence = N_("Choose a goal of this path.")


class SkillNotOfGoal(Invalid):
    code = "skill_not_of_goal"
    field = "skill"
    sentence = N_("Choose a skill that the goals name, and how it was seen.")


class PhotoNotAgreed(Invalid):
    code = "photo_not_agreed"
    field = "agreed"
    sentence = N_("Without their agreement there is no photo.")
