"""A page that a phone keeps and opens without network: its service worker and its manifest. Both lie
beside the page and not among the static files, so that the worker's reach is the page and no more."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, current_app, json, request
from werkzeug.wrappers import Response as AnyResponse

from civic.web.locale import page_language

WORKER = "attendance/scanner/worker.js"
"""Told which page and files; it keeps what it fetched for each page under an address of its own."""
ICONS = (("icon-192", 192, "any"), ("icon-512", 512, "any"), ("icon-maskable-512", 512, "maskable"))
THEME = "#0066cc"


@dataclass(frozen=True)
class KeptPage:
    """The page as it is for everybody who reads this language: nothing on it is about anybody."""

    address: str
    content: str
    files: Sequence[str]
    """Names of static files that it needs, beside what every page does."""
    fonts: Sequence[str] = ("400", "700")


def asset(path: str) -> str:
    address: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    return address(path)


def worker_of(page: KeptPage) -> AnyResponse:
    """Anew whenever the page or one of its files has changed: then phones take the new ones."""
    sheet = "civic.rtl.css" if page_language().direction == "rtl" else "civic.css"
    of_every_page = (f"shared/{sheet}", "shared/icons.svg", "shared/favicon.svg")
    fonts = (f"shared/titillium-{font}.woff2" for font in page.fonts)
    revision = hashlib.sha256(page.content.encode()).hexdigest()[:12]
    told = {
        "page": {"url": page.address, "revision": revision},
        "files": [asset(name) for name in (*page.files, *of_every_page, *fonts)],
    }
    source = (
        f"self.civicScanner = {json.dumps(told)};\nimportScripts({json.dumps(asset(WORKER))});\n"
    )
    response = Response(source, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = page.address
    response.add_etag()
    return response.make_conditional(request)


def manifest_of(address: str, name: str, short_name: str) -> Response:
    """With which a phone puts the page among its apps."""
    told = {
        "name": name,
        "short_name": short_name,
        "id": address,
        "start_url": address,
        "scope": address,
        "lang": page_language().tag,
        "dir": page_language().direction,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": THEME,
        "icons": [
            {
                "src": asset(f"attendance/scanner/{icon}.png"),
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for icon, side, purpose in ICONS
        ],
    }
    response = Response(json.dumps(told), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response
