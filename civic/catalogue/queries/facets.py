"""What fit looks at of every project, remembered in each process and read again once it changed.

Only what everybody may see stands here, so one memory serves all; whose database it is of is
part of the key. A city is read again when its stamp is another, and now and then anyway, because
sessions pass without anybody changing anything.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, String, bindparam, cast, func, select

from civic.catalogue.facets import CityFacets
from civic.catalogue.finding import Spot
from civic.catalogue.fit import Facets
from civic.catalogue.lexicon import words_in
from civic.catalogue.models import (
    FacetsStamp,
    Project,
    ProjectRequirement,
    ProjectSession,
    ProjectSkill,
)
from civic.catalogue.queries.texts import PUBLISHED, SCHEDULED, all_spoken
from civic.catalogue.rules import Requirement, RequirementKind
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.tenancy.models import Municipality

LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class CityStamp:
    """A municipality, and what its offer is marked with now."""

    id: UUID
    slug: str
    name: str
    stamp: UUID | None
    """None while nothing has changed since there are stamps."""


@dataclass(frozen=True)
class _Kept:
    stamp: UUID | None
    read_at: datetime
    facets: CityFacets


_kept: WeakKeyDictionary[Engine | Connection, dict[UUID, _Kept]] = WeakKeyDictionary()


def city_stamps(ctx: Context) -> list[CityStamp]:
    return [CityStamp(*row) for row in ctx.db.execute(_stamps())]


@cache
def _stamps() -> Select[UUID, str, str, UUID]:
    return (
        select(Municipality.id, Municipality.slug, Municipality.name, FacetsStamp.stamp)
        .outerjoin(FacetsStamp, FacetsStamp.municipality_id == Municipality.id)
        .order_by(Municipality.name)
    )


def facets_of(ctx: Context, cities: Sequence[CityStamp]) -> list[CityFacets]:
    """Of these cities; two statements if any of them must be read, else none."""
    kept = _kept.setdefault(ctx.db.get_bind(), {})
    now = ctx.now()
    missing = [city for city in cities if not _holds(kept.get(city.id), city.stamp, now)]
    if missing:
        rows = _read(ctx, [city.id for city in missing])
        for city in missing:
            kept[city.id] = _Kept(city.stamp, now, CityFacets(rows.get(city.id, ())))
    return [kept[city.id].facets for city in cities]


def _holds(kept: _Kept | None, stamp: UUID | None, now: datetime) -> bool:
    return kept is not None and kept.stamp == stamp and timedelta(0) <= now - kept.read_at < LIFE


@dataclass
class _Dates:
    slots: set[int]
    spans: list[tuple[datetime, datetime]]


def _read(ctx: Context, cities: Iterable[UUID]) -> dict[UUID, list[Facets]]:
    asked = {"cities": list(cities), "now": ctx.now()}
    dates: dict[UUID, _Dates] = {}
    for project_id, slot, first, last in ctx.db.execute(_sessions(), asked):
        known = dates.setdefault(project_id, _Dates(set(), []))
        known.slots.add(slot)
        known.spans.append((first, last))
    found: dict[UUID, list[Facets]] = defaultdict(list)
    for row in ctx.db.execute(_projects(), asked):
        if row.id in dates:
            found[row.municipality_id].append(_facets(row, dates[row.id]))
    return found


def _facets(row: Any, dates: _Dates) -> Facets:
    """Words apart again. Equal sets are one object: a thousand projects share a few."""
    has_point = row.latitude is not None and row.longitude is not None
    return Facets(
        project_id=row.id,
        municipality_id=row.municipality_id,
        area=row.area,
        minimum_age=row.minimum_age,
        languages=_words(row.spoken),
        slots=frozenset(dates.slots),
        spans=tuple(dates.spans),
        skills=_words(row.taught),
        requirements=_requirements(row.required),
        needs_no_italian=row.needs_no_italian,
        is_wheelchair_accessible=row.is_wheelchair_accessible,
        district=tuple(words_in(row.district)),
        point=Spot(row.latitude, row.longitude) if has_point else None,
        next_starts_at=min(first for first, _ in dates.spans),
        last_starts_at=max(last for _, last in dates.spans),
    )


@cache
def _words(joined: str | None) -> frozenset[str]:
    return frozenset((joined or "").split())


@cache
def _requirements(joined: str | None) -> frozenset[Requirement]:
    pairs = (word.split(":", 1) for word in (joined or "").split())
    return frozenset(Requirement(RequirementKind(kind), value) for kind, value in pairs)


@cache
def _sessions() -> Select[*tuple[Any, ...]]:
    """Of each project, the slots of its sessions to come, with the first and last of each."""
    session = ProjectSession
    return (
        select(
            session.project_id,
            session.slot,
            func.min(session.starts_at, type_=UtcInstant),
            func.max(session.starts_at, type_=UtcInstant),
        )
        .where(session.municipality_id.in_(bindparam("cities", expanding=True)))
        .where(session.is_public.is_(True), session.state == SCHEDULED)
        .where(session.starts_at > bindparam("now"))
        .group_by(session.project_id, session.slot)
    )


@cache
def _projects() -> Select[*tuple[Any, ...]]:
    taught = (
        select(func.aggregate_strings(ProjectSkill.skill, " "))
        .where(ProjectSkill.project_id == Project.id)
        .scalar_subquery()
    )
    required = (
        select(
            func.aggregate_strings(
                cast(ProjectRequirement.kind, String) + ":" + ProjectRequirement.value, " "
            )
        )
        .where(ProjectRequirement.project_id == Project.id)
        .scalar_subquery()
    )
    return (
        select(
            Project.id,
            Project.municipality_id,
            Project.area,
            Project.minimum_age,
            Project.needs_no_italian,
            Project.is_wheelchair_accessible,
            Project.district,
            Project.latitude,
            Project.longitude,
            all_spoken(),
            taught.label("taught"),
            required.label("required"),
        )
        .where(Project.municipality_id.in_(bindparam("cities", expanding=True)))
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
    )
