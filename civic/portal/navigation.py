"""The few ways on from every page, by what somebody is."""

from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext as _

from civic.kernel.i18n import N_
from civic.kernel.policy import Actor, Role

CASE_STAFF = (
    Role.CASE_WORKER,
    Role.DESK,
    Role.MOBILE_UNIT,
    Role.HOUSING_OFFICER,
    Role.CITY_COORDINATOR,
)
BY_ROLE: tuple[tuple[tuple[Role, ...], str, str], ...] = (
    ((Role.ORGANISER,), N_("Organise"), "portal.organise"),
    ((Role.OFFICER,), N_("City"), "portal.city"),
    (CASE_STAFF, N_("Cases"), "cases.case_list"),
    ((Role.HOUSING_OFFICER,), N_("Homes"), "housing.home"),
    ((Role.MOBILE_UNIT, Role.DESK), N_("A bed tonight"), "housing.tonight"),
    ((Role.MOBILE_UNIT,), N_("Outings"), "cases_outings.walks"),
    ((Role.DESK,), N_("Queue at the desk"), "cases_queue.desk"),
    ((Role.CASE_WORKER, Role.OFFICER), N_("Plans"), "plans.desk"),
    ((Role.DATA_PROTECTION,), N_("Trail of the cases"), "cases.trail"),
    ((Role.COORDINATOR,), N_("The network"), "reporting.network"),
    ((Role.ADMINISTRATOR,), N_("Administration"), "notifications.failures"),
)
"""In the order in which they stand, for whoever holds one of the roles."""


@dataclass(frozen=True)
class Way:
    label: str
    url: str
    active: bool


def navigation(actor: Actor) -> list[Way]:
    """Projects for everybody, one's own pages for participants, one entry a role for staff."""
    ways = [_way(_("Projects"), "catalogue.project_list")]
    if not actor.is_signed_in:
        return _mark_current(ways)
    if not actor.grants:
        ways += [
            _way(_("My page"), "portal.me"),
            _way(_("My pass"), "attendance.passes"),
        ]
    ways += [_way(_(label), to) for roles, label, to in BY_ROLE if actor.has_role(*roles)]
    if actor.has_role(Role.CASE_WORKER) and not actor.has_role(Role.OFFICER):
        ways.append(_way(_("At the desk"), "enrolment_desk.desk"))
    return _mark_current(ways)


def _mark_current(ways: list[Way]) -> list[Way]:
    """Of the ways that lead to or above this page, the nearest one is where the reader is."""
    above = [way for way in ways if f"{request.path}/".startswith(f"{way.url}/")]
    nearest = max(above, key=lambda way: len(way.url), default=None)
    return [replace(way, active=way is nearest) for way in ways]


def front_page(actor: Actor) -> str:
    """Where somebody lands after signing in."""
    if actor.has_role(Role.ORGANISER):
        return url_for("portal.organise")
    if actor.has_role(Role.OFFICER):
        return url_for("portal.city")
    return navigation(actor)[-1].url if actor.grants else url_for("portal.me")


def _way(label: str, endpoint: str) -> Way:
    return Way(label, url_for(endpoint), active=False)
