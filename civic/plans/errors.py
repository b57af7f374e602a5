from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class CodeUnknown(Invalid):
    code = "code_unknown"
    field = "short_code"
    sentence = N_("Nobody here has a pass with this code. Read it once more, letter by letter.")


class AgreementMissing(Invalid):
    code = "agreement_missing"
    field = "agreed"
    sentence = N_("A plan begins only when the person agrees, in front of you.")


class CityNotYours(Invalid):
    code = "city_not_yours"
    field = "municipality_id"
    sentence = N_("Choose one of your municipalities.")


class PlanElsewhere(Conflict):
    code = "plan_elsewhere"
    sentence = N_("This person already has a plan in this municipality, with another case worker.")


class GoalClosed(Conflict):
    code = "goal_closed"
    sentence = N_("This goal has already been closed.")


class ActionClosed(Conflict):
    code = "action_closed"
    sentence = N_("This action has already been closed.")


class GoalOfAnotherPlan(Invalid):
    code = "goal_of_another_plan"
    field = "goal_id"
    sentence = N_("Choose a goal of this plan.")


class ReviewInFuture(Invalid):
    code = "review_in_future"
    field = "held_on"
    sentence = N_("A review is written down on its day or later: choose today or a day before.")


class ReviewBeforePlan(Invalid):
    code = "review_before_plan"
    field = "held_on"
    sentence = N_("The plan began on %(day)s: choose that day or a later one.")


class IntervalUnknown(Invalid):
    code = "interval_unknown"
    field = "months"
    sentence = N_("Choose when the next review is.")


class ReviewOpen(Conflict):
    code = "review_open"
    sentence = N_("Another review is still open. Complete it before you begin a new one.")


class ReviewOfThatDay(Conflict):
    code = "review_of_that_day"
    sentence = N_("There is already a completed review of this day.")


class ReviewClosed(Conflict):
    code = "review_closed"
    sentence = N_("This review is completed: its scores stay as they are.")


class NothingScored(Conflict):
    code = "nothing_scored"
    sentence = N_("Nobody has scored anything yet. One domain is enough to complete the review.")


class ScoreUnknown(Invalid):
    code = "score_unknown"
    sentence = N_("Choose one of the five steps, or leave it out.")
