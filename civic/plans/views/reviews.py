"""The reviews of a plan for its case worker: how things went, and what each of the two sees."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as accounts
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, Invalid
from civic.plans.forms import CompleteForm, ReviewForm, ScoresForm
from civic.plans.operations import plans, reviews
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.rules import View
from civic.plans.views.blueprint import bp
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import unit_of_work


@bp.get("/plans/<uuid:plan_id>/reviews")
@requires(WORK_ON_PLANS)
def reviews_of_plan(plan_id: UUID) -> ResponseReturnValue:
    return _reviews_page(plan_id, ReviewForm(formdata=None))


@bp.post("/plans/<uuid:plan_id>/reviews")
@requires(WORK_ON_PLANS)
def begin_review(plan_id: UUID) -> ResponseReturnValue:
    form = ReviewForm()
    if not form.validate():
        return _reviews_page(plan_id, form), 422
    try:
        with unit_of_work() as ctx:
            review_id = reviews.begin_review(ctx, plan_id, form.to_request())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _reviews_page(plan_id, form), status_of(refusal)
    return redirect(url_for("plans.review", plan_id=plan_id, review_id=review_id))


@bp.get("/plans/<uuid:plan_id>/reviews/<uuid:review_id>")
@requires(WORK_ON_PLANS)
def review(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    return _review_page(plan_id, review_id)


@bp.post("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/complete")
@requires(WORK_ON_PLANS)
def complete_review(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    form = CompleteForm()
    if not form.validate():
        return _review_page(plan_id, review_id, form), 422
    try:
        with unit_of_work() as ctx:
            reviews.complete_review(ctx, plan_id, review_id, form.note.data or "")
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _review_page(plan_id, review_id, form), status_of(refusal)
    flash(_("The review is completed."), "success")
    return redirect(url_for("plans.review", plan_id=plan_id, review_id=review_id))


@bp.get("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/scores")
@requires(WORK_ON_PLANS)
def worker_scores(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        _plan, found = reviews.read_review(ctx, plan_id, review_id)
    if not found.is_open:
        return redirect(url_for("plans.review", plan_id=plan_id, review_id=review_id))
    form = ScoresForm.holding(found.scores[View.WORKER])
    return _scores_page(plan_id, review_id, form)


@bp.post("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/scores")
@requires(WORK_ON_PLANS)
def score_as_worker(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    form = ScoresForm()
    if not form.validate():
        with unit_of_work() as ctx:
            reviews.read_review(ctx, plan_id, review_id)
        return _scores_page(plan_id, review_id, form), 422
    try:
        with unit_of_work() as ctx:
            reviews.score(ctx, plan_id, review_id, View.WORKER, form.to_scores())
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _scores_page(plan_id, review_id, form), status_of(refusal)
    flash(_("Your scores are saved."), "success")
    return redirect(url_for("plans.review", plan_id=plan_id, review_id=review_id))


def _reviews_page(plan_id: UUID, form: ReviewForm) -> str:
    with unit_of_work() as ctx:
        page = plans.read_plan(ctx, plan_id)
        today = rome_day(ctx.now())
    form.begin_with(today)
    return render_template("plans/reviews.html", page=page, form=form, today=today)


def _review_page(plan_id: UUID, review_id: UUID, form: CompleteForm | None = None) -> str:
    with unit_of_work() as ctx:
        plan, found = reviews.read_review(ctx, plan_id, review_id)
        people = accounts.names(ctx, [plan.person_id, found.made_by])
    return render_template(
        "plans/review.html",
        plan=plan,
        review=found,
        person_name=people.get(plan.person_id, ""),
        form=form or CompleteForm(formdata=None, data={"note": found.note}),
    )


def _scores_page(plan_id: UUID, review_id: UUID, form: ScoresForm) -> str:
    return render_template("plans/scores.html", plan_id=plan_id, review_id=review_id, form=form)
