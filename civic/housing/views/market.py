"""The way of somebody to a lease of their own: means, papers, flats, the lease."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.market_forms import FlatForm, LeaseForm, MeansForm
from civic.housing.operations import market as market_file
from civic.housing.operations.reading_support import read_market
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import resident_for
from civic.housing.queries.market import flats_of, market_units, owners_of
from civic.housing.views.blueprint import bp
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work


@dataclass
class _Forms:
    """One of them may come back with what was typed."""

    means: MeansForm | None = None
    flat: FlatForm | None = None
    lease: LeaseForm | None = None


@bp.get("/housing/market/<uuid:resident_id>")
@requires(WORK_ON_HOUSING)
def market(resident_id: UUID) -> ResponseReturnValue:
    return _page(resident_id, _Forms())


def _page(resident_id: UUID, forms: _Forms) -> str:
    with unit_of_work() as ctx:
        resident, found = read_market(ctx, resident_id)
        owners, units = owners_of(ctx, resident.municipality_id), _units(ctx, resident_id)
    means = forms.means or MeansForm.holding(found.means)
    flat, lease = forms.flat or FlatForm(formdata=None), forms.lease or LeaseForm(formdata=None)
    means.offer()
    flat.offer(owners)
    lease.offer(units)
    return render_template(
        "housing/market.html", found=found, means_form=means, flat_form=flat, lease_form=lease
    )


def _units(ctx: Context, resident_id: UUID) -> list[tuple[UUID, str]]:
    return market_units(ctx, resident_for(ctx, resident_id).municipality_id)


def _status(refusal: Invalid | Conflict) -> int:
    return 422 if isinstance(refusal, Invalid) else 409


@bp.post("/housing/market/<uuid:resident_id>/means")
@requires(WORK_ON_HOUSING)
def keep_means(resident_id: UUID) -> ResponseReturnValue:
    form = MeansForm()
    form.offer()
    if not form.validate():
        return _page(resident_id, _Forms(means=form)), 422
    with unit_of_work() as ctx:
        market_file.keep_file(ctx, resident_id, form.to_words())
    flash(_("It is kept."), "success")
    return redirect(url_for("housing.market", resident_id=resident_id))


@bp.post("/housing/market/<uuid:resident_id>/flats")
@requires(WORK_ON_HOUSING)
def keep_flat(resident_id: UUID) -> ResponseReturnValue:
    form = FlatForm()
    with reading() as ctx:
        form.offer(owners_of(ctx, resident_for(ctx, resident_id).municipality_id))
    if not form.validate():
        return _page(resident_id, _Forms(flat=form)), 422
    try:
        with unit_of_work() as ctx:
            market_file.keep_flat(ctx, resident_id, form.to_flat())
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _page(resident_id, _Forms(flat=form)), 422
    flash(_("The flat is written down."), "success")
    return redirect(url_for("housing.market", resident_id=resident_id, _anchor="flats"))


@bp.get("/housing/market/<uuid:resident_id>/flats/<uuid:flat_id>")
@requires(WORK_ON_HOUSING)
def flat(resident_id: UUID, flat_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        resident, found = read_market(ctx, resident_id)
        owners = owners_of(ctx, resident.municipality_id)
    row = next((each for each in found.flats if each.id == flat_id), None)
    if row is None:
        raise NotFound
    form = FlatForm.holding(row)
    form.offer(owners)
    return render_template("housing/flat.html", found=found, flat_id=flat_id, form=form)


@bp.post("/housing/market/<uuid:resident_id>/flats/<uuid:flat_id>")
@requires(WORK_ON_HOUSING)
def change_flat(resident_id: UUID, flat_id: UUID) -> ResponseReturnValue:
    form = FlatForm()
    with reading() as ctx:
        resident = resident_for(ctx, resident_id)
        if flat_id not in {each.id for each in flats_of(ctx, resident)}:
            raise NotFound
        form.offer(owners_of(ctx, resident.municipality_id))
    try:
        if form.validate():
            with unit_of_work() as ctx:
                market_file.change_flat(ctx, resident_id, flat_id, form.to_flat())
            flash(_("It is kept."), "success")
            return redirect(url_for("housing.market", resident_id=resident_id, _anchor="flats"))
    except Invalid as refusal:
        show_refusal(form, refusal)
    with unit_of_work() as ctx:
        _resident, found = read_market(ctx, resident_id)
    return render_template("housing/flat.html", found=found, flat_id=flat_id, form=form), 422


@bp.post("/housing/market/<uuid:resident_id>/lease")
@requires(WORK_ON_HOUSING)
def sign_lease(resident_id: UUID) -> ResponseReturnValue:
    form = LeaseForm()
    with reading() as ctx:
        form.offer(_units(ctx, resident_id))
    if not form.validate():
        return _page(resident_id, _Forms(lease=form)), 422
    try:
        with unit_of_work() as ctx:
            market_file.sign_lease(ctx, resident_id, form.to_lease())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _page(resident_id, _Forms(lease=form)), _status(refusal)
    flash(_("A home of their own. It stands in their plan, too."), "success")
    return redirect(url_for("housing.market", resident_id=resident_id))
