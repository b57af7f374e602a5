"""The months of a city's hours, and their closing."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations import months as operations
from civic.attendance.policy import CLOSE_MONTH
from civic.attendance.queries.months import months_of
from civic.attendance.views.ledger_tables import month_of
from civic.kernel.clock import rome_day
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries.standings import city_names
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("attendance_months", __name__, url_prefix="/<lang>/city/months")


@bp.get("")
@requires(CLOSE_MONTH)
def page() -> ResponseReturnValue:
    city_id = _city(request.args.get("city", ""))
    with reading() as ctx:
        lines = months_of(ctx, city_id)
        city = city_names(ctx, [city_id])[city_id]
        today = rome_day(ctx.now())
    return render_template(
        "attendance/months.html",
        lines=[(line, operations.may_close(line.month, today)) for line in lines],
        city=city,
        city_id=city_id,
    )


@bp.post("/<month>/close")
@requires(CLOSE_MONTH)
def close(month: str) -> ResponseReturnValue:
    city_id = _city(request.form.get("city", ""))
    with unit_of_work() as ctx:
        operations.close_month(ctx, city_id, month_of(month))
    flash(_("The month is closed. What changes from now on counts in the open month."), "success")
    return redirect(url_for("attendance_months.page", city=city_id))


def _city(wanted: str) -> UUID:
    return city_of(actor(), Role.OFFICER, wanted)
