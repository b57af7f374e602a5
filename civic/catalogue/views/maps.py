"""Where projects are. The map is fetched only by who asks for it; the list beside it is whole."""

from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic.catalogue.forms.filters import Asked, Known, read_filters
from civic.catalogue.queries.pins import Pin, Pins, pins
from civic.catalogue.queries.search import search_for
from civic.catalogue.views.narrowing import current_choices, list_url
from civic.kernel.clock import rome_day
from civic.kernel.i18n import direction
from civic.settings import Settings
from civic.web.guard import public
from civic.web.locale import page_language
from civic.web.transaction import reading
from civic.web.words import local_day, local_span

bp = Blueprint("catalogue_map", __name__, url_prefix="/<lang>")


@bp.get("/projects/map")
@public
def project_map() -> ResponseReturnValue:
    asked, found = _look()
    settings: Settings = current_app.extensions["civic_settings"]
    return render_template(
        "catalogue/map.html",
        asked=asked,
        found=found,
        places=_by_place(found),
        tiles=settings.tiles,
        tiles_credit=settings.tiles_credit,
        tiles_host=urlsplit(settings.tiles_source).hostname,
        list_url=list_url(asked.query),
        data_url=url_for("catalogue_map.pin_data", **asked.query),
    )


@bp.get("/projects/map.json")
@public
def pin_data() -> ResponseReturnValue:
    """What the script draws: nothing that is not on the page of each project."""
    _, found = _look()
    return jsonify(pins=[_data(pin) for pin in found.pins if pin.spot])


def _look() -> tuple[Asked, Pins]:
    language = page_language().tag
    with reading() as ctx:
        choices = current_choices(ctx)
        cities = [city.slug for city in choices.cities]
        known = Known(choices.districts_of, ctx.actor.is_signed_in)
        asked = read_filters(request.args, cities, rome_day(ctx.now()), known)
        return asked, pins(ctx, search_for(ctx, asked.filters, language), language, asked.near)


def _by_place(found: Pins) -> list[tuple[str, str, list[Pin]]]:
    """City, district and the projects there, in the order they come."""
    return [
        (city, district, list(group))
        for (city, district), group in groupby(
            found.pins, key=lambda pin: (pin.municipality_name, pin.district)
        )
    ]


def _data(pin: Pin) -> dict[str, Any]:
    return {
        "url": url_for("catalogue.project", slug=pin.slug),
        "title": pin.title,
        "language": pin.title_language,
        "direction": direction(pin.title_language),
        "day": local_day(pin.starts_at),
        "hours": local_span(pin.starts_at, pin.ends_at),
        "place": pin.meeting_point,
        "latitude": pin.spot.latitude if pin.spot else None,
        "longitude": pin.spot.longitude if pin.spot else None,
    }
