"""Erasing a file: the lead asks on its page, the data-protection officer says yes on theirs."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.audit import operations as audit
from civic.cases.keeping_forms import ErasureForm
from civic.cases.operations.erasing import ask_erasure, decide_erasure
from civic.cases.policy import READ_TRAIL, WORK_ON_CASES
from civic.cases.queries.gate import case_for
from civic.cases.queries.keeping import erasures
from civic.cases.views.blueprint import bp
from civic.kernel.errors import Conflict
from civic.kernel.policy import Role, city_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say


@bp.get("/cases/<uuid:case_id>/erasure")
@requires(WORK_ON_CASES)
def ask_to_erase(case_id: UUID) -> ResponseReturnValue:
    return _asking(case_id, ErasureForm(formdata=None))


@bp.post("/cases/<uuid:case_id>/erasure")
@requires(WORK_ON_CASES)
def send_erasure(case_id: UUID) -> ResponseReturnValue:
    form = ErasureForm()
    form.offer()
    if not form.validate():
        return _asking(case_id, form), 422
    try:
        with unit_of_work() as ctx:
            ask_erasure(ctx, case_id, form.chosen)
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _asking(case_id, form), 409
    flash(
        _("The data-protection officer has been asked. Until they say yes, nothing goes."), "info"
    )
    return redirect(url_for("cases.around", case_id=case_id))


def _asking(case_id: UUID, form: ErasureForm) -> str:
    form.offer()
    with reading() as ctx:
        case = case_for(ctx, case_id)
        case.require_lead()
    return render_template("cases/erasing.html", case=case, form=form)


@bp.get("/cases/erasures")
@requires(READ_TRAIL)
def erasure_list() -> ResponseReturnValue:
    own = city_of(actor(), Role.DATA_PROTECTION, request.args.get("city", ""))
    with unit_of_work() as ctx:
        rows = erasures(ctx, own)
        audit.record(ctx, own, "case.erasures_read", details={"shown": len(rows)})
    return render_template("cases/erasures.html", rows=rows)


@bp.post("/cases/erasures/<uuid:erasure_id>/<any(confirm,decline):decision>")
@requires(READ_TRAIL)
def answer_erasure(erasure_id: UUID, decision: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            decide_erasure(ctx, erasure_id, is_confirmed=decision == "confirm")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        said = _("The file is erased.") if decision == "confirm" else _("The file stays.")
        flash(said, "success")
    return redirect(url_for("cases.erasure_list"))
