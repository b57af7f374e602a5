from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class MinutesOutOfRange(Invalid):
    code = "minutes_out_of_range"
    field = "minutes"
    sentence = N_("Write the minutes from 0 to %(most)s.")


class CorrectionReasonMissing(Invalid):
    code = "correction_reason_missing"
    field = "reason"
    sentence = N_("Write why: the person and the municipality can read it.")


class NotBegun(Conflict):
    code = "not_begun"
    sentence = N_("The session has not begun: there are no hours to correct yet.")


class BatchTooLarge(Invalid):
    code = "batch_too_large"
    sentence = N_("Send at most %(most)s scans at once.")


class BatchUnreadable(Invalid):
    code = "batch_unreadable"
    sentence = N_("We could not read these scans.")


class MonthNotOver(Conflict):
    code = "month_not_over"
    sentence = N_("The month can be closed from the second day after its end.")


class SecondPersonMissing(Conflict):
    code = "second_person_missing"
    sentence = N_("Somebody else must confirm this: not who wrote it, nor whose hours they are.")


class AlreadyDecided(Conflict):
    code = "already_decided"
    sentence = N_("Somebody has decided this already.")


class NotADayOfIt(Invalid):
    code = "not_a_day_of_it"
    field = "day"
    sentence = N_("The session was not on that day.")


class UndoTooLate(Conflict):
    code = "undo_too_late"
    sentence = N_("More than fifteen minutes have gone. Correct the hours on the list instead.")


class NotYours(Conflict):
    code = "not_yours"
    sentence = N_("Another phone made this scan: undo it there, or correct the hours.")


class SeenToLeave(Conflict):
    code = "seen_to_leave"
    sentence = N_("They were seen to leave after all: their hours follow from the scan.")


class ReasonToSetAsideMissing(Invalid):
    code = "reason_to_set_aside_missing"
    field = "reason"
    sentence = N_("Write why it shall not count: the person can read it.")


class WhichAssociation(Invalid):
    code = "which_association"
    field = "whose"
    sentence = N_("You stand at the gate of several associations. Open the scanner on a session.")


class DeviceTooLong(Invalid):
    code = "device_too_long"
    field = "until"
    sentence = N_("Choose a day from today on, less than %(most)s days ahead.")


class DayUnreadable(Invalid):
    code = "day_unreadable"
    field = "day"
    sentence = N_("Write the day like 2026-03-21.")


class QuestionMissing(Invalid):
    code = "question_missing"
    field = "words"
    sentence = N_("Write what is not right: a few words are enough.")


class AlreadyQuestioned(Conflict):
    code = "already_questioned"
    sentence = N_("You have asked about this day already. Please wait for the answer.")


class AnswerToQuestionMissing(Invalid):
    code = "answer_to_question_missing"
    field = "answer"
    sentence = N_("Write an answer: the person reads it.")


class AlreadyAnswered(Conflict):
    code = "already_answered"
    sentence = N_("Somebody has answered this already.")


class OwnQuestion(Conflict):
    code = "own_question"
    sentence = N_("These are your own hours: somebody else must answer.")
