"""What stands in the way of a plan, for its case worker."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict
from civic.plans.goal_forms import BarrierForm
from civic.plans.operations import barriers, plans
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.views.blueprint import bp
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import unit_of_work


@bp.get("/plans/<uuid:plan_id>/barriers")
@requires(WORK_ON_PLANS)
def barriers_of_plan(plan_id: UUID) -> ResponseReturnValue:
    return _page(plan_id, BarrierForm(formdata=None))


@bp.post("/plans/<uuid:plan_id>/barriers")
@requires(WORK_ON_PLANS)
def add_barrier(plan_id: UUID) -> ResponseReturnValue:
    form = BarrierForm()
    form.offer(page_language().tag)
    if not form.validate():
        return _page(plan_id, form), 422
    try:
        with unit_of_work() as ctx:
            barriers.add_barrier(ctx, plan_id, form.to_request())
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _page(plan_id, form), status_of(refusal)
    flash(_("It is written down. Now it can be worked on."), "success")
    return redirect(url_for("plans.barriers_of_plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/barriers/<uuid:barrier_id>/<any(done,open):mark>")
@requires(WORK_ON_PLANS)
def mark_barrier(plan_id: UUID, barrier_id: UUID, mark: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        barriers.mark_barrier(ctx, plan_id, barrier_id, is_overcome=mark == "done")
    return redirect(url_for("plans.barriers_of_plan", plan_id=plan_id))


def _page(plan_id: UUID, form: BarrierForm) -> str:
    with unit_of_work() as ctx:
        page = plans.read_plan(ctx, plan_id)
    form.offer(page_language().tag)
    return render_template("plans/barriers.html", page=page, form=form)
