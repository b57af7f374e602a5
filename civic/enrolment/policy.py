from civic.kernel.policy import (
    Actor,
    Permission,
    Place,
    any_of,
    case_worker_there,
    is_person,
    officer_there,
    organiser_there,
)


def _anybody_signed_in(actor: Actor, _place: Place | None) -> bool:
    return actor.is_signed_in


def _officer_for_the_city(actor: Actor, place: Place | None) -> bool:
    """What is the municipality's own, not an association's."""
    return officer_there(actor, place) and (place is None or place.association_id is None)


JOIN = Permission("enrolment.join", _anybody_signed_in)
OWN_BOOKINGS = Permission("enrolment.own_bookings", is_person)
ANSWER_REQUEST = Permission("enrolment.answer_request", organiser_there)
ANSWER_CARRIED = Permission("enrolment.answer_carried", officer_there)
"""What the association left unanswered; `queries.requests.request_for` sees to that."""
WRITE_IN = Permission("enrolment.write_in", any_of(officer_there, case_worker_there))
"""At the desk, for somebody the city knows."""
REGISTER_PERSON = Permission("enrolment.register_person", officer_there)
SET_BASIS = Permission("enrolment.set_basis", officer_there)
READ_MEASURES = Permission("enrolment.read_measures", officer_there)
INSURE = Permission("enrolment.insure", organiser_there)
INSURE_CITY = Permission("enrolment.insure_city", _officer_for_the_city)
END_POLICY = Permission("enrolment.end_policy", any_of(organiser_there, _officer_for_the_city))
OWN_DETAILS = Permission("enrolment.own_details", is_person)
KEEP_REGISTER = Permission("enrolment.keep_register", any_of(organiser_there, officer_there))
READ_COVER = Permission("enrolment.read_cover", any_of(organiser_there, officer_there))
RECORD_CONSENT = Permission("enrolment.record_consent", officer_there)
ANNOUNCE = Permission("enrolment.announce", organiser_there)
OVERRIDE = Permission("enrolment.override", organiser_there)
