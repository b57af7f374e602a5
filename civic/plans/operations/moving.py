"""A plan that is to go along with its person to another city: proposed, agreed to, called back.

Nothing leaves the city before the person has agreed to just what they saw.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.outbox import emit
from civic.plans.endings import ArrivalState, MoveState
from civic.plans.errors import (
    ArrivalTaken,
    ConsentMissing,
    MoveDecided,
    MoveNowhere,
    MoveUnderWay,
    ParcelChanged,
)
from civic.plans.events import PlanSent
from civic.plans.models import PlanArrival, PlanMove
from civic.plans.operations.trail import record_change, record_reading
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, plan_for
from civic.plans.queries.moves import MoveRow, move_for, moves_of, own_move
from civic.plans.queries.parcels import Parcel, digest, parcel_of
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class Consent:
    seen: str
    """The digest of what was shown."""
    language: str
    """In which the person read or heard it."""


@dataclass(frozen=True)
class MovePage:
    plan: PlanFacts
    moves: tuple[MoveRow, ...]
    parcel: Parcel
    """What would go along now; or what does, once the person has agreed."""

    @property
    def under_way(self) -> MoveRow | None:
        return next((move for move in self.moves if move.is_under_way), None)


def read_moves(ctx: Context, plan_id: UUID) -> MovePage:
    """For the case worker; that the plan was read is on record, so this is a change."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS, closed_too=True)
    record_reading(ctx, plan)
    moves = moves_of(ctx, [plan.id]).get(plan.id, [])
    return MovePage(plan, tuple(moves), _parcel(ctx, plan, moves))


def own_move_page(ctx: Context, move_id: UUID) -> MovePage:
    """For the person."""
    plan, move = own_move(ctx, move_id, closed_too=True)
    return MovePage(plan, (move,), _parcel(ctx, plan, [move]))


def _parcel(ctx: Context, plan: PlanFacts, moves: list[MoveRow]) -> Parcel:
    agreed = next((move for move in moves if move.state is MoveState.AGREED), None)
    return agreed.parcel if agreed else parcel_of(ctx, plan)


def propose_move(ctx: Context, plan_id: UUID, municipality_id: UUID) -> UUID:
    """Ask the person whether their plan goes along; the same proposal sent twice is one."""
    plan = plan_for(ctx, plan_id, WORK_ON_PLANS)
    cities = {city.id for city in tenancy.municipalities(ctx)} - {plan.municipality_id}
    if municipality_id not in cities:
        raise MoveNowhere
    move_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        PlanMove,
        id=move_id,
        municipality_id=plan.municipality_id,
        plan_id=plan.id,
        to_municipality_id=municipality_id,
        proposed_by=ctx.actor.own_id,
        proposed_at=ctx.now(),
        state=MoveState.PROPOSED,
        parcel={},
    )
    if not is_new:
        moves = moves_of(ctx, [plan.id]).get(plan.id, [])
        there = next((move for move in moves if move.is_under_way), None)
        if there is None or there.to_id != municipality_id:
            raise MoveUnderWay
        return there.id
    record_change(ctx, plan, "move_proposed", move=move_id)
    return move_id


def agree_to_move(ctx: Context, move_id: UUID, consent: Consent) -> None:
    """The person says yes on their own device."""
    plan, move = own_move(ctx, move_id)
    _send(ctx, plan, move, consent)


def record_agreement(
    ctx: Context, plan_id: UUID, move_id: UUID, consent: Consent, *, agreed: bool
) -> None:
    """The person says yes in front of the case worker, who stands for that they did."""
    plan, move = move_for(ctx, plan_id, move_id, WORK_ON_PLANS)
    if not agreed:
        raise ConsentMissing
    _send(ctx, plan, move, consent)


def _send(ctx: Context, plan: PlanFacts, move: MoveRow, consent: Consent) -> None:
    parcel = move.parcel or parcel_of(ctx, plan)
    if consent.seen != digest(parcel):
        raise ParcelChanged
    is_first = _decide(
        ctx,
        move.id,
        MoveState.AGREED,
        parcel=parcel,
        language=consent.language,
        decided_by=ctx.actor.own_id,
    )
    if is_first:
        emit(ctx, PlanSent(municipality_id=move.to_id, move_id=move.id))
        record_change(ctx, plan, "move_agreed", move=move.id)


def refuse_move(ctx: Context, move_id: UUID) -> None:
    """The person says no, and nothing goes anywhere."""
    plan, move = own_move(ctx, move_id)
    if _decide(ctx, move.id, MoveState.REFUSED, decided_by=ctx.actor.own_id):
        record_change(ctx, plan, "move_refused", move=move.id)


def _decide(ctx: Context, move_id: UUID, state: MoveState, **values: Any) -> bool:
    """Once; the same answer sent twice is one."""
    decided = ctx.db.scalar(
        update(PlanMove)
        .where(PlanMove.id == move_id, PlanMove.state == MoveState.PROPOSED)
        .values(state=state, decided_at=ctx.now(), **values)
        .returning(PlanMove.id)
        .execution_options(synchronize_session=False)
    )
    if decided is None and _state(ctx, move_id) is not state:
        raise MoveDecided
    return decided is not None


def call_back(ctx: Context, plan_id: UUID, move_id: UUID) -> None:
    """The case worker takes a proposal back, or what is on its way: the person asked for it."""
    plan, move = move_for(ctx, plan_id, move_id, WORK_ON_PLANS, closed_too=True)
    _call_back(ctx, plan, move)


def call_back_own(ctx: Context, move_id: UUID) -> None:
    """The person has thought better of it: possible until somebody has taken the plan on."""
    plan, move = own_move(ctx, move_id, closed_too=True)
    _call_back(ctx, plan, move)


def _call_back(ctx: Context, plan: PlanFacts, move: MoveRow) -> None:
    if not _end(ctx, move.id, MoveState.PROPOSED):
        if not _end(ctx, move.id, MoveState.AGREED):
            state = _state(ctx, move.id)
            if state is not MoveState.CALLED_BACK:
                raise ArrivalTaken if state is MoveState.TAKEN else MoveDecided
            return
        with unscoped(ctx.db, "a person calls back what they sent to another city"):
            _stop(ctx, plan, move)
    record_change(ctx, plan, "move_called_back", move=move.id)


def _end(ctx: Context, move_id: UUID, state: MoveState) -> bool:
    ended = ctx.db.scalar(
        update(PlanMove)
        .where(PlanMove.id == move_id, PlanMove.state == state)
        .values(state=MoveState.CALLED_BACK, parcel={}, ended_at=ctx.now())
        .returning(PlanMove.id)
        .execution_options(synchronize_session=False)
    )
    return ended is not None


def _stop(ctx: Context, plan: PlanFacts, move: MoveRow) -> None:
    """Over there it is taken on or called back, whichever came first. Where it has not even arrived,
    a row in its place keeps it from arriving later."""
    is_ahead = insert_once(
        ctx.db,
        PlanArrival,
        id=ctx.new_id(),
        municipality_id=move.to_id,
        move_id=move.id,
        person_id=plan.person_id,
        from_municipality_id=plan.municipality_id,
        parcel={},
        agreed_at=move.decided_at or ctx.now(),
        arrived_at=ctx.now(),
        state=ArrivalState.CALLED_BACK,
        ended_at=ctx.now(),
    )
    if is_ahead:
        return
    stopped = ctx.db.scalar(
        update(PlanArrival)
        .where(PlanArrival.move_id == move.id, PlanArrival.state == ArrivalState.WAITING)
        .values(state=ArrivalState.CALLED_BACK, parcel={}, ended_at=ctx.now())
        .returning(PlanArrival.id)
        .execution_options(synchronize_session=False)
    )
    if stopped is None:
        raise ArrivalTaken


def _state(ctx: Context, move_id: UUID) -> MoveState:
    return ctx.db.get_one(PlanMove, move_id, populate_existing=True).state
