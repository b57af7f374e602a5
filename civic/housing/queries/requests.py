"""A request with all that stands on its page, for whoever may see it, and the person's own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.cases.errors import NotYours
from civic.cases.queries.gate import case_for
from civic.housing.models import Bed, Room, Unit
from civic.housing.placing_models import (
    HousingRequest,
    Placement,
    PriorityChange,
    Proposal,
    ProposalBed,
    RequestMember,
    Resident,
)
from civic.housing.policy import ASK_FOR_HOME, OWN_HOME, WORK_ON_HOUSING
from civic.housing.queries.gate import Member, is_visible, member_of, request_for
from civic.housing.rules.placing import (
    Criterion,
    Need,
    Priority,
    ProposalState,
    RefusedFor,
    RequestState,
    Source,
    Urgency,
    priority_of,
)
from civic.housing.rules.stock import UnitKind
from civic.housing.sealing import words_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


def works_there(ctx: Context, municipality_id: UUID) -> bool:
    """Whether the actor is a housing officer of that city."""
    return WORK_ON_HOUSING.allows(ctx.actor, Place(municipality_id=municipality_id))


def asked_for(ctx: Context, request_id: UUID, *, holding: bool = False) -> HousingRequest:
    """The gate of everybody who may ask for others: housing officers come to all requests of their
    city, the others to those that they opened themselves, or that are of a case of theirs."""
    row = request_for(ctx, request_id, ASK_FOR_HOME, holding=holding)
    if works_there(ctx, row.municipality_id) or row.opened_by == ctx.actor.person_id:
        return row
    if row.case_id is None:
        raise NotFound
    try:
        case_for(ctx, row.case_id)
    except NotYours:
        raise NotFound from None
    return row


@dataclass(frozen=True)
class ChangeRow:
    before: tuple[Criterion, ...]
    after: tuple[Criterion, ...]
    points_before: int
    points_after: int
    changed_at: datetime
    changed_by: str
    """By their name."""
    why: str

    @property
    def added(self) -> list[Criterion]:
        return [each for each in self.after if each not in self.before]

    @property
    def dropped(self) -> list[Criterion]:
        return [each for each in self.before if each not in self.after]


@dataclass(frozen=True)
class ProposalRow:
    id: UUID
    state: ProposalState
    unit_id: UUID
    unit_name: str
    kind: UnitKind
    quarter: str
    is_safe_house: bool
    first_night: date
    until_night: date
    is_open_ended: bool
    made_at: datetime
    answered_at: datetime | None
    refused_for: RefusedFor | None
    placement_id: UUID | None
    words: str
    beds: tuple[str, ...]
    """Room and bed, as colleagues call them."""

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN


@dataclass(frozen=True)
class RequestView:
    id: UUID
    municipality_id: UUID
    case_id: UUID | None
    source: Source
    state: RequestState
    language: str
    urgency: Urgency
    needs: tuple[Need, ...]
    wanted_from: date
    wanted_until: date | None
    opened_at: datetime
    opened_by: str
    words: str
    priority: Priority
    asks: Member
    members: Sequence[Member]
    """All of them, who asks first."""
    log: Sequence[ChangeRow]
    proposals: Sequence[ProposalRow]
    placement_id: UUID | None

    @property
    def is_waiting(self) -> bool:
        return self.state is RequestState.WAITING

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.priority.criteria


def request_view(ctx: Context, row: HousingRequest) -> RequestView:
    """Of a request behind one of the gates."""
    members = household(ctx, row)
    log = _log(ctx, row)
    names = accounts.names(
        ctx, {who for who in (row.opened_by, *(each[0] for each in log)) if who is not None}
    )
    city, asks = row.municipality_id, row.resident_id
    return RequestView(
        id=row.id,
        municipality_id=city,
        case_id=row.case_id,
        source=row.source,
        state=row.state,
        language=row.language,
        urgency=row.urgency,
        needs=tuple(Need(each) for each in row.needs),
        wanted_from=row.wanted_from,
        wanted_until=row.wanted_until,
        opened_at=row.opened_at,
        opened_by=names.get(row.opened_by, "") if row.opened_by else "",
        words=words_of(ctx, city, asks, HousingRequest, row.id, row.sealed).get("words", ""),
        priority=priority_on(ctx, row),
        asks=next(each for each in members if each.id == asks),
        members=members,
        log=[_named(change, names.get(who, "") if who else "") for who, change in log],
        proposals=proposals_of(ctx, [row.id], is_own=False).get(row.id, []),
        placement_id=_placement_of(ctx, row),
    )


def priority_on(ctx: Context, row: HousingRequest) -> Priority:
    """As it is today."""
    criteria = [Criterion(each) for each in row.criteria]
    return priority_of(criteria, rome_day(row.opened_at), rome_day(ctx.now()))


def household(ctx: Context, row: HousingRequest) -> list[Member]:
    rows = ctx.db.scalars(
        select(Resident)
        .join(RequestMember, RequestMember.resident_id == Resident.id)
        .where(RequestMember.request_id == row.id)
        .order_by(Resident.id != row.resident_id, Resident.written_at, Resident.id)
    )
    return [member_of(ctx, each) for each in rows]


def _log(ctx: Context, row: HousingRequest) -> list[tuple[UUID | None, ChangeRow]]:
    changes = ctx.db.scalars(
        select(PriorityChange)
        .where(PriorityChange.request_id == row.id)
        .order_by(PriorityChange.changed_at, PriorityChange.id)
    )
    found = []
    for each in changes:
        words = words_of(
            ctx, row.municipality_id, row.resident_id, PriorityChange, each.id, each.sealed
        )
        change = ChangeRow(
            tuple(Criterion(code) for code in each.before),
            tuple(Criterion(code) for code in each.after),
            each.points_before,
            each.points_after,
            each.changed_at,
            "",
            words.get("why", ""),
        )
        found.append((each.changed_by, change))
    return found


def _named(change: ChangeRow, name: str) -> ChangeRow:
    return ChangeRow(
        change.before,
        change.after,
        change.points_before,
        change.points_after,
        change.changed_at,
        name,
        change.why,
    )


def proposals_of(
    ctx: Context, request_ids: Collection[UUID], *, is_own: bool
) -> dict[UUID, list[ProposalRow]]:
    """The newest first. A safe house stands there for its team, and for whom it is proposed to, without
    its name or where it is. Two statements."""
    statement = (
        select(Proposal, Unit.name, Unit.kind, Unit.quarter, Unit.is_safe_house, Resident.id)
        .join(Unit, Unit.id == Proposal.unit_id)
        .join(HousingRequest, HousingRequest.id == Proposal.request_id)
        .join(Resident, Resident.id == HousingRequest.resident_id)
        .where(Proposal.request_id.in_(request_ids))
        .order_by(Proposal.made_at.desc(), Proposal.id)
    )
    if not is_own:
        statement = statement.where(is_visible(ctx))
    rows = ctx.db.execute(statement).all()
    beds = {} if is_own else _beds_of(ctx, [row[0].id for row in rows])
    found: dict[UUID, list[ProposalRow]] = {}
    for each, name, kind, quarter, is_safe_house, resident_id in rows:
        words = words_of(ctx, each.municipality_id, resident_id, Proposal, each.id, each.sealed)
        hidden = is_own and is_safe_house
        found.setdefault(each.request_id, []).append(
            ProposalRow(
                each.id,
                each.state,
                each.unit_id,
                "" if is_own else name,
                kind,
                "" if hidden else quarter,
                is_safe_house,
                each.first_night,
                each.until_night,
                each.is_open_ended,
                each.made_at,
                each.answered_at,
                each.refused_for,
                each.placement_id,
                words.get("words", ""),
                tuple(beds.get(each.id, ())),
            )
        )
    return found


def _beds_of(ctx: Context, proposal_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = ctx.db.execute(
        select(ProposalBed.proposal_id, Room.name, Bed.name)
        .join(Bed, Bed.id == ProposalBed.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .where(ProposalBed.proposal_id.in_(proposal_ids))
        .order_by(Room.name, Bed.name)
    )
    found: dict[UUID, list[str]] = {}
    for proposal_id, room, bed in rows:
        found.setdefault(proposal_id, []).append(f"{room} · {bed}")
    return found


def _placement_of(ctx: Context, row: HousingRequest) -> UUID | None:
    """Where it is one that the actor may know of."""
    return ctx.db.scalar(
        select(Placement.id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(Placement.request_id == row.id, is_visible(ctx))
        .order_by(Placement.placed_at.desc(), Placement.id)
        .limit(1)
    )


@dataclass(frozen=True)
class RequestMark:
    """That there is a request, on the page of a case."""

    id: UUID
    state: RequestState
    opened_at: datetime


def requests_of_case(ctx: Context, case_id: UUID, person_id: UUID | None) -> list[RequestMark]:
    """The newest first; asked for where the reader of the case came through its gate."""
    of_case = HousingRequest.case_id == case_id
    if person_id is not None:
        of_case = of_case | (Resident.person_id == person_id)
    rows = ctx.db.execute(
        select(HousingRequest.id, HousingRequest.state, HousingRequest.opened_at)
        .join(Resident, Resident.id == HousingRequest.resident_id)
        .where(of_case)
        .order_by(HousingRequest.opened_at.desc(), HousingRequest.id)
    )
    return [RequestMark(*row) for row in rows]


@dataclass(frozen=True)
class OwnRequest:
    id: UUID
    state: RequestState
    municipality_id: UUID
    opened_at: datetime
    priority: Priority
    proposals: Sequence[ProposalRow]
    """Those that they may answer."""


def own_requests(ctx: Context) -> list[OwnRequest]:
    """What the actor asked for themselves, the newest first."""
    OWN_HOME.require(ctx.actor)
    rows = ctx.db.scalars(
        select(HousingRequest)
        .join(Resident, Resident.id == HousingRequest.resident_id)
        .where(Resident.person_id == ctx.actor.own_id)
        .order_by(HousingRequest.opened_at.desc(), HousingRequest.id)
    ).all()
    proposed = proposals_of(ctx, [row.id for row in rows], is_own=True) if rows else {}
    return [
        OwnRequest(
            row.id,
            row.state,
            row.municipality_id,
            row.opened_at,
            priority_on(ctx, row),
            [each for each in proposed.get(row.id, []) if _may_answer(row, each)],
        )
        for row in rows
    ]


def _may_answer(row: HousingRequest, each: ProposalRow) -> bool:
    return row.state is RequestState.WAITING and each.is_open


def own_proposal(ctx: Context, proposal_id: UUID, *, holding: bool = False) -> Proposal:
    """The gate of the person whom it is proposed to."""
    statement = (
        select(Proposal)
        .join(HousingRequest, HousingRequest.id == Proposal.request_id)
        .join(Resident, Resident.id == HousingRequest.resident_id)
        .where(Proposal.id == proposal_id, Resident.person_id == ctx.actor.own_id)
    )
    if holding:
        statement = statement.with_for_update(of=Proposal).execution_options(populate_existing=True)
    row = ctx.db.scalars(statement).first()
    if row is None:
        raise NotFound
    return row
