"""What everybody may see: the list of projects and the page of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import Environment
from markupsafe import Markup

from civic.catalogue.finding import Order
from civic.catalogue.fit import Wishes
from civic.catalogue.forms.filters import Asked, Known, read_filters
from civic.catalogue.queries.fit import best_fitting
from civic.catalogue.queries.listing import Card, CardPage, nearest_to, soonest
from civic.catalogue.queries.projects import project_page
from civic.catalogue.queries.search import Search, search_for
from civic.catalogue.views.narrowing import (
    Choices,
    chips,
    current_choices,
    list_url,
    order_links,
    part_options,
    weekday_options,
)
from civic.catalogue.words import worded
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.slugs import is_slug
from civic.web.guard import public
from civic.web.locale import page_language
from civic.web.remembered import remembered
from civic.web.transaction import reading

bp = Blueprint("catalogue", __name__, url_prefix="/<lang>")

CARDS_KEPT = 4000
WISHES = "civic_wishes"
"""Where `app.py` puts what tells the wishes of the person who is signed in."""


@dataclass(frozen=True)
class Found:
    """What the list shows, and how the search was understood."""

    page: CardPage
    typed: str
    """What was typed, if it was corrected."""
    meant: str
    unknown: tuple[str, ...]


@bp.get("/projects")
@public
def project_list() -> ResponseReturnValue:
    with reading() as ctx:
        choices = current_choices(ctx)
        now = ctx.now()
        known = Known(choices.districts_of, ctx.actor.is_signed_in)
        cities = [city.slug for city in choices.cities]
        asked = read_filters(request.args, cities, rome_day(now), known)
        found = _find(ctx, asked)
    content = (found, choices, rome_day(now))
    return remembered(content, now, lambda: _draw_list(found, choices, asked, known, rome_day(now)))


def _find(ctx: Context, asked: Asked) -> Found:
    language = page_language().tag
    search = search_for(ctx, asked.filters, language)
    page = _page(ctx, asked, search, language)
    return Found(page, search.typed, search.filters.words, search.unknown)


def _page(ctx: Context, asked: Asked, search: Search, language: str) -> CardPage:
    if asked.order is Order.FIT:
        wishes: Callable[[Context], Wishes] = current_app.extensions[WISHES]
        own = replace(wishes(ctx), near=asked.near)
        fitting = best_fitting(ctx, search, own, language, asked.after_rank)
        return CardPage(tuple(map(worded, fitting.found)), fitting.next)
    if asked.order is Order.NEAREST and asked.near:
        return nearest_to(ctx, search, asked.near, language, asked.after_near)
    return soonest(ctx, search, language, asked.after)


def _draw_list(found: Found, choices: Choices, asked: Asked, known: Known, today: date) -> str:
    environment, language = current_app.jinja_env, page_language().tag
    page = found.page
    return render_template(
        "catalogue/project_list.html",
        cards=[_card(environment, language, card) for card in page.cards],
        choices=choices,
        asked=asked,
        found=found,
        chips=chips(asked, choices),
        orders=order_links(asked, may_fit=known.may_fit),
        weekdays=weekday_options(),
        parts=part_options(),
        today=today,
        next_url=_next_url(found, asked),
    )


def _next_url(found: Found, asked: Asked) -> str | None:
    if found.page.next is None:
        return None
    # What was corrected once need not be again.
    words = {"q": found.meant} if found.typed else {}
    return list_url({**asked.query, **words, "after": found.page.next})


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
