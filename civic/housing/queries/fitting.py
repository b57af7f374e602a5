"""Which free beds would suit a household, and which households a dwelling.

Of thousands of beds with a year of nights each, one statement finds the rooms that have a free one: for
each bed a single look along the primary key of the nights. Which of them suit is decided by
`rules.fitting`; the beds themselves are looked up only for the few that are shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from civic.housing.models import Bed, Room, Unit, UnitTeam
from civic.housing.nights_models import BedNight
from civic.housing.placing_models import HousingRequest, RequestMember, Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import unit_for
from civic.housing.rules.fitting import (
    MOST_SUGGESTIONS,
    Dwelling,
    Fit,
    FreeRoom,
    Household,
    Reason,
    best_fits,
    fit_of,
)
from civic.housing.rules.nights import OPEN_ENDED, Nights
from civic.housing.rules.placing import Need, RequestState, Somebody, Urgency
from civic.housing.rules.stock import UnitKind, Who
from civic.kernel.context import Context
from civic.kernel.db.scope import ask_city

_FIRST, _UNTIL = bindparam("first", type_=Date()), bindparam("until", type_=Date())
_CITY, _ME = bindparam("city", type_=Uuid()), bindparam("me", type_=Uuid())


def _taken() -> ScalarSelect[Any]:
    """One night of the bed that is not free, if there is any. Not EXISTS: of that PostgreSQL may think
    it quicker to read all nights of the city once, and there are millions."""
    return (
        select(BedNight.night)
        .where(BedNight.bed_id == Bed.id, BedNight.night >= _FIRST, BedNight.night < _UNTIL)
        .limit(1)
        .correlate(Bed)
        .scalar_subquery()
    )


def _is_free() -> ColumnElement[bool]:
    return and_(
        Bed.from_night <= _FIRST,
        or_(Bed.until_night.is_(None), Bed.until_night >= _UNTIL),
        _taken().is_(None),
    )


@cache
def _rooms(*, sees_all: bool, of_one: bool = False) -> Select[*tuple[Any, ...]]:
    """Rooms of the city with a free bed, dwelling by dwelling. The same question as `gate.is_visible`,
    asked with a parameter so that the statement stays the same. Held to the city by itself."""
    there = and_(
        Bed.municipality_id == _CITY,
        Bed.from_night < _UNTIL,
        or_(Bed.until_night.is_(None), Bed.until_night > _FIRST),
    )
    if of_one:
        there = and_(there, Bed.unit_id == bindparam("unit_id", type_=Uuid()))
    # Counted apart: asked for in one, each bed would be looked up twice, to count it and to choose.
    beds, free = (
        select(Bed.room_id, func.count().label("number"))
        .where(there, *which)
        .group_by(Bed.room_id)
        .subquery()
        for which in ((), (_is_free(),))
    )
    statement = (
        select(
            Unit.id,
            Unit.name,
            Unit.kind,
            Unit.quarter,
            Unit.takes,
            Unit.is_step_free,
            Unit.is_safe_house,
            Room.id,
            Room.name,
            Room.is_step_free,
            Room.only_for,
            beds.c.number,
            free.c.number,
        )
        .select_from(free)
        .join(beds, beds.c.room_id == free.c.room_id)
        .join(Room, Room.id == free.c.room_id)
        .join(Unit, Unit.id == Room.unit_id)
        .where(Unit.municipality_id == _CITY)
        .where(or_(Unit.closed_on.is_(None), Unit.closed_on >= _UNTIL))
        .order_by(Unit.id, Room.name, Room.id)
    )
    if sees_all:
        return statement
    in_team = exists(
        select(UnitTeam.unit_id).where(UnitTeam.unit_id == Unit.id, UnitTeam.person_id == _ME)
    )
    return statement.where(or_(Unit.is_safe_house.is_(False), in_team))


_BEDS = (
    select(Bed.id, Bed.room_id, Bed.name)
    .where(Bed.municipality_id == _CITY, _is_free())
    .where(Bed.room_id.in_(bindparam("rooms", type_=Uuid(), expanding=True)))
    .order_by(Bed.name, Bed.id)
)


@dataclass(frozen=True)
class Seat:
    resident_id: UUID
    bed_id: UUID
    label: str
    """Room and bed as colleagues call them."""


@dataclass(frozen=True)
class Suggestion:
    unit_id: UUID
    unit_name: str
    kind: UnitKind
    quarter: str
    is_safe_house: bool
    nights: Nights
    is_open_ended: bool
    seats: tuple[Seat, ...]
    reasons: tuple[Reason, ...]


def free_dwellings(
    ctx: Context, municipality_id: UUID, nights: Nights, unit_id: UUID | None = None
) -> list[Dwelling]:
    """Those of the city with a bed that is free on all of the nights, or that one. One statement."""
    statement = _rooms(sees_all=ctx.actor.is_system, of_one=unit_id is not None)
    asked: dict[str, Any] = {"first": nights.first, "until": nights.until}
    if unit_id is not None:
        asked["unit_id"] = unit_id
    if not ctx.actor.is_system:
        asked["me"] = ctx.actor.person_id
    rows = ask_city(ctx.db, municipality_id, statement, asked).all()
    return [_dwelling(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]


def _dwelling(rows: Sequence[Any]) -> Dwelling:
    unit_id, name, kind, quarter, takes, is_step_free, is_safe_house = rows[0][:7]
    return Dwelling(
        unit_id,
        name,
        kind,
        quarter,
        frozenset(Who(each) for each in takes),
        is_step_free,
        is_safe_house,
        tuple(FreeRoom(*row[7:]) for row in rows),
    )


def suggestions(
    ctx: Context, municipality_id: UUID, household: Household, most: int = MOST_SUGGESTIONS
) -> list[Suggestion]:
    """The best first, with a bed for everybody. Two statements. Whoever asks came through a gate."""
    found = best_fits(free_dwellings(ctx, municipality_id, household.nights), household, most)
    return _with_beds(ctx, municipality_id, household, found)


def _with_beds(
    ctx: Context, municipality_id: UUID, household: Household, fits: Sequence[Fit]
) -> list[Suggestion]:
    rooms = {room_id for fit in fits for room_id in fit.seats.values()}
    if not rooms:
        return []
    nights = household.nights
    asked = {"first": nights.first, "until": nights.until, "rooms": list(rooms)}
    beds: dict[UUID, list[tuple[UUID, str]]] = {}
    for bed_id, room_id, name in ask_city(ctx.db, municipality_id, _BEDS, asked):
        beds.setdefault(room_id, []).append((bed_id, name))
    return [
        Suggestion(
            fit.dwelling.id,
            fit.dwelling.name,
            fit.dwelling.kind,
            fit.dwelling.quarter,
            fit.dwelling.is_safe_house,
            nights,
            household.is_open_ended,
            _seats(fit, beds),
            fit.reasons,
        )
        for fit in fits
    ]


def _seats(fit: Fit, beds: Mapping[UUID, Sequence[tuple[UUID, str]]]) -> tuple[Seat, ...]:
    names = {room.id: room.name for room in fit.dwelling.rooms}
    used: dict[UUID, int] = {}
    seats = []
    for resident_id, room_id in fit.seats.items():
        place = used.get(room_id, 0)
        used[room_id] = place + 1
        bed_id, name = beds[room_id][place]
        seats.append(Seat(resident_id, bed_id, f"{names[room_id]} · {name}"))
    return tuple(seats)


_PEOPLE = (
    select(
        RequestMember.request_id,
        Resident.id,
        Resident.birth_year,
        Resident.gender,
        Resident.birth_date,
        Resident.needs_no_steps,
    )
    .join(Resident, Resident.id == RequestMember.resident_id)
    .order_by(RequestMember.request_id, Resident.id)
)


def people_of(ctx: Context, request_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Somebody]]:
    """The households of these requests. One statement."""
    rows = ctx.db.execute(_PEOPLE.where(RequestMember.request_id.in_(request_ids)))
    found: dict[UUID, dict[UUID, Somebody]] = {}
    for request_id, resident_id, year, gender, day, no_steps in rows:
        found.setdefault(request_id, {})[resident_id] = Somebody(year, gender, day, no_steps)
    return found


def household_for(
    people: Mapping[UUID, Somebody],
    needs: Iterable[str],
    urgency: Urgency,
    nights: Nights,
    *,
    is_open_ended: bool,
) -> Household:
    return Household(
        people, frozenset(Need(each) for each in needs), urgency, nights, is_open_ended
    )


def wished_nights(wanted_from: date, wanted_until: date | None, today: date) -> tuple[Nights, bool]:
    """For which nights a bed is looked for, if nobody says otherwise, and whether they are open-ended.
    Of a wish whose day has passed, from today on."""
    first = max(wanted_from, today)
    if wanted_until is None or wanted_until <= first:
        return Nights(first, first + OPEN_ENDED), True
    return Nights(first, wanted_until), False


@dataclass(frozen=True)
class Waiting:
    """Somebody on the list whom the dwelling would suit."""

    request_id: UUID
    reasons: tuple[Reason, ...]


_WAITING = select(
    HousingRequest.id, HousingRequest.needs, HousingRequest.urgency, HousingRequest.wanted_from
).where(HousingRequest.state == RequestState.WAITING)


def who_fits(ctx: Context, unit_id: UUID, first: date, until: date | None) -> dict[UUID, Waiting]:
    """Of all who wait in that city, those who could live there from `first` on, until that day or
    without an agreed end. By their request; in which order they come, the waiting list says."""
    unit = unit_for(ctx, unit_id, WORK_ON_HOUSING)
    nights = Nights(first, until or first + OPEN_ENDED)
    dwellings = free_dwellings(ctx, unit.municipality_id, nights, unit.id)
    if not dwellings:
        return {}
    rows = ctx.db.execute(
        _WAITING.where(HousingRequest.municipality_id == unit.municipality_id)
        .where(HousingRequest.size <= dwellings[0].free)
        .where(HousingRequest.wanted_from < nights.until)
    ).all()
    people = people_of(ctx, [row.id for row in rows])
    found = {}
    for row in rows:
        household = household_for(
            people.get(row.id, {}), row.needs, row.urgency, nights, is_open_ended=until is None
        )
        fit = fit_of(dwellings[0], household)
        if fit is not None:
            found[row.id] = Waiting(row.id, fit.reasons)
    return found
