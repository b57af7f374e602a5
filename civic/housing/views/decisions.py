"""A decision on rent support: shown before it is made, then its ledger, payments and end."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import payments
from civic.housing.operations.reading_support import read_decision
from civic.housing.operations.support import cancel, decide, planned
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import Member, member_of, resident_for
from civic.housing.queries.support import AboutChoice, DecisionPage, homes_of
from civic.housing.queries.support_gate import grants_of
from civic.housing.rules.support import Instalment
from civic.housing.support_forms import CancelForm, PaymentForm, SupportForm, shown_mark
from civic.housing.views.blueprint import bp
from civic.housing.words import in_euro
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work


def _status(refusal: Invalid | Conflict) -> int:
    return 422 if isinstance(refusal, Invalid) else 409


@bp.get("/housing/support/for/<uuid:resident_id>")
@requires(WORK_ON_HOUSING)
def new_support(resident_id: UUID) -> ResponseReturnValue:
    form = SupportForm(formdata=None)
    with reading() as ctx:
        member, _homes = _offer(ctx, form, resident_id)
    return _form_page(form, member, ())


@bp.post("/housing/support/for/<uuid:resident_id>")
@requires(WORK_ON_HOUSING)
def decide_support(resident_id: UUID) -> ResponseReturnValue:
    """First the instalments are shown; only what was shown is decided."""
    form = SupportForm()
    with reading() as ctx:
        member, homes = _offer(ctx, form, resident_id)
    if not form.validate():
        return _form_page(form, member, ()), 422
    try:
        new = form.to_support(resident_id, homes)
        made = planned(new)
        if form.seen.data != shown_mark(made):
            form.seen.data = shown_mark(made)
            return _form_page(form, member, made)
        with unit_of_work() as ctx:
            decision_id = decide(ctx, new)
    except (Invalid, Conflict) as refusal:
        form.seen.data = ""
        show_refusal(form, in_euro(refusal))
        return _form_page(form, member, ()), _status(refusal)
    flash(_("It is decided."), "success")
    return redirect(url_for("housing.decision", decision_id=decision_id))


def _offer(ctx: Context, form: SupportForm, resident_id: UUID) -> tuple[Member, list[AboutChoice]]:
    resident = resident_for(ctx, resident_id)
    homes = homes_of(ctx, resident_id)
    today = rome_day(ctx.now())
    grants = [
        (row.id, f"{row.code} · {row.name}")
        for row in grants_of(ctx, resident.municipality_id)
        if row.ends_on >= today
    ]
    form.offer(grants, homes)
    return member_of(ctx, resident), homes


def _form_page(form: SupportForm, member: Member, made: tuple[Instalment, ...]) -> str:
    return render_template("housing/decision_form.html", form=form, member=member, made=made)


@bp.get("/housing/support/<uuid:decision_id>")
@requires(WORK_ON_HOUSING)
def decision(decision_id: UUID) -> ResponseReturnValue:
    return _page(decision_id)


def _page(
    decision_id: UUID, pay_form: PaymentForm | None = None, end_form: CancelForm | None = None
) -> str:
    with unit_of_work() as ctx:
        found: DecisionPage = read_decision(ctx, decision_id)
        today = rome_day(ctx.now())
    if pay_form is None:
        pay_form = PaymentForm(formdata=None, data={"paid_on": today})
        pay_form.offer()
    return render_template(
        "housing/decision.html",
        found=found,
        today=today,
        pay_form=pay_form,
        end_form=end_form or CancelForm(formdata=None),
    )


@bp.post("/housing/support/<uuid:decision_id>/payments")
@requires(WORK_ON_HOUSING)
def record_payment(decision_id: UUID) -> ResponseReturnValue:
    form = PaymentForm()
    form.offer()
    if not form.validate():
        return _page(decision_id, pay_form=form), 422
    try:
        with unit_of_work() as ctx:
            payments.pay(ctx, decision_id, form.to_payment())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, in_euro(refusal))
        return _page(decision_id, pay_form=form), _status(refusal)
    flash(_("The payment is written down."), "success")
    return redirect(url_for("housing.decision", decision_id=decision_id))


@bp.post("/housing/support/<uuid:decision_id>/payments/<uuid:payment_id>/undo")
@requires(WORK_ON_HOUSING)
def undo_payment(decision_id: UUID, payment_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        payments.undo(ctx, decision_id, payment_id)
    flash(_("The payment is taken back. Both stay to be seen."), "success")
    return redirect(url_for("housing.decision", decision_id=decision_id))


@bp.post("/housing/support/<uuid:decision_id>/cancel")
@requires(WORK_ON_HOUSING)
def cancel_support(decision_id: UUID) -> ResponseReturnValue:
    form = CancelForm()
    if not form.validate():
        return _page(decision_id, end_form=form), 422
    try:
        with unit_of_work() as ctx:
            cancel(ctx, decision_id, form.reason.data or "")
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _page(decision_id, end_form=form), 409
    flash(_("What was still to come has ended. What was paid stays."), "success")
    return redirect(url_for("housing.decision", decision_id=decision_id))
