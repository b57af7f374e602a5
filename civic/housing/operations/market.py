"""Towards a lease of one's own: what somebody can pay, papers, flats they see, and the lease signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.book_errors import FlatToCome, LandlordNameless, LeaseWritten
from civic.housing.market_models import FlatViewed, HousingStep, MarketFile
from civic.housing.models import Lease, Owner
from civic.housing.operations.steps import take_step
from civic.housing.operations.trail import note
from civic.housing.placing_models import Placement, Resident
from civic.housing.queries.gate import resident_for, unit_for
from civic.housing.queries.stock_gate import owner_for
from civic.housing.rules.market import SEEN, FlatState, Paper, papers_are_ready
from civic.housing.rules.steps import Step
from civic.housing.rules.stock import Direction, OwnerKind
from civic.housing.sealing import sealed_of
from civic.housing.stock_errors import LeaseEndsFirst, RegisteredToCome
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class MarketWords:
    """What somebody earns and owes a month, and which papers they hold."""

    income_cents: int
    debts_cents: int
    rooms_wanted: int
    papers: Sequence[Paper]


def keep_file(ctx: Context, resident_id: UUID, words: MarketWords) -> None:
    resident = _held(ctx, resident_id)
    row = ctx.db.scalars(select(MarketFile).where(MarketFile.resident_id == resident.id)).first()
    if row is None:
        row = MarketFile(
            id=ctx.new_id(),
            municipality_id=resident.municipality_id,
            resident_id=resident.id,
        )
        ctx.db.add(row)
    row.rooms_wanted, row.updated_at = words.rooms_wanted, ctx.now()
    row.updated_by = ctx.actor.person_id
    sealed = {
        "income_cents": words.income_cents,
        "debts_cents": words.debts_cents,
        "papers": [each.value for each in words.papers],
    }
    row.sealed = sealed_of(ctx, resident.municipality_id, resident.id, MarketFile, row.id, sealed)
    ctx.db.flush()
    if papers_are_ready(words.papers):
        take_step(ctx, resident.id, Step.PAPERS_READY, rome_day(ctx.now()))
    note(ctx, resident, "market_file_kept", person_id=resident.person_id)


@dataclass(frozen=True)
class Landlord:
    kind: OwnerKind
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class FlatWords:
    quarter: str
    rent_cents: int
    state: FlatState
    on_day: date | None = None
    address: str = ""
    questions: str = ""
    """What the landlord asked."""
    answers: str = ""
    words: str = ""
    landlord: Landlord | None = None
    """Somebody new; kept among the owners of the city."""
    owner_id: UUID | None = None
    """Or one who is there already."""
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def keep_flat(ctx: Context, resident_id: UUID, new: FlatWords) -> UUID:
    """A flat that they look at, or looked at. FlatToCome, LandlordNameless."""
    resident = _held(ctx, resident_id)
    there = ctx.db.get(FlatViewed, new.id) if new.id else None
    if there is not None:
        if there.resident_id != resident.id:
            raise NotFound
        return there.id
    row = FlatViewed(
        id=new.id or ctx.new_id(),
        municipality_id=resident.municipality_id,
        resident_id=resident.id,
        written_at=ctx.now(),
    )
    _write_flat(ctx, resident, row, new)
    return row.id


def change_flat(ctx: Context, resident_id: UUID, flat_id: UUID, new: FlatWords) -> None:
    resident = _held(ctx, resident_id)
    row = ctx.db.scalars(select(FlatViewed).where(FlatViewed.id == flat_id)).first()
    if row is None or row.resident_id != resident.id:
        raise NotFound
    row.changed_at = ctx.now()
    _write_flat(ctx, resident, row, new)


def _write_flat(ctx: Context, resident: Resident, row: FlatViewed, new: FlatWords) -> None:
    today = rome_day(ctx.now())
    if new.on_day is not None and new.on_day > today and new.state is not FlatState.TO_VIEW:
        raise FlatToCome
    row.owner_id = _owner(ctx, resident.municipality_id, new) or row.owner_id
    row.quarter, row.rent_cents = new.quarter, new.rent_cents
    row.on_day, row.state = new.on_day, new.state
    words = {
        "address": new.address,
        "questions": new.questions,
        "answers": new.answers,
        "words": new.words,
    }
    row.sealed = sealed_of(ctx, resident.municipality_id, resident.id, FlatViewed, row.id, words)
    ctx.db.add(row)
    ctx.db.flush()
    if new.state in SEEN:
        take_step(ctx, resident.id, Step.FLAT_VIEWED, new.on_day or today)
    note(ctx, resident, "flat_kept", person_id=resident.person_id, flat=row.id)


def _owner(ctx: Context, municipality_id: UUID, new: FlatWords) -> UUID | None:
    if new.owner_id is not None:
        there = owner_for(ctx, new.owner_id)
        if there.municipality_id != municipality_id:
            raise NotFound
        return there.id
    if new.landlord is None:
        return None
    if not new.landlord.name:
        raise LandlordNameless
    owner_id = ctx.new_id()
    words = {
        "name": new.landlord.name,
        "phone": new.landlord.phone,
        "email": new.landlord.email,
        "words": "",
    }
    ctx.db.add(
        Owner(
            id=owner_id,
            municipality_id=municipality_id,
            kind=new.landlord.kind,
            guarantees=[],
            written_at=ctx.now(),
            sealed=sealed_of(ctx, municipality_id, owner_id, Owner, owner_id, words),
        )
    )
    ctx.db.flush()
    return owner_id


@dataclass(frozen=True)
class OwnLease:
    starts_on: date
    ends_on: date | None
    rent_cents: int
    deposit_cents: int
    registered_on: date | None = None
    unit_id: UUID | None = None
    """A dwelling of the stock that its owner lets to them; None outside of it."""


def _was_told(ctx: Context, resident_id: UUID) -> bool:
    """Whoever moved out into a home of their own has taken that step already, before anybody wrote
    the lease down."""
    told = (
        select(HousingStep.id)
        .join(Placement, Placement.id == HousingStep.about_id)
        .where(HousingStep.resident_id == resident_id, HousingStep.step == Step.OWN_LEASE)
    )
    return ctx.db.scalars(told.limit(1)).first() is not None


def sign_lease(ctx: Context, resident_id: UUID, new: OwnLease) -> UUID:
    """Their own lease. LeaseEndsFirst, RegisteredToCome, LeaseWritten."""
    resident = _held(ctx, resident_id)
    today = rome_day(ctx.now())
    if new.ends_on is not None and new.ends_on <= new.starts_on:
        raise LeaseEndsFirst
    if new.registered_on is not None and new.registered_on > today:
        raise RegisteredToCome
    same = select(Lease.id).where(Lease.resident_id == resident.id)
    if ctx.db.scalar(same.where(Lease.starts_on == new.starts_on)) is not None:
        raise LeaseWritten
    unit = unit_for(ctx, new.unit_id) if new.unit_id else None
    if unit is not None and unit.municipality_id != resident.municipality_id:
        raise NotFound
    lease = Lease(
        id=ctx.new_id(),
        municipality_id=resident.municipality_id,
        unit_id=unit.id if unit else None,
        direction=Direction.OUT,
        resident_id=resident.id,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        rent_cents=new.rent_cents,
        deposit_cents=new.deposit_cents,
        registered_on=new.registered_on,
        written_at=ctx.now(),
    )
    ctx.db.add(lease)
    ctx.db.flush()
    if not _was_told(ctx, resident.id):
        take_step(ctx, resident.id, Step.OWN_LEASE, min(new.starts_on, today), lease.id)
    note(ctx, resident, "lease_signed", person_id=resident.person_id, lease=lease.id)
    return lease.id


def _held(ctx: Context, resident_id: UUID) -> Resident:
    """Two who write of one person come one after the other."""
    resident = resident_for(ctx, resident_id)
    held = select(Resident.id).where(Resident.id == resident.id).with_for_update(key_share=True)
    ctx.db.scalars(held).one()
    return resident
