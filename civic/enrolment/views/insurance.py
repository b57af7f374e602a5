"""Policies: an association's own, and the municipality's for those whom it sends."""

from dataclasses import dataclass, field
from datetime import date
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.enrolment.cover_forms import CityPolicyForm, PolicyEndForm, PolicyForm
from civic.enrolment.operations import cover
from civic.enrolment.policy import END_POLICY, INSURE, INSURE_CITY
from civic.enrolment.queries import insured
from civic.enrolment.rules import (
    BASIS_WORDS,
    RISK_WORDS,
    LegalBasis,
    PolicyLine,
    Risk,
    UncoveredDay,
    uncovered_days,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries import standings as tenancy
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("enrolment_insurance", __name__, url_prefix="/<lang>")

MOST_DAYS = 20
"""Of those without cover that a page lists; a season of them says nothing more."""


@dataclass(frozen=True)
class InsurancePage:
    today: date
    policies: list[PolicyLine]
    uncovered: list[UncoveredDay]
    names: dict[UUID, str]
    """Of associations and cities."""
    own: list[tuple[UUID, UUID]] = field(default_factory=list)
    """Association and city of each one the reader organises for."""

    @property
    def first_uncovered(self) -> list[UncoveredDay]:
        return self.uncovered[:MOST_DAYS]


@bp.app_template_filter("risk_name")
def risk_name(risk: Risk) -> str:
    return _(RISK_WORDS[risk])


@bp.app_template_filter("basis_name")
def basis_name(basis: LegalBasis) -> str:
    return _(BASIS_WORDS[basis])


@bp.route("/organise/insurance", methods=["GET", "POST"])
@requires(INSURE)
def insurance() -> ResponseReturnValue:
    with reading() as ctx:
        shown = _insurance_page(ctx)
    form = PolicyForm()
    keys = {f"{association}.{city}": (association, city) for association, city in shown.own}
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
            flash(_("The policy is in. The days it covers are open for places."), "success")
            return redirect(url_for("enrolment_insurance.insurance"))
    return render_template("enrolment/insurance.html", form=form, page=shown), 422


def _insurance_page(ctx: Context) -> InsurancePage:
    own = [
        (grant.association_id, grant.municipality_id)
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER and grant.association_id and grant.municipality_id
    ]
    associations, cities = [each[0] for each in own], [each[1] for each in own]
    policies = insured.policies(ctx, associations, cities)
    days = [
        day
        for day in insured.days_to_come(ctx, associations)
        if (day.association_id, day.municipality_id) in own
    ]
    return InsurancePage(
        rome_day(ctx.now()),
        [line for line in policies if (line.association_id, line.municipality_id) in own],
        uncovered_days(days, policies),
        tenancy.association_names(ctx, associations) | tenancy.city_names(ctx, cities),
        own,
    )


@bp.route("/city/insurance", methods=["GET", "POST"])
@requires(INSURE_CITY)
def city_insurance() -> ResponseReturnValue:
    city_id = city_of(actor(), Role.OFFICER, request.values.get("city", ""))
    form = CityPolicyForm()
    if form.validate_on_submit() and _added(form, None, city_id):
        flash(_("The policy is in. The days it covers are open for places."), "success")
        return redirect(url_for("enrolment_insurance.city_insurance", city=city_id))
    with reading() as ctx:
        shown = _city_page(ctx, city_id)
    answer = render_template(
        "enrolment/insurance_city.html", form=form, page=shown, city_id=city_id
    )
    return answer, 422 if form.is_submitted() else 200


def _city_page(ctx: Context, city_id: UUID) -> InsurancePage:
    policies = insured.policies_in(ctx, city_id)
    uncovered = uncovered_days(insured.days_to_come_in(ctx, city_id), policies)
    names = tenancy.association_names(ctx, {line.day.association_id for line in uncovered})
    return InsurancePage(
        rome_day(ctx.now()),
        [line for line in policies if line.association_id is None],
        uncovered,
        names | tenancy.city_names(ctx, [city_id]),
    )


def _added(form: CityPolicyForm, association_id: UUID | None, municipality_id: UUID) -> bool:
    try:
        with unit_of_work() as ctx:
            cover.add_policy(ctx, form.to_policy(association_id, municipality_id))
    except Invalid as refusal:
        form[refusal.field or "ends_on"].errors = [say(refusal)]
        return False
    return True


@bp.route("/organise/policies/<uuid:policy_id>/end", methods=["GET", "POST"])
@requires(END_POLICY)
def end_policy(policy_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        policy = insured.policy_for(ctx, policy_id)
    back = _list_with(policy)
    form = PolicyEndForm()
    if form.validate_on_submit() and _ended(form, policy_id):
        flash(_("The policy ends on that day. The reason stays beside it."), "success")
        return redirect(back)
    answer = render_template("enrolment/policy_end.html", form=form, policy=policy, back=back)
    return answer, 422 if form.is_submitted() else 200


def _list_with(policy: PolicyLine) -> str:
    if policy.association_id is None:
        return url_for("enrolment_insurance.city_insurance", city=policy.municipality_id)
    return url_for("enrolment_insurance.insurance")


def _ended(form: PolicyEndForm, policy_id: UUID) -> bool:
    last_day = cast("date", form.last_day.data)  # the form demanded it
    try:
        with unit_of_work() as ctx:
            cover.end_policy(ctx, policy_id, last_day, form.reason.data or "")
    except Invalid as refusal:
        form[refusal.field or "last_day"].errors = [say(refusal)]
        return False
    return True
