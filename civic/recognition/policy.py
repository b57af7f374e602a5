from civic.kernel.policy import Permission, is_person, organiser_there

TUTOR = Permission("recognition.tutor", organiser_there)
"""Works on the paths of that association in that city."""
OWN_PATHS = Permission("recognition.own_paths", is_person)
