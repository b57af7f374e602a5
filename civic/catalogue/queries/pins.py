"""What a map shows, and the list beside it: a project each, by where it meets."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from civic.catalogue.finding import Spot, kilometres
from civic.catalogue.models import Project
from civic.catalogue.queries.listing import Card, CardPage, nearest_to, soonest
from civic.catalogue.queries.search import Search
from civic.kernel.context import Context

MOST = 500
"""Pins on one map; more would be neither told apart nor drawn quickly on a cheap phone."""


@dataclass(frozen=True)
class Pin:
    slug: str
    title: str
    title_language: str
    municipality_name: str
    district: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime
    spot: Spot | None
    """None where the association has not said the place to the metre."""
    distance_km: float | None


@dataclass(frozen=True)
class Pins:
    pins: tuple[Pin, ...]
    is_whole: bool
    """Whether nothing was left out."""


def pins(ctx: Context, search: Search, language: str, near: Spot | None = None) -> Pins:
    """The soonest, by city and district; or around a place, the nearest first."""
    page = _found(ctx, search, language, near)
    spots = _spots(ctx, page)
    found = [_pin(card, spots.get(card.slug), near) for card in page.cards]
    found.sort(key=_by_distance if near else _by_district)
    return Pins(tuple(found), page.next is None)


def _found(ctx: Context, search: Search, language: str, near: Spot | None) -> CardPage:
    """All of them while they are not too many: even those whose place nobody has said."""
    page = soonest(ctx, search, language, limit=MOST)
    if page.next is None or near is None:
        return page
    return nearest_to(ctx, search, near, language, limit=MOST)


def _spots(ctx: Context, page: CardPage) -> dict[str, Spot]:
    if not page.cards:
        return {}
    rows = ctx.db.execute(_placed(), {"slugs": [card.slug for card in page.cards]})
    return {row.slug: Spot(row.latitude, row.longitude) for row in rows}


@cache
def _placed() -> Select[*tuple[Any, ...]]:
    return (
        select(Project.slug, Project.latitude, Project.longitude)
        .where(Project.slug.in_(bindparam("slugs", expanding=True)))
        .where(Project.latitude.is_not(None), Project.longitude.is_not(None))
    )


def _pin(card: Card, spot: Spot | None, near: Spot | None) -> Pin:
    return Pin(
        slug=card.slug,
        title=card.title,
        title_language=card.title_language,
        municipality_name=card.municipality_name,
        district=card.district,
        meeting_point=card.meeting_point,
        starts_at=card.starts_at,
        ends_at=card.ends_at,
        spot=spot,
        distance_km=_distance(spot, near) if spot and near else None,
    )


def _distance(spot: Spot, near: Spot) -> float:
    up, along = spot.latitude - near.latitude, spot.longitude - near.longitude
    return kilometres(up**2 + (along * near.narrowing) ** 2)


def _by_distance(pin: Pin) -> tuple[bool, float, datetime]:
    return (pin.distance_km is None, pin.distance_km or 0.0, pin.starts_at)


def _by_district(pin: Pin) -> tuple[str, bool, str, datetime]:
    """Those of no district at the end of their city."""
    return (pin.municipality_name, not pin.district, pin.district.casefold(), pin.starts_at)
