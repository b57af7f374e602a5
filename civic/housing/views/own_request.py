"""Where somebody stands who asked for a home, in words; and the answer to what is proposed to them."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import proposals as proposing
from civic.housing.policy import OWN_HOME
from civic.housing.queries.requests import own_proposal, own_requests
from civic.housing.request_forms import AnswerForm
from civic.housing.request_words import reasons_in
from civic.housing.views.blueprint import bp
from civic.kernel.errors import Conflict, NotFound
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say


@bp.get("/me/home/request")
@requires(OWN_HOME)
def own_request() -> ResponseReturnValue:
    return _page(AnswerForm(formdata=None))


def _page(form: AnswerForm) -> str:
    _not_by_pin()
    form.offer()
    with reading() as ctx:
        found = own_requests(ctx)
    reasons = {each.id: reasons_in(each.priority, page_language().tag)[1] for each in found}
    return render_template("housing/own_request.html", found=found, reasons=reasons, form=form)


@bp.post("/me/home/proposals/<uuid:home_proposal_id>/answer")
@requires(OWN_HOME)
def answer_own(home_proposal_id: UUID) -> ResponseReturnValue:
    """Yes with one button. No is a right: a reason may be given, and changes nothing of their place."""
    _not_by_pin()
    with reading() as ctx:
        own_proposal(ctx, home_proposal_id)
    form = AnswerForm()
    form.offer()
    if not form.validate():
        return _page(form), 422
    words = form.words.data or ""
    try:
        with unit_of_work() as ctx:
            if form.is_yes:
                told = proposing.accept_own(ctx, home_proposal_id, words)
            else:
                proposing.refuse_own(ctx, home_proposal_id, form.refused_for, words)
                told = None
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("housing.own_request"))
    if told is None:
        flash(_("We wrote it down. You stay on the list where you were."), "success")
    elif told.refusal is not None:
        flash(
            _("We are sorry: somebody was quicker. You stay on the list where you were."), "warning"
        )
    else:
        flash(_("The place is yours. We will call you about the day and the keys."), "success")
    return redirect(url_for("housing.own_request"))


def _not_by_pin() -> None:
    """A card and six digits, perhaps at a screen in a hall, never open where somebody lives."""
    if actor().by_pin:
        raise NotFound
