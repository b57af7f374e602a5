"""What the pages of cases hang on: refusals that are written down, and the words they use."""

import logging
from uuid import UUID

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from civic.cases.access import Access, Data
from civic.cases.operations import trail
from civic.cases.words import CASE_WORDS
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, city_of
from civic.kernel.vault import KeyMissing, KeyWrong, Tampered
from civic.web import errors
from civic.web.transaction import actor, unit_of_work
from civic.web.words import said

log = logging.getLogger(__name__)

bp = Blueprint("cases", __name__, url_prefix="/<lang>")

WORKING_ROLES = (
    Role.CASE_WORKER,
    Role.DESK,
    Role.MOBILE_UNIT,
    Role.HOUSING_OFFICER,
    Role.CITY_COORDINATOR,
    Role.DATA_PROTECTION,
)


def own_city() -> UUID:
    """Where the actor works on cases; with several, the one that the page names."""
    role = next((each for each in WORKING_ROLES if actor().has_role(each)), Role.CASE_WORKER)
    return city_of(actor(), role, request.values.get("city", ""))


@bp.after_request
def never_kept(response: Response) -> Response:
    """Nothing of a case stays in a browser or on the way."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.errorhandler(NotFound)
def refused(_error: NotFound) -> ResponseReturnValue:
    """Absent and forbidden look alike; the trail of the city hears of both."""
    case_id = (request.view_args or {}).get("case_id")
    if actor().is_signed_in:
        with unit_of_work() as ctx:
            trail.note_refusal(
                ctx, case_id if isinstance(case_id, UUID) else None, str(request.endpoint)
            )
    return errors.error_page(404)


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
    setup.app.jinja_env.globals.update(case_words=CASE_WORDS, Data=Data, Access=Access)
