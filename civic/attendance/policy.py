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
ANSWER_QUESTION = Permission("attendance.answer_question", organiser_there)
ANSWER_QUESTION_IN_CITY = Permission("attendance.answer_question_in_city", officer_there)
"""Once the association has left it unanswered for days."""
INSURED_DAYS = Permission("attendance.insured_days", any_of(organiser_there, officer_there))
INSURED_DAYS_IN_CITY = Permission("attendance.insured_days_in_city", officer_there)
LEDGER = Permission("attendance.ledger", organiser_there)
LEDGER_IN_CITY = Permission("attendance.ledger_in_city", officer_there)
"""To take the hours of a month away, with who changed them."""
CLOSE_MONTH = Permission("attendance.close_month", officer_there)
FOLLOW_UP = Permission("attendance.follow_up", officer_there)
"""Calls whoever had a place and did not come."""
PRINT_PASS = Permission("attendance.print_pass", officer_there)
"""For somebody without a phone."""
