from civic.kernel.policy import (
    Permission,
    Rule,
    any_of,
    case_worker_there,
    city_coordinator_there,
    data_protection_there,
    desk_there,
    housing_officer_there,
    is_person,
    mobile_unit_there,
    officer_there,
)

WORK_AT_DESK = Permission(
    "cases.work_at_desk", any_of(officer_there, case_worker_there, desk_there)
)
KEEP_SERVICES = Permission("cases.keep_services", officer_there)
"""The directory of services of that city."""


def _sealed(name: str, *rules: Rule) -> Permission:
    """What opens files asks for a second factor; the gate asks further for a role on that very case."""
    return Permission(name, any_of(*rules), second_factor=True)


WORK_ON_CASES = _sealed(
    "cases.work_on",
    case_worker_there,
    desk_there,
    mobile_unit_there,
    housing_officer_there,
    city_coordinator_there,
)
OPEN_CASE = _sealed("cases.open", case_worker_there, desk_there, mobile_unit_there)
FIND_KNOWN = _sealed("cases.find_known", case_worker_there, desk_there, mobile_unit_there)
GO_OUT = _sealed("cases.go_out", mobile_unit_there)
ENTER_IN_EMERGENCY = _sealed(
    "cases.enter_in_emergency",
    case_worker_there,
    desk_there,
    mobile_unit_there,
    housing_officer_there,
)
READ_TRAIL = _sealed("cases.read_trail", data_protection_there)
READ_RETENTION = _sealed("cases.read_retention", city_coordinator_there, data_protection_there)
"""What goes of the city's files and when, by reference alone."""
READ_OWN_CASE = Permission("cases.read_own", is_person)
