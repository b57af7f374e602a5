"""A plan that goes along to another city: for the case workers of both, and for the person."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as accounts
from civic.kernel.errors import Conflict, Invalid
from civic.plans.course_forms import ConsentForm, MoveForm, OwnConsentForm
from civic.plans.operations import arriving, moving
from civic.plans.operations.moving import MovePage
from civic.plans.policy import READ_OWN_PLAN, WORK_ON_PLANS
from civic.plans.queries.parcels import digest
from civic.plans.views.blueprint import bp
from civic.tenancy.queries import standings as tenancy
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.app_template_global()
def badge_named(names: Mapping[str, str]) -> str:
    """In the language of the page, else in one that most staff reads."""
    for tag in (page_language().tag, "en", "it"):
        if tag in names:
            return names[tag]
    return next(iter(names.values()), "")


@bp.app_template_global()
def day_of(text: str) -> date:
    return date.fromisoformat(text)


@bp.get("/plans/<uuid:plan_id>/moving")
@requires(WORK_ON_PLANS)
def moves_of_plan(plan_id: UUID) -> ResponseReturnValue:
    return _moving_page(plan_id)


@bp.post("/plans/<uuid:plan_id>/moving")
@requires(WORK_ON_PLANS)
def propose_move(plan_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        page = moving.read_moves(ctx, plan_id)
        cities = tenancy.municipalities(ctx)
    form = MoveForm()
    form.offer(cities, page.plan.municipality_id)
    if not form.validate():
        return _moving_page(plan_id, form=form), 422
    try:
        with unit_of_work() as ctx:
            moving.propose_move(ctx, plan_id, UUID(form.municipality_id.data))
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _moving_page(plan_id, form=form), status_of(refusal)
    flash(_("The person now sees the proposal on their own page."), "success")
    return redirect(url_for("plans.moves_of_plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/moves/<uuid:move_id>/agree")
@requires(WORK_ON_PLANS)
def record_agreement(plan_id: UUID, move_id: UUID) -> ResponseReturnValue:
    form = ConsentForm()
    if not form.validate():
        return _moving_page(plan_id, consent=form), 422
    try:
        with unit_of_work() as ctx:
            consent = form.to_consent(form.language.data)
            moving.record_agreement(ctx, plan_id, move_id, consent, agreed=form.agreed.data)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _moving_page(plan_id, consent=form), status_of(refusal)
    flash(_("The plan is on its way."), "success")
    return redirect(url_for("plans.moves_of_plan", plan_id=plan_id))


@bp.post("/plans/<uuid:plan_id>/moves/<uuid:move_id>/call-back")
@requires(WORK_ON_PLANS)
def call_back(plan_id: UUID, move_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            moving.call_back(ctx, plan_id, move_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("plans.moves_of_plan", plan_id=plan_id))


@bp.post("/plans/arrivals/<uuid:arrival_id>/take")
@requires(WORK_ON_PLANS)
def take_on(arrival_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            plan_id = arriving.take_on(ctx, arrival_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("plans.desk"))
    flash(_("You follow this person from now on. Get in touch with them soon."), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@bp.get("/me/plan/moves/<uuid:move_id>")
@requires(READ_OWN_PLAN)
def own_move(move_id: UUID) -> ResponseReturnValue:
    return _own_page(move_id)


@bp.post("/me/plan/moves/<uuid:move_id>/agree")
@requires(READ_OWN_PLAN)
def agree_to_move(move_id: UUID) -> ResponseReturnValue:
    form = OwnConsentForm()
    try:
        with unit_of_work() as ctx:
            moving.agree_to_move(ctx, move_id, form.to_consent(page_language().tag))
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _own_page(move_id, form), status_of(refusal)
    flash(_("Your plan goes along with you."), "success")
    return redirect(url_for("plans.own_move", move_id=move_id))


@bp.post("/me/plan/moves/<uuid:move_id>/refuse")
@requires(READ_OWN_PLAN)
def refuse_move(move_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            moving.refuse_move(ctx, move_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("plans.own_move", move_id=move_id))
    flash(_("Your plan stays where it is."), "success")
    return redirect(url_for("plans.mine"))


@bp.post("/me/plan/moves/<uuid:move_id>/call-back")
@requires(READ_OWN_PLAN)
def call_back_own(move_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            moving.call_back_own(ctx, move_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("plans.own_move", move_id=move_id))
    flash(_("Your plan stays where it is."), "success")
    return redirect(url_for("plans.mine"))


def _moving_page(
    plan_id: UUID, form: MoveForm | None = None, consent: ConsentForm | None = None
) -> str:
    with unit_of_work() as ctx:
        page = moving.read_moves(ctx, plan_id)
        people = accounts.names(ctx, [page.plan.person_id])
        cities = tenancy.municipalities(ctx)
        language = accounts.page_language_of(ctx, page.plan.person_id)
    if form is None:
        form = MoveForm(formdata=None)
        form.offer(cities, page.plan.municipality_id)
    consent = consent or ConsentForm(formdata=None, data={"language": language})
    _show_digest(consent, page)
    return render_template(
        "plans/moving.html",
        page=page,
        person_name=people.get(page.plan.person_id, ""),
        form=form,
        consent=consent,
    )


def _own_page(move_id: UUID, form: OwnConsentForm | None = None) -> str:
    with reading() as ctx:
        page = moving.own_move_page(ctx, move_id)
        cities = tenancy.city_names(ctx, [page.plan.municipality_id])
    form = form or OwnConsentForm(formdata=None)
    _show_digest(form, page)
    return render_template(
        "plans/own_move.html",
        page=page,
        move=page.moves[0],
        city_name=cities.get(page.plan.municipality_id, ""),
        form=form,
    )


def _show_digest(form: OwnConsentForm, page: MovePage) -> None:
    """Of what this page shows, whatever an earlier one showed."""
    form.seen.data = digest(page.parcel)
