"""Who waits, in the order in which they are helped: by their criteria and the weeks of waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from civic.housing.models import Unit
from civic.housing.placing_models import HousingRequest, Proposal, Resident
from civic.housing.queries.fitting import Waiting, people_of, who_fits
from civic.housing.queries.gate import is_visible
from civic.housing.queries.requests import works_there
from civic.housing.rules.fitting import Reason
from civic.housing.rules.placing import (
    Criterion,
    Need,
    Priority,
    ProposalState,
    RequestState,
    Urgency,
    priority_of,
)
from civic.housing.sealing import words_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

MOST = 50
"""On one page: a name is opened for each."""
STANDING = (
    HousingRequest.id,
    HousingRequest.resident_id,
    HousingRequest.state,
    HousingRequest.size,
    HousingRequest.urgency,
    HousingRequest.needs,
    HousingRequest.criteria,
    HousingRequest.wanted_from,
    HousingRequest.opened_at,
)


@dataclass(frozen=True)
class Wanted:
    """Which of the list somebody wants to see."""

    size: int | None = None
    unit_id: UUID | None = None
    """Only whom this dwelling would suit, on these days."""
    first: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class WaitingRow:
    id: UUID
    place: int
    """On the list as it is asked for, from 1."""
    name: str
    state: RequestState
    size: int
    minors: int
    urgency: Urgency
    needs: tuple[Need, ...]
    priority: Priority
    wanted_from: date
    since: datetime
    proposed: int
    """Proposals that wait for an answer."""
    reasons: tuple[Reason, ...] = ()
    """Why a dwelling suits them, where it was asked for."""


@dataclass(frozen=True)
class WaitingList:
    rows: Sequence[WaitingRow]
    total: int
    people: int


def waiting_list(
    ctx: Context,
    municipality_id: UUID,
    wanted: Wanted | None = None,
    *,
    page: int = 1,
    most: int = MOST,
) -> WaitingList:
    """All who wait in the city, for its housing officers; for others what they opened themselves, in
    whatever state it is. As many statements for one household as for a thousand."""
    wanted = wanted or Wanted()
    statement = select(*STANDING).where(HousingRequest.municipality_id == municipality_id)
    if works_there(ctx, municipality_id):
        statement = statement.where(HousingRequest.state == RequestState.WAITING)
    else:
        statement = statement.where(HousingRequest.opened_by == ctx.actor.own_id)
    if wanted.size is not None:
        statement = statement.where(HousingRequest.size == wanted.size)
    today = rome_day(ctx.now())
    fitting: dict[UUID, Waiting] | None = None
    if wanted.unit_id is not None:
        fitting = who_fits(ctx, wanted.unit_id, wanted.first or today, wanted.until)
    rows = [
        (row, _priority(row, today))
        for row in ctx.db.execute(statement)
        if fitting is None or row.id in fitting
    ]
    rows.sort(key=lambda each: (-each[1].points, each[0].opened_at, each[0].id))
    shown = rows[(page - 1) * most : page * most]
    names = _names(ctx, municipality_id, [row.resident_id for row, _ in shown])
    people = people_of(ctx, [row.id for row, _ in shown])
    proposed = _proposed(ctx, [row.id for row, _ in shown])
    return WaitingList(
        [
            WaitingRow(
                id=row.id,
                place=place,
                name=names.get(row.resident_id, ""),
                state=row.state,
                size=row.size,
                minors=sum(each.is_minor_on(today) for each in people.get(row.id, {}).values()),
                urgency=row.urgency,
                needs=tuple(Need(each) for each in row.needs),
                priority=priority,
                wanted_from=row.wanted_from,
                since=row.opened_at,
                proposed=proposed.get(row.id, 0),
                reasons=fitting[row.id].reasons if fitting else (),
            )
            for place, (row, priority) in enumerate(shown, start=(page - 1) * most + 1)
        ],
        len(rows),
        sum(row.size for row, _ in rows),
    )


def _priority(row: Row[*tuple[Any, ...]], today: date) -> Priority:
    criteria = [Criterion(each) for each in row.criteria]
    return priority_of(criteria, rome_day(row.opened_at), today)


def _names(ctx: Context, municipality_id: UUID, resident_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = ctx.db.execute(
        select(Resident.id, Resident.sealed).where(Resident.id.in_(set(resident_ids)))
    )
    return {
        row.id: words_of(ctx, municipality_id, row.id, Resident, row.id, row.sealed).get("name", "")
        for row in rows
    }


def _proposed(ctx: Context, request_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = ctx.db.execute(
        select(Proposal.request_id, func.count())
        .join(Unit, Unit.id == Proposal.unit_id)
        .where(Proposal.request_id.in_(request_ids), Proposal.state == ProposalState.OPEN)
        .where(is_visible(ctx))
        .group_by(Proposal.request_id)
    )
    return {row[0]: row[1] for row in rows}
