from civic.kernel.policy import Permission, any_of, is_person, officer_there, organiser_there

ASSESS = Permission("badges.assess", organiser_there)
DEFINE = Permission("badges.define", any_of(officer_there, organiser_there))
READ_SHELF = Permission("badges.read_shelf", is_person)
