"""The second step of those who work here, before pages that hold what people told in confidence."""

from dataclasses import replace

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import login, policy, second_factor
from civic.accounts.errors import TooManySecondSteps
from civic.accounts.forms import SecondStepForm
from civic.accounts.rules import in_fours
from civic.accounts.views.blueprint import bp, keys
from civic.kernel.errors import NotFound
from civic.web.guard import requires
from civic.web.qr import ON_SCREEN, data_address
from civic.web.transaction import actor, unit_of_work
from civic.web.words import say


@bp.route("/staff/second-step", methods=["GET", "POST"])
@requires(policy.SECOND_STEP)
def second_step() -> ResponseReturnValue:
    login.remember_next()
    who = actor()
    if who.has_second_factor:
        return redirect(login.next_page(who))
    form = SecondStepForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.is_submitted() else 200
    try:
        with unit_of_work() as ctx:
            renewed = second_factor.show(ctx, keys(), _token(), form.code.data or "")
    except TooManySecondSteps as refusal:
        form.code.errors = [say(refusal)]
        return _page(form), 429
    if renewed is None:
        form.code.errors = [
            _("These digits are wrong or were used before. Wait for the next ones on your phone.")
        ]
        return _page(form), 422
    page = login.next_page(who)
    login.enter(renewed, replace(who, has_second_factor=True))
    return redirect(page)


def _page(form: SecondStepForm) -> str:
    with unit_of_work() as ctx:
        setup = second_factor.setup(ctx, keys(), _token())
    # What was typed is over, whatever it was.
    form.code.data = ""
    if setup is None:
        return render_template("accounts/second_step.html", form=form)
    return render_template(
        "accounts/second_step_setup.html",
        form=form,
        address=setup.address,
        picture=data_address(setup.address, ON_SCREEN),
        groups=in_fours(setup.secret),
    )


def _token() -> str:
    token = login.held_token()
    if token is None:
        raise NotFound
    return token
