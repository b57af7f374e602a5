"""A person's sessions for their own calendar."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue

from civic.enrolment.calendar import CONTENT_TYPE, calendar_file
from civic.enrolment.policy import OWN_BOOKINGS
from civic.enrolment.queries import bookings
from civic.settings import Settings
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading

bp = Blueprint("enrolment_calendars", __name__, url_prefix="/<lang>")


@bp.get("/me/calendar.ics")
@requires(OWN_BOOKINGS)
def calendar() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["civic_settings"]
    with reading() as ctx:
        entries = bookings.my_calendar(ctx, page_language().tag)
    body = calendar_file(
        entries,
        urlsplit(settings.public_url).hostname or "civic",
        lambda slug: settings.public_url.rstrip("/") + url_for("catalogue.project", slug=slug),
    )
    answer = Response(body, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = "attachment; filename=civic.ics"
    return answer
