"""The scanner that works without network: one page for whoever stands at a gate, opened by a service
worker and installed like an app. Nothing on it is about anybody: the people come by `load`."""

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from civic.attendance.forms import directions
from civic.attendance.policy import CHECK_IN
from civic.attendance.rules import REASON_WORDS, Direction
from civic.attendance.words import welcome_words
from civic.web.guard import public, requires
from civic.web.offline import KeptPage, asset, manifest_of, worker_of

bp = Blueprint("attendance_scanner", __name__, url_prefix="/<lang>/scanner")

PARTS = (
    "shared/offline/store.js",
    "shared/offline/ids.js",
    *(
        f"attendance/scanner/{part}.js"
        for part in (
            "queue", "roster", "judging", "journal", "sending",
            "camera", "wedge", "answers", "screen", "loading",
        )
    ),
)  # fmt: skip
"""In the order in which `page.js` takes them."""


@bp.get("")
@requires(CHECK_IN)
def page() -> ResponseReturnValue:
    return _page()


def _page() -> str:
    """The same for everybody who reads this language, so that a phone may keep it."""
    return render_template(
        "attendance/offline_scanner.html",
        parts=[asset(part) for part in PARTS],
        reasons={reason.value: _(words) for reason, words in REASON_WORDS.items()},
        welcome={direction.value: welcome_words(direction) for direction in Direction},
        ways=directions(),
    )


@bp.get("/token")
@requires(CHECK_IN)
def token() -> ResponseReturnValue:
    """Against forged requests; asked for at the moment of need, because the page is a kept one."""
    return jsonify(csrf=generate_csrf())


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    files = ["attendance/scanner/page.js", *PARTS, "attendance/scanner/scanner.css"]
    return worker_of(KeptPage(url_for("attendance_scanner.page"), _page(), files))


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    address = url_for("attendance_scanner.page")
    return manifest_of(address, _("Scanner at the gate"), _("Scanner"))
