from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import N_


class EndsBeforeStart(Invalid):
    code = "ends_before_start"
    field = "end"
    sentence = N_("Start and end are the same. Choose another end.")


class SessionTooLong(Invalid):
    code = "session_too_long"
    field = "end"
    sentence = N_(
        "A session lasts at most %(hours)s hours. An end before the start is the next day."
    )


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


class PlacesBelowTakenOn(PlacesBelowTaken):
    sentence = N_("There cannot be fewer places on %(day)s: %(taken)s are taken.")


class SeriesWithoutEnd(Invalid):
    code = "series_without_end"
    field = "until"
    sentence = N_("Say until when: give a last day, or how many times.")


class SeriesEndsTwice(Invalid):
    code = "series_ends_twice"
    field = "times"
    sentence = N_("Give a last day or how many times, not both.")


class SeriesEndTooFar(Invalid):
    code = "series_end_too_far"
    field = "until"
    sentence = N_("Choose a last day within two years. You can add more dates later.")


class SeriesTimesTooFar(Invalid):
    code = "series_times_too_far"
    field = "times"
    sentence = N_("That would go on until %(day)s. Write fewer times: two years at most.")


class SeriesTooLong(Invalid):
    code = "series_too_long"
    field = "times"
    sentence = N_(
        "That would be more than %(most)s sessions. Make it shorter: you can add more later."
    )


class SeriesEmpty(Invalid):
    code = "series_empty"
    field = "until"
    sentence = N_("No day fits before this end. Choose a later last day.")


class SeriesDayFixed(Invalid):
    code = "series_day_fixed"
    field = "day"
    sentence = N_(
        "These dates come once a month, so the day can only be changed for one of them at a time."
    )


class NoDayTicked(Invalid):
    code = "no_day_ticked"
    field = "days"
    sentence = N_("Tick at least one day.")


class NotInSeries(Conflict):
    code = "not_in_series"
    sentence = N_("This session does not repeat.")


class NothingToCome(Conflict):
    code = "nothing_to_come"
    sentence = N_("No date of this kind is still to come.")


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


class ProjectNotPaused(Conflict):
    code = "project_not_paused"
    sentence = N_("This project takes no break at the moment.")


class ProjectNotRunning(Conflict):
    code = "project_not_running"
    sentence = N_("Only a published project can take a break.")


class ProjectNotPublic(Conflict):
    code = "project_not_public"
    sentence = N_(
        "A poster leads to the public page: it can be made once the project is published."
    )


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
