"""One's own plan, and saying on one's own phone how things are."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict
from civic.plans.forms import ScoresForm
from civic.plans.operations import reviews
from civic.plans.policy import READ_OWN_PLAN
from civic.plans.queries.course import courses
from civic.plans.queries.plans import my_plans
from civic.plans.queries.reviews import own_review
from civic.plans.queries.versions import versions_of
from civic.plans.rules import View
from civic.plans.views.blueprint import bp
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work


@bp.get("/me/plan")
@requires(READ_OWN_PLAN)
def mine() -> ResponseReturnValue:
    with reading() as ctx:
        pages = my_plans(ctx)
        plans = [page.plan for page in pages]
        ways = courses(ctx, ctx.actor.own_id, plans, page_language().tag)
        versions = versions_of(ctx, [plan.id for plan in plans])
    return render_template("plans/mine.html", pages=pages, courses=ways, versions=versions)


@bp.get("/me/plan/reviews/<uuid:review_id>")
@requires(READ_OWN_PLAN)
def own_scores(review_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        _plan, found = own_review(ctx, review_id)
    if not found.is_open:
        return redirect(url_for("plans.mine"))
    return _faces_page(review_id, ScoresForm.holding(found.scores[View.PERSON]))


@bp.post("/me/plan/reviews/<uuid:review_id>")
@requires(READ_OWN_PLAN)
def score_own(review_id: UUID) -> ResponseReturnValue:
    form = ScoresForm()
    if not form.validate():
        with reading() as ctx:
            own_review(ctx, review_id)
        return _faces_page(review_id, form), 422
    try:
        with unit_of_work() as ctx:
            reviews.score_own(ctx, review_id, form.to_scores())
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _faces_page(review_id, form), status_of(refusal)
    flash(_("Thank you. Your case worker sees it beside their own view."), "success")
    return redirect(url_for("plans.mine"))


def _faces_page(review_id: UUID, form: ScoresForm) -> str:
    return render_template(
        "plans/faces.html",
        form=form,
        url=url_for("plans.score_own", review_id=review_id),
        is_own_phone=True,
    )
