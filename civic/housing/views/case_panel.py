"""That a home was asked for, on the page of a case; and the way to ask for one."""

from uuid import UUID

from flask import render_template

from civic.housing.policy import ASK_FOR_HOME
from civic.housing.queries.requests import requests_of_case
from civic.kernel.policy import Place
from civic.web.transaction import actor, reading


def case_panel(
    municipality_id: UUID,
    person_id: UUID | None = None,
    case_id: UUID | None = None,
    **_rest: object,
) -> str:
    """For who may ask for a home there; the page of the case made sure that they read the case."""
    if case_id is None or not ASK_FOR_HOME.allows(actor(), Place(municipality_id=municipality_id)):
        return ""
    with reading() as ctx:
        found = requests_of_case(ctx, case_id, person_id)
    return render_template("housing/case_panel.html", found=found, case_id=case_id)
