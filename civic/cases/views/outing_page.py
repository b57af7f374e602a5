"""The page of the mobile unit, which works without network: one page for whoever goes out, opened by a
service worker and installed like an app. Nothing on it is about anybody: the people come by `load`."""

from collections.abc import Mapping

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.policy import GO_OUT
from civic.cases.sections import AGE_BANDS, HELP, NEEDS
from civic.catalogue.words import sentence_start
from civic.web.guard import public, requires
from civic.web.offline import KeptPage, asset, manifest_of, worker_of
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


@bp.get("")
@requires(GO_OUT)
def page() -> ResponseReturnValue:
    return _page()


def _page() -> str:
    """The same for everybody who reads this language, so that a phone may keep it."""
    return render_template(
        "cases/outing_page.html",
        parts=[asset(part) for part in PARTS],
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
    files = ["cases/outing/page.js", *PARTS, "cases/outing/outing.css", "cases/outing/contact.css"]
    return worker_of(KeptPage(url_for("cases_outing_page.page"), _page(), files, FONTS))


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    # Translators: under the icon on a phone's home screen: the mobile unit going out
    short_name = _("Outing")
    return manifest_of(url_for("cases_outing_page.page"), _("Mobile unit"), short_name)
