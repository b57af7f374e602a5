"""Who is here now, for whoever must count heads outside."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from civic.attendance.policy import CHECK_IN
from civic.attendance.queries.here import who_is_here
from civic.kernel.clock import ROME
from civic.web.guard import requires
from civic.web.transaction import reading

bp = Blueprint("attendance_here", __name__, url_prefix="/<lang>/organise/sessions")

SECONDS = 20
"""Between two looks."""


@bp.get("/<uuid:session_id>/here")
@requires(CHECK_IN)
def page(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        here = who_is_here(ctx, session_id)
    at = _with_seconds(here.at)
    return render_template("attendance/here.html", here=here, at=at, seconds=SECONDS)


@bp.get("/<uuid:session_id>/here/now")
@requires(CHECK_IN)
def now(session_id: UUID) -> ResponseReturnValue:
    """Only what changes, for the page to put in its place."""
    with reading() as ctx:
        here = who_is_here(ctx, session_id)
    return render_template("attendance/here_now.html", here=here, at=_with_seconds(here.at))


def _with_seconds(at: datetime) -> str:
    """Between two looks the minute is often the same."""
    return at.astimezone(ROME).strftime("%H:%M:%S")
