"""Officers answer associations that want to work in their city."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict
from civic.tenancy import policy
from civic.tenancy.forms import RefusalForm
from civic.tenancy.operations import verification as operations
from civic.tenancy.queries import own
from civic.tenancy.queries import standings as queries
from civic.tenancy.rules import LEGAL_FORMS
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

bp = Blueprint("tenancy", __name__, url_prefix="/<lang>/city/associations")


@bp.get("")
@requires(policy.VERIFY_ASSOCIATION)
def associations() -> ResponseReturnValue:
    with reading() as ctx:
        rows = queries.associations_within_reach(ctx)
        cities = queries.city_names(ctx, {row.municipality_id for row in rows})
    return render_template("tenancy/associations.html", rows=rows, cities=cities)


@bp.get("/<uuid:standing_id>")
@requires(policy.VERIFY_ASSOCIATION)
def association(standing_id: UUID) -> ResponseReturnValue:
    return _show(standing_id, RefusalForm(formdata=None))


@bp.post("/<uuid:standing_id>/verify")
@requires(policy.VERIFY_ASSOCIATION)
def verify(standing_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            row = queries.standing_for(ctx, standing_id, policy.VERIFY_ASSOCIATION)
            operations.verify_association(ctx, row.id, row.municipality_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("tenancy.associations"))
    flash(_("%(name)s may now post projects.", name=row.name), "success")
    return redirect(url_for("tenancy.associations"))


@bp.post("/<uuid:standing_id>/refuse")
@requires(policy.VERIFY_ASSOCIATION)
def refuse(standing_id: UUID) -> ResponseReturnValue:
    form = RefusalForm()
    if not form.validate():
        return _show(standing_id, form), 422
    try:
        with unit_of_work() as ctx:
            row = queries.standing_for(ctx, standing_id, policy.VERIFY_ASSOCIATION)
            operations.refuse_association(ctx, row.id, row.municipality_id, form.reason.data or "")
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("tenancy.associations"))
    flash(_("%(name)s may not post projects here.", name=row.name), "success")
    return redirect(url_for("tenancy.associations"))


def _show(standing_id: UUID, form: RefusalForm) -> str:
    with reading() as ctx:
        row = queries.standing_for(ctx, standing_id, policy.VERIFY_ASSOCIATION)
        found, city_id = own.association_asking(ctx, standing_id)
        papers = own.documents(ctx, found.id, [city_id])
    return render_template(
        "tenancy/association_asking.html",
        row=row,
        association=found,
        papers=papers,
        legal_form=_(LEGAL_FORMS[found.legal_form]) if found.legal_form else "",
        form=form,
    )
