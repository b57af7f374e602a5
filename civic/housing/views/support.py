"""Rent support in a city: who is late, who is to be called, ceilings, and the course."""

from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import arrears, course
from civic.housing.operations.reading_support import read_people, read_support
from civic.housing.operations.support import set_ceilings
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.books import ceilings_of
from civic.housing.queries.market import course_of, projects_of
from civic.housing.queries.support import DecisionRow
from civic.housing.rules.market import SESSIONS_OF_COURSE
from civic.housing.rules.support import CeilingOn
from civic.housing.support_forms import CeilingsForm, CourseForm
from civic.housing.views.blueprint import bp, own_city
from civic.housing.words import housing_name
from civic.kernel.clock import rome_day
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.sheets import XLSX_TYPE, Cell, xlsx_file
from civic.web.transaction import reading, unit_of_work


def city() -> UUID:
    return own_city(Role.HOUSING_OFFICER)


@bp.get("/housing/support")
@requires(WORK_ON_HOUSING)
def support() -> ResponseReturnValue:
    ended_too = request.args.get("ended") == "1"
    page = max(1, request.args.get("page", 1, type=int))
    with unit_of_work() as ctx:
        found = read_support(ctx, city(), page, ended_too=ended_too)
    return render_template("housing/support.html", found=found, ended_too=ended_too, page=page)


@bp.get("/housing/support/table.xlsx")
@requires(WORK_ON_HOUSING)
def support_table() -> ResponseReturnValue:
    """All decisions to take away; safe houses are in it for nobody."""
    with unit_of_work() as ctx:
        found = read_support(ctx, city(), None, ended_too=True)
    header = (
        _("Code"), _("Name"), _("What it is for"), _("Home"), _("Grant"), _("Decided on"),
        _("Cancelled on"), _("In all"), _("Municipality’s part"), _("Municipality has paid"),
        _("Tenant has paid"), _("Tenant is late with"), _("Days late"), _("Tenant still to pay"),
    )  # fmt: skip
    body = xlsx_file(_("Rent support"), header, [_line(row) for row in found.rows])
    headers = {"Content-Disposition": 'attachment; filename="rent-support.xlsx"'}
    return body, 200, {"Content-Type": XLSX_TYPE, **headers}


def _line(row: DecisionRow) -> tuple[Cell, ...]:
    tenant, municipality = row.ledger.tenant, row.ledger.municipality
    return (
        row.code,
        row.name,
        housing_name(row.kind),
        row.unit_name,
        row.grant_name,
        row.decided_on,
        rome_day(row.cancelled_at) if row.cancelled_at else None,
        *(
            _euro(cents)
            for cents in (
                row.total_cents,
                row.support_cents,
                municipality.paid,
                tenant.paid,
                tenant.arrears,
            )
        ),
        row.days_late,
        _euro(tenant.to_come),
    )


def _euro(cents: int) -> Decimal:
    return Decimal(cents) / 100


@bp.get("/housing/support/people")
@requires(WORK_ON_HOUSING)
def support_people() -> ResponseReturnValue:
    """For whom something can be decided, and who looks for a home of their own."""
    with unit_of_work() as ctx:
        rows = read_people(ctx, city())
    return render_template("housing/support_people.html", rows=rows)


@bp.post("/housing/support/notices/<uuid:notice_id>/done")
@requires(WORK_ON_HOUSING)
def notice_done(notice_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        decision_id = arrears.mark_done(ctx, notice_id)
    flash(_("It is written down."), "success")
    return redirect(url_for("housing.decision", decision_id=decision_id))


@bp.get("/housing/support/ceilings")
@requires(WORK_ON_HOUSING)
def ceilings() -> ResponseReturnValue:
    with reading() as ctx:
        found = ceilings_of(ctx, city())
    form = CeilingsForm(formdata=None, data={on.value: found.get(on) for on in CeilingOn})
    return render_template("housing/ceilings.html", form=form)


@bp.post("/housing/support/ceilings")
@requires(WORK_ON_HOUSING)
def keep_ceilings() -> ResponseReturnValue:
    form = CeilingsForm()
    if not form.validate():
        return render_template("housing/ceilings.html", form=form), 422
    with unit_of_work() as ctx:
        set_ceilings(ctx, city(), form.to_ceilings())
    flash(_("The ceilings hold for what is decided from now on."), "success")
    return redirect(url_for("housing.support"))


@bp.get("/housing/support/course")
@requires(WORK_ON_HOUSING)
def housing_course() -> ResponseReturnValue:
    with reading() as ctx:
        chosen, projects = course_of(ctx, city()), projects_of(ctx, city())
    sessions = chosen.sessions if chosen else SESSIONS_OF_COURSE
    data = {"project": str(chosen.project_id) if chosen else "", "sessions": sessions}
    form = CourseForm(formdata=None, data=data)
    form.offer(projects)
    return render_template("housing/course.html", form=form)


@bp.post("/housing/support/course")
@requires(WORK_ON_HOUSING)
def choose_course() -> ResponseReturnValue:
    form = CourseForm()
    with reading() as ctx:
        form.offer(projects_of(ctx, city()))
    if not form.validate():
        return render_template("housing/course.html", form=form), 422
    try:
        with unit_of_work() as ctx:
            project_id = UUID(form.project.data)
            course.choose_course(ctx, city(), project_id, form.sessions.data or 0)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return render_template("housing/course.html", form=form), 422
    flash(_("Whoever attends it now takes a step towards their own home."), "success")
    return redirect(url_for("housing.support"))
