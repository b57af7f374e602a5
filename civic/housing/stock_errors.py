"""What is refused about the stock: offers, dwellings with their beds and leases, grants, papers."""

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class OwnerNameMissing(Invalid):
    code = "owner_name_missing"
    field = "owner_name"
    sentence = N_("Choose an owner, or write the name of the new one.")


class OfferNotOpen(Conflict):
    code = "offer_not_open"
    sentence = N_("This offer was answered before. Look at how it stands now.")


class OfferNotVisited(Conflict):
    code = "offer_not_visited"
    sentence = N_("Nobody has seen this flat yet. Write down a visit first, then accept it.")


class OfferNotAccepted(Conflict):
    code = "offer_not_accepted"
    sentence = N_("This offer is not accepted. Accept it first, then write down the dwelling.")


class OfferHasUnit(Conflict):
    code = "offer_has_unit"
    sentence = N_("The dwelling of this offer is written down already.")


class VisitWritten(Conflict):
    code = "visit_written"
    sentence = N_("What was found on this visit is written down already.")


class VisitToCome(Conflict):
    code = "visit_to_come"
    sentence = N_("This visit is still to come. Write down what you found on the day itself.")


class NoColleague(Invalid):
    code = "no_colleague"
    sentence = N_("Choose somebody who works on housing in your city.")


class DayTooFar(Invalid):
    """A slip in the year, most of the time."""

    code = "day_too_far"
    field = "day"
    sentence = N_("This day is too far away. Look at the year again.")


class UnitNameTaken(Conflict):
    code = "unit_name_taken"
    sentence = N_("Another dwelling is called “%(name)s” already. Choose another name.")


class RoomNameTaken(Conflict):
    code = "room_name_taken"
    sentence = N_("Another room here is called “%(name)s” already. Choose another name.")


class BedNameTaken(Conflict):
    code = "bed_name_taken"
    sentence = N_("Another bed in this room is called “%(name)s” already. Choose another name.")


class BedsUnreadable(Invalid):
    code = "beds_unreadable"
    field = "beds"
    sentence = N_("Write one number for each room, like 2, 2, 1.")


class NoBeds(Invalid):
    code = "no_beds"
    field = "beds"
    sentence = N_("A room here has at least one bed. Leave out rooms where nobody sleeps.")


class TooManyBeds(Invalid):
    code = "too_many_beds"
    field = "beds"
    sentence = N_(
        "That is too many: at most %(room)s beds in a room, and %(unit)s in a dwelling. Write a"
        " large house down as several dwellings."
    )


class UnitCloses(Conflict):
    code = "unit_closes"
    sentence = N_(
        "This dwelling closes on %(day)s. Keep it open first, if something is to change in it."
    )


class BedAlreadyGone(Conflict):
    """Its nights since then are counted as not offered: it comes back as a new bed."""

    code = "bed_already_gone"
    sentence = N_("This bed is gone already. Add a new one to the room.")


class UnitAlreadyClosed(Conflict):
    code = "unit_already_closed"
    sentence = N_("This dwelling is closed already. Write it down anew when it opens again.")


class LeaseEndsFirst(Invalid):
    code = "lease_ends_first"
    field = "ends_on"
    sentence = N_("The last day comes before the first one. Look at both days again.")


class RegisteredToCome(Invalid):
    code = "registered_to_come"
    field = "registered_on"
    sentence = N_("This day is still to come. Write it down once the lease is registered.")


class TenantMissing(Invalid):
    code = "tenant_missing"
    field = "resident"
    sentence = N_("Choose whose lease it is: somebody who lives there.")


class GrantEndsFirst(Invalid):
    code = "grant_ends_first"
    field = "ends_on"
    sentence = N_("The last day comes before the first one. Look at both days again.")


class GrantCodeTaken(Conflict):
    code = "grant_code_taken"
    sentence = N_("Another grant has the code “%(name)s” already.")


class LineCodeTaken(Conflict):
    code = "line_code_taken"
    sentence = N_("Another line of this grant has the code “%(name)s” already.")


class GrantTooLarge(Invalid):
    code = "grant_too_large"
    field = "amount"
    sentence = N_("That is more than twenty million euro. Look at the amount again.")


class GrantEmpty(Invalid):
    code = "grant_empty"
    field = "amount"
    sentence = N_("Write an amount that is more than nothing.")


class LinesBeyondGrant(Conflict):
    code = "lines_beyond_grant"
    sentence = N_(
        "The lines together would be more than the whole grant. Make a line smaller first, or the"
        " grant larger."
    )


class GrantBelowBound(Conflict):
    code = "grant_below_bound"
    sentence = N_("More than that is decided from this grant already. Nothing was changed.")


class LineBelowBooked(Conflict):
    code = "line_below_booked"
    sentence = N_("More than that is booked on this line already. Nothing was changed.")
