"""That there is a plan, on the page of a case: the way to it for whoever holds it, and no word of it."""

from uuid import UUID

from flask import render_template

from civic.plans.queries.gate import plan_of
from civic.web.transaction import actor, reading


def case_panel(person_id: UUID | None, municipality_id: UUID, **_rest: object) -> str:
    """The person is named only where the reader of the case may read plans."""
    if person_id is None:
        return ""
    with reading() as ctx:
        plan = plan_of(ctx, person_id, municipality_id)
    is_own = plan is not None and plan.case_worker_id == actor().person_id
    return render_template("plans/case_reference.html", plan=plan, is_own=is_own)
