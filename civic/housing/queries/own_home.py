"""Where somebody lives, for themselves: everybody of the household who has an account sees it.

What is shown ends on the day they move out; their agreement stays theirs.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select

from civic.housing.models import Bed, HousingFile, Room
from civic.housing.nights_models import BedSpan
from civic.housing.placing_models import HousingRequest, Placement, RequestMember, Resident
from civic.housing.policy import OWN_HOME
from civic.housing.queries.stay_page import (
    Dwelling,
    Scan,
    documents_of,
    dwelling_of,
    scans_of,
)
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.placing import LIVING, StayState
from civic.housing.rules.stock import FileKind, WorkState
from civic.housing.sealing import words_of
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.signatures.queries import Document


@dataclass(frozen=True)
class OwnFault:
    words: str
    state: WorkState
    reported_at: datetime


@dataclass(frozen=True)
class OwnStay:
    id: UUID
    municipality_id: UUID
    unit_id: UUID
    resident_id: UUID
    """Of whoever reads it: theirs alone, of the household."""
    signer_id: UUID
    """Of the resident who signs for all; what is to be paid hangs on them."""
    state: StayState
    first: date
    until: date
    has_begun: bool
    """From the first night on they are told how to get in; before, somebody else may live there."""
    is_open_ended: bool
    pays_cents: int
    deposit_cents: int
    dwelling: Dwelling
    beds: tuple[str, ...]
    documents: tuple[Document, ...]
    scans: tuple[Scan, ...]
    faults: tuple[OwnFault, ...]


@dataclass(frozen=True)
class OwnPaper:
    """The agreement of a stay that has ended: all that is left to see of it."""

    placement_id: UUID
    first: date
    left_on: date | None
    documents: tuple[Document, ...]
    scans: tuple[Scan, ...]


@dataclass(frozen=True)
class OwnHome:
    stays: tuple[OwnStay, ...]
    papers: tuple[OwnPaper, ...]


def own_residents(ctx: Context) -> list[UUID]:
    """As what the cities' housing knows who asks; one in each city at most. NotFound by a card and
    its PIN, perhaps at a screen in a hall: those never open where somebody lives."""
    OWN_HOME.require(ctx.actor)
    if ctx.actor.by_pin:
        raise NotFound
    return list(
        ctx.db.scalars(
            select(Resident.id)
            .where(Resident.person_id == ctx.actor.own_id)
            .order_by(Resident.written_at, Resident.id)
        )
    )


def _lives_there(resident_ids: list[UUID]) -> ColumnElement[bool]:
    return exists(
        select(BedSpan.id)
        .where(BedSpan.placement_id == Placement.id, BedSpan.use.in_(SLEPT))
        .where(BedSpan.resident_id.in_(resident_ids))
    )


def own_stay(ctx: Context, placement_id: UUID, *, holding: bool = False) -> Placement:
    """The gate of who lives or lived there; NotFound for everybody else."""
    statement = select(Placement).where(
        Placement.id == placement_id, _lives_there(own_residents(ctx))
    )
    if holding:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = ctx.db.scalars(statement).first()
    if row is None:
        raise NotFound
    return row


def own_living_stay(ctx: Context, placement_id: UUID) -> Placement:
    """The same while it has not ended: what is told or asked of a home ends with it."""
    row = own_stay(ctx, placement_id)
    if row.state not in LIVING:
        raise NotFound
    return row


def own_part(ctx: Context, stay: Placement) -> UUID:
    """As which resident of the household whoever asks lives there."""
    return _as_whom(ctx, stay, own_residents(ctx))


def own_scan(ctx: Context, stay: Placement, file_id: UUID) -> HousingFile:
    """An agreement of theirs that was signed on paper."""
    row = ctx.db.scalars(
        select(HousingFile)
        .where(HousingFile.id == file_id, HousingFile.about_id == stay.id)
        .where(HousingFile.kind == FileKind.SIGNED, HousingFile.removed_at.is_(None))
    ).first()
    if row is None:
        raise NotFound
    return row


def own_home(ctx: Context) -> OwnHome:
    mine = own_residents(ctx)
    if not mine:
        return OwnHome((), ())
    rows = ctx.db.scalars(
        select(Placement)
        .where(Placement.state != StayState.CANCELLED, _lives_there(mine))
        .order_by(Placement.first_night.desc(), Placement.id)
    ).all()
    living = [row for row in rows if row.state in LIVING]
    living.sort(key=lambda row: row.state is not StayState.MOVED_IN)
    papers = [_paper(ctx, row) for row in rows if row.state not in LIVING]
    return OwnHome(
        tuple(_stay(ctx, row, mine) for row in living),
        tuple(each for each in papers if each.documents or each.scans),
    )


def _stay(ctx: Context, row: Placement, mine: list[UUID]) -> OwnStay:
    return OwnStay(
        id=row.id,
        municipality_id=row.municipality_id,
        unit_id=row.unit_id,
        resident_id=_as_whom(ctx, row, mine),
        signer_id=row.resident_id,
        state=row.state,
        first=row.first_night,
        until=row.until_night,
        has_begun=row.first_night <= rome_day(ctx.now()),
        is_open_ended=row.is_open_ended,
        pays_cents=row.pays_cents,
        deposit_cents=row.deposit_cents,
        dwelling=dwelling_of(ctx, row.unit_id),
        beds=tuple(_own_beds(ctx, row, mine)),
        documents=documents_of(ctx, row.id),
        scans=scans_of(ctx, row.id),
        faults=tuple(_faults(ctx, row, mine)),
    )


def _paper(ctx: Context, row: Placement) -> OwnPaper:
    signed = tuple(each for each in documents_of(ctx, row.id) if each.is_complete)
    return OwnPaper(row.id, row.first_night, row.moved_out_on, signed, scans_of(ctx, row.id))


def _as_whom(ctx: Context, row: Placement, mine: list[UUID]) -> UUID:
    there = ctx.db.scalars(select(BedSpan.resident_id).where(BedSpan.placement_id == row.id))
    return next(each for each in there if each in mine)


def _own_beds(ctx: Context, row: Placement, mine: list[UUID]) -> list[str]:
    """The bed they sleep in now, or will first."""
    beds = ctx.db.execute(
        select(Room.name, Bed.name)
        .join(Bed, Bed.room_id == Room.id)
        .join(BedSpan, BedSpan.bed_id == Bed.id)
        .where(BedSpan.placement_id == row.id, BedSpan.use.in_(SLEPT))
        .where(BedSpan.resident_id.in_(mine), BedSpan.until_night > rome_day(ctx.now()))
        .where(BedSpan.until_night > BedSpan.first_night)
        .order_by(BedSpan.first_night)
        .limit(1)
    )
    return [f"{room} · {bed}" for room, bed in beds]


def _faults(ctx: Context, row: Placement, mine: list[UUID]) -> list[OwnFault]:
    """Those that whoever asks has reported in this dwelling since they came."""
    works = ctx.db.scalars(
        select(Work)
        .where(Work.unit_id == row.unit_id, Work.resident_id.in_(mine))
        .where(Work.requested_at >= row.placed_at)
        .order_by(Work.requested_at.desc(), Work.id)
        .limit(MOST_FAULTS)
    )
    return [
        OwnFault(
            words_of(ctx, work.municipality_id, work.unit_id, Work, work.id, work.sealed).get(
                "words", ""
            ),
            work.state,
            work.requested_at,
        )
        for work in works
    ]


MOST_FAULTS = 10


def has_home(ctx: Context) -> bool:
    """Whether there is anything to see: a stay, or a request that has not been withdrawn."""
    if ctx.actor.by_pin:
        return False
    mine = own_residents(ctx)
    if not mine:
        return False
    stay = exists(select(BedSpan.id).where(BedSpan.resident_id.in_(mine), BedSpan.use.in_(SLEPT)))
    asked = exists(
        select(HousingRequest.id)
        .join(RequestMember, RequestMember.request_id == HousingRequest.id)
        .where(RequestMember.resident_id.in_(mine))
    )
    return bool(ctx.db.scalar(select(or_(stay, asked))))
