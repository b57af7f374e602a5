"""One plan for its case worker: goals, and what both sides promise."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict, Invalid
from civic.plans.forms import ActionForm, GoalForm
from civic.plans.operations import actions, plans
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.rules import ActionState, GoalState
from civic.plans.views.blueprint import bp
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import unit_of_work
from civic.web.words import say


@bp.get("/plans/<uuid:plan_id>")
@requires(WORK_ON_PLANS)
def plan(plan_id: UUID) -> ResponseReturnValue:
    return _plan_page(plan_id)


@bp.post("/plans/<uuid:plan_id>/goals")
@requires(WORK_ON_PLANS)
def set_goal(plan_id: UUID) -> ResponseReturnValue:
    form = _goal_form()
    if not form.validate():
        return _plan_page(plan_id, goal_form=form), 422
    with unit_of_work() as ctx:
        plans.set_goal(ctx, plan_id, form.to_request())
    flash(_("The goal is in the plan."), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/goals/<uuid:goal_id>/<any(open,reached,dropped):state>")
@requires(WORK_ON_PLANS)
def mark_goal(plan_id: UUID, goal_id: UUID, state: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        plans.mark_goal(ctx, plan_id, goal_id, GoalState(state))
    return redirect(url_for("plans.plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/actions")
@requires(WORK_ON_PLANS)
def add_action(plan_id: UUID) -> ResponseReturnValue:
    form = _action_form()
    if not form.validate():
        return _plan_page(plan_id, action_form=form), 422
    try:
        with unit_of_work() as ctx:
            actions.add_action(ctx, plan_id, form.to_request())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _plan_page(plan_id, action_form=form), status_of(refusal)
    flash(_("The action is in the plan."), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id, _anchor="actions"))


@bp.post("/plans/<uuid:plan_id>/actions/<uuid:action_id>/<any(open,done,dropped):mark>")
@requires(WORK_ON_PLANS)
def mark_action(plan_id: UUID, action_id: UUID, mark: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            actions.mark_action(ctx, plan_id, action_id, ActionState(mark))
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("plans.plan", plan_id=plan_id, _anchor="actions"))


def _goal_form(*, blank: bool = False) -> GoalForm:
    form = GoalForm(formdata=None) if blank else GoalForm()
    form.offer(page_language().tag)
    return form


def _action_form(*, blank: bool = False) -> ActionForm:
    form = ActionForm(formdata=None, prefix=ACTION) if blank else ActionForm(prefix=ACTION)
    form.offer(page_language().tag)
    return form


ACTION = "action-"
"""Both forms of the page ask for words and their language."""


def _plan_page(
    plan_id: UUID, goal_form: GoalForm | None = None, action_form: ActionForm | None = None
) -> str:
    """Each showing of a plan to its case worker leaves a line in the trail."""
    with unit_of_work() as ctx:
        page = plans.read_plan(ctx, plan_id)
    if page.plan.is_closed:
        return render_template("plans/closed.html", page=page)
    action_form = action_form or _action_form(blank=True)
    action_form.offer_goals(page.goals)
    return render_template(
        "plans/plan.html",
        page=page,
        form=goal_form or _goal_form(blank=True),
        action_form=action_form,
    )
