"""What rent support refuses: amounts as people type them, curves, instalments, payments."""

from civic.kernel.errors import Invalid
from civic.kernel.i18n import N_


class AmountEmpty(Invalid):
    code = "amount_empty"
    field = "amount"
    sentence = N_("Write how much it is in euro, like 350 or 350,50.")


class AmountUnreadable(Invalid):
    code = "amount_unreadable"
    field = "amount"
    sentence = N_("We cannot read this as an amount. Write it in digits, like 350 or 350,50.")


class AmountNegative(Invalid):
    code = "amount_negative"
    field = "amount"
    sentence = N_("An amount cannot be less than nothing. Write it without the minus.")


class AmountTooFine(Invalid):
    code = "amount_too_fine"
    field = "amount"
    sentence = N_("Write cents with two digits at most, like 350,50.")


class AmountTooLarge(Invalid):
    code = "amount_too_large"
    field = "amount"
    sentence = N_("That is more than a million euro. Look at the amount again.")


class MonthsOutOfRange(Invalid):
    code = "months_out_of_range"
    field = "months"
    sentence = N_("Write a number of months from 1 to %(most)s.")


class PartsOutOfRange(Invalid):
    code = "parts_out_of_range"
    field = "parts"
    sentence = N_("Write a number of instalments from 1 to %(most)s.")


class FirstDueOutOfRange(Invalid):
    code = "first_due_out_of_range"
    field = "first_due"
    sentence = N_("Look at the year of the first day again: it is too far away.")


class ShareOutOfRange(Invalid):
    code = "share_out_of_range"
    field = "curve"
    sentence = N_("The tenant’s share of a month is between nothing and the whole rent.")


class CurveFalls(Invalid):
    """The tenant's share may stay or grow, so that the way leads to a lease of their own."""

    code = "curve_falls"
    field = "curve"
    sentence = N_(
        "The tenant’s share cannot become smaller: in month %(month)s it is less than before."
    )


class CurveOfOtherLength(Invalid):
    code = "curve_of_other_length"
    field = "curve"
    sentence = N_("There are %(shares)s shares for %(months)s months. Write one for each month.")


class PaymentOfNothing(Invalid):
    code = "payment_of_nothing"
    field = "amount"
    sentence = N_("A payment is more than nothing. Write the amount that was paid.")


class ReversalUnknown(Invalid):
    """A negative payment undoes a payment of the same side, and names it."""

    code = "reversal_unknown"
    field = "undoes"
    sentence = N_("Choose the payment that was taken back.")


class ReversalTooLarge(Invalid):
    code = "reversal_too_large"
    field = "amount"
    sentence = N_("More cannot be taken back than was paid.")
