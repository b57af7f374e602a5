"""From one state to another, and who is on the team."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select, update

from civic.accounts.models import RoleGrant
from civic.cases.access import TEAM_ROLES, Access, CaseRole, Data, is_backed
from civic.cases.errors import (
    ConsentMissing,
    EndingMissing,
    LeadMissing,
    MoveNotAllowed,
    NotOfThatTrade,
    NotYours,
)
from civic.cases.models import CaseAccess, CaseConsent, CaseFile, CaseMove
from civic.cases.operations import trail
from civic.cases.operations.files import give
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.states import COUNTED, CaseState, Ending, may_move
from civic.cases.vocabulary import Purpose
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.vault import Spot


def hold(ctx: Context, case_id: UUID) -> CaseFile:
    """The row, held until the end: what follows is asked and decided by one after the other."""
    row = ctx.db.scalars(
        select(CaseFile)
        .where(CaseFile.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is not None and row.merged_into_id is not None:
        return hold(ctx, row.merged_into_id)
    if row is None:
        raise NotFound
    return row


def move(
    ctx: Context, case_id: UUID, to: CaseState, *, ending: Ending | None = None, why: str = ""
) -> None:
    """Allowed moves only. Beginning an intake is open to whoever writes who the person is; every other
    move is the lead's."""
    row = hold(ctx, case_id)
    case = case_for(ctx, case_id)
    if to is CaseState.INTAKE:
        case.require(Data.IDENTITY, Access.WRITE)
    else:
        case.require_lead()
    if not may_move(row.state, to):
        raise MoveNotAllowed
    if to is CaseState.CLOSED and ending is None:
        raise EndingMissing
    if to in COUNTED:
        _check_taking_charge(ctx, case)
        row.first_counted_on = row.first_counted_on or rome_day(ctx.now())
        _end_street_and_desk(ctx, case)
    move_id = ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    ctx.db.add(
        CaseMove(
            id=move_id,
            municipality_id=case.municipality_id,
            case_id=case.id,
            from_state=row.state,
            to_state=to,
            ending=ending if to is CaseState.CLOSED else None,
            moved_at=ctx.now(),
            moved_by=ctx.actor.person_id,
            sealed=key.seal(Spot("case_move", move_id), why) if why else None,
        )
    )
    row.state, row.state_since = to, ctx.now()
    ctx.db.flush()
    trail.note(ctx, case, "moved", to=to.value)


def _check_taking_charge(ctx: Context, case: CaseFacts) -> None:
    """Taking charge needs the person's yes and somebody who answers for the case."""
    said_yes = ctx.db.scalars(
        select(CaseConsent.id)
        .where(CaseConsent.case_id == case.id, CaseConsent.purpose == Purpose.TAKING_CHARGE)
        .where(CaseConsent.withdrawn_at.is_(None))
    ).first()
    if said_yes is None:
        raise ConsentMissing
    if not _standing(ctx, case.id, CaseRole.CASE_LEAD):
        raise LeadMissing


def _end_street_and_desk(ctx: Context, case: CaseFacts) -> None:
    """From now on the team knows; the lead may ask the mobile unit back."""
    ctx.db.execute(
        update(CaseAccess)
        .where(CaseAccess.case_id == case.id)
        .where(CaseAccess.role.in_([CaseRole.MOBILE_UNIT, CaseRole.DESK]))
        .where(or_(CaseAccess.until.is_(None), CaseAccess.until > ctx.now()))
        .values(until=ctx.now())
    )


def _standing(ctx: Context, case_id: UUID, role: CaseRole) -> Sequence[CaseAccess]:
    return ctx.db.scalars(
        select(CaseAccess)
        .where(CaseAccess.case_id == case_id, CaseAccess.role == role)
        .where(CaseAccess.is_emergency.is_(False))
        .where(or_(CaseAccess.until.is_(None), CaseAccess.until > ctx.now()))
    ).all()


def hand_to_lead(ctx: Context, case_id: UUID, worker_id: UUID) -> None:
    """The desk or the street passes a case to who will lead it; a lead passes it on to a colleague,
    and is then no longer on it."""
    hold(ctx, case_id)
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    held = _standing(ctx, case.id, CaseRole.CASE_LEAD)
    if held and not case.leads:
        raise NotYours
    _check_trade(ctx, case, CaseRole.CASE_LEAD, worker_id)
    for row in held:
        row.until = ctx.now()
    give(ctx, case.id, case.municipality_id, CaseRole.CASE_LEAD, worker_id)
    trail.note(ctx, case, "handed_on", thing_id=worker_id)


def join_team(ctx: Context, case_id: UUID, role: CaseRole, person_id: UUID | None) -> None:
    """The lead asks somebody onto the team, or the mobile unit back (nobody named)."""
    hold(ctx, case_id)
    case = case_for(ctx, case_id)
    case.require_lead()
    if role is CaseRole.MOBILE_UNIT:
        person_id = None
    elif person_id is None or role not in TEAM_ROLES or role is CaseRole.CASE_LEAD:
        raise NotFound
    else:
        _check_trade(ctx, case, role, person_id)
    if any(row.person_id == person_id for row in _standing(ctx, case.id, role)):
        return
    give(ctx, case.id, case.municipality_id, role, person_id)
    trail.note(ctx, case, "team_changed", thing_id=person_id, role=role.value)


def leave_team(ctx: Context, case_id: UUID, access_id: UUID) -> None:
    """From this moment they open nothing of the case any more. The lead is handed on, not taken off."""
    case = case_for(ctx, case_id)
    case.require_lead()
    row = ctx.db.scalars(
        select(CaseAccess).where(CaseAccess.id == access_id, CaseAccess.case_id == case.id)
    ).first()
    if row is None or row.role is CaseRole.CASE_LEAD:
        raise NotFound
    if row.until is None or row.until > ctx.now():
        row.until = ctx.now()
    trail.note(ctx, case, "team_changed", thing_id=row.person_id, role=row.role.value)


def _check_trade(ctx: Context, case: CaseFacts, role: CaseRole, person_id: UUID) -> None:
    held = ctx.db.execute(
        select(RoleGrant.role, RoleGrant.discipline)
        .where(RoleGrant.person_id == person_id)
        .where(RoleGrant.municipality_id == case.municipality_id)
    ).all()
    if not any(is_backed(role, each.role, each.discipline) for each in held):
        raise NotOfThatTrade
