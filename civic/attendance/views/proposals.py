"""Corrections that wait for a second person, of all sessions of an association or a city."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from civic.attendance.policy import CORRECT_HOURS
from civic.attendance.queries import proposals as queries
from civic.attendance.roster_forms import days_of
from civic.attendance.views.roster import confirm_form
from civic.attendance.words import is_written_by_us, reason_of_correction
from civic.web.guard import requires
from civic.web.transaction import reading

bp = Blueprint("attendance_proposals", __name__, url_prefix="/<lang>/organise")


@bp.get("/corrections")
@requires(CORRECT_HOURS)
def everywhere() -> ResponseReturnValue:
    with reading() as ctx:
        found = queries.proposals(ctx)
        reader = ctx.actor
    return render_template(
        "attendance/proposals.html",
        sessions=found,
        reader=reader,
        confirm_form=confirm_form,
        days_of=days_of,
        reason_of_correction=reason_of_correction,
        is_written_by_us=is_written_by_us,
    )
