"""A person's sessions in their own calendar: as a file, or at an address that it asks by itself."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.catalogue.feeds.calendars import CONTENT_TYPE, Site
from civic.enrolment.calendar import calendar_file
from civic.enrolment.operations import feeds as operations
from civic.enrolment.policy import OWN_BOOKINGS
from civic.enrolment.queries import feeds
from civic.kernel.i18n import best_language
from civic.settings import Settings
from civic.web.guard import public, requires
from civic.web.locale import page_language, speaking
from civic.web.qr import data_address
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("enrolment_calendars", __name__, url_prefix="/<lang>/me")
subscribed = Blueprint("calendar_feed", __name__)


def _public_url() -> str:
    settings: Settings = current_app.extensions["civic_settings"]
    return settings.public_url.rstrip("/")


def _site() -> Site:
    base = _public_url()
    return Site(
        urlsplit(base).hostname or "civic",
        lambda slug: base + url_for("catalogue.project", slug=slug, lang=page_language().tag),
    )


@bp.get("/calendar.ics")
@requires(OWN_BOOKINGS)
def calendar() -> ResponseReturnValue:
    with reading() as ctx:
        entries = feeds.my_entries(ctx, page_language().tag)
    body = calendar_file(entries, _site(), _("My sessions"))
    answer = Response(body, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = "attachment; filename=civic.ics"
    return answer


@bp.get("/calendar")
@requires(OWN_BOOKINGS)
def address() -> ResponseReturnValue:
    with reading() as ctx:
        since = feeds.my_feed_since(ctx)
    return render_template("enrolment/calendar.html", since=since, address=None)


@bp.post("/calendar")
@requires(OWN_BOOKINGS)
def change() -> ResponseReturnValue:
    """A new address is shown by the answer itself: it stands nowhere else, not even in a cookie."""
    wanted = request.form.get("do")
    if wanted == "make":
        with unit_of_work() as ctx:
            token, since = operations.make_feed(ctx), ctx.now()
        made = _public_url() + url_for("calendar_feed.feed", token=token)
        webcal = urlsplit(made)._replace(scheme="webcal").geturl()
        return render_template(
            "enrolment/calendar.html",
            since=since,
            address=made,
            webcal=webcal,
            picture=data_address(webcal),
        )
    if wanted == "off":
        with unit_of_work() as ctx:
            operations.switch_off_feed(ctx)
        flash(
            _("The address is switched off. Calendars that ask there get nothing more."), "success"
        )
    return redirect(url_for("enrolment_calendars.address"))


@subscribed.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Whoever has the address may read it, as calendars sign in nowhere. In its person's language."""
    with reading() as ctx:
        found = feeds.open_feed(ctx, operations.token_hash(token))
        language = best_language([found.language])
        entries = feeds.calendar_entries(ctx, found.person_id, language.tag)
    with speaking(language):
        body = calendar_file(entries, _site(), _("My sessions"))
    answer = Response(body, content_type=CONTENT_TYPE)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
