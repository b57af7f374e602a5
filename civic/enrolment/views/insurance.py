"""An association's cover and its register of volunteers."""

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.enrolment.forms import PolicyForm
from civic.enrolment.operations import cover
from civic.enrolment.policy import INSURE
from civic.enrolment.queries import insured
from civic.enrolment.rules import PolicyLine, RegisterLine, uncovered_days
from civic.kernel.context import Context
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role
from civic.tenancy import queries as tenancy
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("enrolment_insurance", __name__, url_prefix="/<lang>")


@dataclass(frozen=True)
class InsurancePage:
    policies: list[PolicyLine]
    register: list[RegisterLine]
    uncovered: list[tuple[UUID, UUID, date]]
    names: dict[UUID, str]
    """Of associations and cities."""


@bp.route("/organise/insurance", methods=["GET", "POST"])
@requires(INSURE)
def insurance() -> ResponseReturnValue:
    own = [
        (grant.association_id, grant.municipality_id)
        for grant in actor().grants
        if grant.role is Role.ORGANISER and grant.association_id and grant.municipality_id
    ]
    with reading() as ctx:
        shown = _insurance_page(ctx, own)
    form = PolicyForm()
    keys = {f"{association}.{city}": (association, city) for association, city in own}
    form.association.choices = [
        (key, f"{shown.names[association]} · {shown.names[city]}")
        for key, (association, city) in keys.items()
    ]
    if not form.is_submitted():
        form.association.data = next(iter(keys), None)
        return render_template("enrolment/insurance.html", form=form, page=shown)
    if form.validate():
        chosen = keys.get(form.association.data)
        if chosen is None:
            form.association.errors = [_("Choose for which association.")]
        elif _added(form, *chosen):
            flash(_("The policy is in. The days it covers are open for check-in."), "success")
            return redirect(url_for("enrolment_insurance.insurance"))
    return render_template("enrolment/insurance.html", form=form, page=shown), 422


def _insurance_page(ctx: Context, own: list[tuple[UUID, UUID]]) -> InsurancePage:
    mine = set(own)
    associations = [association for association, _city in own]
    policies = [
        line
        for line in insured.policies(ctx, associations)
        if (line.association_id, line.municipality_id) in mine
    ]
    register = [
        line
        for line in insured.register_lines(ctx, associations)
        if (line.association_id, line.municipality_id) in mine
    ]
    days = [day for day in insured.days_to_come(ctx, associations) if day[:2] in mine]
    names = tenancy.association_names(ctx, associations)
    names |= tenancy.city_names(ctx, [city for _association, city in own])
    return InsurancePage(policies, register, uncovered_days(days, policies), names)


def _added(form: PolicyForm, association_id: UUID, municipality_id: UUID) -> bool:
    new = cover.NewPolicy(
        association_id,
        municipality_id,
        form.insurer.data or "",
        form.number.data or "",
        cast("date", form.starts_on.data),  # the form demanded both
        cast("date", form.ends_on.data),
    )
    try:
        with unit_of_work() as ctx:
            cover.add_policy(ctx, new)
    except Invalid as refusal:
        form[refusal.field or "ends_on"].errors = [say(refusal)]
        return False
    return True
