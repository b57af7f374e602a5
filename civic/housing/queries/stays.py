"""Who lives where, who comes, who leaves soon and who has stayed on: one list, in as many statements
however long it is. Names are opened for the rows that are shown alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select

from civic.housing.models import Bed, Room, Unit
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.placing_models import Placement, Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import is_visible, member_of
from civic.housing.rules.living import LEAVES_SOON, is_over
from civic.housing.rules.nights import SLEPT, Use
from civic.housing.rules.placing import StayState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place

MOST_SHOWN = 100
"""Of each part of the first page; the whole of it is on the other one."""
A_PAGE = 50


@dataclass(frozen=True)
class Clash:
    """What is meant to have the bed tonight in which somebody still is."""

    use: Use
    placement_id: UUID | None
    """Whose stay it is, or whose turnaround."""


@dataclass(frozen=True)
class StayRow:
    id: UUID
    unit_id: UUID
    unit_name: str
    quarter: str
    name: str
    people: int
    state: StayState
    first: date
    until: date
    is_open_ended: bool
    is_emergency: bool
    is_signed: bool
    overstay_until: date | None
    has_night: bool
    """Whether tonight's night is theirs in the book."""
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class Overview:
    overstaying: tuple[StayRow, ...]
    leaving: tuple[StayRow, ...]
    coming: tuple[StayRow, ...]
    living: int
    """How many stays are under way in all."""


def stays_overview(ctx: Context, municipality_id: UUID) -> Overview:
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    now = ctx.now()
    today = rome_day(now)
    living = (
        _stays(ctx, municipality_id, Placement.state == StayState.MOVED_IN)
        .where(Placement.until_night <= today + LEAVES_SOON)
        .order_by(Placement.until_night, Placement.id)
        .limit(MOST_SHOWN)
    )
    coming = (
        _stays(ctx, municipality_id, Placement.state == StayState.BOOKED)
        .order_by(Placement.first_night, Placement.id)
        .limit(MOST_SHOWN)
    )
    found = [*ctx.db.execute(living), *ctx.db.execute(coming)]
    rows = _rows(ctx, found, today)
    total = ctx.db.scalar(
        select(func.count()).select_from(
            _stays(ctx, municipality_id, Placement.state == StayState.MOVED_IN)
            .with_only_columns(Placement.id)
            .subquery()
        )
    )
    here = [row for row in rows if row.state is StayState.MOVED_IN]
    return Overview(
        overstaying=tuple(row for row in here if is_over(row.until, now)),
        leaving=tuple(row for row in here if not is_over(row.until, now)),
        coming=tuple(row for row in rows if row.state is StayState.BOOKED),
        living=total or 0,
    )


def who_lives_where(
    ctx: Context, municipality_id: UUID, unit_name: str, page: int
) -> tuple[list[StayRow], bool]:
    """One page of it by dwelling, and whether there is another one."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    statement = _stays(ctx, municipality_id, Placement.state == StayState.MOVED_IN)
    if unit_name:
        statement = statement.where(Unit.name.icontains(unit_name, autoescape=True))
    statement = statement.order_by(Unit.name, Placement.until_night, Placement.id)
    found = ctx.db.execute(statement.limit(A_PAGE + 1).offset(page * A_PAGE)).all()
    rows = _rows(ctx, found[:A_PAGE], rome_day(ctx.now()))
    return rows, len(found) > A_PAGE


def _stays(
    ctx: Context, municipality_id: UUID, condition: ColumnElement[bool]
) -> Select[Placement, Unit, Resident]:
    return (
        select(Placement, Unit, Resident)
        .join(Unit, Unit.id == Placement.unit_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .where(Placement.municipality_id == municipality_id, condition, is_visible(ctx))
    )


def _rows(
    ctx: Context, found: Sequence[Row[Placement, Unit, Resident]], today: date
) -> list[StayRow]:
    ids = [placement.id for placement, _unit, _resident in found]
    beds = _last_beds(ctx, ids)
    clashes, with_night = _tonight(ctx, beds, today)
    return [
        StayRow(
            id=placement.id,
            unit_id=unit.id,
            unit_name=unit.name,
            quarter=unit.quarter,
            name=member_of(ctx, resident).name,
            people=len(beds.get(placement.id, {})),
            state=placement.state,
            first=placement.first_night,
            until=placement.until_night,
            is_open_ended=placement.is_open_ended,
            is_emergency=placement.is_emergency,
            is_signed=placement.signed_on is not None,
            overstay_until=placement.overstay_until,
            has_night=placement.id in with_night,
            clashes=tuple(clashes.get(placement.id, ())),
        )
        for placement, unit, resident in found
    ]


def _last_beds(ctx: Context, placement_ids: Collection[UUID]) -> dict[UUID, dict[UUID, UUID]]:
    """Of each stay the bed in which each person of it sleeps last."""
    rows = ctx.db.execute(
        select(BedSpan.placement_id, BedSpan.resident_id, BedSpan.bed_id)
        .where(BedSpan.placement_id.in_(placement_ids), BedSpan.use.in_(SLEPT))
        .where(BedSpan.until_night > BedSpan.first_night)
        .order_by(BedSpan.first_night)
    )
    found: dict[UUID, dict[UUID, UUID]] = defaultdict(dict)
    for placement_id, resident_id, bed_id in rows:
        if placement_id is not None and resident_id is not None:
            found[placement_id][resident_id] = bed_id
    return found


def _tonight(
    ctx: Context, beds: Mapping[UUID, Mapping[UUID, UUID]], tonight: date
) -> tuple[dict[UUID, list[Clash]], set[UUID]]:
    """What else has their beds tonight, and the stays whose own the night is."""
    stays_of: dict[UUID, list[UUID]] = defaultdict(list)
    for placement_id, chosen in beds.items():
        for bed_id in chosen.values():
            stays_of[bed_id].append(placement_id)
    rows = ctx.db.execute(
        select(BedNight.bed_id, BedSpan.use, BedSpan.placement_id)
        .join(BedSpan, BedSpan.id == BedNight.span_id)
        .where(BedNight.bed_id.in_(stays_of), BedNight.night == tonight)
        .order_by(BedNight.bed_id)
    )
    clashes: dict[UUID, list[Clash]] = defaultdict(list)
    own: set[UUID] = set()
    for bed_id, use, span_of in rows:
        for placement_id in stays_of[bed_id]:
            if span_of != placement_id:
                clashes[placement_id].append(Clash(use, span_of))
            elif use in SLEPT:
                own.add(placement_id)
    return clashes, own


@dataclass(frozen=True)
class FreeBed:
    id: UUID
    unit_id: UUID
    unit_name: str
    name: str
    """Room and bed."""


def free_beds(ctx: Context, placement: Placement, first: date, until: date) -> list[FreeBed]:
    """Beds of the city that stand empty on all these nights; those in which this household sleeps
    anyway are among them, since one of them may stay where they are."""
    taken = (
        select(BedNight.bed_id)
        .join(BedSpan, BedSpan.id == BedNight.span_id)
        .where(BedNight.bed_id == Bed.id, BedNight.night >= first, BedNight.night < until)
        .where(BedSpan.placement_id.is_distinct_from(placement.id))
        .exists()
    )
    statement = (
        select(Bed.id, Unit.id, Unit.name, Room.name, Bed.name)
        .join(Room, Room.id == Bed.room_id)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(Unit.municipality_id == placement.municipality_id, is_visible(ctx))
        .where(Unit.closed_on.is_(None) | (Unit.closed_on >= until))
        .where(Bed.from_night <= first)
        .where(Bed.until_night.is_(None) | (Bed.until_night >= until), ~taken)
        .order_by(Unit.name, Room.name, Bed.name, Bed.id)
    )
    return [
        FreeBed(bed_id, of_unit, unit_name, f"{room_name} · {bed_name}")
        for bed_id, of_unit, unit_name, room_name, bed_name in ctx.db.execute(statement)
    ]


def nights_until(placement: Placement, first: date) -> tuple[date, date]:
    """Those of a move that begins on `first`; at least one, so that the list can be asked for."""
    return first, max(placement.until_night, first + timedelta(days=1))
