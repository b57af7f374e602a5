"""The few ways on from every page, by what somebody is."""

from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext as _

from civic.kernel.policy import Actor, Role


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
    if actor.has_role(Role.ORGANISER):
        ways.append(_way(_("Organise"), "portal.organise"))
    if actor.has_role(Role.OFFICER):
        ways.append(_way(_("City"), "portal.city"))
    if actor.has_role(Role.CASE_WORKER, Role.OFFICER):
        ways.append(_way(_("Plans"), "plans.desk"))
        if not actor.has_role(Role.OFFICER):
            ways.append(_way(_("At the desk"), "enrolment_desk.desk"))
    if actor.has_role(Role.COORDINATOR):
        ways.append(_way(_("The network"), "reporting.network"))
    if actor.has_role(Role.ADMINISTRATOR):
        ways.append(_way(_("Administration"), "notifications.failures"))
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
