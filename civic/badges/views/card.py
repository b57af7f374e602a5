"""A badge on a card for the wallet, and the page that checks such a card: it needs the network once, and
then reads cards where there is none."""

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, json, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from qrcode.constants import ERROR_CORRECT_M

from civic.badges.cards import known_issuers
from civic.badges.credential_words import language_of
from civic.badges.credentials.card import in_square
from civic.badges.issued import OwnCard, own_card
from civic.badges.policy import READ_SHELF
from civic.badges.queries import Badge
from civic.badges.views.public import addresses
from civic.kernel.i18n import DEFAULT, PageLanguage
from civic.web import paper, qr
from civic.web.guard import public, requires
from civic.web.locale import page_language, speaking
from civic.web.transaction import reading
from civic.web.words import END_ISOLATE, LTR_ISOLATE, local_date

bp = Blueprint("badges_card", __name__, url_prefix="/<lang>")

PARTS = ("badges/card/reading.js", "attendance/scanner/camera.js")
"""In the order in which `page.js` takes them."""
FONTS = ("400", "700")


# On paper


@bp.get("/me/badges/<uuid:award_id>/card.pdf")
@requires(READ_SHELF)
def card(award_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        badge, own = own_card(ctx, award_id)
    pdf = paper.typeset("badges/card", _values(badge, own))
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename="card.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _values(badge: Badge, own: OwnCard) -> dict[str, Any]:
    language = page_language()
    languages = [language] if language is DEFAULT else [language, DEFAULT]
    name, about = paper.readable(own.name), badge.achievement
    with speaking(DEFAULT):
        given = _("Given on %(day)s", day=local_date(badge.awarded_at))
        ends = badge.valid_until
        until = _("Valid until %(day)s", day=local_date(ends)) if ends else ""
    return {
        "name": name,
        "name_dir": paper.direction_of(name),
        "badge": about.names.get(language_of(about), about.code),
        "association": badge.association_name,
        "given": given,
        "until": until,
        "qr": qr.drawing(in_square(addresses().card_page, own.token), ERROR_CORRECT_M),
        "sides": [_side(each) for each in languages],
    }


def _side(language: PageLanguage) -> dict[str, Any]:
    """How to use the card, in one language."""
    page = urlsplit(addresses().site + url_for("badges_card.check_card", lang=language.tag))
    with speaking(language):
        return {
            "lang": language.tag,
            "dir": language.direction,
            "title": _("Your badge for the wallet"),
            "qr": _("Square that holds the signed badge"),
            "steps": [
                _("Cut out the card along the line. Show it to whom you like."),
                _(
                    "Whoever wants to know whether it is true opens this page and holds the card"
                    " before the camera: %(address)s",
                    address=f"{LTR_ISOLATE}{page.netloc}{page.path}{END_ISOLATE}",
                ),
                _("That page also works without network, once it was opened with it."),
                _("Print it large enough: the square needs four centimetres."),
            ],
            "promise": _(
                "The square holds what stands on the card and the skills, signed by the association."
                " It says what was practised and is no certificate of a qualification."
            ),
        }


# The page that reads it


@bp.get("/badges/card")
@public
def check_card() -> ResponseReturnValue:
    return _page()


def _page() -> str:
    """The same for everybody who reads this language, so that a phone may keep it."""
    return render_template("badges/check_card.html", parts=[_asset(part) for part in PARTS])


@bp.get("/badges/card/issuers.json")
@public
def issuers() -> ResponseReturnValue:
    """Whose signatures a phone may believe, and what was withdrawn: public all of it."""
    with reading() as ctx:
        found, now = known_issuers(ctx, addresses()), ctx.now()
    response = jsonify(found | {"asked": int(now.timestamp() * 1000)})
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/badges/card/sw.js")
@public
def worker() -> ResponseReturnValue:
    """That of the scanner at the gate, told of another page: it keeps a page and its files."""
    address = url_for("badges_card.check_card")
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
        "badges/card/page.js",
        *PARTS,
        f"shared/{sheet}",
        "shared/icons.svg",
        "shared/favicon.svg",
        *(f"shared/titillium-{weight}.woff2" for weight in FONTS),
    ]
    return [_asset(name) for name in names]


def _asset(path: str) -> str:
    asset: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    return asset(path)
