"""The way of a plan for its case worker: towards an occupation, to its end, and after it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as accounts
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, Invalid
from civic.plans.course_forms import ClosingForm, FollowUpForm, OccupationForm, ReopeningForm
from civic.plans.endings import (
    ANSWER_NAMES,
    MOVE_NAMES,
    OUTCOME_NAMES,
    FollowUpAnswer,
    MoveState,
    Outcome,
)
from civic.plans.occupations import OCCUPATIONS
from civic.plans.operations import closing, following_up, occupations
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.views.blueprint import bp
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import unit_of_work


@bp.app_template_global()
def outcome_name(outcome: Outcome) -> str:
    return _(OUTCOME_NAMES[outcome])


@bp.app_template_global()
def answer_name(answer: FollowUpAnswer) -> str:
    return _(ANSWER_NAMES[answer])


@bp.app_template_global()
def move_state_name(state: MoveState) -> str:
    return _(MOVE_NAMES[state])


@bp.app_template_global()
def occupation_name(occupation: str) -> str:
    """Of one that has gone from the list nothing is left to say."""
    known = OCCUPATIONS.get(occupation)
    label = _(known.label) if known else ""
    return label[:1].upper() + label[1:]


@bp.get("/plans/<uuid:plan_id>/occupations")
@requires(WORK_ON_PLANS)
def occupations_of_plan(plan_id: UUID) -> ResponseReturnValue:
    return _occupations_page(plan_id)


@bp.post("/plans/<uuid:plan_id>/occupations")
@requires(WORK_ON_PLANS)
def choose_occupation(plan_id: UUID) -> ResponseReturnValue:
    form = OccupationForm()
    form.offer()
    if not form.validate():
        return _occupations_page(plan_id, form), 422
    try:
        with unit_of_work() as ctx:
            occupations.choose_occupation(ctx, plan_id, form.occupation.data)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _occupations_page(plan_id, form), status_of(refusal)
    return redirect(url_for("plans.occupations_of_plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/occupations/<uuid:occupation>/drop")
@requires(WORK_ON_PLANS)
def drop_occupation(plan_id: UUID, occupation: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        occupations.drop_occupation(ctx, plan_id, occupation)
    flash(_("It is no longer in the plan."), "success")
    return redirect(url_for("plans.occupations_of_plan", plan_id=plan_id))


@bp.get("/plans/<uuid:plan_id>/closing")
@requires(WORK_ON_PLANS)
def closing_of_plan(plan_id: UUID) -> ResponseReturnValue:
    return _closing_page(plan_id)


@bp.post("/plans/<uuid:plan_id>/closing")
@requires(WORK_ON_PLANS)
def close_plan(plan_id: UUID) -> ResponseReturnValue:
    form = ClosingForm()
    if not form.validate():
        return _closing_page(plan_id, form=form), 422
    try:
        with unit_of_work() as ctx:
            closing.close_plan(ctx, plan_id, form.to_request())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _closing_page(plan_id, form=form), status_of(refusal)
    flash(_("The plan is closed."), "success")
    return redirect(url_for("plans.closing_of_plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/reopening")
@requires(WORK_ON_PLANS)
def reopen_plan(plan_id: UUID) -> ResponseReturnValue:
    form = ReopeningForm()
    if not form.validate():
        return _closing_page(plan_id, reopening=form), 422
    try:
        with unit_of_work() as ctx:
            closing.reopen_plan(ctx, plan_id, form.reason.data or "")
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _closing_page(plan_id, reopening=form), status_of(refusal)
    flash(_("The plan is open again."), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@bp.get("/plans/<uuid:plan_id>/follow-ups/<uuid:follow_up_id>")
@requires(WORK_ON_PLANS)
def follow_up(plan_id: UUID, follow_up_id: UUID) -> ResponseReturnValue:
    return _follow_up_page(plan_id, follow_up_id)


@bp.post("/plans/<uuid:plan_id>/follow-ups/<uuid:follow_up_id>")
@requires(WORK_ON_PLANS)
def answer_follow_up(plan_id: UUID, follow_up_id: UUID) -> ResponseReturnValue:
    form = FollowUpForm()
    if not form.validate():
        return _follow_up_page(plan_id, follow_up_id, form), 422
    try:
        with unit_of_work() as ctx:
            following_up.answer_follow_up(ctx, plan_id, follow_up_id, form.to_request())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _follow_up_page(plan_id, follow_up_id, form), status_of(refusal)
    flash(_("Thank you, it is written down."), "success")
    return redirect(url_for("plans.closing_of_plan", plan_id=plan_id))


def _occupations_page(plan_id: UUID, form: OccupationForm | None = None) -> str:
    with unit_of_work() as ctx:
        plan, steps = occupations.read_steps(ctx, plan_id, page_language().tag)
        people = accounts.names(ctx, [plan.person_id])
    if form is None:
        form = OccupationForm(formdata=None)
        form.offer({each.occupation.id for each in steps})
    return render_template(
        "plans/occupations.html",
        plan=plan,
        steps=steps,
        person_name=people.get(plan.person_id, ""),
        form=form,
    )


def _closing_page(
    plan_id: UUID, form: ClosingForm | None = None, reopening: ReopeningForm | None = None
) -> str:
    with unit_of_work() as ctx:
        plan, closings = closing.read_closings(ctx, plan_id)
        people = accounts.names(ctx, [plan.person_id])
        today = rome_day(ctx.now())
    form = form or ClosingForm(formdata=None)
    form.begin_with(today)
    return render_template(
        "plans/closing.html",
        plan=plan,
        closings=closings,
        person_name=people.get(plan.person_id, ""),
        form=form,
        reopening=reopening or ReopeningForm(formdata=None),
    )


def _follow_up_page(plan_id: UUID, follow_up_id: UUID, form: FollowUpForm | None = None) -> str:
    with unit_of_work() as ctx:
        plan, ended, found = following_up.read_follow_up(ctx, plan_id, follow_up_id)
        people = accounts.names(ctx, [plan.person_id])
        today = rome_day(ctx.now())
    form = form or FollowUpForm(formdata=None)
    form.begin_with(today)
    return render_template(
        "plans/follow_up.html",
        plan=plan,
        closing=ended,
        follow_up=found,
        person_name=people.get(plan.person_id, ""),
        form=form,
    )
