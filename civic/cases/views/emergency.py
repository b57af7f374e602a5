"""Breaking the glass: somebody's life does not wait for the team's answer."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.operations.emergency import break_glass, file_behind
from civic.cases.policy import ENTER_IN_EMERGENCY
from civic.cases.queries.gate import reference_of
from civic.cases.views.blueprint import bp
from civic.cases.work_forms import ReasonForm
from civic.kernel.errors import Conflict, Invalid
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work


@bp.get("/cases/<uuid:case_id>/emergency")
@requires(ENTER_IN_EMERGENCY)
def ask_emergency(case_id: UUID) -> ResponseReturnValue:
    """For a case of one's own city; nothing of it is on the page."""
    with reading() as ctx:
        file_behind(ctx, case_id)
    return _page(case_id, ReasonForm(formdata=None))


@bp.post("/cases/<uuid:case_id>/emergency")
@requires(ENTER_IN_EMERGENCY)
def enter_emergency(case_id: UUID) -> ResponseReturnValue:
    form = ReasonForm()
    with reading() as ctx:
        file_behind(ctx, case_id)
    if not form.validate():
        return _page(case_id, form), 422
    try:
        with unit_of_work() as ctx:
            break_glass(ctx, case_id, form.reason.data or "")
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _page(case_id, form), status_of(refusal)
    flash(_("You can read this case for two hours. Its team has been told."), "warning")
    return redirect(url_for("cases.case", case_id=case_id))


def _page(case_id: UUID, form: ReasonForm) -> str:
    return render_template(
        "cases/emergency.html", case_id=case_id, reference=reference_of(case_id), form=form
    )
