"""Why a bank's file is not taken in at all; nothing of it has been written then."""

from civic.kernel.errors import Invalid
from civic.kernel.i18n import N_


class BankFileEmpty(Invalid):
    code = "bank_file_empty"
    field = "file"
    sentence = N_("This file is empty. Download it again from the bank.")


class BankFileTooLarge(Invalid):
    code = "bank_file_too_large"
    field = "file"
    sentence = N_("This file is too large: at most %(megabytes)s MB.")


class BankFileTooLong(Invalid):
    code = "bank_file_too_long"
    field = "file"
    sentence = N_("This file has more than %(most)s payments. Download fewer days at a time.")


class BankFileOfOtherKind(Invalid):
    code = "bank_file_of_other_kind"
    field = "file"
    sentence = N_(
        "This is not a bank statement that we can read. Ask the bank for CAMT.053, or for a CSV "
        "file with a day and an amount on each line."
    )


class BankFileUnreadable(Invalid):
    code = "bank_file_unreadable"
    field = "file"
    sentence = N_("This file is damaged or cut off. Download it again from the bank.")


class BankFileLetters(Invalid):
    """Its bytes are no text in an alphabet that banks use."""

    code = "bank_file_letters"
    field = "file"
    sentence = N_("We cannot read the letters of this file. Save it as UTF-8 and send it again.")


class UnsafeBankFile(Invalid):
    """It defines entities, points outside itself or is nested without end: an attack, or an
    accident that looks like one."""

    code = "unsafe_bank_file"
    field = "file"
    sentence = N_(
        "This file holds more than payments, so we did not open it. Download it again from the "
        "bank, and send it as it came."
    )
