"""What the pages of housing hang on: the city one works in, the ways between pages, the words."""

import logging
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.words import euro, housing_name, living_name
from civic.kernel.i18n import N_
from civic.kernel.policy import Role, city_of
from civic.kernel.vault import KeyMissing, KeyWrong, Tampered
from civic.web import errors
from civic.web.transaction import actor
from civic.web.words import said

log = logging.getLogger(__name__)

bp = Blueprint("housing", __name__, url_prefix="/<lang>")

WORKING_ROLES = (
    Role.HOUSING_OFFICER,
    Role.OFFICER,
    Role.CITY_COORDINATOR,
    Role.CASE_WORKER,
    Role.DESK,
    Role.MOBILE_UNIT,
)
WAYS = (
    (N_("Today"), "housing.home"),
    (N_("Who waits"), "housing.requests"),
    (N_("Stays"), "housing.stays"),
    (N_("Calendar"), "housing.calendar"),
    (N_("Dwellings"), "housing.units"),
    (N_("Offers"), "housing.offers"),
    (N_("Works"), "housing.works"),
    (N_("Rent support"), "housing.support"),
    (N_("Figures"), "housing.figures"),
)


@dataclass(frozen=True)
class Way:
    label: str
    url: str
    is_here: bool


def own_city(*roles: Role) -> UUID:
    """Where the actor works on housing; with several cities, the one that the page names."""
    mine = next((each for each in roles or WORKING_ROLES if actor().has_role(each)), None)
    return city_of(actor(), mine or Role.HOUSING_OFFICER, request.values.get("city", ""))


def housing_ways() -> list[Way]:
    """Between the pages of a housing officer; the nearest one above this page is where they are."""
    found = [
        Way(_(label), url_for(endpoint), is_here=False)
        for label, endpoint in WAYS
        if endpoint in current_app.view_functions
    ]
    above = [way for way in found if f"{request.path}/".startswith(f"{way.url}/")]
    nearest = max(above, key=lambda way: len(way.url), default=None)
    return [Way(way.label, way.url, way is nearest) for way in found]


@bp.after_request
def never_kept(response: Response) -> Response:
    """Nothing of where people live stays in a browser or on the way."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.errorhandler(KeyMissing)
@bp.errorhandler(KeyWrong)
@bp.errorhandler(Tampered)
def locked(error: KeyMissing | KeyWrong | Tampered) -> ResponseReturnValue:
    """Which key, or which field: for whoever runs Civic. Neither names anybody."""
    log.error("%s at %s: %s", error.code, request.endpoint, error.values)
    return errors.error_page(503, said(error.sentence, error.values), error.code)


@bp.record_once
def _words_for_templates(setup: BlueprintSetupState) -> None:
    """Globals, so that pieces of pages which are imported know them, too."""
    env = setup.app.jinja_env
    env.globals.update(
        housing_name=housing_name, living_name=living_name, housing_ways=housing_ways
    )
    env.filters["euro"] = euro
