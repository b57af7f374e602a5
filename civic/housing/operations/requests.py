"""Asking for a home: opened once, with who comes along and why it is urgent; each change is written down.

Whoever changes a request holds its row, so that of two changes each finds the other one done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from civic.accounts.operations import note_in_city
from civic.cases.queries.gate import case_for
from civic.housing.errors import PersonDead, PersonDeparted, RequestClosed
from civic.housing.operations.nights import hold_residents
from civic.housing.operations.proposals import free_of_request
from civic.housing.operations.residents import (
    NewPerson,
    check_person,
    resident_with_account,
    take_in,
)
from civic.housing.operations.trail import note
from civic.housing.placing_models import (
    HousingRequest,
    PriorityChange,
    RequestMember,
    Resident,
)
from civic.housing.policy import ASK_FOR_HOME, WORK_ON_HOUSING
from civic.housing.queries.applicants import (
    hold_case,
    members_before,
    resident_of_case,
    waiting_of,
)
from civic.housing.queries.gate import request_for
from civic.housing.queries.requests import asked_for
from civic.housing.request_errors import (
    AlreadyWaiting,
    AsksForAll,
    IsMember,
    NameMissing,
    NothingChanged,
    TooManyPeople,
    WantedBackwards,
    WantedTooFar,
    WantedTooLong,
    WhyMissing,
)
from civic.housing.rules.nights import MOST_NIGHTS
from civic.housing.rules.placing import (
    MOST_PEOPLE,
    Criterion,
    Need,
    RequestState,
    Source,
    Urgency,
    priority_of,
)
from civic.housing.sealing import sealed_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place

AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class NewRequest:
    municipality_id: UUID
    people: Sequence[NewPerson]
    """Who asks first, then who comes along."""
    language: str
    urgency: Urgency
    wanted_from: date
    wanted_until: date | None = None
    needs: Collection[Need] = ()
    criteria: Collection[Criterion] = ()
    words: str = ""
    source: Source = Source.DESK
    case_id: UUID | None = None
    id: UUID | None = None
    """Made by the form: sent twice, it is one request."""


def open_request(ctx: Context, new: NewRequest, permission: Permission = ASK_FOR_HOME) -> UUID:
    """On the list from now on. Refuses what nobody can mean (`request_errors`), AlreadyWaiting,
    PersonDead and PersonDeparted; NotFound for a case that is not the actor's."""
    row, is_new = write_request(ctx, new, permission)
    if is_new:
        note_asked(ctx, row)
    return row.id


def note_asked(ctx: Context, row: HousingRequest) -> None:
    note(ctx, row, "asked", person_id=_account_of(ctx, row))


def write_request(
    ctx: Context, new: NewRequest, permission: Permission = ASK_FOR_HOME
) -> tuple[HousingRequest, bool]:
    """The same without its line in the trail, for who goes on to hold beds; and whether it is new."""
    permission.require(ctx.actor, Place(municipality_id=new.municipality_id))
    _check(ctx, new)
    sent = _sent(ctx, new.id) if new.id is not None else None
    if sent is not None:
        return sent, False
    asks = _who_asks(ctx, new)
    _hold_known(ctx, new, asks)
    people = [take_in(ctx, new.municipality_id, each) for each in (asks, *new.people[1:])]
    if len(set(people)) != len(people):
        raise IsMember
    _check_standing(ctx, people)
    request_id = new.id or ctx.new_id()
    row = _insert(ctx, new, request_id, people)
    _log(ctx, row, [], row.criteria, why="")
    return row, True


def _check(ctx: Context, new: NewRequest) -> None:
    today = rome_day(ctx.now())
    if not new.people:
        raise NameMissing
    if len(new.people) > MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE)
    for each in new.people:
        check_person(ctx, each)
    if abs(new.wanted_from - today) > AHEAD:
        raise WantedTooFar
    if new.wanted_until is not None:
        if new.wanted_until <= new.wanted_from:
            raise WantedBackwards
        if (new.wanted_until - new.wanted_from).days > MOST_NIGHTS:
            raise WantedTooLong


def _sent(ctx: Context, request_id: UUID) -> HousingRequest | None:
    """What the same form has made before."""
    row = ctx.db.scalars(select(HousingRequest).where(HousingRequest.id == request_id)).first()
    if row is not None and row.opened_by != ctx.actor.person_id:
        raise NotFound
    return row


def _who_asks(ctx: Context, new: NewRequest) -> NewPerson:
    """Found again by their account or their case; nobody is made resident twice."""
    typed = new.people[0]
    account, known = typed.account, None
    if new.case_id is not None:
        case = case_for(ctx, new.case_id)
        if case.municipality_id != new.municipality_id:
            raise NotFound
        hold_case(ctx, case.id)
        account = case.person_id or account
        row = resident_of_case(ctx, case)
        known = row.id if row else None
    if known is None and account is not None:
        known = resident_with_account(ctx, new.municipality_id, account)
    if account is not None:
        note_in_city(ctx, account, new.municipality_id)
    return replace(typed, known=known, account=account)


def _hold_known(ctx: Context, new: NewRequest, asks: NewPerson) -> None:
    """Those who came along before, and nobody else's people."""
    known = {each.known for each in new.people[1:] if each.known is not None}
    if known:
        before = members_before(ctx, asks.known) if asks.known else []
        if not known <= {each.id for each in before}:
            raise NotFound
    if asks.known is not None:
        known.add(asks.known)
    hold_residents(ctx, known)
    if asks.known is not None and waiting_of(ctx, asks.known) is not None:
        raise AlreadyWaiting


def _check_standing(ctx: Context, people: Collection[UUID]) -> None:
    rows = ctx.db.execute(
        select(Resident.died_on, Resident.departed_on).where(Resident.id.in_(people))
    ).all()
    if any(row.died_on for row in rows):
        raise PersonDead
    if any(row.departed_on for row in rows):
        raise PersonDeparted


def _insert(
    ctx: Context, new: NewRequest, request_id: UUID, people: Sequence[UUID]
) -> HousingRequest:
    city, asks = new.municipality_id, people[0]
    criteria = sorted({each.value for each in new.criteria})
    words = {"words": new.words}
    is_new = insert_once(
        ctx.db,
        HousingRequest,
        id=request_id,
        municipality_id=city,
        resident_id=asks,
        case_id=case_for(ctx, new.case_id).id if new.case_id else None,
        source=Source.CASE if new.case_id else new.source,
        state=RequestState.WAITING,
        language=new.language,
        size=len(people),
        urgency=new.urgency,
        needs=_needs(new),
        criteria=criteria,
        points=_points(criteria),
        wanted_from=new.wanted_from,
        wanted_until=new.wanted_until,
        opened_at=ctx.now(),
        opened_by=ctx.actor.person_id,
        sealed=sealed_of(ctx, city, asks, HousingRequest, request_id, words),
    )
    if not is_new:
        # The same form came twice at the same moment: what this one wrote is taken back.
        raise AlreadyWaiting
    for resident_id in people:
        ctx.db.add(
            RequestMember(request_id=request_id, resident_id=resident_id, municipality_id=city)
        )
    ctx.db.flush()
    return ctx.db.get_one(HousingRequest, request_id)


def _needs(new: NewRequest) -> list[str]:
    """Who cannot climb steps is of the household; that it needs a place without them follows."""
    found = set(new.needs)
    if any(each.needs_no_steps for each in new.people):
        found.add(Need.STEP_FREE)
    return sorted(each.value for each in found)


def _points(criteria: Collection[str]) -> int:
    day = date(2000, 1, 1)
    return priority_of([Criterion(each) for each in criteria], day, day).points


def _log(
    ctx: Context, row: HousingRequest, before: list[str], after: list[str], *, why: str
) -> None:
    change_id = ctx.new_id()
    city, who = row.municipality_id, row.resident_id
    sealed = sealed_of(ctx, city, who, PriorityChange, change_id, {"why": why}) if why else None
    ctx.db.add(
        PriorityChange(
            id=change_id,
            municipality_id=city,
            request_id=row.id,
            before=before,
            after=after,
            points_before=_points(before),
            points_after=_points(after),
            changed_at=ctx.now(),
            changed_by=ctx.actor.person_id,
            sealed=sealed,
        )
    )
    ctx.db.flush()


def change_criteria(
    ctx: Context, request_id: UUID, criteria: Collection[Criterion], why: str
) -> None:
    """Nothing else changes what somebody waits for, and this never without a line of the log.
    WhyMissing, NothingChanged, RequestClosed."""
    row = _waiting(request_for(ctx, request_id, WORK_ON_HOUSING, holding=True))
    if not why:
        raise WhyMissing
    after = sorted({each.value for each in criteria})
    before = list(row.criteria)
    if after == before:
        raise NothingChanged
    _log(ctx, row, before, after, why=why)
    row.criteria, row.points = after, _points(after)
    ctx.db.flush()
    note(ctx, row, "priority_changed", person_id=_account_of(ctx, row))


def add_member(ctx: Context, request_id: UUID, person: NewPerson) -> UUID:
    """Somebody more comes along. What was proposed was for fewer, and is freed."""
    row = _waiting(asked_for(ctx, request_id, holding=True))
    if row.size >= MOST_PEOPLE:
        raise TooManyPeople(most=MOST_PEOPLE)
    resident_id = take_in(ctx, row.municipality_id, person)
    _check_standing(ctx, [resident_id])
    member = RequestMember(
        request_id=row.id, resident_id=resident_id, municipality_id=row.municipality_id
    )
    ctx.db.add(member)
    ctx.db.flush()
    _household_changed(ctx, row, "member_added")
    return resident_id


def remove_member(ctx: Context, request_id: UUID, resident_id: UUID) -> None:
    """They do not come along after all: AsksForAll for whoever asks."""
    row = _waiting(asked_for(ctx, request_id, holding=True))
    if resident_id == row.resident_id:
        raise AsksForAll
    found = ctx.db.scalar(
        select(RequestMember.resident_id)
        .where(RequestMember.request_id == row.id)
        .where(RequestMember.resident_id == resident_id)
    )
    if found is None:
        raise NotFound
    ctx.db.execute(
        delete(RequestMember)
        .where(RequestMember.request_id == row.id)
        .where(RequestMember.resident_id == resident_id)
        .execution_options(synchronize_session=False)
    )
    _household_changed(ctx, row, "member_removed")


def _household_changed(ctx: Context, row: HousingRequest, what: str) -> None:
    of_request = RequestMember.request_id == row.id
    size = ctx.db.scalar(select(func.count()).select_from(RequestMember).where(of_request))
    no_steps = ctx.db.scalar(
        select(func.count())
        .select_from(RequestMember)
        .join(Resident, Resident.id == RequestMember.resident_id)
        .where(of_request, Resident.needs_no_steps.is_(True))
    )
    row.size = size or 0
    if no_steps and Need.STEP_FREE not in row.needs:
        row.needs = sorted([*row.needs, Need.STEP_FREE.value])
    ctx.db.flush()
    free_of_request(ctx, row.id)
    note(ctx, row, what, person_id=_account_of(ctx, row))


def withdraw_request(ctx: Context, request_id: UUID) -> None:
    """They look no longer, and say so. RequestClosed where it was answered before."""
    row = _waiting(asked_for(ctx, request_id, holding=True))
    row.state, row.closed_at = RequestState.WITHDRAWN, ctx.now()
    ctx.db.flush()
    free_of_request(ctx, row.id)
    note(ctx, row, "withdrawn", person_id=_account_of(ctx, row))


def _waiting(row: HousingRequest) -> HousingRequest:
    if row.state is not RequestState.WAITING:
        raise RequestClosed
    return row


def _account_of(ctx: Context, row: HousingRequest) -> UUID | None:
    return ctx.db.get_one(Resident, row.resident_id).person_id
