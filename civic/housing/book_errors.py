"""What the book of rent support refuses: decisions, payments, lines of the bank, the market file."""

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class GrantUnknown(Invalid):
    code = "grant_unknown"
    field = "grant"
    sentence = N_("Choose the grant that pays.")


class GrantTooShort(Invalid):
    """Money of a grant is spent within its days."""

    code = "grant_too_short"
    field = "grant"
    sentence = N_(
        "This grant pays from %(first)s to %(last)s, and the municipality’s part would be due"
        " outside of these days. Choose another grant, or fewer months."
    )


class DecisionOfNothing(Invalid):
    code = "decision_of_nothing"
    field = "amount"
    sentence = N_("That is nothing to pay for anybody. Write an amount.")


class PersonCeilingPassed(Conflict):
    """Nothing was decided; how much less it would have to be. Amounts are `rules.book.Cents`."""

    code = "person_ceiling_passed"
    sentence = N_(
        "The most for one person is %(most)s, and this would be %(over)s above it. Nothing was"
        " decided."
    )


class UnitCeilingPassed(Conflict):
    code = "unit_ceiling_passed"
    sentence = N_(
        "The most for one flat is %(most)s, and this would be %(over)s above it. Nothing was"
        " decided."
    )


class GrantCeilingPassed(Conflict):
    code = "grant_ceiling_passed"
    sentence = N_(
        "The most from one grant is %(most)s, and this would be %(over)s above it. Nothing was"
        " decided."
    )


class GrantPassed(Conflict):
    code = "grant_passed"
    sentence = N_(
        "The grant “%(grant)s” has %(left)s left, and this would be %(over)s more. Nothing was"
        " decided."
    )


class DecisionCancelled(Conflict):
    code = "decision_cancelled"
    sentence = N_("This decision was cancelled before. Nothing was changed.")


class PaidLater(Invalid):
    code = "paid_later"
    field = "paid_on"
    sentence = N_("This day is still to come. Write the payment down once it was made.")


class PaidLongBefore(Invalid):
    code = "paid_long_before"
    field = "paid_on"
    sentence = N_("That is long before this was decided. Look at the day again.")


class MoreThanDecided(Conflict):
    """Of the municipality: its money goes out only on a decision. A tenant may pay ahead."""

    code = "more_than_decided"
    sentence = N_(
        "The municipality would pay more than was decided: %(left)s are left. Decide the rest"
        " first."
    )


class PaymentUndone(Conflict):
    code = "payment_undone"
    sentence = N_("This payment was taken back before. Nothing was changed.")


class EntryGone(Conflict):
    """Of a line of the bank: somebody else was quicker."""

    code = "entry_gone"
    sentence = N_(
        "One of these payments was booked or set aside meanwhile. Nothing was booked: look at the"
        " list again."
    )


class CodeUnknown(Invalid):
    code = "code_unknown"
    sentence = N_("There is no decision with the code %(code)s. Look at the code again.")


class NothingTicked(Invalid):
    code = "nothing_ticked"
    sentence = N_("Tick the payments that you want to book, or write their codes.")


class CourseUnknown(Invalid):
    code = "course_unknown"
    field = "project"
    sentence = N_("Choose a project of your city that everybody can see.")


class FlatToCome(Invalid):
    code = "flat_to_come"
    field = "on_day"
    sentence = N_("This day is still to come: until then the flat is one to be looked at.")


class LandlordNameless(Invalid):
    code = "landlord_nameless"
    field = "landlord"
    sentence = N_("Write the landlord’s name, so that others can find the contact again.")


class LeaseWritten(Conflict):
    code = "lease_written"
    sentence = N_("A lease of theirs from that day is written down already.")


class IbanWrong(Invalid):
    code = "iban_wrong"
    field = "iban"
    sentence = N_(
        "This is no account number: a letter or a digit is missing or wrong. Copy it again from the"
        " bank’s paper."
    )
