"""What owners offer: the list, one offer from the first call to the answer."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.housing.offer_forms import (
    FlatForm,
    FoundForm,
    NewOfferForm,
    PlanVisitForm,
    RefuseForm,
)
from civic.housing.operations import offers as answering
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries import offers as stock
from civic.housing.queries.officers import officers
from civic.housing.rules.stock import OPEN_OFFERS, OfferRefusal, OfferState
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work

MOST_PAGES = 1000
ANSWERED = tuple(each for each in OfferState if each not in OPEN_OFFERS)


@bp.get("/housing/offers")
@requires(WORK_ON_HOUSING)
def offers() -> ResponseReturnValue:
    answered = request.args.get("show") == "answered"
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    with reading() as ctx:
        states = ANSWERED if answered else OPEN_OFFERS
        rows = stock.offers(ctx, own_city(Role.HOUSING_OFFICER), states, page)
    return render_template(
        "housing/offers.html",
        rows=rows[: stock.PAGE],
        has_more=len(rows) > stock.PAGE,
        page=page,
        answered=answered,
    )


@bp.route("/housing/offers/new", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_offer() -> ResponseReturnValue:
    city = own_city(Role.HOUSING_OFFICER)
    with reading() as ctx:
        known = stock.owners(ctx, city)
        today = rome_day(ctx.now())
    form = NewOfferForm(data={"offered_on": today, "owner": request.args.get("owner", "")})
    form.offer(known)
    if not form.validate_on_submit():
        return _form_page(form)
    try:
        with unit_of_work() as ctx:
            offer_id = answering.write_offer(ctx, city, form.to_offer())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _form_page(form, status_of(refusal))
    flash(_("The offer is written down."), "success")
    return redirect(url_for("housing.offer", offer_id=offer_id))


def _form_page(
    form: FlatForm, status: int = 422, offer_id: UUID | None = None
) -> ResponseReturnValue:
    page = render_template("housing/offer_form.html", form=form, offer_id=offer_id)
    return page, status if form.is_submitted() else 200


@bp.get("/housing/offers/<uuid:offer_id>")
@requires(WORK_ON_HOUSING)
def offer(offer_id: UUID) -> ResponseReturnValue:
    return _page(offer_id, {})


def _page(offer_id: UUID, typed: Mapping[str, Any]) -> str:
    """`typed`: a form that was refused, by its name; of a visit, by the visit's id."""
    with reading() as ctx:
        today = rome_day(ctx.now())
        found = stock.offer_page(ctx, offer_id, today)
        people = officers(ctx, found.municipality_id)
    plan = typed.get("plan") or PlanVisitForm(formdata=None, data={"visitor": str(actor().own_id)})
    refuse = typed.get("refuse") or RefuseForm(formdata=None)
    written = {
        visit.id: typed.get(str(visit.id)) or FoundForm(formdata=None)
        for visit in found.visits
        if visit.can_write
    }
    plan.offer(people)
    for form in (refuse, *written.values()):
        form.offer()
    return render_template(
        "housing/offer.html", page=found, plan=plan, refuse=refuse, written=written
    )


@bp.route("/housing/offers/<uuid:offer_id>/change", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def change_offer(offer_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = stock.offer_page(ctx, offer_id, rome_day(ctx.now()))
    form = FlatForm.holding(found)
    if not form.validate_on_submit():
        return _form_page(form, offer_id=offer_id)
    try:
        with unit_of_work() as ctx:
            answering.change_offer(ctx, offer_id, form.to_facts())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _form_page(form, status_of(refusal), offer_id)
    flash(_("Your changes are kept."), "success")
    return redirect(url_for("housing.offer", offer_id=offer_id))


def _answer(
    offer_id: UUID,
    name: str,
    form: FlaskForm,
    write: Callable[[Context], object],
    said: str,
) -> ResponseReturnValue:
    """Writes what one of the page's forms says, or shows the page again with what is wrong."""
    if not form.validate():
        return _page(offer_id, {name: form}), 422
    try:
        with unit_of_work() as ctx:
            write(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _page(offer_id, {name: form}), status_of(refusal)
    flash(said, "success")
    return redirect(url_for("housing.offer", offer_id=offer_id))


@bp.post("/housing/offers/<uuid:offer_id>/visits")
@requires(WORK_ON_HOUSING)
def plan_visit(offer_id: UUID) -> ResponseReturnValue:
    form = PlanVisitForm()
    with reading() as ctx:
        found = stock.offer_page(ctx, offer_id, rome_day(ctx.now()))
        form.offer(officers(ctx, found.municipality_id))

    def write(ctx: Context) -> None:
        if form.day.data is not None:
            answering.plan_visit(ctx, offer_id, form.day.data, UUID(form.visitor.data))

    return _answer(offer_id, "plan", form, write, _("The visit is planned."))


@bp.post("/housing/offers/<uuid:offer_id>/visits/<uuid:visit_id>")
@requires(WORK_ON_HOUSING)
def write_visit(offer_id: UUID, visit_id: UUID) -> ResponseReturnValue:
    form = FoundForm()
    form.offer()

    def write(ctx: Context) -> None:
        is_fit = form.is_fit.data == "yes"
        answering.write_visit(ctx, offer_id, visit_id, form.words.data or "", is_fit=is_fit)

    return _answer(offer_id, str(visit_id), form, write, _("It is written down what you found."))


@bp.post("/housing/offers/<uuid:offer_id>/refuse")
@requires(WORK_ON_HOUSING)
def refuse_offer(offer_id: UUID) -> ResponseReturnValue:
    form = RefuseForm()
    form.offer()

    def write(ctx: Context) -> None:
        reason = OfferRefusal(form.reason.data)
        answering.refuse_offer(ctx, offer_id, reason, form.words.data or "")

    return _answer(offer_id, "refuse", form, write, _("The offer is refused."))


@bp.post("/housing/offers/<uuid:offer_id>/withdraw")
@requires(WORK_ON_HOUSING)
def withdraw_offer(offer_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        answering.withdraw_offer(ctx, offer_id)
    flash(_("It is written down that the owner took it back."), "success")
    return redirect(url_for("housing.offer", offer_id=offer_id))


@bp.post("/housing/offers/<uuid:offer_id>/accept")
@requires(WORK_ON_HOUSING)
def accept_offer(offer_id: UUID) -> ResponseReturnValue:
    """Leads on to the form of the new dwelling, filled from the offer."""
    with unit_of_work() as ctx:
        answering.accept_offer(ctx, offer_id)
    flash(_("The offer is accepted. Now write down the dwelling."), "success")
    return redirect(url_for("housing.new_unit", offer=offer_id))
