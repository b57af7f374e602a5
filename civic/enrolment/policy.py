from civic.kernel.policy import (
    Actor,
    Permission,
    Place,
    any_of,
    is_person,
    officer_there,
    organiser_there,
)


def _anybody_signed_in(actor: Actor, _place: Place | None) -> bool:
    return actor.is_signed_in


JOIN = Permission("enrolment.join", _anybody_signed_in)
OWN_BOOKINGS = Permission("enrolment.own_bookings", is_person)
INSURE = Permission("enrolment.insure", organiser_there)
READ_COVER = Permission("enrolment.read_cover", any_of(organiser_there, officer_there))
RECORD_CONSENT = Permission("enrolment.record_consent", officer_there)
