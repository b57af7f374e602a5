from civic.kernel.policy import (
    Permission,
    any_of,
    is_person,
    officer_there,
    organiser_there,
)

OWN_ATTENDANCE = Permission("attendance.own", is_person)
SHOW_PASS = Permission("attendance.show_pass", any_of(is_person, officer_there))
CHECK_IN = Permission("attendance.check_in", any_of(organiser_there, officer_there))
CORRECT_HOURS = Permission("attendance.correct_hours", any_of(organiser_there, officer_there))
