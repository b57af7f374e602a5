from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Role
from civic.plans import operations, queries
from civic.plans.forms import GoalForm, OpenPlanForm
from civic.plans.policy import READ_OWN_PLAN, WORK_ON_PLANS
from civic.plans.rules import DOMAIN_NAMES, STATE_NAMES, Domain, GoalState
from civic.tenancy.queries import standings as tenancy
from civic.tenancy.queries.standings import City
from civic.web.errors import status_of
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

bp = Blueprint("plans", __name__, url_prefix="/<lang>")


@bp.app_template_global()
def domain_name(domain: Domain) -> str:
    return _(DOMAIN_NAMES[domain])


@bp.app_template_global()
def goal_state_name(state: GoalState) -> str:
    return _(STATE_NAMES[state])


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
            plan_id = operations.open_plan(
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


@bp.get("/plans/<uuid:plan_id>")
@requires(WORK_ON_PLANS)
def plan(plan_id: UUID) -> ResponseReturnValue:
    return _plan_page(plan_id, _goal_form())


@bp.post("/plans/<uuid:plan_id>/goals")
@requires(WORK_ON_PLANS)
def set_goal(plan_id: UUID) -> ResponseReturnValue:
    form = _goal_form()
    if not form.validate():
        return _plan_page(plan_id, form), 422
    with unit_of_work() as ctx:
        operations.set_goal(ctx, plan_id, form.to_request())
    flash(_("The goal is in the plan."), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/goals/<uuid:goal_id>/<any(open,reached,dropped):state>")
@requires(WORK_ON_PLANS)
def mark_goal(plan_id: UUID, goal_id: UUID, state: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        operations.mark_goal(ctx, plan_id, goal_id, GoalState(state))
    return redirect(url_for("plans.plan", plan_id=plan_id))


@bp.get("/me/plan")
@requires(READ_OWN_PLAN)
def mine() -> ResponseReturnValue:
    with reading() as ctx:
        pages = queries.my_plans(ctx)
    return render_template("plans/mine.html", pages=pages)


def _open_form() -> OpenPlanForm:
    form = OpenPlanForm()
    form.offer(_own_cities())
    return form


def _own_cities() -> list[City]:
    with reading() as ctx:
        own = {g.municipality_id for g in ctx.actor.grants if g.role is Role.CASE_WORKER}
        return [city for city in tenancy.municipalities(ctx) if city.id in own]


def _desk_page(form: OpenPlanForm) -> str:
    with reading() as ctx:
        plans = queries.own_plans(ctx)
    return render_template("plans/desk.html", plans=plans, form=form)


def _goal_form() -> GoalForm:
    form = GoalForm()
    form.offer(page_language().tag)
    return form


def _plan_page(plan_id: UUID, form: GoalForm) -> str:
    """Each showing of a plan to its case worker leaves a line in the trail."""
    with unit_of_work() as ctx:
        page = operations.read_plan(ctx, plan_id)
    return render_template("plans/plan.html", page=page, form=form)
