"""Offers and owners as their pages show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, not_, select

from civic.accounts.queries import names
from civic.housing.models import Offer, Owner, Unit, Visit
from civic.housing.queries.files import FileRow, files_of
from civic.housing.queries.gate import is_visible
from civic.housing.queries.stock_gate import (
    has_hidden_unit,
    is_offer_visible,
    is_owner_visible,
    offer_for,
    owner_for,
    require_city,
)
from civic.housing.rules.stock import (
    OPEN_OFFERS,
    Guarantee,
    OfferRefusal,
    OfferState,
    OwnerKind,
)
from civic.housing.sealing import words_of
from civic.kernel.context import Context

PAGE = 50


@dataclass(frozen=True)
class OfferRow:
    id: UUID
    owner_id: UUID
    owner_name: str
    quarter: str
    rooms: int
    rent_cents: int
    state: OfferState
    refused_for: OfferRefusal | None
    offered_on: date


@dataclass(frozen=True)
class VisitRow:
    id: UUID
    on_day: date
    visitor: str
    is_fit: bool | None
    words: str
    can_write: bool
    """Its day has come, and nothing is written yet."""


@dataclass(frozen=True)
class OfferPage:
    municipality_id: UUID
    row: OfferRow
    owner: "OwnerRow"
    address: str
    words: str
    why: str
    visits: tuple[VisitRow, ...]
    unit_id: UUID | None
    unit_name: str

    @property
    def is_open(self) -> bool:
        return self.row.state in OPEN_OFFERS

    @property
    def was_visited(self) -> bool:
        return any(visit.is_fit is not None for visit in self.visits)


@dataclass(frozen=True)
class OwnerRow:
    id: UUID
    kind: OwnerKind
    name: str
    phone: str
    email: str
    words: str
    guarantees: tuple[Guarantee, ...]


@dataclass(frozen=True)
class OwnerPage:
    owner: OwnerRow
    offers: tuple[OfferRow, ...]
    units: tuple[tuple[UUID, str], ...]
    files: tuple[FileRow, ...]
    has_papers: bool
    """Papers can be read and kept: they tell of no safe house that is hidden here."""


def offers(
    ctx: Context, municipality_id: UUID, states: Collection[OfferState], page: int = 1
) -> list[OfferRow]:
    """Newest first; one more than a page holds tells that there are others."""
    require_city(ctx, municipality_id)
    statement = (
        select(Offer, Owner)
        .join(Owner, Owner.id == Offer.owner_id)
        .where(Offer.municipality_id == municipality_id, is_offer_visible(ctx))
        .where(Offer.state.in_(list(states)))
        .order_by(Offer.offered_on.desc(), Offer.id.desc())
        .limit(PAGE + 1)
        .offset(PAGE * (page - 1))
    )
    return _offer_rows(ctx, statement)


def _offer_rows(ctx: Context, statement: Select[Offer, Owner]) -> list[OfferRow]:
    return [_offer_row(ctx, row, owner) for row, owner in ctx.db.execute(statement)]


def _offer_row(ctx: Context, row: Offer, owner: Owner) -> OfferRow:
    return OfferRow(
        row.id,
        owner.id,
        owner_row(ctx, owner).name,
        row.quarter,
        row.rooms,
        row.rent_cents,
        row.state,
        row.refused_for,
        row.offered_on,
    )


def owner_row(ctx: Context, row: Owner) -> OwnerRow:
    words = words_of(ctx, row.municipality_id, row.id, Owner, row.id, row.sealed)
    return OwnerRow(
        row.id,
        row.kind,
        words.get("name", ""),
        words.get("phone", ""),
        words.get("email", ""),
        words.get("words", ""),
        tuple(Guarantee(each) for each in row.guarantees),
    )


def offer_page(ctx: Context, offer_id: UUID, today: date) -> OfferPage:
    row = offer_for(ctx, offer_id)
    owner = ctx.db.get_one(Owner, row.owner_id)
    words = words_of(ctx, row.municipality_id, row.owner_id, Offer, row.id, row.sealed)
    unit_name = ctx.db.scalar(select(Unit.name).where(Unit.id == row.unit_id, is_visible(ctx)))
    return OfferPage(
        row.municipality_id,
        _offer_row(ctx, row, owner),
        owner_row(ctx, owner),
        words.get("address", ""),
        words.get("words", ""),
        words.get("why", ""),
        _visits(ctx, row, today),
        row.unit_id,
        unit_name or "",
    )


def _visits(ctx: Context, offer: Offer, today: date) -> tuple[VisitRow, ...]:
    rows = ctx.db.scalars(
        select(Visit).where(Visit.offer_id == offer.id).order_by(Visit.on_day, Visit.id)
    ).all()
    called = names(ctx, {row.visitor_id for row in rows if row.visitor_id})
    found = []
    for row in rows:
        words = words_of(ctx, row.municipality_id, offer.owner_id, Visit, row.id, row.sealed)
        visitor = called.get(row.visitor_id, "") if row.visitor_id else ""
        can_write = row.is_fit is None and row.on_day <= today and offer.state in OPEN_OFFERS
        found.append(
            VisitRow(row.id, row.on_day, visitor, row.is_fit, words.get("words", ""), can_write)
        )
    return tuple(found)


def owners(ctx: Context, municipality_id: UUID) -> list[OwnerRow]:
    """By name, which is sealed: the rows are read whole. A city has some hundred of them."""
    require_city(ctx, municipality_id)
    rows = ctx.db.scalars(
        select(Owner).where(Owner.municipality_id == municipality_id, is_owner_visible(ctx))
    )
    return sorted(
        (owner_row(ctx, row) for row in rows), key=lambda row: (row.name.casefold(), row.id)
    )


def owner_page(ctx: Context, owner_id: UUID) -> OwnerPage:
    row = owner_for(ctx, owner_id)
    own = (
        select(Offer, Owner)
        .join(Owner, Owner.id == Offer.owner_id)
        .where(Offer.owner_id == row.id, is_offer_visible(ctx))
        .order_by(Offer.offered_on.desc(), Offer.id.desc())
    )
    units = ctx.db.execute(
        select(Unit.id, Unit.name)
        .where(Unit.owner_id == row.id, is_visible(ctx))
        .order_by(Unit.name)
    )
    has_papers = bool(
        ctx.db.scalar(
            select(func.count())
            .select_from(Owner)
            .where(Owner.id == row.id, not_(has_hidden_unit(ctx)))
        )
    )
    files = files_of(ctx, [row.id]).get(row.id, []) if has_papers else []
    return OwnerPage(
        owner_row(ctx, row),
        tuple(_offer_rows(ctx, own)),
        tuple((unit.id, unit.name) for unit in units),
        tuple(files),
        has_papers,
    )
