"""Asking another service or city to help: it carries what the person agreed to, and no more.

To another city goes a copy, sealed under a key of that city: what is done with it there is theirs, and
neither side ever looks into the other's file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.cases.access import Access, Data
from civic.cases.errors import CannotCarry, NothingAgreed, ReferralMoved
from civic.cases.models import CaseArrival, CaseConsent, CaseReferral, CaseSection
from civic.cases.operations import entries, trail
from civic.cases.operations.files import NewCase, index_facts, open_case
from civic.cases.policy import OPEN_CASE
from civic.cases.queries.files import parts_of
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.sections import SECTIONS
from civic.cases.vocabulary import (
    REFERRAL_MOVES,
    Purpose,
    Recipient,
    ReferralState,
    RefusalReason,
)
from civic.kernel.context import Context
from civic.kernel.db.after import after_commit
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.kernel.vault import Spot

HELD_BACK = frozenset({"third_parties"})
"""Fields that serve our own care for others and go nowhere."""


@dataclass(frozen=True)
class NewReferral:
    consent_id: UUID
    carried: Sequence[Data]
    to_service_id: UUID | None = None
    words: str = ""


def refer(ctx: Context, case_id: UUID, new: NewReferral) -> UUID:
    """By the lead, on a consent to share that still stands; the consent says with whom."""
    case = case_for(ctx, case_id)
    case.require_lead()
    consent = ctx.db.scalars(
        select(CaseConsent)
        .where(CaseConsent.id == new.consent_id, CaseConsent.case_id == case.id)
        .where(CaseConsent.purpose == Purpose.SHARING, CaseConsent.withdrawn_at.is_(None))
        .with_for_update()
    ).first()
    if consent is None or consent.recipient is Recipient.TEAM:
        raise NothingAgreed
    if any(data not in SECTIONS or not case.may(data, Access.READ) for data in new.carried):
        raise CannotCarry
    city_id = consent.recipient_city_id if consent.recipient is Recipient.OTHER_CITY else None
    referral = CaseReferral(
        id=ctx.new_id(),
        municipality_id=case.municipality_id,
        case_id=case.id,
        consent_id=consent.id,
        to_municipality_id=city_id,
        to_service_id=None if city_id else new.to_service_id,
        carried=[data.value for data in new.carried],
        state=ReferralState.SENT,
        sent_at=ctx.now(),
        sent_by=ctx.actor.person_id,
    )
    ctx.db.add(referral)
    ctx.db.flush()
    if city_id is not None:
        _send_copy(ctx, case, referral, city_id, new)
    trail.note(ctx, case, "referred", thing_id=referral.id, carried=referral.carried)
    return referral.id


def parcel_of(ctx: Context, case: CaseFacts, carried: Sequence[Data], words: str) -> dict[str, Any]:
    parts = parts_of(ctx, case)
    return {
        "words": words,
        "language": case.language,
        "parts": {
            data.value: {
                name: value for name, value in parts[data].values.items() if name not in HELD_BACK
            }
            for data in carried
            if parts[data].is_there
        },
    }


def _send_copy(
    ctx: Context, case: CaseFacts, referral: CaseReferral, city_id: UUID, new: NewReferral
) -> None:
    arrival_id = ctx.new_id()
    key = ctx.vault.new_key(city_id, arrival_id)
    parcel = parcel_of(ctx, case, new.carried, new.words)
    with unscoped(ctx.db, "a copy that the person agreed to goes to another city"):
        ctx.db.add(
            CaseArrival(
                id=arrival_id,
                municipality_id=city_id,
                referral_id=referral.id,
                from_municipality_id=case.municipality_id,
                arrived_at=ctx.now(),
                sealed=key.seal(Spot("case_arrival", arrival_id), parcel),
            )
        )
        ctx.db.flush()
        audit.record(ctx, city_id, "case.arrived", thing_id=arrival_id)


def mark_referral(
    ctx: Context,
    case_id: UUID,
    referral_id: UUID,
    state: ReferralState,
    reason: RefusalReason | None = None,
) -> None:
    """What a service of the city answered; of another city only calling it back is ours."""
    case = case_for(ctx, case_id)
    case.require_lead()
    row = ctx.db.scalars(
        select(CaseReferral)
        .where(CaseReferral.id == referral_id, CaseReferral.case_id == case.id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound
    if row.to_municipality_id is not None and state is not ReferralState.CALLED_BACK:
        raise ReferralMoved
    _decide(ctx, row, state, reason)
    if row.to_municipality_id is not None:
        _take_back(ctx, row)
    trail.note(ctx, case, "referral_marked", thing_id=row.id, state=state.value)


def _decide(
    ctx: Context, row: CaseReferral, state: ReferralState, reason: RefusalReason | None
) -> None:
    if state not in REFERRAL_MOVES[row.state]:
        raise ReferralMoved
    row.state = state
    row.refused_for = reason if state is ReferralState.REFUSED else None
    if state is ReferralState.DONE:
        row.done_at = ctx.now()
    else:
        row.decided_at = ctx.now()
    ctx.db.flush()


def _take_back(ctx: Context, row: CaseReferral) -> None:
    """What has not been opened over there is made unreadable."""
    with unscoped(ctx.db, "a copy sent to another city is called back"):
        arrival = ctx.db.scalars(
            select(CaseArrival).where(CaseArrival.referral_id == row.id).with_for_update()
        ).first()
        if arrival is None or arrival.decided_at is not None:
            raise ReferralMoved
        arrival.decided_at, arrival.sealed = ctx.now(), None
        ctx.db.flush()
        _destroy_after(ctx, arrival.municipality_id, arrival.id)


def _destroy_after(ctx: Context, municipality_id: UUID, arrival_id: UUID) -> None:
    """The parcel's key goes once it is certain that the parcel is gone; `finish_erasures` does it for
    a process that ended in between."""
    after_commit(ctx.db, partial(ctx.vault.destroy, municipality_id, arrival_id))


@dataclass(frozen=True)
class ArrivalRow:
    id: UUID
    from_municipality_id: UUID
    arrived_at: Any
    parcel: Mapping[str, Any]


def read_arrivals(ctx: Context, municipality_id: UUID) -> list[ArrivalRow]:
    """What waits to be taken in, for the desk and the case workers: where from and what it is about in
    the sender's words, without the parts."""
    OPEN_CASE.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.scalars(
        select(CaseArrival)
        .where(CaseArrival.municipality_id == municipality_id, CaseArrival.decided_at.is_(None))
        .order_by(CaseArrival.arrived_at)
    ).all()
    found = []
    for row in rows:
        key = ctx.vault.key_of(municipality_id, row.id)
        parcel = key.open(Spot("case_arrival", row.id), row.sealed or b"")
        told = {"words": parcel["words"], "parts": sorted(parcel["parts"])}
        found.append(ArrivalRow(row.id, row.from_municipality_id, row.arrived_at, told))
    if found:
        audit.record(ctx, municipality_id, "case.arrivals_read", details={"shown": len(found)})
    return found


def answer_arrival(
    ctx: Context, arrival_id: UUID, *, accepted: bool, reason: RefusalReason | None = None
) -> UUID | None:
    """Taken in, it becomes a file here; refused, nothing of it is left but the reason over there."""
    row = ctx.db.scalars(
        select(CaseArrival).where(CaseArrival.id == arrival_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound
    OPEN_CASE.require(ctx.actor, Place(municipality_id=row.municipality_id))
    if row.decided_at is not None:
        raise ReferralMoved
    case_id = _take_in(ctx, row) if accepted else None
    row.decided_at, row.decided_by, row.case_id = ctx.now(), ctx.actor.person_id, case_id
    row.sealed = None
    ctx.db.flush()
    with unscoped(ctx.db, "another city hears what became of what it sent"):
        referral = ctx.db.scalars(
            select(CaseReferral).where(CaseReferral.id == row.referral_id).with_for_update()
        ).one()
        state = ReferralState.ACCEPTED if accepted else ReferralState.REFUSED
        _decide(ctx, referral, state, reason or (None if accepted else RefusalReason.OTHER))
    _destroy_after(ctx, row.municipality_id, row.id)
    action = "case.taken_in" if accepted else "case.turned_down"
    audit.record(ctx, row.municipality_id, action, thing_id=case_id or arrival_id)
    return case_id


def _take_in(ctx: Context, row: CaseArrival) -> UUID:
    """Every part that came along is written, also those that its taker may not read."""
    key = ctx.vault.key_of(row.municipality_id, row.id)
    parcel = key.open(Spot("case_arrival", row.id), row.sealed or b"")
    parts = parcel["parts"]
    identity = parts.pop(Data.IDENTITY.value, {})
    language = parcel["language"]
    case_id = open_case(ctx, NewCase(row.municipality_id, identity, language))
    case_key = ctx.vault.key_of(row.municipality_id, case_id)
    for name, values in parts.items():
        section_id = ctx.new_id()
        ctx.db.add(
            CaseSection(
                id=section_id,
                municipality_id=row.municipality_id,
                case_id=case_id,
                data=Data(name),
                version=1,
                written_by=ctx.actor.person_id,
                written_at=ctx.now(),
                received_at=ctx.now(),
                sealed=case_key.seal(Spot("case_section", section_id), values),
            )
        )
    ctx.db.flush()
    case = case_for(ctx, case_id)
    index_facts(ctx, case)
    ends = parts.get(Data.LEGAL_STATUS.value, {}).get("permit_ends")
    if ends:
        entries.set_permit_clock(ctx, case, date.fromisoformat(ends))
    return case_id
