from civic.kernel.policy import Permission, is_person, officer_there, organiser_there

OWN_PAGES = Permission("portal.own_pages", is_person)
ORGANISE = Permission("portal.organise", organiser_there)
CITY = Permission("portal.city", officer_there)
