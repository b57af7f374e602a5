"""A poster for the wall: a project in Italian and in a second language, with a code to join."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.catalogue.errors import ProjectNotPublic
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import ProjectPage, project_shown
from civic.catalogue.rules import Area, ProjectState
from civic.catalogue.words import area_name
from civic.kernel.i18n import BY_TAG, DEFAULT, LANGUAGES, PageLanguage, direction
from civic.web import paper, qr
from civic.web.guard import requires
from civic.web.locale import speaking
from civic.web.transaction import reading
from civic.web.words import local_day, local_span

bp = Blueprint("catalogue_posters", __name__, url_prefix="/<lang>/organise/projects")

COLOURS = {Area.GREEN: "#1a6b3a", Area.CARE: "#9c2460", Area.TERRITORY: "#8a4600"}
"""As on the pages; white letters stand out on each."""
SECOND = LANGUAGES[1]
MOST_DATES = 3


@bp.get("/<uuid:project_id>/poster.pdf")
@requires(ORGANISE)
def poster(project_id: UUID) -> ResponseReturnValue:
    wanted = BY_TAG.get(request.args.get("language", ""), SECOND)
    second = SECOND if wanted is DEFAULT else wanted
    with reading() as ctx:
        pages = [
            (language, _to_come(project_shown(ctx, project_id, ORGANISE, language.tag), ctx.now()))
            for language in (DEFAULT, second)
        ]
    if pages[0][1].state is not ProjectState.PUBLISHED:
        raise ProjectNotPublic
    slug = pages[0][1].slug
    pdf = paper.typeset("catalogue/poster", _values(pages))
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{slug}-{second.tag}.pdf")
    return response


def _to_come(page: ProjectPage, now: datetime) -> ProjectPage:
    """Without what has begun: nobody reads of it on a wall in time."""
    return replace(page, sessions=tuple(each for each in page.sessions if each.starts_at > now))


def _values(pages: list[tuple[PageLanguage, ProjectPage]]) -> dict[str, Any]:
    page, second = pages[0][1], pages[1][0]
    with speaking(second):
        address = _public_address(page.slug)
    point = _usual_point(page)
    return {
        "colour": COLOURS[page.area],
        "association": page.association_name,
        "municipality": page.municipality_name,
        "qr": qr.drawing(address),
        "address": address,
        "point": point,
        "sides": [_side(language, shown, point) for language, shown in pages],
    }


def _side(language: PageLanguage, page: ProjectPage, point: str) -> dict[str, Any]:
    """Everything that is said in one language."""
    with speaking(language):
        return {
            "lang": language.tag,
            "dir": language.direction,
            "title": page.title,
            "title_lang": page.text_language,
            "title_dir": direction(page.text_language),
            "area": area_name(page.area),
            "when": _("When"),
            "where": _("Where"),
            "dates": [
                {
                    "day": local_day(each.starts_at),
                    "hours": local_span(each.starts_at, each.ends_at),
                    "point": "" if each.meeting_point == point else each.meeting_point,
                }
                for each in page.sessions[:MOST_DATES]
            ],
            "more": _("More dates behind the code.")
            if len(page.sessions) > MOST_DATES
            else ""
            if page.sessions
            else _("The dates are behind the code."),
            "scan": _("Scan the code: read more and join."),
            "scan_picture": _(
                "A code that leads to %(address)s", address=_public_address(page.slug)
            ),
            "promises": _promises(page),
        }


def _promises(page: ProjectPage) -> list[str]:
    """Only what is true of this project, or of all of them."""
    said = [
        _("It is free."),
        _("You need no documents to sign up."),
        _("You need no Italian.") if page.needs_no_italian else "",
        _("You can come in a wheelchair.") if page.is_wheelchair_accessible else "",
        ngettext("From %(num)d year of age.", "From %(num)d years of age.", page.minimum_age),
    ]
    return [sentence for sentence in said if sentence]


def _usual_point(page: ProjectPage) -> str:
    """Where most of the dates shown meet; a date that meets elsewhere says so itself."""
    points = Counter(each.meeting_point for each in page.sessions[:MOST_DATES])
    return points.most_common(1)[0][0] if points else ""


def _public_address(slug: str) -> str:
    public = urlsplit(current_app.extensions["civic_settings"].public_url)
    path = url_for("catalogue.project", slug=slug)
    return f"{public.scheme}://{public.netloc}{public.path.rstrip('/')}{path}"
