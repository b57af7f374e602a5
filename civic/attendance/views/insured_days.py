"""Insured days for the insurer: a page and a table to take away."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from civic.attendance.policy import INSURED_DAYS, INSURED_DAYS_IN_CITY
from civic.attendance.queries import insured_days as queries
from civic.attendance.queries.insured_days import InsuredDays
from civic.audit import operations as audit
from civic.enrolment.rules import ASSOCIATIONS_OWN, BASIS_WORDS
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place, Role, city_of
from civic.tenancy.queries import standings as tenancy
from civic.tenancy.queries.standings import AssociationRow, standing_for
from civic.web.guard import requires
from civic.web.sheets import CSV_TYPE, Cell, csv_file
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("attendance_insured", __name__, url_prefix="/<lang>")

YEARS = range(2000, 3000)


@bp.get("/organise/registers/<uuid:standing_id>/insured-days")
@requires(INSURED_DAYS)
def insured_days(standing_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        shown = standing_for(ctx, standing_id, INSURED_DAYS)
        year = _year(ctx)
        lines = _of_association(ctx, shown, year)
        names = tenancy.city_names(ctx, [shown.municipality_id])
        this_year = rome_day(ctx.now()).year
    return render_template(
        "attendance/insured_days.html",
        lines=lines,
        year=year,
        this_year=this_year,
        association=shown.name,
        city=names[shown.municipality_id],
        back=url_for("enrolment_register.one_register", standing_id=standing_id),
        here="attendance_insured.insured_days",
        table="attendance_insured.insured_days_csv",
        whose={"standing_id": standing_id},
    )


@bp.get("/organise/registers/<uuid:standing_id>/insured-days.csv")
@requires(INSURED_DAYS)
def insured_days_csv(standing_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        shown = standing_for(ctx, standing_id, INSURED_DAYS)
        year = _year(ctx)
        lines = _of_association(ctx, shown, year)
        _on_record(ctx, shown.municipality_id, standing_id, year)
    return _table(lines, year)


@bp.get("/city/insured-days")
@requires(INSURED_DAYS_IN_CITY)
def city_days() -> ResponseReturnValue:
    with reading() as ctx:
        city_id, year = _city(), _year(ctx)
        lines = queries.insured_days_in(ctx, city_id, year)
        names = tenancy.city_names(ctx, [city_id])
        this_year = rome_day(ctx.now()).year
    return render_template(
        "attendance/insured_days.html",
        lines=lines,
        year=year,
        this_year=this_year,
        association="",
        city=names[city_id],
        back=url_for("enrolment_insurance.city_insurance", city=city_id),
        here="attendance_insured.city_days",
        table="attendance_insured.city_days_csv",
        whose={"city": city_id},
    )


@bp.get("/city/insured-days.csv")
@requires(INSURED_DAYS_IN_CITY)
def city_days_csv() -> ResponseReturnValue:
    with unit_of_work() as ctx:
        city_id, year = _city(), _year(ctx)
        lines = queries.insured_days_in(ctx, city_id, year)
        _on_record(ctx, city_id, None, year)
    return _table(lines, year)


def _city() -> UUID:
    return city_of(actor(), Role.OFFICER, request.args.get("city", ""))


def _year(ctx: Context) -> int:
    typed = request.args.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else 0
    return year if year in YEARS else rome_day(ctx.now()).year


def _of_association(ctx: Context, shown: AssociationRow, year: int) -> list[InsuredDays]:
    """An organiser reads nothing of those whom the municipality sends (DOMAIN.md, rule 5)."""
    is_officer = INSURED_DAYS_IN_CITY.allows(ctx.actor, Place(shown.municipality_id))
    bases = list(BASIS_WORDS) if is_officer else ASSOCIATIONS_OWN
    return queries.insured_days_of(ctx, shown.id, shown.municipality_id, year, bases)


def _on_record(ctx: Context, municipality_id: UUID, standing_id: UUID | None, year: int) -> None:
    audit.record(
        ctx,
        municipality_id,
        "insured_days.exported",
        thing_id=standing_id,
        details={"year": year},
    )


def _table(lines: list[InsuredDays], year: int) -> Response:
    """In Italian: it goes to the insurer."""
    with force_locale("it"):
        header = [
            _("Month"),
            _("Insurance company"),
            _("Number of the policy"),
            _("For whom"),
            _("Insured days"),
            _("People"),
        ]
        rows: list[list[Cell]] = [
            [
                f"{line.month:%Y-%m}",
                line.policy.insurer if line.policy else "",
                line.policy.number if line.policy else _("No policy"),
                _(BASIS_WORDS[line.basis]),
                line.days,
                line.people,
            ]
            for line in lines
        ]
    answer = Response(csv_file(header, rows), content_type=CSV_TYPE)
    name = f"giornate-assicurate-{year}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
