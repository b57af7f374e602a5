from civic.kernel.policy import (
    Permission,
    Rule,
    any_of,
    case_worker_there,
    city_coordinator_there,
    coordinator,
    desk_there,
    housing_officer_there,
    is_person,
    mobile_unit_there,
    officer_there,
)


def _sealed(name: str, *rules: Rule) -> Permission:
    """Where people live is asked for with a second step, as their files are."""
    return Permission(name, any_of(*rules), second_factor=True)


WORK_ON_HOUSING = _sealed("housing.work_on", housing_officer_there)
"""The stock, the waiting list, stays, works, rent support. A safe house asks for its team besides."""
ASK_FOR_HOME = _sealed("housing.ask", housing_officer_there, case_worker_there, desk_there)
"""Opens requests and sees how one's own stand."""
PLACE_TONIGHT = _sealed(
    "housing.place_tonight", housing_officer_there, mobile_unit_there, desk_there
)
READ_FIGURES = Permission(
    "housing.read_figures", any_of(housing_officer_there, officer_there, city_coordinator_there)
)
READ_NETWORK_FIGURES = Permission("housing.read_network_figures", coordinator)
OWN_HOME = Permission("housing.own_home", is_person)
