"""What the life of a stay refuses, from the agreement to the follow-up."""

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class DayToCome(Invalid):
    code = "day_to_come"
    field = "day"
    sentence = N_("This day has not come yet. Write it down once it has happened.")


class BeforeFirstNight(Invalid):
    code = "before_first_night"
    field = "day"
    sentence = N_("The place is theirs from %(day)s. Look at the day again.")


class AfterPlannedEnd(Invalid):
    code = "after_planned_end"
    field = "day"
    sentence = N_("The stay was planned until %(day)s. Look at the day again.")


class LeftBeforeComing(Invalid):
    code = "left_before_coming"
    field = "day"
    sentence = N_("They moved in on %(day)s. Nobody leaves before that: look at the day again.")


class NothingSlept(Invalid):
    code = "nothing_slept"
    field = "day"
    sentence = N_(
        "The first night was that of %(day)s, so the day of leaving comes after it. Look at the day"
        " again."
    )


class DepositTooMuch(Invalid):
    code = "deposit_too_much"
    field = "deposit_back"
    sentence = N_("They paid less than that. Nobody gets back more than they paid.")


class DepositReasonMissing(Invalid):
    code = "deposit_reason_missing"
    field = "words"
    sentence = N_("A part of the deposit is kept. Write in a few words what for.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    field = "reason"
    sentence = N_("Write in a few words why.")


class ReviewMissing(Invalid):
    code = "review_missing"
    field = "review"
    sentence = N_("They have a plan. Choose the review in which the longer stay was agreed.")


class MoveAfterEnd(Invalid):
    code = "move_after_end"
    field = "from_night"
    sentence = N_("Their stay is planned until %(day)s. Extend it first, then move them.")


class MoveBeforeStart(Invalid):
    code = "move_before_start"
    field = "from_night"
    sentence = N_("Their stay begins on %(day)s. They cannot move before that.")


class NotOverstaying(Conflict):
    code = "not_overstaying"
    sentence = N_("Their planned end has not come yet. Extend the stay instead.")


class OverstayInThePast(Invalid):
    code = "overstay_in_the_past"
    field = "until"
    sentence = N_("Choose a day to come: until then they may stay.")


class AgreementStands(Conflict):
    code = "agreement_stands"
    sentence = N_(
        "Both have signed an agreement that says exactly this. There is nothing to change."
    )


class SignedOnScreen(Conflict):
    """They have an account: their agreement is signed in Civic and not as a scan."""

    code = "signed_on_screen"
    sentence = N_("They have an account. Let them sign here or on their own phone.")


class NoAgreementYet(Conflict):
    code = "no_agreement_yet"
    sentence = N_("Write down first what they pay, then print the agreement.")


class HappensLater(Invalid):
    code = "happens_later"
    field = "day"
    sentence = N_("This has not happened yet. Look at day and time again.")


class FollowUpTooSoon(Invalid):
    code = "follow_up_too_soon"
    field = "day"
    sentence = N_("That is before they left. Look at the day again.")
