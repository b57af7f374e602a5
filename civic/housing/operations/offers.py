"""What owners offer: written down, visited, accepted, refused or taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import Offer, Owner, Unit, Visit
from civic.housing.operations.files import About, Paper, keep_file
from civic.housing.operations.trail import note
from civic.housing.queries.officers import officers
from civic.housing.queries.stock_gate import (
    offer_for,
    owner_for,
    owner_papers_for,
    require_city,
)
from civic.housing.rules.dwellings import check_day
from civic.housing.rules.stock import (
    OPEN_OFFERS,
    FileKind,
    Guarantee,
    OfferRefusal,
    OfferState,
    OwnerKind,
)
from civic.housing.sealing import sealed_of, words_of
from civic.housing.stock_errors import (
    NoColleague,
    OfferHasUnit,
    OfferNotAccepted,
    OfferNotOpen,
    OfferNotVisited,
    OwnerNameMissing,
    VisitToCome,
    VisitWritten,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore

A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class OwnerFacts:
    kind: OwnerKind
    name: str
    phone: str = ""
    email: str = ""
    words: str = ""
    guarantees: Sequence[Guarantee] = ()


@dataclass(frozen=True)
class OfferFacts:
    quarter: str
    rooms: int
    rent_cents: int
    offered_on: date
    address: str
    words: str = ""


@dataclass(frozen=True)
class NewOffer:
    facts: OfferFacts
    owner_id: UUID | None = None
    owner: OwnerFacts | None = None
    """Of one who is not known yet."""
    id: UUID | None = None


def _seal_owner(ctx: Context, row: Owner, facts: OwnerFacts) -> bytes:
    words = {
        "name": facts.name,
        "phone": facts.phone,
        "email": facts.email,
        "words": facts.words,
    }
    return sealed_of(ctx, row.municipality_id, row.id, Owner, row.id, words)


def _new_owner(ctx: Context, municipality_id: UUID, facts: OwnerFacts) -> Owner:
    row = Owner(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        kind=facts.kind,
        guarantees=[each.value for each in facts.guarantees],
        written_at=ctx.now(),
    )
    row.sealed = _seal_owner(ctx, row, facts)
    ctx.db.add(row)
    ctx.db.flush()
    return row


def change_owner(ctx: Context, owner_id: UUID, facts: OwnerFacts) -> None:
    row = owner_for(ctx, owner_id, holding=True)
    row.kind, row.guarantees = facts.kind, [each.value for each in facts.guarantees]
    row.sealed = _seal_owner(ctx, row, facts)
    ctx.db.flush()
    note(ctx, row, "owner_changed")


def keep_contract(ctx: Context, store: FileStore, owner_id: UUID, paper: Paper) -> UUID:
    row = owner_papers_for(ctx, owner_id)
    about = About(row.municipality_id, row.id, row.id)
    file_id = keep_file(ctx, store, about, FileKind.CONTRACT, paper)
    note(ctx, row, "file_kept", file=file_id)
    return file_id


def _seal_offer(ctx: Context, row: Offer, words: dict[str, str]) -> bytes:
    return sealed_of(ctx, row.municipality_id, row.owner_id, Offer, row.id, words)


def write_offer(ctx: Context, municipality_id: UUID, new: NewOffer) -> UUID:
    """With its owner, where that is somebody new. Sent twice it is one. OwnerNameMissing, DayTooFar."""
    require_city(ctx, municipality_id)
    check_day(new.facts.offered_on, rome_day(ctx.now()))
    offer_id = new.id or ctx.new_id()
    known = ctx.db.scalar(select(Offer.id).where(Offer.id == offer_id))
    if known is not None:
        return known
    if new.owner_id is not None:
        owner = owner_for(ctx, new.owner_id)
        if owner.municipality_id != municipality_id:
            raise NotFound
    elif new.owner is not None and new.owner.name:
        owner = _new_owner(ctx, municipality_id, new.owner)
    else:
        raise OwnerNameMissing
    facts = new.facts
    words = {"address": facts.address, "words": facts.words}
    is_new = insert_once(
        ctx.db,
        Offer,
        id=offer_id,
        municipality_id=owner.municipality_id,
        owner_id=owner.id,
        quarter=facts.quarter,
        rooms=facts.rooms,
        rent_cents=facts.rent_cents,
        state=OfferState.NEW,
        offered_on=facts.offered_on,
        written_by=ctx.actor.person_id,
        sealed=sealed_of(ctx, owner.municipality_id, owner.id, Offer, offer_id, words),
    )
    if not is_new and new.owner_id is None:
        # The same form came twice at once: the owner of the other one is the one that stays.
        ctx.db.delete(owner)
        ctx.db.flush()
    elif is_new:
        note(ctx, ctx.db.get_one(Offer, offer_id), "offer_written")
    return offer_id


def change_offer(ctx: Context, offer_id: UUID, facts: OfferFacts) -> None:
    """While it is open: OfferNotOpen, DayTooFar."""
    row = _open_offer(ctx, offer_id)
    check_day(facts.offered_on, rome_day(ctx.now()))
    row.quarter, row.rooms = facts.quarter, facts.rooms
    row.rent_cents, row.offered_on = facts.rent_cents, facts.offered_on
    row.sealed = _seal_offer(ctx, row, {"address": facts.address, "words": facts.words})
    ctx.db.flush()
    note(ctx, row, "offer_changed")


def _open_offer(ctx: Context, offer_id: UUID) -> Offer:
    row = offer_for(ctx, offer_id, holding=True)
    if row.state not in OPEN_OFFERS:
        raise OfferNotOpen
    return row


def plan_visit(ctx: Context, offer_id: UUID, day: date, visitor_id: UUID) -> UUID:
    """OfferNotOpen, DayTooFar (a year around today), NoColleague."""
    row = _open_offer(ctx, offer_id)
    today = rome_day(ctx.now())
    check_day(day, today, back=A_YEAR, on=A_YEAR)
    if visitor_id not in officers(ctx, row.municipality_id):
        raise NoColleague
    visit = Visit(
        id=ctx.new_id(),
        municipality_id=row.municipality_id,
        offer_id=row.id,
        on_day=day,
        visitor_id=visitor_id,
    )
    ctx.db.add(visit)
    row.state = OfferState.TO_VISIT
    ctx.db.flush()
    note(ctx, row, "visit_planned", visit=visit.id)
    return visit.id


def write_visit(ctx: Context, offer_id: UUID, visit_id: UUID, words: str, *, is_fit: bool) -> None:
    """What was found. OfferNotOpen, VisitToCome, VisitWritten; NotFound for a visit of elsewhere."""
    offer = _open_offer(ctx, offer_id)
    visit = ctx.db.scalars(
        select(Visit)
        .where(Visit.id == visit_id, Visit.offer_id == offer.id)
        .execution_options(populate_existing=True)
    ).first()
    if visit is None:
        raise NotFound
    if visit.is_fit is not None:
        raise VisitWritten
    if visit.on_day > rome_day(ctx.now()):
        raise VisitToCome
    visit.is_fit = is_fit
    visit.sealed = sealed_of(
        ctx, visit.municipality_id, offer.owner_id, Visit, visit.id, {"words": words}
    )
    ctx.db.flush()
    others = select(Visit.id).where(Visit.offer_id == offer.id, Visit.is_fit.is_(None)).limit(1)
    offer.state = OfferState.VISITED if ctx.db.scalar(others) is None else OfferState.TO_VISIT
    ctx.db.flush()
    note(ctx, offer, "visit_written", visit=visit.id)


def accept_offer(ctx: Context, offer_id: UUID) -> None:
    """Once somebody has seen it: OfferNotVisited, OfferNotOpen."""
    row = _open_offer(ctx, offer_id)
    seen = select(Visit.id).where(Visit.offer_id == row.id, Visit.is_fit.is_not(None)).limit(1)
    if ctx.db.scalar(seen) is None:
        raise OfferNotVisited
    _end(ctx, row, OfferState.ACCEPTED)


def refuse_offer(ctx: Context, offer_id: UUID, reason: OfferRefusal, words: str) -> None:
    row = _open_offer(ctx, offer_id)
    row.refused_for = reason
    _add_words(ctx, row, words)
    _end(ctx, row, OfferState.REFUSED)


def withdraw_offer(ctx: Context, offer_id: UUID) -> None:
    """The owner took it back."""
    _end(ctx, _open_offer(ctx, offer_id), OfferState.WITHDRAWN)


def _add_words(ctx: Context, row: Offer, why: str) -> None:
    words = words_of(ctx, row.municipality_id, row.owner_id, Offer, row.id, row.sealed)
    row.sealed = _seal_offer(ctx, row, {**words, "why": why})


def _end(ctx: Context, row: Offer, state: OfferState) -> None:
    row.state = state
    ctx.db.flush()
    note(ctx, row, f"offer_{state.value}")


def link_unit(ctx: Context, offer_id: UUID, unit: Unit) -> None:
    """The dwelling that an accepted offer became: OfferNotAccepted, OfferHasUnit."""
    row = offer_for(ctx, offer_id, holding=True)
    if row.municipality_id != unit.municipality_id:
        raise NotFound
    if row.state is not OfferState.ACCEPTED:
        raise OfferNotAccepted
    if row.unit_id is not None:
        raise OfferHasUnit
    row.unit_id = unit.id
    ctx.db.flush()
