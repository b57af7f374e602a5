"""The case worker's tablet in the hands of the person, who says how they see things themselves."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict
from civic.plans.forms import ScoresForm
from civic.plans.operations import reviews
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.rules import View
from civic.plans.views.blueprint import bp
from civic.signatures.handing import Handing, hand_over_page
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import unit_of_work


@bp.route("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/hand-over", methods=["GET", "POST"])
@requires(WORK_ON_PLANS)
def hand_over(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    """The last page that is the case worker's; what follows speaks the person's language."""
    with unit_of_work() as ctx:
        plan, found = reviews.read_review(ctx, plan_id, review_id)
    back_url = url_for("plans.review", plan_id=plan_id, review_id=review_id)
    if not found.is_open:
        return redirect(back_url)
    there = Handing(
        plan.person_id,
        to=f"/plans/{plan_id}/reviews/{review_id}/person",
        back_url=back_url,
        back_label=_("Review"),
        lead=_(
            "The next page shows pictures and nothing else of the plan. Your scores stay hidden, and"
            " theirs do not change yours."
        ),
        open_words=_("Open the pictures"),
    )
    return hand_over_page(there)


@bp.get("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/person")
@requires(WORK_ON_PLANS)
def person_scores(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    """In the hands of the person, on the case worker's tablet: nothing else of the plan shows."""
    with unit_of_work() as ctx:
        _plan, found = reviews.read_review(ctx, plan_id, review_id)
    if not found.is_open:
        return redirect(url_for("plans.review", plan_id=plan_id, review_id=review_id))
    return _faces_page(plan_id, review_id, ScoresForm.holding(found.scores[View.PERSON]))


@bp.post("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/person")
@requires(WORK_ON_PLANS)
def score_as_person(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    form = ScoresForm()
    if not form.validate():
        with unit_of_work() as ctx:
            reviews.read_review(ctx, plan_id, review_id)
        return _faces_page(plan_id, review_id, form), 422
    try:
        with unit_of_work() as ctx:
            reviews.score(ctx, plan_id, review_id, View.PERSON, form.to_scores())
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _faces_page(plan_id, review_id, form), status_of(refusal)
    return redirect(url_for("accounts.give_back"))


def _faces_page(plan_id: UUID, review_id: UUID, form: ScoresForm) -> str:
    return render_template(
        "plans/faces.html",
        form=form,
        url=url_for("plans.score_as_person", plan_id=plan_id, review_id=review_id),
        is_own_phone=False,
    )
