"""What the list can be narrowed by, as the published projects have it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from civic.catalogue.finding import Spot
from civic.catalogue.models import Project, ProjectLanguage
from civic.catalogue.queries.texts import PUBLISHED, in_order
from civic.kernel.context import Context
from civic.tenancy.models import Municipality


@dataclass(frozen=True)
class District:
    """A quarter of a city, or what says none; and where its projects are, on average."""

    city: str
    name: str
    projects: int
    spot: Spot | None


def languages_offered(ctx: Context) -> tuple[str, ...]:
    """Languages spoken in at least one published project."""
    return in_order(" ".join(ctx.db.scalars(_languages()).all()))


@cache
def _languages() -> Select[str]:
    return (
        select(ProjectLanguage.language)
        .join(Project, Project.id == ProjectLanguage.project_id)
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .distinct()
    )


def districts(ctx: Context) -> tuple[District, ...]:
    """In which published projects are, by city and name."""
    return tuple(
        District(
            row.slug,
            row.district,
            row.projects,
            None
            if row.latitude is None
            else Spot(round(row.latitude, 2) + 0.0, round(row.longitude, 2) + 0.0),
        )
        for row in ctx.db.execute(_districts())
    )


@cache
def _districts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Municipality.slug,
            Project.district,
            func.count().label("projects"),
            func.avg(Project.latitude).label("latitude"),
            func.avg(Project.longitude).label("longitude"),
        )
        .join(Municipality, Municipality.id == Project.municipality_id)
        .where(Project.is_public.is_(True), Project.state == PUBLISHED)
        .group_by(Municipality.slug, Project.district)
        .order_by(Municipality.slug, Project.district)
    )


def middles(found: tuple[District, ...]) -> dict[str, Spot]:
    """Of each city, the middle of its projects."""
    sums: dict[str, tuple[float, float, int]] = {}
    for each in found:
        if each.spot:
            north, east, number = sums.get(each.city, (0.0, 0.0, 0))
            sums[each.city] = (
                north + each.spot.latitude * each.projects,
                east + each.spot.longitude * each.projects,
                number + each.projects,
            )
    return {
        city: Spot(round(north / number, 2) + 0.0, round(east / number, 2) + 0.0)
        for city, (north, east, number) in sums.items()
    }
