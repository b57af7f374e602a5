"""Dwellings: the list, the table to take away, one of them, and what is written about it."""

from decimal import Decimal
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.audit import operations as audit
from civic.housing.dwelling_forms import AwayForm, NewUnitForm, UnitFileForm, UnitForm, day_of
from civic.housing.operations import dwellings as keeping
from civic.housing.operations.files import remove_file
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries import dwellings as stock
from civic.housing.queries.gate import unit_for
from civic.housing.queries.grants import grants
from civic.housing.queries.offers import OfferPage, offer_page, owners
from civic.housing.queries.officers import officers
from civic.housing.queries.unit_page import UnitFacts, unit_facts, unit_page
from civic.housing.rules.stock import FileKind, OfferState, UnitKind
from civic.housing.stock_errors import OfferHasUnit, OfferNotAccepted
from civic.housing.views.blueprint import bp, own_city
from civic.housing.views.stock_files import files, sent_paper
from civic.housing.words import choices_of, housing_name
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import clean_line, show_refusal
from civic.web.guard import requires
from civic.web.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_file, xlsx_file
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.uploads import takes_files

MOST_PAGES = 1000
ELSEWHERE = (
    "housing.calendar",
    "housing.works",
    "housing.new_work",
    "housing.close_beds",
    "housing.who_fits",
)
"""Pages of other parts that the page of a dwelling leads to."""


@bp.get("/housing/units")
@requires(WORK_ON_HOUSING)
def units() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    wanted = stock.Wanted(
        UnitKind(kind) if kind in set(UnitKind) else None,
        clean_line(request.args.get("quarter", ""))[:80],
        request.args.get("closed") == "1",
    )
    city = own_city(Role.HOUSING_OFFICER)
    with reading() as ctx:
        rows = stock.units(ctx, city, wanted, rome_day(ctx.now()), page)
        quarters = stock.quarters(ctx, city)
    return render_template(
        "housing/units.html",
        rows=rows[: stock.PAGE],
        has_more=len(rows) > stock.PAGE,
        page=page,
        wanted=wanted,
        quarters=quarters,
        kinds=choices_of(UnitKind),
    )


@bp.get("/housing/units/table.<any(csv,xlsx):kind>")
@requires(WORK_ON_HOUSING)
def unit_table(kind: str) -> ResponseReturnValue:
    """To take away: without addresses and without safe houses, since nobody knows where it goes."""
    city = own_city(Role.HOUSING_OFFICER)
    with unit_of_work() as ctx:
        rows = stock.stock_table(ctx, city, rome_day(ctx.now()))
        audit.record(ctx, city, "housing.stock_exported", details={"units": len(rows)})
    header = [
        _("Name"), _("Kind"), _("Quarter"), _("Who may live there"), _("Without steps"), _("Rooms"),
        _("Beds"), _("Free tonight"), _("Nights to make a bed ready"), _("Cost of a bed and night"),
        _("Grant"), _("Closed on"),
    ]  # fmt: skip
    lines = [_line(row) for row in rows]
    if kind == "csv":
        answer = Response(csv_file(header, lines), content_type=CSV_TYPE)
    else:
        answer = Response(xlsx_file(_("Dwellings"), header, lines), content_type=XLSX_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="dwellings.{kind}"'
    return answer


def _line(row: stock.UnitRow) -> list[Cell]:
    return [
        row.name,
        housing_name(row.kind),
        row.quarter,
        _(", ").join(housing_name(each) for each in row.takes),
        _("yes") if row.is_step_free else _("no"),
        row.rooms,
        row.beds,
        row.free,
        row.turnaround_nights,
        Decimal(row.night_cost_cents) / 100,
        row.grant_code,
        row.closed_on,
    ]


def _offer_choices(ctx: Context, form: UnitForm, city: UUID) -> None:
    others = {each: name for each, name in officers(ctx, city).items() if each != actor().person_id}
    form.offer(
        [(str(each.id), each.name) for each in owners(ctx, city)],
        [(str(each.id), f"{each.code} · {each.name}") for each in grants(ctx, city)],
        others,
    )


@bp.route("/housing/units/new", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_unit() -> ResponseReturnValue:
    """Empty, or filled from the accepted offer that the address names."""
    city = own_city(Role.HOUSING_OFFICER)
    offer_id = request.args.get("offer", type=UUID)
    with reading() as ctx:
        today = rome_day(ctx.now())
        offer = offer_page(ctx, offer_id, today) if offer_id else None
        city = offer.municipality_id if offer else city
        form = NewUnitForm(
            data={
                "from_night": today,
                "turnaround_nights": 1,
                "kind": UnitKind.TEMPORARY.value,
                **(_of_offer(offer) if offer and request.method == "GET" else {}),
            }
        )
        _offer_choices(ctx, form, city)
    if not form.validate_on_submit():
        return _form_page(form, offer=offer)
    try:
        with unit_of_work() as ctx:
            unit_id = keeping.write_unit(ctx, city, form.to_unit(offer_id))
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _form_page(form, status_of(refusal), offer=offer)
    flash(_("The dwelling is written down. Look at its rooms and give them names."), "success")
    return redirect(url_for("housing.unit", unit_id=unit_id))


def _of_offer(offer: OfferPage) -> dict[str, str]:
    """OfferNotAccepted, OfferHasUnit: also for who only looks."""
    if offer.row.state is not OfferState.ACCEPTED:
        raise OfferNotAccepted
    if offer.unit_id is not None:
        raise OfferHasUnit
    return {
        "quarter": offer.row.quarter,
        "address": offer.address,
        "owner": str(offer.row.owner_id),
    }


def _form_page(
    form: UnitForm,
    status: int = 422,
    *,
    offer: OfferPage | None = None,
    unit: UnitFacts | None = None,
) -> ResponseReturnValue:
    page = render_template("housing/unit_form.html", form=form, offer=offer, unit=unit)
    return page, status if form.is_submitted() else 200


@bp.get("/housing/units/<uuid:unit_id>")
@requires(WORK_ON_HOUSING)
def unit(unit_id: UUID) -> ResponseReturnValue:
    return _page(unit_id, UnitFileForm(formdata=None))


def _page(unit_id: UUID, file_form: UnitFileForm) -> str:
    """Where people live is read here, so the page leaves a line in the trail."""
    with unit_of_work() as ctx:
        today = rome_day(ctx.now())
        page = unit_page(ctx, unit_id, today)
        keeping.note_read(ctx, unit_id, page.read_of)
    file_form.offer()
    return render_template(
        "housing/unit.html",
        page=page,
        unit=page.unit,
        today=today,
        file_form=file_form,
        elsewhere={each for each in ELSEWHERE if each in current_app.view_functions},
    )


@bp.route("/housing/units/<uuid:unit_id>/change", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def change_unit(unit_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = unit_facts(ctx, unit_id)
        form = UnitForm.holding(found)
        _offer_choices(ctx, form, found.municipality_id)
    if not form.validate_on_submit():
        return _form_page(form, unit=found)
    try:
        with unit_of_work() as ctx:
            keeping.change_unit(ctx, unit_id, form.to_facts())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _form_page(form, status_of(refusal), unit=found)
    flash(_("Your changes are kept."), "success")
    return redirect(url_for("housing.unit", unit_id=unit_id))


@bp.route("/housing/units/<uuid:unit_id>/give-up", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def give_up_unit(unit_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = unit_facts(ctx, unit_id)
    form = AwayForm()
    status = 422
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                keeping.close_unit(ctx, unit_id, day_of(form.day))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            status = status_of(refusal)
        else:
            flash(_("From that night on nobody can be placed there."), "success")
            return redirect(url_for("housing.unit", unit_id=unit_id))
    page = render_template("housing/unit_give_up.html", form=form, unit=found)
    return page, status if form.is_submitted() else 200


@bp.post("/housing/units/<uuid:unit_id>/keep-open")
@requires(WORK_ON_HOUSING)
def keep_unit_open(unit_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        keeping.reopen_unit(ctx, unit_id)
    flash(_("The dwelling stays."), "success")
    return redirect(url_for("housing.unit", unit_id=unit_id))


@bp.post("/housing/units/<uuid:unit_id>/files")
@requires(WORK_ON_HOUSING)
@takes_files
def keep_unit_file(unit_id: UUID) -> ResponseReturnValue:
    form = UnitFileForm()
    form.offer()
    if not form.validate():
        return _page(unit_id, form), 422
    kind = FileKind(form.kind.data)
    try:
        paper = sent_paper(kind)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _page(unit_id, form), 422
    with unit_of_work() as ctx:
        keeping.keep_unit_file(ctx, files(), unit_id, kind, paper)
    flash(_("It is kept, sealed."), "success")
    return redirect(url_for("housing.unit", unit_id=unit_id, _anchor="files"))


@bp.post("/housing/units/<uuid:unit_id>/files/<uuid:file_id>/remove")
@requires(WORK_ON_HOUSING)
def remove_unit_file(unit_id: UUID, file_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        remove_file(ctx, files(), file_id, unit_for(ctx, unit_id))
    flash(_("It is no longer kept."), "success")
    return redirect(url_for("housing.unit", unit_id=unit_id, _anchor="files"))
