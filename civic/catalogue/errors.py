from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class EndsBeforeStart(Invalid):
    code = "ends_before_start"
    field = "end"
    sentence = N_("The end must come after the start.")


class SessionTooLong(Invalid):
    code = "session_too_long"
    field = "end"
    sentence = N_("A session lasts at most %(hours)s hours.")


class SessionInPast(Invalid):
    code = "session_in_past"
    field = "day"
    sentence = N_("%(day)s at this hour is already past. Choose a time to come.")


class SessionTooFar(Invalid):
    code = "session_too_far"
    field = "day"
    sentence = N_("%(day)s is too far away. Choose a day within two years.")


class SessionAlreadyThere(Invalid):
    code = "session_already_there"
    field = "start"
    sentence = N_(
        "This project already has a session, perhaps a cancelled one, on %(day)s at this hour."
    )


class StartIsSkipped(Invalid):
    code = "start_is_skipped"
    field = "start"
    sentence = N_("This hour does not exist on %(day)s: clocks go forward to summer time.")


class EndIsSkipped(StartIsSkipped):
    code = "end_is_skipped"
    field = "end"


class PlacesOutOfRange(Invalid):
    code = "places_out_of_range"
    field = "places"
    sentence = N_("Write a number of places from 1 to %(most)s.")


class PlacesBelowTaken(Invalid):
    code = "places_below_taken"
    field = "places"
    sentence = N_("%(taken)s people already have a place: there cannot be fewer places.")


class ReasonMissing(Invalid):
    code = "reason_missing"
    field = "reason"
    sentence = N_("Write the reason, so that the association knows what to change.")


class ProjectNotEditable(Conflict):
    code = "project_not_editable"
    sentence = N_("This project cannot be changed: it is with the municipality, or it is over.")


class ProjectNotDraft(Conflict):
    code = "project_not_draft"
    sentence = N_("This project was already sent to the municipality.")


class ProjectAlreadyDecided(Conflict):
    code = "project_already_decided"
    sentence = N_("Somebody has already decided on this project.")


class ProjectNotPublished(Conflict):
    code = "project_not_published"
    sentence = N_("Only a published project can be closed.")


class NoSessionToCome(Conflict):
    code = "no_session_to_come"
    sentence = N_("The project needs at least one session to come. Add a date first.")


class AssociationNotVerified(Conflict):
    code = "association_not_verified"
    sentence = N_("The municipality has not verified your association yet. Ask its office.")


class SessionOver(Conflict):
    code = "session_over"
    sentence = N_("This session has already begun or is over: it cannot be changed.")


class SessionIsCancelled(Conflict):
    code = "session_is_cancelled"
    sentence = N_("This session was cancelled.")
