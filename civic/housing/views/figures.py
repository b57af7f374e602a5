"""Nights, stays and money of a city's dwellings, counted."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from civic.housing import figure_tables as tables
from civic.housing.figures_forms import FiguresForm
from civic.housing.plots import Bar, Part, stacked_bars, swatch
from civic.housing.policy import READ_FIGURES
from civic.housing.queries import figures as queries
from civic.housing.queries.counted import Asked
from civic.housing.rules.figures import Month, NightFigures, percent
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Role
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.sheets import CSV_TYPE, XLSX_TYPE, csv_file, xlsx_file
from civic.web.transaction import reading
from civic.web.words import local_number

FIGURES_ROLES = (Role.HOUSING_OFFICER, Role.OFFICER, Role.CITY_COORDINATOR)
YEAR_OF_MONTHS = 12


@bp.get("/housing/figures")
@requires(READ_FIGURES)
def figures() -> ResponseReturnValue:
    city = own_city(*FIGURES_ROLES)
    with reading() as ctx:
        form, today = _form(ctx, city)
        if not form.validate():
            return _page(form), 422
        asked = form.to_asked(today)
        report = queries.report(ctx, asked, city)
        excluded = queries.excluded_nights(ctx, asked, city, queries.EXCLUDED_SHOWN + 1)
    parts = _parts()
    return _page(
        form,
        report=report,
        excluded=excluded[: queries.EXCLUDED_SHOWN],
        has_more=len(excluded) > queries.EXCLUDED_SHOWN,
        plot=_plot(report.months, parts),
        legend=[(part.label, swatch(part)) for part in parts],
        is_cut=form.period.until > asked.period.until,
        autonomy_rate=percent(report.total.to_autonomy, report.total.ended),
        loss_name=tables.loss_name,
    )


@bp.get("/housing/figures.<any(csv, xlsx):ending>")
@requires(READ_FIGURES)
def figures_file(ending: str) -> ResponseReturnValue:
    """The same figures, or with `table=excluded` the whole list of nights nobody could sleep in."""
    city = own_city(*FIGURES_ROLES)
    wants_excluded = request.args.get("table") == "excluded"
    with reading() as ctx:
        form, today = _form(ctx, city)
        if not form.validate():
            return _page(form), 422
        asked = form.to_asked(today)
        if wants_excluded:
            header = tables.excluded_header()
            rows = list(tables.excluded_rows(queries.excluded_nights(ctx, asked, city)))
        else:
            header = tables.header()
            rows = list(tables.rows(queries.report(ctx, asked, city)))
    title = _("Excluded nights") if wants_excluded else _("Figures")
    body = csv_file(header, rows) if ending == "csv" else xlsx_file(title, header, rows)
    response = Response(body, content_type=CSV_TYPE if ending == "csv" else XLSX_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=_file_name(asked, ending))
    return response


def _form(ctx: Context, city: UUID) -> tuple[FiguresForm, date]:
    form, today = FiguresForm(request.args), rome_day(ctx.now())
    form.offer(today, queries.first_year(ctx, city), queries.grants_of(ctx, city))
    return form, today


def _page(form: FiguresForm, **values: Any) -> str:
    asked = {name: request.args.getlist(name) for name in ("city", *form.data)}

    def file_url(ending: str, table: str = "") -> str:
        more: dict[str, Any] = {**asked, "table": table or None}
        return url_for("housing.figures_file", ending=ending, **more)

    return render_template("housing/figures.html", form=form, file_url=file_url, **values)


def _file_name(asked: Asked, ending: str) -> str:
    period = asked.period
    return f"{period.first.isoformat()}_{period.last.isoformat()}.{ending}"


def _parts() -> tuple[Part, ...]:
    return (
        Part(_("used"), "#0066cc"),
        Part(_("lost"), "#8a4600", stripes=True),
        Part(_("free"), "#ffffff"),
    )


def _plot(months: dict[Month, NightFigures], parts: tuple[Part, ...]) -> Markup:
    pattern = "LLL" if len(months) <= YEAR_OF_MONTHS else "LLL yy"
    bars = [
        Bar(format_date(month.first, pattern), (nights.used, nights.lost, nights.free))
        for month, nights in months.items()
    ]
    tallest = max((nights.offered for nights in months.values()), default=0)
    return stacked_bars(
        _("Nights used, lost and free in each month. The table says the same."),
        parts,
        bars,
        (local_number(tallest), local_number(tallest / 2)),
        is_rtl=page_language().direction == "rtl",
    )
