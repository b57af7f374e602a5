"""Beds proposed to a household, and what they say.

A proposal holds nothing. Whoever says yes first has the beds, in the same transaction; what was proposed
to them and to others besides is freed. Of proposals that somebody else is answering at that moment none
is waited for: two who wait for each other would wait for ever. Whoever answers one of those finds the bed
taken, hears so, and their proposal is freed by that.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from civic.housing.errors import (
    BedNotOffered,
    BedTaken,
    NobodyToPlace,
    ProposalOver,
    RequestClosed,
)
from civic.housing.events import HomeProposed
from civic.housing.models import Bed
from civic.housing.nights_models import BedNight
from civic.housing.operations.eligibility import check_household
from civic.housing.operations.nights import bed_name, hold_beds, hold_residents
from civic.housing.operations.stays import NewStay, place
from civic.housing.operations.trail import note
from civic.housing.placing_models import (
    HousingRequest,
    Placement,
    Proposal,
    ProposalBed,
    RequestMember,
    Resident,
)
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import proposal_for, request_for, unit_for
from civic.housing.queries.requests import own_proposal
from civic.housing.rules.nights import Nights, checked
from civic.housing.rules.placing import ProposalState, RefusedFor, RequestState
from civic.housing.sealing import sealed_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.outbox import emit

LOST = (BedTaken, BedNotOffered, RequestClosed, NobodyToPlace)
"""After these a proposal cannot be accepted any more; other refusals can be put right."""


@dataclass(frozen=True)
class NewProposal:
    request_id: UUID
    unit_id: UUID
    beds: Mapping[UUID, UUID]
    """Of each person of the household, their bed."""
    nights: Nights
    is_open_ended: bool


@dataclass(frozen=True)
class Answer:
    """What became of a yes."""

    placement_id: UUID | None
    refusal: CivicError | None = None
    """Why there is no stay: the proposal is freed, and whoever answered is told."""


def propose(ctx: Context, new: NewProposal) -> UUID:
    """Refuses RequestClosed, NobodyToPlace, BedTaken, what `eligibility` does. The same beds for the
    same nights are proposed once."""
    request = request_for(ctx, new.request_id, WORK_ON_HOUSING, holding=True)
    if request.state is not RequestState.WAITING:
        raise RequestClosed
    unit = unit_for(ctx, new.unit_id)
    nights = checked(new.nights.first, new.nights.until)
    if unit.municipality_id != request.municipality_id:
        raise NotFound
    if set(new.beds) != _household(ctx, request.id) or len(set(new.beds.values())) != len(new.beds):
        raise NobodyToPlace
    beds = hold_beds(ctx, set(new.beds.values()))
    if any(bed.unit_id != unit.id for bed in beds.values()):
        raise NotFound
    check_household(ctx, unit, new.beds, beds, hold_residents(ctx, set(new.beds)), nights.first)
    _check_free(ctx, beds, nights)
    same = _same(ctx, new, nights)
    if same is not None:
        return same
    proposal_id = ctx.new_id()
    ctx.db.add(
        Proposal(
            id=proposal_id,
            municipality_id=unit.municipality_id,
            request_id=request.id,
            unit_id=unit.id,
            first_night=nights.first,
            until_night=nights.until,
            is_open_ended=new.is_open_ended,
            state=ProposalState.OPEN,
            made_at=ctx.now(),
            made_by=ctx.actor.person_id,
        )
    )
    ctx.db.flush()
    for resident_id, bed_id in new.beds.items():
        ctx.db.add(
            ProposalBed(
                proposal_id=proposal_id,
                resident_id=resident_id,
                bed_id=bed_id,
                municipality_id=unit.municipality_id,
            )
        )
    ctx.db.flush()
    account = _account_of(ctx, request)
    if account is not None:
        city = request.municipality_id
        emit(ctx, HomeProposed(municipality_id=city, proposal_id=proposal_id, person_id=account))
    note(ctx, request, "proposed", person_id=account, proposal=proposal_id)
    return proposal_id


def _household(ctx: Context, request_id: UUID) -> set[UUID]:
    return set(
        ctx.db.scalars(
            select(RequestMember.resident_id).where(RequestMember.request_id == request_id)
        )
    )


def _check_free(ctx: Context, beds: Mapping[UUID, Bed], nights: Nights) -> None:
    for bed in beds.values():
        ends = bed.until_night
        if nights.first < bed.from_night or (ends is not None and nights.until > ends):
            raise BedNotOffered(bed=bed_name(ctx, bed))
    taken = ctx.db.execute(
        select(BedNight.bed_id, func.min(BedNight.night))
        .where(BedNight.bed_id.in_(beds))
        .where(BedNight.night >= nights.first, BedNight.night < nights.until)
        .group_by(BedNight.bed_id)
    ).first()
    if taken is not None:
        raise BedTaken(bed=bed_name(ctx, beds[taken[0]]), night=taken[1])


def _same(ctx: Context, new: NewProposal, nights: Nights) -> UUID | None:
    """The request is held, so nobody else proposes to it meanwhile."""
    rows = ctx.db.execute(
        select(Proposal.id, ProposalBed.resident_id, ProposalBed.bed_id)
        .join(ProposalBed, ProposalBed.proposal_id == Proposal.id)
        .where(Proposal.request_id == new.request_id, Proposal.state == ProposalState.OPEN)
        .where(Proposal.first_night == nights.first, Proposal.until_night == nights.until)
    )
    found: dict[UUID, dict[UUID, UUID]] = {}
    for proposal_id, resident_id, bed_id in rows:
        found.setdefault(proposal_id, {})[resident_id] = bed_id
    return next((each for each, beds in found.items() if beds == dict(new.beds)), None)


def accept(ctx: Context, proposal_id: UUID, words: str = "") -> Answer:
    """They said yes to the officer who writes it down."""
    return _accept(ctx, proposal_for(ctx, proposal_id), words)


def accept_own(ctx: Context, proposal_id: UUID, words: str = "") -> Answer:
    """They said yes themselves, on their own page. Nobody places themselves: what they were offered,
    the officer's proposal says, and the stay is written in the name of who said yes."""
    proposal = own_proposal(ctx, proposal_id, holding=True)
    return _accept(ctx.acting(replace(ctx.actor, is_system=True)), proposal, words)


def _accept(ctx: Context, proposal: Proposal, words: str) -> Answer:
    today = rome_day(ctx.now())
    if proposal.state is not ProposalState.OPEN:
        raise ProposalOver
    if proposal.until_night <= today:
        return _lost(ctx, proposal, ProposalOver())
    first = max(proposal.first_night, today)
    until = None if proposal.is_open_ended else proposal.until_night
    beds = _beds_of(ctx, proposal.id)
    try:
        # What the stay could not have is taken back; that the proposal is over stays written.
        with ctx.db.begin_nested():
            stay = NewStay(proposal.request_id, proposal.unit_id, beds, first, until)
            placement_id = place(ctx, stay)
    except LOST as refusal:
        return _lost(ctx, proposal, refusal)
    _answered(ctx, proposal, ProposalState.ACCEPTED, words)
    proposal.placement_id = placement_id
    ctx.db.flush()
    free_others(ctx, placement_id, beds.values())
    note(ctx, _request_of(ctx, proposal), "proposal_accepted", proposal=proposal.id)
    return Answer(placement_id)


def _lost(ctx: Context, proposal: Proposal, refusal: CivicError) -> Answer:
    proposal.state, proposal.answered_at = ProposalState.FREED, ctx.now()
    ctx.db.flush()
    note(ctx, _request_of(ctx, proposal), "proposal_freed", proposal=proposal.id)
    return Answer(None, refusal)


def _beds_of(ctx: Context, proposal_id: UUID) -> dict[UUID, UUID]:
    rows = ctx.db.execute(
        select(ProposalBed.resident_id, ProposalBed.bed_id).where(
            ProposalBed.proposal_id == proposal_id
        )
    )
    return {row.resident_id: row.bed_id for row in rows}


def _answered(ctx: Context, proposal: Proposal, state: ProposalState, words: str) -> None:
    proposal.state, proposal.answered_at = state, ctx.now()
    if words:
        city, who = proposal.municipality_id, _request_of(ctx, proposal).resident_id
        told = {"words": words}
        proposal.sealed = sealed_of(ctx, city, who, Proposal, proposal.id, told)
    ctx.db.flush()


def refuse(ctx: Context, proposal_id: UUID, reason: RefusedFor, words: str = "") -> None:
    """A right: they stay on the list where they were. ProposalOver."""
    _refuse(ctx, proposal_for(ctx, proposal_id), reason, words)


def refuse_own(ctx: Context, proposal_id: UUID, reason: RefusedFor, words: str = "") -> None:
    _refuse(ctx, own_proposal(ctx, proposal_id, holding=True), reason, words)


def _refuse(ctx: Context, proposal: Proposal, reason: RefusedFor, words: str) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise ProposalOver
    proposal.refused_for = reason
    _answered(ctx, proposal, ProposalState.REFUSED, words)
    note(ctx, _request_of(ctx, proposal), "proposal_refused", proposal=proposal.id)


def withdraw_proposal(ctx: Context, proposal_id: UUID) -> None:
    """The officer takes it back."""
    proposal = proposal_for(ctx, proposal_id)
    if proposal.state is not ProposalState.OPEN:
        raise ProposalOver
    _answered(ctx, proposal, ProposalState.WITHDRAWN, "")
    note(ctx, _request_of(ctx, proposal), "proposal_withdrawn", proposal=proposal.id)


def _request_of(ctx: Context, proposal: Proposal) -> HousingRequest:
    return ctx.db.get_one(HousingRequest, proposal.request_id)


def _account_of(ctx: Context, request: HousingRequest) -> UUID | None:
    return ctx.db.get_one(Resident, request.resident_id).person_id


def free_of_request(ctx: Context, request_id: UUID) -> None:
    """What else was proposed to them."""
    _free(ctx, Proposal.request_id == request_id)


def free_others(ctx: Context, placement_id: UUID, bed_ids: Collection[UUID]) -> None:
    """After a household was placed, however it was: what else was proposed to them, and what was
    proposed to others in these beds for one of these nights."""
    placement = ctx.db.get_one(Placement, placement_id)
    free_of_request(ctx, placement.request_id)
    free_beds(ctx, bed_ids, placement.first_night, placement.until_night)


def free_beds(ctx: Context, bed_ids: Collection[UUID], first: date, until: date) -> None:
    """What was proposed in these beds for one of these nights."""
    in_them = select(ProposalBed.proposal_id).where(ProposalBed.bed_id.in_(set(bed_ids)))
    overlaps = (Proposal.first_night < until) & (Proposal.until_night > first)
    _free(ctx, Proposal.id.in_(in_them) & overlaps)


def _free(ctx: Context, which: ColumnElement[bool]) -> None:
    rows = ctx.db.scalars(
        select(Proposal)
        .where(Proposal.state == ProposalState.OPEN, which)
        .order_by(Proposal.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.state, row.answered_at = ProposalState.FREED, ctx.now()
    ctx.db.flush()
