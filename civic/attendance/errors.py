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
