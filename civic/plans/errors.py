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
