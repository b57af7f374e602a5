"""The place of somebody who was given a bed for tonight, for whoever shows them the way."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import Bed, Room, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.placing_models import HousingRequest, Placement, Resident
from civic.housing.queries.gate import member_of
from civic.housing.rules.nights import Use
from civic.housing.sealing import words_of
from civic.kernel.context import Context


@dataclass(frozen=True)
class TonightPlace:
    placement_id: UUID
    called: str
    unit_name: str
    quarter: str
    address: str
    entry: str
    contact_day: str
    contact_night: str
    beds: tuple[str, ...]
    first_night: date
    until_night: date


def stay_of_request(ctx: Context, request_id: UUID) -> UUID | None:
    """Of one that this actor has made before, with the same form."""
    return ctx.db.scalar(
        select(Placement.id)
        .join(HousingRequest, HousingRequest.id == Placement.request_id)
        .where(HousingRequest.id == request_id)
        .where(HousingRequest.opened_by == ctx.actor.person_id)
    )


def has_moved(ctx: Context, row: Placement) -> bool:
    """Whether they slept in another dwelling before, or have it ahead."""
    elsewhere = (
        select(BedSpan.id)
        .join(Bed, Bed.id == BedSpan.bed_id)
        .where(BedSpan.placement_id == row.id, Bed.unit_id != row.unit_id)
        .where(BedSpan.until_night > BedSpan.first_night)
    )
    return ctx.db.scalars(elsewhere.limit(1)).first() is not None


def place_of(ctx: Context, row: Placement) -> TonightPlace:
    """Of a stay behind its gate."""
    unit = ctx.db.get_one(Unit, row.unit_id)
    words = words_of(ctx, unit.municipality_id, unit.id, Unit, unit.id, unit.sealed)
    beds = ctx.db.execute(
        select(Room.name, Bed.name)
        .join(Bed, Bed.room_id == Room.id)
        .join(BedSpan, BedSpan.bed_id == Bed.id)
        .where(BedSpan.placement_id == row.id, BedSpan.use == Use.STAY)
        .where(Bed.unit_id == row.unit_id, BedSpan.until_night > BedSpan.first_night)
        .order_by(Room.name, Bed.name)
    )
    return TonightPlace(
        row.id,
        member_of(ctx, ctx.db.get_one(Resident, row.resident_id)).name,
        unit.name,
        unit.quarter,
        words.get("address", ""),
        words.get("entry", ""),
        words.get("contact_day", ""),
        words.get("contact_night", ""),
        tuple(f"{room} · {bed}" for room, bed in beds),
        row.first_night,
        row.until_night,
    )
