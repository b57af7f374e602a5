"""Plans on their way from one city to another, seen from both."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place, Role
from civic.plans.endings import ArrivalState, MoveState
from civic.plans.models import PlanArrival, PlanMove
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.gate import PlanFacts, own_plan, plan_for
from civic.plans.queries.parcels import Parcel
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class MoveRow:
    id: UUID
    plan_id: UUID
    to_id: UUID
    to_name: str
    state: MoveState
    proposed_at: datetime
    parcel: Parcel
    """Empty until the person has agreed."""
    decided_at: datetime | None
    language: str | None
    decided_by: UUID | None
    decided_by_name: str
    ended_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        return self.state in (MoveState.PROPOSED, MoveState.AGREED)


def moves_of(ctx: Context, plan_ids: Collection[UUID]) -> dict[UUID, list[MoveRow]]:
    """Of plans that came through a gate, the newest first."""
    found: dict[UUID, list[MoveRow]] = defaultdict(list)
    rows = ctx.db.scalars(
        select(PlanMove)
        .where(PlanMove.plan_id.in_(plan_ids))
        .order_by(PlanMove.proposed_at.desc(), PlanMove.id)
        .execution_options(populate_existing=True)
    ).all()
    for row in _move_rows(ctx, rows):
        found[row.plan_id].append(row)
    return found


def move_for(
    ctx: Context, plan_id: UUID, move_id: UUID, permission: Permission, *, closed_too: bool = False
) -> tuple[PlanFacts, MoveRow]:
    """The gate of the case worker: a move of a plan of theirs."""
    plan = plan_for(ctx, plan_id, permission, closed_too=closed_too)
    move = _move(ctx, move_id)
    if move.plan_id != plan.id:
        raise NotFound
    return plan, move


def own_move(ctx: Context, move_id: UUID, *, closed_too: bool = False) -> tuple[PlanFacts, MoveRow]:
    """The gate of the person: a move of a plan about them."""
    move = _move(ctx, move_id)
    return own_plan(ctx, move.plan_id, closed_too=closed_too), move


def _move(ctx: Context, move_id: UUID) -> MoveRow:
    rows = ctx.db.scalars(
        select(PlanMove).where(PlanMove.id == move_id).execution_options(populate_existing=True)
    ).all()
    if not rows:
        raise NotFound
    return _move_rows(ctx, rows)[0]


def _move_rows(ctx: Context, rows: Sequence[PlanMove]) -> list[MoveRow]:
    if not rows:
        return []
    cities = tenancy.city_names(ctx, (row.to_municipality_id for row in rows))
    people = accounts.names(ctx, (row.decided_by for row in rows if row.decided_by))
    return [
        MoveRow(
            id=row.id,
            plan_id=row.plan_id,
            to_id=row.to_municipality_id,
            to_name=cities.get(row.to_municipality_id, ""),
            state=row.state,
            proposed_at=row.proposed_at,
            parcel=dict(row.parcel),
            decided_at=row.decided_at,
            language=row.language,
            decided_by=row.decided_by,
            decided_by_name=people.get(row.decided_by, "") if row.decided_by else "",
            ended_at=row.ended_at,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ArrivalRow:
    """A plan that waits for a case worker of the city its person moved to. What stands in it they
    read once it is theirs."""

    id: UUID
    municipality_id: UUID
    municipality_name: str
    from_name: str
    person_name: str
    arrived_at: datetime


def arrivals(ctx: Context) -> list[ArrivalRow]:
    """In the cities whose case worker the actor is, the longest waiting first."""
    own = {g.municipality_id for g in ctx.actor.grants if g.role is Role.CASE_WORKER}
    rows = ctx.db.scalars(
        select(PlanArrival)
        .where(PlanArrival.municipality_id.in_([city for city in own if city]))
        .where(PlanArrival.state == ArrivalState.WAITING)
        .order_by(PlanArrival.arrived_at, PlanArrival.id)
    ).all()
    if not rows:
        return []
    people = accounts.names(ctx, (row.person_id for row in rows))
    cities = tenancy.city_names(
        ctx, (city for row in rows for city in (row.municipality_id, row.from_municipality_id))
    )
    return [
        ArrivalRow(
            row.id,
            row.municipality_id,
            cities.get(row.municipality_id, ""),
            cities.get(row.from_municipality_id, ""),
            people.get(row.person_id, ""),
            row.arrived_at,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ArrivalFacts:
    """An arrival behind its gate."""

    id: UUID
    move_id: UUID
    municipality_id: UUID
    from_municipality_id: UUID
    person_id: UUID
    agreed_at: datetime
    state: ArrivalState
    taken_by: UUID | None
    plan_id: UUID | None
    parcel: Parcel


def arrival_for(ctx: Context, arrival_id: UUID) -> ArrivalFacts:
    """The gate: any case worker of the city where it arrived. Whoever changes it holds it from
    here on."""
    row = ctx.db.scalars(
        select(PlanArrival)
        .where(PlanArrival.id == arrival_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    WORK_ON_PLANS.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return ArrivalFacts(
        row.id,
        row.move_id,
        row.municipality_id,
        row.from_municipality_id,
        row.person_id,
        row.agreed_at,
        row.state,
        row.taken_by,
        row.plan_id,
        dict(row.parcel),
    )
