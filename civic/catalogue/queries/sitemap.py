"""Addresses of all public pages, a page of them after the other, by the addresses themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from civic.catalogue.models import Project
from civic.catalogue.queries.texts import PUBLISHED
from civic.kernel.context import Context
from civic.tenancy.models import Association

Beginning = Callable[[], Select[*tuple[Any, ...]]]


@dataclass(frozen=True)
class MapEntry:
    slug: str
    changed_at: datetime | None = None


def projects() -> Select[*tuple[Any, ...]]:
    changed = func.coalesce(Project.changed_at, Project.decided_at, Project.created_at)
    return _published(select(Project.slug.label("slug"), changed.label("changed_at")))


def associations() -> Select[*tuple[Any, ...]]:
    """Those with a project in the open."""
    return _published(
        select(Association.slug.label("slug"), func.max(Project.decided_at).label("changed_at"))
        .join(Project, Project.association_id == Association.id)
        .group_by(Association.slug)
    )


def _published(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.where(Project.is_public.is_(True), Project.state == PUBLISHED)


def map_entries(ctx: Context, of: Beginning, after: str, limit: int) -> list[MapEntry]:
    """From the one after this address."""
    slug = of().selected_columns.slug
    rows = ctx.db.execute(of().where(slug > after).order_by(slug).limit(limit))
    return [MapEntry(row.slug, row.changed_at) for row in rows]


def map_pages(ctx: Context, of: Beginning, size: int) -> list[str]:
    """The address after which each page begins; one statement over the index of addresses."""
    addresses = of().subquery()
    number = func.row_number().over(order_by=addresses.c.slug).label("number")
    numbered = select(addresses.c.slug, number).subquery()
    last = ctx.db.scalars(
        select(numbered.c.slug).where(numbered.c.number % size == 0).order_by(numbered.c.slug)
    )
    return ["", *last]
