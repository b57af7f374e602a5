"""The plans a case worker follows, and opening another."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Place
from civic.plans.forms import OpenPlanForm
from civic.plans.operations import plans
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.closings import follow_ups_to_ask, own_closed_plans
from civic.plans.queries.desk import own_plans
from civic.plans.queries.moves import arrivals
from civic.plans.views.blueprint import bp
from civic.tenancy.queries import standings as tenancy
from civic.tenancy.queries.standings import City
from civic.web.errors import status_of
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.get("/plans")
@requires(WORK_ON_PLANS)
def desk() -> ResponseReturnValue:
    return _desk_page(_open_form())


@bp.post("/plans")
@requires(WORK_ON_PLANS)
def open_plan() -> ResponseReturnValue:
    form = _open_form()
    if not form.validate():
        return _desk_page(form), 422
    try:
        with unit_of_work() as ctx:
            plan_id = plans.open_plan(
                ctx,
                UUID(form.municipality_id.data),
                form.short_code.data or "",
                form.agreed.data,
            )
    except (Invalid, Conflict) as refusal:
        field = form[getattr(refusal, "field", None) or "short_code"]
        field.errors = [*field.errors, say(refusal)]
        return _desk_page(form), status_of(refusal)
    return redirect(url_for("plans.plan", plan_id=plan_id))


def _open_form() -> OpenPlanForm:
    form = OpenPlanForm()
    form.offer(_own_cities())
    return form


def _own_cities() -> list[City]:
    with reading() as ctx:
        return [
            city
            for city in tenancy.municipalities(ctx)
            if WORK_ON_PLANS.allows(ctx.actor, Place(municipality_id=city.id))
        ]


def _desk_page(form: OpenPlanForm) -> str:
    with reading() as ctx:
        found = own_plans(ctx)
        arrived = arrivals(ctx)
        to_ask = follow_ups_to_ask(ctx)
        closed = own_closed_plans(ctx)
    return render_template(
        "plans/desk.html", plans=found, arrivals=arrived, to_ask=to_ask, closed=closed, form=form
    )
