from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict
from civic.tenancy import operations, policy, queries
from civic.tenancy.rules import Verification
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


@bp.post("/<uuid:standing_id>/verify")
@requires(policy.VERIFY_ASSOCIATION)
def verify(standing_id: UUID) -> ResponseReturnValue:
    return _decide(standing_id, Verification.VERIFIED)


@bp.post("/<uuid:standing_id>/refuse")
@requires(policy.VERIFY_ASSOCIATION)
def refuse(standing_id: UUID) -> ResponseReturnValue:
    return _decide(standing_id, Verification.REFUSED)


def _decide(standing_id: UUID, decision: Verification) -> ResponseReturnValue:
    is_verified = decision is Verification.VERIFIED
    decide = operations.verify_association if is_verified else operations.refuse_association
    try:
        with unit_of_work() as ctx:
            row = queries.standing_for(ctx, standing_id, policy.VERIFY_ASSOCIATION)
            decide(ctx, row.id, row.municipality_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("tenancy.associations"))
    if is_verified:
        flash(_("%(name)s may now post projects.", name=row.name), "success")
    else:
        flash(_("%(name)s may not post projects here.", name=row.name), "success")
    return redirect(url_for("tenancy.associations"))
