"""Beds that are closed for a while, and checks that come back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import checks as checking
from civic.housing.operations import closures as closing
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.checks import checks_of
from civic.housing.queries.gate import unit_for
from civic.housing.queries.work_gate import check_for, closure_for
from civic.housing.queries.works import beds_of
from civic.housing.rules.nights import VoidReason
from civic.housing.views.blueprint import bp
from civic.housing.works_forms import CheckDayForm, CheckForm, ClosureForm, DayForm
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, Invalid
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work


@bp.route("/housing/units/<uuid:unit_id>/close", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def close_beds(unit_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        name, beds = unit_for(ctx, unit_id).name, beds_of(ctx, unit_id)
    form = ClosureForm()
    form.offer(beds)
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                first, until = form.days
                reason = VoidReason(form.reason.data)
                closing.close_beds(ctx, unit_id, form.bed_ids, first, until, reason)
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            return _closure_page(form, unit_id, name), status_of(refusal)
        flash(_("The beds are closed, and the calendar shows it."), "success")
        return redirect(url_for("housing.calendar", unit=unit_id))
    return _closure_page(form, unit_id, name), 422 if form.is_submitted() else 200


def _closure_page(form: ClosureForm, unit_id: UUID, name: str) -> str:
    return render_template("housing/closure_form.html", form=form, unit_id=unit_id, unit_name=name)


@bp.post("/housing/closures/<uuid:span_id>/reopen")
@requires(WORK_ON_HOUSING)
def reopen(span_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        unit_id = closure_for(ctx, span_id)[1].id
    form = DayForm()
    if not form.validate():
        flash(_("Choose a day."), "danger")
        return redirect(url_for("housing.calendar", unit=unit_id))
    with unit_of_work() as ctx:
        closing.reopen(ctx, span_id, form.chosen)
    flash(_("Somebody can sleep there again."), "success")
    return redirect(url_for("housing.calendar", unit=unit_id))


@bp.post("/housing/units/<uuid:unit_id>/checks")
@requires(WORK_ON_HOUSING)
def add_check(unit_id: UUID) -> ResponseReturnValue:
    form = CheckForm()
    form.offer()
    with reading() as ctx:
        name = unit_for(ctx, unit_id).name
    if form.validate():
        try:
            with unit_of_work() as ctx:
                checking.add_check(ctx, unit_id, form.to_check())
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            return _check_page(form, unit_id, name), status_of(refusal)
        flash(_("The check is on the list."), "success")
        return redirect(url_for("housing.works", unit=unit_id, _anchor="checks"))
    return _check_page(form, unit_id, name), 422


def _check_page(form: CheckForm, unit_id: UUID, name: str) -> str:
    return render_template("housing/check_form.html", form=form, unit_id=unit_id, unit_name=name)


@bp.route("/housing/checks/<uuid:check_id>", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def check(check_id: UUID) -> ResponseReturnValue:
    """Write down that it was done, or change when it comes back; `act` says which of the two."""
    act = request.form.get("act", "")
    with reading() as ctx:
        today = rome_day(ctx.now())
        row, unit = check_for(ctx, check_id)
        shown = next(each for each in checks_of(ctx, unit.id) if each.id == row.id)
    done = DayForm(prefix="done-")
    again = CheckDayForm(
        formdata=request.form if act == "change" else None, prefix="again-", obj=shown
    )
    form = again if act == "change" else done
    if not done.is_submitted():
        done.day.data = today
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                if act == "change":
                    months = again.every_months.data or 0
                    checking.change_check(ctx, check_id, months, again.chosen)
                else:
                    checking.check_done(ctx, check_id, done.chosen)
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
        else:
            flash(_("The check is kept with its new day."), "success")
            return redirect(url_for("housing.works", unit=shown.unit_id, _anchor="checks"))
    status = 422 if form.is_submitted() else 200
    return render_template("housing/check.html", row=shown, done=done, again=again), status


@bp.post("/housing/checks/<uuid:check_id>/drop")
@requires(WORK_ON_HOUSING)
def drop_check(check_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        unit_id = check_for(ctx, check_id)[1].id
        checking.drop_check(ctx, check_id)
    flash(_("The check is off the list."), "success")
    return redirect(url_for("housing.works", unit=unit_id, _anchor="checks"))
