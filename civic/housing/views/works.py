"""Works: the list with what is due, a work on its way, and a new one."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.housing.operations import quotes as quoting
from civic.housing.operations import works as working
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.checks import checks_of, due_checks
from civic.housing.queries.gate import unit_for
from civic.housing.queries.works import (
    WorkPage,
    WorkRow,
    all_works,
    beds_of,
    lines_with_money,
    unit_choices,
    work_page,
    works_of,
)
from civic.housing.rules.stock import FileKind, WorkState
from civic.housing.views.blueprint import bp, own_city
from civic.housing.words import euro, housing_name
from civic.housing.works_errors import LineTooSmall
from civic.housing.works_forms import (
    ApproveForm,
    CheckForm,
    DayForm,
    InspectionForm,
    PhotoForm,
    PlanForm,
    QuoteForm,
    RefuseForm,
    WorkForm,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_file, xlsx_file
from civic.web.transaction import reading, unit_of_work

MOST_PAGES = 1000
Forms = Mapping[str, FlaskForm]


@bp.get("/housing/works")
@requires(WORK_ON_HOUSING)
def works() -> ResponseReturnValue:
    city_id, unit_id = own_city(Role.HOUSING_OFFICER), asked_id("unit")
    is_open = request.args.get("closed") != "1"
    page = min(max(request.args.get("page", 1, int), 1), MOST_PAGES)
    form = CheckForm(formdata=None)
    form.offer()
    with reading() as ctx:
        unit = unit_for(ctx, unit_id) if unit_id else None
        rows, has_more = works_of(ctx, city_id, is_open=is_open, unit_id=unit_id, page=page)
        checks = checks_of(ctx, unit_id) if unit_id else due_checks(ctx, city_id)
        units = unit_choices(ctx, city_id)
        return render_template(
            "housing/works.html",
            rows=rows,
            checks=checks,
            unit={"id": unit.id, "name": unit.name} if unit else None,
            units=units,
            is_open=is_open,
            page=page,
            has_more=has_more,
            form=form,
            today=rome_day(ctx.now()),
        )


@bp.get("/housing/works/table.<any(csv,xlsx):kind>")
@requires(WORK_ON_HOUSING)
def works_table(kind: str) -> ResponseReturnValue:
    with reading() as ctx:
        rows = all_works(ctx, own_city(Role.HOUSING_OFFICER))
    header = [
        _("Dwelling"), _("Work"), _("State"), _("Asked for on"), _("First day"), _("Free again from"),
        _("Done on"), _("Inspected on"), _("Beds"), _("Nights lost"), _("Cost in euro"),
        _("Cost per bed in euro"),
    ]  # fmt: skip
    cells = [_cells(row) for row in rows]
    if kind == "csv":
        return Response(csv_file(header, cells), content_type=CSV_TYPE, headers=_as("works.csv"))
    sheet = xlsx_file(_("Works"), header, cells)
    return Response(sheet, content_type=XLSX_TYPE, headers=_as("works.xlsx"))


def _as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _cells(row: WorkRow) -> list[Cell]:
    per_bed = row.cents_per_bed
    return [
        row.unit_name, housing_name(row.kind), housing_name(row.state), row.requested_on, row.first,
        row.until, row.done_on, row.inspected_on, row.beds, row.lost.nights,
        _euro(row.cost_cents), None if per_bed is None else _euro(per_bed),
    ]  # fmt: skip


def _euro(cents: int) -> Cell:
    return Decimal(cents) / 100


@bp.route("/housing/units/<uuid:unit_id>/work", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_work(unit_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        name, beds = unit_for(ctx, unit_id).name, beds_of(ctx, unit_id)
    form = WorkForm()
    form.offer(beds)
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                work_id = working.request_work(ctx, unit_id, form.to_work())
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            return _new_page(form, unit_id, name), status_of(refusal)
        flash(_("The work is written down."), "success")
        return redirect(url_for("housing.work", work_id=work_id))
    return _new_page(form, unit_id, name), 422 if form.is_submitted() else 200


def _new_page(form: WorkForm, unit_id: UUID, name: str) -> str:
    return render_template("housing/work_form.html", form=form, unit_id=unit_id, unit_name=name)


@bp.get("/housing/works/<uuid:work_id>")
@requires(WORK_ON_HOUSING)
def work(work_id: UUID) -> ResponseReturnValue:
    return show_work(work_id)


def show_work(work_id: UUID, forms: Forms | None = None) -> str:
    """The page of a work, with forms as they were sent where one was refused."""
    with reading() as ctx:
        page = work_page(ctx, work_id)
        lines = lines_with_money(ctx, page.city_id)
        today = rome_day(ctx.now())
    fresh = _fresh_forms(page, forms or {})
    quotes = [
        (str(quote.id), _("%(firm)s: %(amount)s", firm=quote.firm, amount=euro(quote.amount_cents)))
        for quote in page.quotes
    ]
    fresh["approve"].offer(lines, quotes)
    fresh["plan"].offer_beds(page.of_unit)
    fresh["inspect"].offer()
    fresh["photo"].offer()
    for name in ("begin", "end", "quote"):
        fresh[name].day.data = fresh[name].day.data or today
    return render_template(
        "housing/work.html",
        page=page,
        forms=fresh,
        has_lines=bool(lines),
        today=today,
        can_plan=page.row.state in working.PLANNED,
        can_quote=page.row.state in quoting.TAKES_QUOTES,
        can_refuse=page.row.state in working.BEFORE_WORK,
        states=WorkState,
        kinds=FileKind,
    )


def _fresh_forms(page: WorkPage, sent: Forms) -> dict[str, Any]:
    plan = {
        "first": page.row.first,
        "until": page.row.until,
        "beds": [str(bed.id) for bed in page.beds],
    }
    return {
        "plan": PlanForm(formdata=None, data=plan, prefix="plan-"),
        "quote": QuoteForm(formdata=None, prefix="quote-"),
        "approve": ApproveForm(formdata=None, prefix="approve-"),
        "begin": DayForm(formdata=None, prefix="begin-"),
        "end": DayForm(formdata=None, prefix="end-"),
        "inspect": InspectionForm(formdata=None, prefix="inspect-"),
        "refuse": RefuseForm(formdata=None, prefix="refuse-"),
        "photo": PhotoForm(formdata=None, prefix="photo-"),
        **sent,
    }


def change(
    work_id: UUID, name: str, form: FlaskForm, act: Callable[[Context], object], told: str
) -> ResponseReturnValue:
    """What a form of the page asks for, done or refused on the same page with what was typed."""
    if not form.validate():
        return show_work(work_id, {name: form}), 422
    try:
        with unit_of_work() as ctx:
            act(ctx)
    except LineTooSmall as refusal:
        said = LineTooSmall(left=euro(int(str(refusal.values["left"]))))
        show_refusal(form, said)
        return show_work(work_id, {name: form}), 409
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return show_work(work_id, {name: form}), status_of(refusal)
    flash(told, "success")
    return redirect(url_for("housing.work", work_id=work_id))


def asked_id(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
