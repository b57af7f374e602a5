from civic.kernel.policy import Permission, officer_there, organiser_there

ORGANISE = Permission("catalogue.organise", organiser_there)
REVIEW = Permission("catalogue.review", officer_there)
