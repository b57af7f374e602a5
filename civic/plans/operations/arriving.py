"""A plan that came along with its person: received, taken on by one case worker, and closed where
it came from."""

from datetime import date
from uuid import UUID

from sqlalchemy import update

from civic.accounts import operations as accounts
from civic.audit import operations as audit
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.outbox import emit
from civic.plans.endings import ArrivalState, MoveState, Outcome
from civic.plans.errors import ArrivalGone, ArrivalTaken, PlanElsewhere
from civic.plans.events import PlanTakenOn
from civic.plans.models import Plan, PlanArrival, PlanMove
from civic.plans.operations.closing import End, conclude
from civic.plans.operations.unpacking import unpack
from civic.plans.queries.gate import plan_of
from civic.plans.queries.moves import ArrivalFacts, arrival_for


def receive_plan(ctx: Context, municipality_id: UUID, move_id: UUID) -> bool:
    """In the city it goes to. What was called back meanwhile does not arrive."""
    with unscoped(ctx.db, "a plan that its person sent along to this city"):
        move = ctx.db.get(PlanMove, move_id)
        plan = ctx.db.get(Plan, move.plan_id) if move else None
    if move is None or plan is None or move.state is not MoveState.AGREED:
        return False
    if move.to_municipality_id != municipality_id or move.decided_at is None:
        return False
    return insert_once(
        ctx.db,
        PlanArrival,
        id=ctx.new_id(),
        municipality_id=municipality_id,
        move_id=move.id,
        person_id=plan.person_id,
        from_municipality_id=plan.municipality_id,
        parcel=dict(move.parcel),
        agreed_at=move.decided_at,
        arrived_at=ctx.now(),
        state=ArrivalState.WAITING,
    )


def take_on(ctx: Context, arrival_id: UUID) -> UUID:
    """Whoever comes first follows the person from now on, and the city knows them. Where the same
    case worker has begun a plan with them already, it goes into that one."""
    arrival = arrival_for(ctx, arrival_id)
    if arrival.state is ArrivalState.TAKEN:
        if arrival.taken_by != ctx.actor.person_id or arrival.plan_id is None:
            raise ArrivalTaken
        return arrival.plan_id
    if arrival.state is ArrivalState.CALLED_BACK:
        raise ArrivalGone
    plan_id = _plan_for(ctx, arrival)
    accounts.note_in_city(ctx, arrival.person_id, arrival.municipality_id)
    unpack(ctx, plan_id, arrival.municipality_id, arrival.parcel)
    ctx.db.execute(
        update(PlanArrival)
        .where(PlanArrival.id == arrival.id)
        .values(
            state=ArrivalState.TAKEN,
            taken_by=ctx.actor.own_id,
            plan_id=plan_id,
            parcel={},
            ended_at=ctx.now(),
        )
        .execution_options(synchronize_session=False)
    )
    emit(
        ctx,
        PlanTakenOn(
            municipality_id=arrival.from_municipality_id,
            move_id=arrival.move_id,
            taken_on=rome_day(ctx.now()),
        ),
    )
    audit.record(
        ctx,
        arrival.municipality_id,
        "plan.taken_on",
        subject_id=arrival.person_id,
        thing_id=plan_id,
    )
    return plan_id


def _plan_for(ctx: Context, arrival: ArrivalFacts) -> UUID:
    plan_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Plan,
        id=plan_id,
        municipality_id=arrival.municipality_id,
        person_id=arrival.person_id,
        case_worker_id=ctx.actor.own_id,
        agreed_at=arrival.agreed_at,
        opened_at=ctx.now(),
    )
    if is_new:
        return plan_id
    there = plan_of(ctx, arrival.person_id, arrival.municipality_id)
    if there is None or there.case_worker_id != ctx.actor.person_id:
        raise PlanElsewhere
    return there.id


def finish_move(ctx: Context, move_id: UUID, taken_on: date) -> None:
    """In the city it came from: somebody else follows the person now, so the plan ends here."""
    move = ctx.db.get(PlanMove, move_id)
    if move is None or move.state is not MoveState.AGREED:
        return
    plan = ctx.db.get_one(Plan, move.plan_id)
    # The plan first, as everybody does who closes one or sends one on its way.
    end = End(Outcome.MOVED, taken_on)
    closing_id = conclude(ctx, plan.id, plan.municipality_id, end, move.proposed_by)
    ctx.db.execute(
        update(PlanMove)
        .where(PlanMove.id == move_id)
        .values(state=MoveState.TAKEN, ended_at=ctx.now())
        .execution_options(synchronize_session=False)
    )
    if closing_id is not None:
        audit.record(
            ctx,
            plan.municipality_id,
            "plan.changed",
            subject_id=plan.person_id,
            thing_id=plan.id,
            details={"what": "moved", "move": str(move_id)},
        )
