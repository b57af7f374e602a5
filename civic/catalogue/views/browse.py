"""What everybody may see: the list of projects and the page of each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from weakref import WeakKeyDictionary

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Connection, Engine

from civic.catalogue.forms.filters import Asked, read_filters
from civic.catalogue.queries.listing import Card, CardPage, find_projects, languages_offered
from civic.catalogue.queries.projects import project_page
from civic.catalogue.rules import is_slug
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.tenancy.queries import City, municipalities
from civic.web.guard import public
from civic.web.locale import page_language
from civic.web.remembered import remembered
from civic.web.transaction import reading

bp = Blueprint("catalogue", __name__, url_prefix="/<lang>")

CHOICES_LIFE = timedelta(minutes=1)
CARDS_KEPT = 4000


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed by."""

    cities: tuple[City, ...]
    languages: tuple[str, ...]
    read_at: datetime

    @property
    def city_options(self) -> list[tuple[str, str]]:
        return [(city.slug, city.name) for city in self.cities]


_choices: WeakKeyDictionary[Engine | Connection, Choices] = WeakKeyDictionary()


def _current_choices(ctx: Context) -> Choices:
    """The same for every visitor and slow to change: read once a minute in each process."""
    bind = ctx.db.get_bind()
    kept = _choices.get(bind)
    if kept is None or not timedelta(0) <= ctx.now() - kept.read_at < CHOICES_LIFE:
        kept = Choices(tuple(municipalities(ctx)), languages_offered(ctx), ctx.now())
        _choices[bind] = kept
    return kept


@bp.get("/projects")
@public
def project_list() -> ResponseReturnValue:
    with reading() as ctx:
        choices = _current_choices(ctx)
        now = ctx.now()
        asked = read_filters(request.args, [city.slug for city in choices.cities], rome_day(now))
        page = find_projects(ctx, asked.filters, page_language().tag, asked.after)
    content = (page, choices, rome_day(now))
    return remembered(content, now, lambda: _draw_list(page, choices, asked, rome_day(now)))


def _draw_list(page: CardPage, choices: Choices, asked: Asked, today: date) -> str:
    environment, language = current_app.jinja_env, page_language().tag
    next_url = page.next and url_for("catalogue.project_list", **asked.query, after=page.next)
    return render_template(
        "catalogue/project_list.html",
        cards=[_card(environment, language, card) for card in page.cards],
        choices=choices,
        asked=asked,
        today=today,
        next_url=next_url,
    )


@lru_cache(maxsize=CARDS_KEPT)
def _card(environment: Environment, language: str, card: Card) -> Markup:  # noqa: ARG001 - part of what is remembered
    """A card's HTML, remembered by all that stands in it, so that it can never be out of date."""
    macros = environment.get_template("components/cards.html").module
    drawn: Markup = macros.project_card(card)  # type: ignore[attr-defined]  # a macro
    return drawn


@bp.get("/projects/<slug>")
@public
def project(slug: str) -> ResponseReturnValue:
    if not is_slug(slug):
        raise NotFound
    with reading() as ctx:
        page = project_page(ctx, slug, page_language().tag)
        now = ctx.now()
    return remembered(page, now, lambda: render_template("catalogue/project.html", page=page))
