"""What the housing room refuses: stays, beds and people."""

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class EndsBeforeStart(Invalid):
    code = "ends_before_start"
    field = "until"
    sentence = N_("The last day comes before the first one. Look at both dates again.")


class NoNights(Invalid):
    code = "no_nights"
    field = "until"
    sentence = N_("That is not a single night. Choose a day of leaving after the first night.")


class TooManyNights(Invalid):
    code = "too_many_nights"
    field = "until"
    sentence = N_(
        "That is too long to plan at once: %(most)d nights at most. It can be extended later."
    )


class TooLongAgo(Invalid):
    code = "too_long_ago"
    field = "first"
    sentence = N_("That is more than a year ago. Look at the first day again.")


class NobodyToPlace(Invalid):
    code = "nobody_to_place"
    sentence = N_("Choose who comes to live there, and a bed for each of them.")


class BedTaken(Conflict):
    """Somebody else, works or a closure have one of the nights: nothing was changed."""

    code = "bed_taken"
    sentence = N_(
        "%(bed)s is no longer free on %(night)s. Nothing was changed: choose another bed or other"
        " nights."
    )


class SleepsElsewhere(Conflict):
    code = "sleeps_elsewhere"
    sentence = N_(
        "One of them already has a bed on %(night)s. Nobody can sleep in two places: end or move"
        " the other stay first."
    )


class BedNotOffered(Conflict):
    """Outside the nights in which the bed is there at all."""

    code = "bed_not_offered"
    sentence = N_(
        "%(bed)s is not there on all of these nights. Choose another bed or other nights."
    )


class BedStillBooked(Conflict):
    code = "bed_still_booked"
    sentence = N_(
        "%(bed)s is still booked until %(night)s. Move or end what is booked, then take it away."
    )


class PersonDead(Conflict):
    code = "person_dead"
    sentence = N_("One of them has died. Nobody was placed.")


class PersonDeparted(Conflict):
    code = "person_departed"
    sentence = N_(
        "One of them has left the city. Write down that they are back before you place them."
    )


class MinorAlone(Conflict):
    code = "minor_alone"
    sentence = N_(
        "A minor cannot live there without an adult. Choose a place that takes minors without a"
        " family."
    )


class NotForThem(Conflict):
    """The rules of the unit do not let this household live there."""

    code = "not_for_them"
    sentence = N_("The rules of this place or room do not let them live there. Choose another one.")


class RequestClosed(Conflict):
    code = "request_closed"
    sentence = N_("This request was answered before. Look at how it stands now.")


class ProposalOver(Conflict):
    code = "proposal_over"
    sentence = N_("This proposal no longer stands. Look at the request again for others.")


class StayOver(Conflict):
    code = "stay_over"
    sentence = N_("This stay has ended or was cancelled. Nothing was changed.")


class NotMovedIn(Conflict):
    code = "not_moved_in"
    sentence = N_("They have not moved in yet. Write down the move first, or cancel the stay.")


class AlreadyMovedIn(Conflict):
    code = "already_moved_in"
    sentence = N_("They have moved in already. Write down the day they move out instead.")
