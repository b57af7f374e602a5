"""Rooms and beds of a dwelling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.models import Bed, Room, Unit
from civic.housing.operations.nights import take_bed_away
from civic.housing.operations.trail import note
from civic.housing.queries.gate import bed_for
from civic.housing.queries.stock_gate import held_unit, room_for
from civic.housing.rules.dwellings import check_beds, check_day
from civic.housing.rules.nights import MOST_NIGHTS_BACK
from civic.housing.rules.stock import Gender
from civic.housing.stock_errors import (
    BedAlreadyGone,
    BedNameTaken,
    NoBeds,
    RoomNameTaken,
    UnitCloses,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

Numbered = Callable[[int], str]
"""What a thing of that number is called in the language of whoever writes it: bed 3."""


@dataclass(frozen=True)
class RoomFacts:
    name: str
    is_step_free: bool = False
    only_for: Gender | None = None


@dataclass(frozen=True)
class NewRoom:
    facts: RoomFacts
    beds: Sequence[str]
    """Their names."""


def lay_rooms(ctx: Context, unit: Unit, rooms: Sequence[NewRoom], from_night: date) -> None:
    """For a unit that is held or new. NoBeds, TooManyBeds, RoomNameTaken, BedNameTaken, UnitCloses."""
    if unit.closed_on is not None:
        raise UnitCloses(day=unit.closed_on)
    if not rooms or not all(room.beds for room in rooms):
        raise NoBeds
    _check_count(ctx, unit, sum(len(room.beds) for room in rooms))
    for room in rooms:
        row = Room(id=ctx.new_id(), municipality_id=unit.municipality_id, unit_id=unit.id)
        _write_room(ctx, row, room.facts)
        ctx.db.add(row)
        ctx.db.flush()
        for name in room.beds:
            _lay_bed(ctx, row, name, from_night)


def add_room(ctx: Context, unit_id: UUID, room: NewRoom, from_night: date) -> None:
    unit = held_unit(ctx, unit_id)
    check_day(from_night, rome_day(ctx.now()))
    lay_rooms(ctx, unit, [room], from_night)
    note(ctx, unit, "room_added")


def change_room(ctx: Context, room_id: UUID, facts: RoomFacts) -> None:
    """RoomNameTaken. Who sleeps there already stays, whomever it is kept for now."""
    room, unit = room_for(ctx, room_id, holding=True)
    _write_room(ctx, room, facts)
    ctx.db.flush()
    note(ctx, unit, "room_changed", room=room_id)


def _write_room(ctx: Context, row: Room, facts: RoomFacts) -> None:
    other = ctx.db.scalar(
        select(Room.id)
        .where(Room.unit_id == row.unit_id, Room.name == facts.name, Room.id != row.id)
        .limit(1)
    )
    if other is not None:
        raise RoomNameTaken(name=facts.name)
    row.name, row.is_step_free, row.only_for = facts.name, facts.is_step_free, facts.only_for


def add_beds(ctx: Context, room_id: UUID, count: int, from_night: date, called: Numbered) -> None:
    """The first free numbers. NoBeds, TooManyBeds, DayTooFar, UnitCloses."""
    room, unit = room_for(ctx, room_id, holding=True)
    if unit.closed_on is not None:
        raise UnitCloses(day=unit.closed_on)
    check_day(from_night, rome_day(ctx.now()))
    if count < 1:
        raise NoBeds
    _check_count(ctx, unit, count)
    taken = set(ctx.db.scalars(select(Bed.name).where(Bed.room_id == room.id)))
    numbers = (number for number in range(1, len(taken) + count + 1))
    free = [name for name in map(called, numbers) if name not in taken][:count]
    for name in free:
        _lay_bed(ctx, room, name, from_night)
    note(ctx, unit, "beds_added", room=room_id, beds=count)


def _lay_bed(ctx: Context, room: Room, name: str, from_night: date) -> None:
    _check_bed_name(ctx, room.id, name)
    ctx.db.add(
        Bed(
            id=ctx.new_id(),
            municipality_id=room.municipality_id,
            unit_id=room.unit_id,
            room_id=room.id,
            name=name,
            from_night=from_night,
        )
    )
    ctx.db.flush()


def _check_bed_name(ctx: Context, room_id: UUID, name: str, bed_id: UUID | None = None) -> None:
    same = select(Bed.id).where(Bed.room_id == room_id, Bed.name == name)
    if bed_id is not None:
        same = same.where(Bed.id != bed_id)
    if ctx.db.scalar(same.limit(1)) is not None:
        raise BedNameTaken(name=name)


def _check_count(ctx: Context, unit: Unit, more: int) -> None:
    """Beds that are gone do not count."""
    there = ctx.db.scalar(
        select(func.count())
        .select_from(Bed)
        .where(Bed.unit_id == unit.id, Bed.until_night.is_(None))
    )
    check_beds((there or 0) + more)


def rename_bed(ctx: Context, bed_id: UUID, name: str) -> None:
    """BedNameTaken."""
    bed, unit = bed_for(ctx, bed_id)
    _check_bed_name(ctx, bed.room_id, name, bed.id)
    bed.name = name
    ctx.db.flush()
    note(ctx, unit, "bed_renamed", bed=bed_id)


def take_away(ctx: Context, bed_id: UUID, day: date) -> None:
    """From that night on. BedStillBooked while somebody is to sleep in it, UnitCloses, DayTooFar,
    BedAlreadyGone."""
    bed, unit = bed_for(ctx, bed_id)
    if unit.closed_on is not None:
        raise UnitCloses(day=unit.closed_on)
    today = rome_day(ctx.now())
    if bed.until_night is not None and bed.until_night <= today:
        raise BedAlreadyGone
    check_day(day, today, back=date.resolution * MOST_NIGHTS_BACK)
    take_bed_away(ctx, bed, day)
    note(ctx, unit, "bed_taken_away", bed=bed_id)


def keep_bed(ctx: Context, bed_id: UUID) -> None:
    """It stays after all, while the day has not come: UnitCloses, BedAlreadyGone."""
    bed, unit = bed_for(ctx, bed_id)
    if unit.closed_on is not None:
        raise UnitCloses(day=unit.closed_on)
    if bed.until_night is None:
        return
    if bed.until_night <= rome_day(ctx.now()):
        raise BedAlreadyGone
    bed.until_night = None
    ctx.db.flush()
    note(ctx, unit, "bed_kept", bed=bed_id)
