from civic.kernel.policy import Permission, is_person, organiser_there

ASSESS = Permission("badges.assess", organiser_there)
READ_SHELF = Permission("badges.read_shelf", is_person)
