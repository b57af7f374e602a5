"""The page of the mobile unit, which works without network: one page for whoever goes out, opened by a
service worker and installed like an app. Nothing on it is about anybody: the people come by `load`."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, json, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.policy import GO_OUT
from civic.cases.sections import AGE_BANDS, HELP, NEEDS
from civic.catalogue.words import sentence_start
from civic.web.guard import public, requires
from civic.web.locale import page_language
from civic.web.words import language_choices

bp = Blueprint("cases_outing_page", __name__, url_prefix="/<lang>/outing")

PARTS = (
    "shared/offline/store.js",
    "shared/offline/ids.js",
    *(
        f"cases/outing/{part}.js"
        for part in (
            "queue",
            "brought",
            "people",
            "sending",
            "loading",
            "screen",
            "contact",
            "outings",
        )
    ),
)
"""In the order in which `page.js` takes them."""
FONTS = ("400", "400-ext", "700", "700-ext")
"""The rarer letters too: names of people and of languages may need them far from any network."""
THEME = "#0066cc"


@bp.get("")
@requires(GO_OUT)
def page() -> ResponseReturnValue:
    return _page()


def _page() -> str:
    """The same for everybody who reads this language, so that a phone may keep it."""
    return render_template(
        "cases/outing_page.html",
        parts=[_asset(part) for part in PARTS],
        languages=language_choices(),
        age_bands=_choices(AGE_BANDS),
        needs=_choices(NEEDS),
        help=_choices(HELP),
    )


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, sentence_start(_(label))) for code, label in words.items()]


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """Anew whenever the page or one of its files has changed: then phones take the new ones. It is the
    scanner's, told of another page; each keeps what it fetched under an address of its own."""
    address = url_for("cases_outing_page.page")
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
        "cases/outing/page.js",
        *PARTS,
        "cases/outing/outing.css",
        "cases/outing/contact.css",
        f"shared/{sheet}",
        "shared/icons.svg",
        "shared/favicon.svg",
        *(f"shared/titillium-{font}.woff2" for font in FONTS),
    ]
    return [_asset(name) for name in names]


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    address = url_for("cases_outing_page.page")
    told: dict[str, Any] = {
        "name": _("Mobile unit"),
        # Translators: under the icon on a phone's home screen: the mobile unit going out
        "short_name": _("Outing"),
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
