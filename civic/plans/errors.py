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


class PlanClosed(Conflict):
    code = "plan_closed"
    sentence = N_("This plan is closed, so nothing of it changes any more.")


class OccupationUnknown(Invalid):
    code = "occupation_unknown"
    field = "occupation"
    sentence = N_("Choose one of the occupations on the list.")


class OutcomeUnknown(Invalid):
    code = "outcome_unknown"
    field = "outcome"
    sentence = N_("Choose how it ended.")


class ClosedInFuture(Invalid):
    code = "closed_in_future"
    field = "closed_on"
    sentence = N_("A plan is closed on its day or later: choose today or a day before.")


class ClosedBeforePlan(Invalid):
    code = "closed_before_plan"
    field = "closed_on"
    sentence = N_("The plan began on %(day)s: choose that day or a later one.")


class PlanOnItsWay(Conflict):
    code = "plan_on_its_way"
    sentence = N_("This plan is on its way to another municipality. Call it back first.")


class PlanNotClosed(Conflict):
    code = "plan_not_closed"
    sentence = N_("This plan is not closed.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    field = "reason"
    sentence = N_("Write why the plan is taken up again.")


class NewerPlan(Conflict):
    code = "newer_plan"
    sentence = N_("This person has a newer plan in this municipality: go on with that one.")


class FollowUpTooEarly(Conflict):
    code = "follow_up_too_early"
    sentence = N_("It is too early to ask. The day is %(day)s.")


class FollowUpAnswered(Conflict):
    code = "follow_up_answered"
    sentence = N_("The answer to this has already been written down.")


class FollowUpDay(Invalid):
    code = "follow_up_day"
    field = "asked_on"
    sentence = N_("Choose the day on which you asked: after %(day)s, and not in the future.")


class NothingChanged(Invalid):
    code = "nothing_changed"
    field = "outcome"
    sentence = N_("Choose what it has become. If it is the same, say that it is still so.")


class MoveNowhere(Invalid):
    code = "move_nowhere"
    field = "municipality_id"
    sentence = N_("Choose another municipality of the network.")


class MoveUnderWay(Conflict):
    code = "move_under_way"
    sentence = N_(
        "Another move has already been proposed. Call it back before you propose a new one."
    )


class MoveDecided(Conflict):
    code = "move_decided"
    sentence = N_("This has already been decided.")


class ParcelChanged(Conflict):
    code = "parcel_changed"
    sentence = N_("The plan has changed meanwhile. Look once more at what goes along.")


class ConsentMissing(Invalid):
    code = "consent_missing"
    field = "agreed"
    sentence = N_("The plan goes along only when the person agrees, in front of you.")


class ArrivalTaken(Conflict):
    code = "arrival_taken"
    sentence = N_("Somebody has already taken this plan on.")


class ArrivalGone(Conflict):
    code = "arrival_gone"
    sentence = N_("The person has called this plan back.")


class LevelMissing(Invalid):
    code = "level_missing"
    field = "level"
    sentence = N_("Choose the level of Italian.")


class EvidenceInFuture(Invalid):
    code = "evidence_in_future"
    field = "dated_on"
    sentence = N_("This day has not come yet. Write the day that stands on the paper.")


class TakenOffBefore(Conflict):
    code = "taken_off_before"
    sentence = N_("This has already been taken off.")
