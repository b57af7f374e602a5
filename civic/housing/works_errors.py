"""What works, checks and closures refuse."""

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class NoNightOfWork(Invalid):
    code = "no_night_of_work"
    field = "until"
    sentence = N_(
        "That is not a single night. Choose the day from which somebody can sleep there again."
    )


class DatesMissing(Invalid):
    """Beds cannot be kept empty without a first and a last day."""

    code = "dates_missing"
    field = "first"
    sentence = N_("Choose from when until when nobody can sleep in these beds.")


class TooFarAhead(Invalid):
    code = "too_far_ahead"
    field = "first"
    sentence = N_("That is more than two years ahead. Look at the first day again.")


class NoBedChosen(Invalid):
    code = "no_bed_chosen"
    field = "beds"
    sentence = N_("Choose at least one bed.")


class WordsMissing(Invalid):
    code = "words_missing"
    field = "words"
    sentence = N_("Write what is to be done.")


class FindingMissing(Invalid):
    code = "finding_missing"
    field = "words"
    sentence = N_("Write what is not well yet, so that the firm knows what to do.")


class FirmMissing(Invalid):
    code = "firm_missing"
    field = "firm"
    sentence = N_("Write which firm it is.")


class DayToCome(Invalid):
    """Something is written down as done on a day that has not come yet."""

    code = "day_to_come"
    field = "day"
    sentence = N_("That day has not come yet. Choose today or a day before.")


class DayTooEarly(Invalid):
    code = "day_too_early"
    field = "day"
    sentence = N_("That is before %(day)s, when it began. Look at the day again.")


class DayTooLongAgo(Invalid):
    code = "day_too_long_ago"
    field = "day"
    sentence = N_("That is more than a year ago. Look at the day again.")


class WorkMoved(Conflict):
    """It stands elsewhere on its way than the page showed."""

    code = "work_moved"
    sentence = N_("This work has gone on meanwhile. Look at how it stands now.")


class AlreadyApproved(Conflict):
    code = "already_approved"
    sentence = N_("A quote of this work was approved before. Nothing was changed.")


class LineTooSmall(Conflict):
    """`left` is in cents; the page says it in euro."""

    code = "line_too_small"
    sentence = N_(
        "Only %(left)s is left on this budget line, and the quote asks more. Nothing was approved:"
        " choose another line or another quote."
    )


class GrantOver(Conflict):
    code = "grant_over"
    sentence = N_(
        "The grant of this budget line ended on %(day)s. Nothing was approved: choose another line."
    )


class GrantNotBegun(Conflict):
    code = "grant_not_begun"
    sentence = N_(
        "The grant of this budget line begins on %(day)s only. Nothing was approved: choose another"
        " line."
    )


class MonthsWrong(Invalid):
    code = "months_wrong"
    field = "every_months"
    sentence = N_("Write after how many months it comes back: a number from 1 to %(most)d.")


class DueTooFar(Invalid):
    code = "due_too_far"
    field = "due_on"
    sentence = N_("Look at the year of this day again: it is too far away.")


class CheckThere(Conflict):
    code = "check_there"
    sentence = N_("This check is on the list of this dwelling already. Change its day there.")


class ReopensInPast(Invalid):
    code = "reopens_in_past"
    field = "day"
    sentence = N_("Nights that have gone by stay closed. Choose today or a later day.")


class ClosureOver(Conflict):
    code = "closure_over"
    sentence = N_("These beds are open already. Nothing was changed.")


class TooManyFaults(Conflict):
    code = "too_many_faults"
    sentence = N_(
        "You have told us of many things today. We look at them first; call us if it cannot wait."
    )


class FaultEmpty(Invalid):
    code = "fault_empty"
    field = "words"
    sentence = N_("Write what is broken. A few words are enough.")
