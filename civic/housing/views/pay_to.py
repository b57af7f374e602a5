"""The account that stands on everybody's page who pays a part of their rent."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations.accounts import keep_account
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.accounts import accounts_of
from civic.housing.rules.iban import in_fours
from civic.housing.support_forms import AccountForm
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work


@bp.route("/housing/support/account", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def rent_account() -> ResponseReturnValue:
    city = own_city(Role.HOUSING_OFFICER)
    if request.method == "GET":
        with reading() as ctx:
            found = accounts_of(ctx, [city]).get(city)
        known = {"holder": found.holder, "iban": in_fours(found.iban)} if found else {}
        form = AccountForm(formdata=None, data=known)
        return render_template("housing/rent_account.html", form=form)
    form = AccountForm()
    if not form.validate():
        return render_template("housing/rent_account.html", form=form), 422
    try:
        with unit_of_work() as ctx:
            keep_account(ctx, city, form.to_account())
    except Invalid as refusal:
        show_refusal(form, refusal)
        return render_template("housing/rent_account.html", form=form), 422
    flash(_("The account stands on the page of everybody who pays a part."), "success")
    return redirect(url_for("housing.support"))
