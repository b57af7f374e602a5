"""The scanner that works without network: one page for whoever stands at a gate, opened by a service
worker and installed like an app. Nothing on it is about anybody: the people come by `load`."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, json, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from civic.attendance.forms import directions
from civic.attendance.policy import CHECK_IN
from civic.attendance.rules import REASON_WORDS, Direction
from civic.attendance.words import welcome_words
from civic.web.guard import public, requires
from civic.web.locale import page_language

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
FONTS = ("400", "700")
THEME = "#0066cc"


@bp.get("")
@requires(CHECK_IN)
def page() -> ResponseReturnValue:
    return _page()


def _page() -> str:
    """The same for everybody who reads this language, so that a phone may keep it."""
    return render_template(
        "attendance/offline_scanner.html",
        parts=[_asset(part) for part in PARTS],
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
    """Anew whenever the page or one of its files has changed: then phones take the new ones. Beside
    the page and not among the static files, so that its reach is the page and no more."""
    address = url_for("attendance_scanner.page")
    revision = hashlib.sha256(_page().encode()).hexdigest()[:12]
    told = {"page": {"url": address, "revision": revision}, "files": _files()}
    source = (
        f"self.civicScanner = {json.dumps(told)};\n"
        f"importScripts({json.dumps(_asset('attendance/scanner/worker.js'))});\n"
    )
    response = Response(source, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = address
    response.add_etag()
    return response.make_conditional(request)


def _files() -> list[str]:
    sheet = "civic.rtl.css" if page_language().direction == "rtl" else "civic.css"
    names = [
        "attendance/scanner/page.js",
        *PARTS,
        "attendance/scanner/scanner.css",
        f"shared/{sheet}",
        "shared/icons.svg",
        "shared/favicon.svg",
        *(f"shared/titillium-{weight}.woff2" for weight in FONTS),
    ]
    return [_asset(name) for name in names]


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    address = url_for("attendance_scanner.page")
    told: dict[str, Any] = {
        "name": _("Scanner at the gate"),
        "short_name": _("Scanner"),
        "id": address,
        "start_url": address,
        "scope": address,
        "lang": page_language().tag,
        "dir": page_language().direction,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": THEME,
        "icons": [
            _icon("icon-192", 192, "any"),
            _icon("icon-512", 512, "any"),
            _icon("icon-maskable-512", 512, "maskable"),
        ],
    }
    response = Response(json.dumps(told), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _icon(name: str, side: int, purpose: str) -> dict[str, str]:
    address = _asset(f"attendance/scanner/{name}.png")
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}


def _asset(path: str) -> str:
    asset: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    return asset(path)
