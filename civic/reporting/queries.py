"""Figures. The city's come from rows the officer may read; the network's are counts alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_

from civic.accounts.models import Person
from civic.attendance.models import HoursEntry, HoursLine
from civic.catalogue.models import Project, ProjectText
from civic.catalogue.rules import Area, ProjectState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Place
from civic.plans.endings import Outcome
from civic.plans.queries.closings import outcome_counts
from civic.reporting.policy import (
    READ_CITY_FIGURES,
    READ_NETWORK_FIGURES,
    READ_WHO_TOOK_PART,
)
from civic.reporting.rules import shown
from civic.tenancy.models import Municipality

PEOPLE_SHOWN = 200
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Period:
    """Days from `first` up to and with `last`."""

    first: date
    last: date


@dataclass(frozen=True)
class Figure:
    """People, times present and minutes for one heading: a project, an area, a month."""

    people: int | None
    """None where so few that the count is kept back."""
    presences: int
    minutes: int


@dataclass(frozen=True)
class ProjectFigure(Figure):
    project_id: UUID
    title: str
    title_language: str
    area: Area


@dataclass(frozen=True)
class AreaFigure(Figure):
    area: Area


@dataclass(frozen=True)
class MonthFigure(Figure):
    month: date
    """Its first day."""


@dataclass(frozen=True)
class CityFigures:
    total: Figure
    areas: tuple[AreaFigure, ...]
    months: tuple[MonthFigure, ...]
    projects: tuple[ProjectFigure, ...]


@dataclass(frozen=True)
class TookPart:
    person_id: UUID
    name: str
    presences: int
    minutes: int


@dataclass(frozen=True)
class NetworkCity:
    name: str
    projects: int
    figure: Figure


def month_of(day: date) -> Period:
    """The whole month a day lies in."""
    first = day.replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    return Period(first, next_month - timedelta(days=1))


def recent_months(ctx: Context) -> list[date]:
    """First days of this month and the eleven before it, newest first."""
    months = [rome_day(ctx.now()).replace(day=1)]
    while len(months) < MONTHS_SHOWN:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


_SUMS = (
    func.count(HoursLine.person_id.distinct()).label("people"),
    func.count().label("presences"),
    func.coalesce(func.sum(HoursLine.minutes), 0).label("minutes"),
)


def city_figures(
    ctx: Context, municipality_id: UUID, period: Period | None, area: Area | None
) -> CityFigures:
    """Who took part in a city, counted by area, month and project; four statements."""
    READ_CITY_FIGURES.require(ctx.actor, Place(municipality_id=municipality_id))
    by_area = ctx.db.execute(
        _of_city(select(HoursLine.area, *_SUMS), municipality_id, period, area)
        .group_by(HoursLine.area)
        .order_by(HoursLine.area)
    ).all()
    by_month = _by_month(ctx, municipality_id, period, area)
    by_project = ctx.db.execute(
        _of_city(
            select(
                HoursLine.project_id, ProjectText.title, ProjectText.language, Project.area, *_SUMS
            ),
            municipality_id,
            period,
            area,
        )
        .join(Project, Project.id == HoursLine.project_id)
        .join(
            ProjectText,
            (ProjectText.project_id == Project.id) & (ProjectText.language == Project.language),
        )
        .group_by(HoursLine.project_id, ProjectText.title, ProjectText.language, Project.area)
        .order_by(func.sum(HoursLine.minutes).desc(), ProjectText.title)
    ).all()
    total = ctx.db.execute(_of_city(select(*_SUMS), municipality_id, period, area)).one()
    return CityFigures(
        total=Figure(total.people, total.presences, total.minutes),
        areas=tuple(
            AreaFigure(row.people, row.presences, row.minutes, row.area) for row in by_area
        ),
        months=tuple(
            MonthFigure(row.people, row.presences, int(row.minutes), row.month) for row in by_month
        ),
        projects=tuple(
            ProjectFigure(
                row.people,
                row.presences,
                row.minutes,
                row.project_id,
                row.title,
                row.language,
                row.area,
            )
            for row in by_project
        ),
    )


@dataclass(frozen=True)
class OutcomeFigure:
    outcome: Outcome
    plans: int | None
    """None where so few that the count is kept back: plans are read by two people alone."""


def city_outcomes(
    ctx: Context, municipality_id: UUID, period: Period | None
) -> tuple[OutcomeFigure, ...]:
    """What plans of a city ended in; nothing where none has ended."""
    READ_CITY_FIGURES.require(ctx.actor, Place(municipality_id=municipality_id))
    counted = outcome_counts(ctx, *_days(period)).get(municipality_id, {})
    return _outcomes(counted)


def network_outcomes(ctx: Context, period: Period | None) -> tuple[OutcomeFigure, ...]:
    """The same over all cities together."""
    READ_NETWORK_FIGURES.require(ctx.actor)
    with unscoped(ctx.db, "the coordinator's counts over all cities"):
        by_city = outcome_counts(ctx, *_days(period))
    return _outcomes(sum(map(Counter, by_city.values()), Counter[Outcome]()))


def _days(period: Period | None) -> tuple[date | None, date | None]:
    return (period.first, period.last) if period else (None, None)


def _outcomes(counted: Mapping[Outcome, int]) -> tuple[OutcomeFigure, ...]:
    if not counted:
        return ()
    return tuple(OutcomeFigure(outcome, shown(counted.get(outcome, 0))) for outcome in Outcome)


def who_took_part(
    ctx: Context, municipality_id: UUID, period: Period | None, area: Area | None
) -> list[TookPart]:
    """Names and hours, most hours first: for the city's own officers, at most `PEOPLE_SHOWN`."""
    READ_WHO_TOOK_PART.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.execute(
        _of_city(
            select(HoursLine.person_id, Person.name, *_SUMS[1:]), municipality_id, period, area
        )
        .join(Person, Person.id == HoursLine.person_id)
        .group_by(HoursLine.person_id, Person.name)
        .order_by(func.sum(HoursLine.minutes).desc(), Person.name, HoursLine.person_id)
        .limit(PEOPLE_SHOWN)
    )
    return [TookPart(row.person_id, row.name, row.presences, row.minutes) for row in rows]


def _by_month(
    ctx: Context, municipality_id: UUID, period: Period | None, area: Area | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """From the accounts of the ledger: what was reported of a closed month stays true, and what was
    changed later stands in the month in which that was done."""
    minutes = func.sum(HoursEntry.minutes).label("minutes")
    visits = select(HoursEntry.month, HoursEntry.session_id, HoursEntry.person_id, minutes).where(
        HoursEntry.municipality_id == municipality_id
    )
    if period is not None:
        visits = visits.where(HoursEntry.month.between(period.first, period.last))
    if area is not None:
        line = tuple_(HoursLine.session_id, HoursLine.person_id, HoursLine.day)
        entry = tuple_(HoursEntry.session_id, HoursEntry.person_id, HoursEntry.day)
        visits = visits.join(HoursLine, line == entry).where(HoursLine.area == area)
    one = visits.group_by(HoursEntry.month, HoursEntry.session_id, HoursEntry.person_id).subquery(
        "visit"
    )
    return ctx.db.execute(
        select(
            one.c.month,
            func.count(one.c.person_id.distinct()).filter(one.c.minutes > 0).label("people"),
            func.count().filter(one.c.minutes > 0).label("presences"),
            func.sum(one.c.minutes).label("minutes"),
        )
        .group_by(one.c.month)
        .having(func.sum(one.c.minutes) != 0)
        .order_by(one.c.month.desc())
        .limit(MONTHS_SHOWN)
    ).all()


def _of_city(
    statement: Select[*tuple[object, ...]],
    municipality_id: UUID,
    period: Period | None,
    area: Area | None,
) -> Select[*tuple[object, ...]]:
    statement = statement.select_from(HoursLine).where(
        HoursLine.municipality_id == municipality_id, HoursLine.minutes > 0
    )
    if period is not None:
        statement = statement.where(HoursLine.day.between(period.first, period.last))
    if area is not None:
        statement = statement.where(HoursLine.area == area)
    return statement


def network_figures(ctx: Context, period: Period | None) -> list[NetworkCity]:
    """Every city in counts, never a person: people fewer than five are kept back."""
    READ_NETWORK_FIGURES.require(ctx.actor)
    with unscoped(ctx.db, "the coordinator's counts over all cities"):
        published = ctx.db.execute(
            select(Project.municipality_id, func.count().label("projects"))
            .where(Project.state == ProjectState.PUBLISHED)
            .group_by(Project.municipality_id)
        )
        projects = {row.municipality_id: row.projects for row in published}
        hours = select(HoursLine.municipality_id, *_SUMS).where(HoursLine.minutes > 0)
        if period is not None:
            hours = hours.where(HoursLine.day.between(period.first, period.last))
        sums = {
            row.municipality_id: row
            for row in ctx.db.execute(hours.group_by(HoursLine.municipality_id))
        }
        cities = ctx.db.execute(
            select(Municipality.id, Municipality.name).order_by(Municipality.name)
        ).all()
    return [
        NetworkCity(
            name=city.name,
            projects=projects.get(city.id, 0),
            figure=Figure(shown(row.people), row.presences, row.minutes)
            if (row := sums.get(city.id))
            else Figure(0, 0, 0),
        )
        for city in cities
    ]
