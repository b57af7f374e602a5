"""Who waits at the desk today, by number; and what the screen in the hall shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.cases.desk_models import Ticket
from civic.cases.policy import WORK_AT_DESK
from civic.cases.rules import Reason, TicketState, minutes_waited
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.tenancy.queries.standings import City

SHOWN = 6
"""Numbers on the screen, the newest first."""


@dataclass(frozen=True)
class TicketRow:
    id: UUID
    municipality_id: UUID
    number: int
    language: str
    reason: Reason
    state: TicketState
    taken_at: datetime
    called_at: datetime | None
    counter: str
    minutes: int
    """How long they have waited, or did until they were called."""


@dataclass(frozen=True)
class Queue:
    waiting: tuple[TicketRow, ...]
    """Whose turn comes first, first."""
    called: tuple[TicketRow, ...]
    absent: tuple[TicketRow, ...]
    done: int
    """How many of the day."""


def queue_of(ctx: Context, municipality_id: UUID) -> Queue:
    """Of today; two statements."""
    WORK_AT_DESK.require(ctx.actor, Place(municipality_id=municipality_id))
    today = rome_day(ctx.now())
    rows = ctx.db.scalars(
        select(Ticket)
        .where(Ticket.municipality_id == municipality_id, Ticket.day == today)
        .where(Ticket.state != TicketState.DONE)
        .order_by(Ticket.number)
    )
    found = [ticket_row(ctx, row) for row in rows]
    done = ctx.db.scalar(
        select(func.count(Ticket.id))
        .where(Ticket.municipality_id == municipality_id, Ticket.day == today)
        .where(Ticket.state == TicketState.DONE)
    )
    return Queue(
        waiting=_in(found, TicketState.WAITING),
        called=_in(found, TicketState.CALLED),
        absent=_in(found, TicketState.ABSENT),
        done=int(done or 0),
    )


def _in(rows: Sequence[TicketRow], state: TicketState) -> tuple[TicketRow, ...]:
    return tuple(row for row in rows if row.state is state)


def ticket_row(ctx: Context, row: Ticket) -> TicketRow:
    return TicketRow(
        row.id,
        row.municipality_id,
        row.number,
        row.language,
        row.reason,
        row.state,
        row.taken_at,
        row.called_at,
        row.counter,
        minutes_waited(row.taken_at, row.called_at or ctx.now()),
    )


def ticket_for(ctx: Context, ticket_id: UUID) -> TicketRow:
    """The gate: a number of a city in which the actor works at the desk."""
    row = ctx.db.scalars(select(Ticket).where(Ticket.id == ticket_id)).first()
    if row is None:
        raise NotFound
    WORK_AT_DESK.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return ticket_row(ctx, row)


def before(ctx: Context, ticket: TicketRow) -> int:
    """How many wait whose turn comes earlier."""
    counted = ctx.db.scalar(
        select(func.count(Ticket.id))
        .where(Ticket.municipality_id == ticket.municipality_id)
        .where(Ticket.day == rome_day(ctx.now()))
        .where(Ticket.state == TicketState.WAITING, Ticket.number < ticket.number)
    )
    return int(counted or 0)


@dataclass(frozen=True)
class Called:
    number: int
    counter: str


@dataclass(frozen=True)
class Board:
    """For everybody in the hall: numbers alone."""

    called: tuple[Called, ...]
    waiting: int


def board_of(ctx: Context, city: City) -> Board:
    today = rome_day(ctx.now())
    with unscoped(ctx.db, "the screen in the hall shows numbers to everybody"):
        called = ctx.db.execute(
            select(Ticket.number, Ticket.counter)
            .where(Ticket.municipality_id == city.id, Ticket.day == today)
            .where(Ticket.state == TicketState.CALLED)
            .order_by(Ticket.called_at.desc(), Ticket.number.desc())
            .limit(SHOWN)
        ).all()
        waiting = ctx.db.scalar(
            select(func.count(Ticket.id))
            .where(Ticket.municipality_id == city.id, Ticket.day == today)
            .where(Ticket.state == TicketState.WAITING)
        )
    return Board(tuple(Called(row.number, row.counter) for row in called), int(waiting or 0))
