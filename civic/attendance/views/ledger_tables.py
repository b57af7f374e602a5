"""A month of the ledger as a table, for the city and for each association."""

from datetime import date
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.policy import LEDGER, LEDGER_IN_CITY
from civic.attendance.queries.ledger_of_month import (
    LedgerRow,
    ledger_of_association,
    ledger_of_city,
    months_of_associations,
)
from civic.attendance.rules import Cause
from civic.attendance.words import reason_of_correction
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.i18n import DEFAULT, N_
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries.standings import standing_for
from civic.web.guard import requires
from civic.web.locale import speaking
from civic.web.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_file, xlsx_file
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("attendance_ledger", __name__, url_prefix="/<lang>")

CAUSES = {
    Cause.SCAN: N_("Scans at the gate"),
    Cause.UNDO: N_("A scan taken back at once"),
    Cause.DECISION: N_("A scan looked at afterwards"),
    Cause.CORRECTION: N_("Correction by hand"),
    Cause.FORGOTTEN_EXIT: N_("Not seen to leave: proposed by the system and confirmed"),
    Cause.REBUILD: N_("Counted again from all scans and corrections"),
}


@bp.get("/organise/hours")
@requires(LEDGER)
def own_months() -> ResponseReturnValue:
    with reading() as ctx:
        found = months_of_associations(ctx)
    by_association = [list(months) for _id, months in groupby(found, attrgetter("standing_id"))]
    return render_template("attendance/own_months.html", associations=by_association)


@bp.get("/organise/hours/<uuid:standing_id>/<month>.<any(csv, xlsx):kind>")
@requires(LEDGER)
def of_association(standing_id: UUID, month: str, kind: str) -> ResponseReturnValue:
    first = month_of(month)
    with unit_of_work() as ctx:
        standing = standing_for(ctx, standing_id, LEDGER)
        rows = ledger_of_association(ctx, standing, first, DEFAULT.tag)
        _on_record(ctx, standing.municipality_id, standing_id, first, kind, rows)
    return _file(rows, first, kind)


@bp.get("/city/months/<month>.<any(csv, xlsx):kind>")
@requires(LEDGER_IN_CITY)
def of_city(month: str, kind: str) -> ResponseReturnValue:
    first = month_of(month)
    city_id = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
    with unit_of_work() as ctx:
        rows = ledger_of_city(ctx, city_id, first, DEFAULT.tag)
        _on_record(ctx, city_id, None, first, kind, rows)
    return _file(rows, first, kind)


def month_of(text: str) -> date:
    """As `2026-10`, and written in no other way."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound from None
    if f"{first:%Y-%m}" != text:
        raise NotFound
    return first


def _on_record(
    ctx: Context,
    municipality_id: UUID,
    standing_id: UUID | None,
    month: date,
    kind: str,
    rows: list[LedgerRow],
) -> None:
    audit.record(
        ctx,
        municipality_id,
        "hours.exported",
        thing_id=standing_id,
        details={"month": month.isoformat(), "as": kind, "lines": len(rows)},
    )


def _file(rows: list[LedgerRow], month: date, kind: str) -> Response:
    """In Italian, whatever its reader's screen has: it goes to employers and insurers."""
    with speaking(DEFAULT):
        header, lines = _header(), _lines(rows)
    if kind == "csv":
        answer = Response(csv_file(header, lines), content_type=CSV_TYPE)
    else:
        answer = Response(xlsx_file(f"Ore {month:%Y-%m}", header, lines), content_type=XLSX_TYPE)
    name = f"ore-{month:%Y-%m}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _header() -> list[str]:
    return [
        _("No. of the person in this table"),
        _("Name"),
        _("Day"),
        _("Project"),
        _("Association"),
        _("Start"),
        _("End"),
        _("Minutes, more or fewer"),
        _("Why"),
        _("Reason"),
        _("Written by"),
        _("Confirmed or made by"),
        _("Made on"),
    ]


def _lines(rows: list[LedgerRow]) -> list[list[Cell]]:
    """People are numbered, so that two of one name stay two; the number means nothing elsewhere."""
    numbers: dict[UUID, int] = {}
    return [
        [
            numbers.setdefault(row.person_id, len(numbers) + 1),
            row.name,
            row.day,
            row.title,
            row.association_name,
            row.starts_at,
            row.ends_at,
            row.minutes,
            _(CAUSES[row.cause]),
            reason_of_correction(row.reason),
            row.writer or "",
            row.maker or _("The system"),
            row.made_at,
        ]
        for row in rows
    ]
