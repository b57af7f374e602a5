"""One dwelling with all that its page shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.accounts.queries import names
from civic.housing.models import Bed, HousingGrant, Lease, Offer, Owner, Room, Unit, UnitTeam
from civic.housing.placing_models import Resident
from civic.housing.queries.files import FileRow, files_of
from civic.housing.queries.gate import Member, member_of, unit_for
from civic.housing.queries.offers import OwnerRow, owner_row
from civic.housing.queries.stock_gate import lease_for, looked_at_bed, room_for
from civic.housing.rules.stock import Direction, Gender, UnitKind, Who
from civic.housing.sealing import words_of
from civic.kernel.context import Context


@dataclass(frozen=True)
class BedRow:
    id: UUID
    name: str
    from_night: date
    until_night: date | None


@dataclass(frozen=True)
class RoomRow:
    id: UUID
    name: str
    is_step_free: bool
    only_for: Gender | None
    beds: tuple[BedRow, ...]
    """Those that are gone left out."""


@dataclass(frozen=True)
class LeaseRow:
    id: UUID
    direction: Direction
    tenant: str
    starts_on: date
    ends_on: date | None
    rent_cents: int
    deposit_cents: int
    registered_on: date | None


@dataclass(frozen=True)
class UnitWords:
    """What is sealed."""

    address: str
    entry: str
    contact_day: str
    contact_night: str
    rules: str


@dataclass(frozen=True)
class UnitFacts:
    id: UUID
    municipality_id: UUID
    name: str
    kind: UnitKind
    quarter: str
    takes: tuple[Who, ...]
    is_step_free: bool
    is_safe_house: bool
    owner_id: UUID | None
    grant_id: UUID | None
    turnaround_nights: int
    night_cost_cents: int
    closed_on: date | None
    words: UnitWords
    team: tuple[UUID, ...]


@dataclass(frozen=True)
class UnitPage:
    unit: UnitFacts
    rooms: tuple[RoomRow, ...]
    leases: tuple[LeaseRow, ...]
    files: tuple[FileRow, ...]
    owner: OwnerRow | None
    grant: tuple[UUID, str] | None
    offer_id: UUID | None
    team: tuple[str, ...]
    read_of: frozenset[UUID]
    """The accounts of those whose names it shows."""


def unit_facts(ctx: Context, unit_id: UUID) -> UnitFacts:
    row = unit_for(ctx, unit_id)
    words = words_of(ctx, row.municipality_id, row.id, Unit, row.id, row.sealed)
    team = ctx.db.scalars(
        select(UnitTeam.person_id).where(UnitTeam.unit_id == row.id).order_by(UnitTeam.person_id)
    )
    return UnitFacts(
        row.id,
        row.municipality_id,
        row.name,
        row.kind,
        row.quarter,
        tuple(Who(each) for each in row.takes),
        row.is_step_free,
        row.is_safe_house,
        row.owner_id,
        row.grant_id,
        row.turnaround_nights,
        row.night_cost_cents,
        row.closed_on,
        UnitWords(*(words.get(each, "") for each in UnitWords.__dataclass_fields__)),
        tuple(team),
    )


def unit_page(ctx: Context, unit_id: UUID, today: date) -> UnitPage:
    unit = unit_facts(ctx, unit_id)
    leases, shown = _leases(ctx, unit.id)
    owner = ctx.db.get(Owner, unit.owner_id) if unit.owner_id else None
    grant = ctx.db.get(HousingGrant, unit.grant_id) if unit.grant_id else None
    team = names(ctx, unit.team)
    return UnitPage(
        unit,
        rooms_of(ctx, unit.id, today),
        leases,
        tuple(files_of(ctx, [unit.id]).get(unit.id, ())),
        owner_row(ctx, owner) if owner else None,
        (grant.id, grant.name) if grant else None,
        ctx.db.scalar(select(Offer.id).where(Offer.unit_id == unit.id).limit(1)),
        tuple(sorted(team.values(), key=str.casefold)),
        shown,
    )


def rooms_of(ctx: Context, unit_id: UUID, today: date) -> tuple[RoomRow, ...]:
    """Its gate was asked before. Rooms whose beds are all gone are shown while they can get others."""
    beds: dict[UUID, list[BedRow]] = defaultdict(list)
    for bed in ctx.db.scalars(select(Bed).where(Bed.unit_id == unit_id).order_by(Bed.name, Bed.id)):
        if bed.until_night is None or bed.until_night > today:
            beds[bed.room_id].append(_bed_row(bed))
    rooms = ctx.db.scalars(select(Room).where(Room.unit_id == unit_id).order_by(Room.name, Room.id))
    return tuple(_room_row(room, tuple(beds[room.id])) for room in rooms)


def _bed_row(bed: Bed) -> BedRow:
    return BedRow(bed.id, bed.name, bed.from_night, bed.until_night)


def _room_row(room: Room, beds: tuple[BedRow, ...] = ()) -> RoomRow:
    return RoomRow(room.id, room.name, room.is_step_free, room.only_for, beds)


def one_room(ctx: Context, room_id: UUID) -> tuple[RoomRow, UnitFacts]:
    room, unit = room_for(ctx, room_id)
    return _room_row(room), unit_facts(ctx, unit.id)


def one_bed(ctx: Context, bed_id: UUID) -> tuple[BedRow, RoomRow, UnitFacts]:
    bed, room, unit = looked_at_bed(ctx, bed_id)
    return _bed_row(bed), _room_row(room), unit_facts(ctx, unit.id)


def one_lease(ctx: Context, lease_id: UUID) -> tuple[Lease, UnitFacts]:
    """The row itself: to fill a form from before it is gone."""
    lease, unit = lease_for(ctx, lease_id)
    return lease, unit_facts(ctx, unit.id)


def _leases(ctx: Context, unit_id: UUID) -> tuple[tuple[LeaseRow, ...], frozenset[UUID]]:
    rows = ctx.db.execute(
        select(Lease, Resident)
        .outerjoin(Resident, Resident.id == Lease.resident_id)
        .where(Lease.unit_id == unit_id)
        .order_by(Lease.starts_on.desc(), Lease.id.desc())
    ).all()
    people: dict[UUID | None, Member] = {
        lease.resident_id: member_of(ctx, resident) for lease, resident in rows if lease.resident_id
    }
    found = tuple(
        LeaseRow(
            lease.id,
            lease.direction,
            people[lease.resident_id].name if lease.resident_id else "",
            lease.starts_on,
            lease.ends_on,
            lease.rent_cents,
            lease.deposit_cents,
            lease.registered_on,
        )
        for lease, _resident in rows
    )
    shown = frozenset(each.person_id for each in people.values() if each.person_id)
    return found, shown
