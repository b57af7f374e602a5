"""Taking a number, calling the next, and what became of whoever was called."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from civic.cases.desk_models import Ticket, TicketDay
from civic.cases.errors import TicketMoved
from civic.cases.policy import WORK_AT_DESK
from civic.cases.queries.queue import TicketRow, ticket_for, ticket_row
from civic.cases.rules import NEXT_STATES, Reason, TicketState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


@dataclass(frozen=True)
class NewTicket:
    municipality_id: UUID
    language: str
    reason: Reason
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def take_ticket(ctx: Context, new: NewTicket) -> UUID:
    """The next number of the day, without a gap: whoever takes one holds the day's row."""
    WORK_AT_DESK.require(ctx.actor, Place(municipality_id=new.municipality_id))
    ticket_id = new.id or ctx.new_id()
    number = _next_number(ctx, new.municipality_id)
    if new.id is not None and _is_there(ctx, new, ticket_id):
        _give_back(ctx, new.municipality_id)
        return ticket_id
    ctx.db.add(
        Ticket(
            id=ticket_id,
            municipality_id=new.municipality_id,
            day=rome_day(ctx.now()),
            number=number,
            language=new.language,
            reason=new.reason,
            state=TicketState.WAITING,
            taken_at=ctx.now(),
        )
    )
    ctx.db.flush()
    return ticket_id


def _is_there(ctx: Context, new: NewTicket, ticket_id: UUID) -> bool:
    row = ctx.db.scalars(select(Ticket).where(Ticket.id == ticket_id)).first()
    if row is not None and row.municipality_id != new.municipality_id:
        raise NotFound
    return row is not None


def _next_number(ctx: Context, municipality_id: UUID) -> int:
    today = rome_day(ctx.now())
    insert_once(
        ctx.db,
        TicketDay,
        id=ctx.new_id(),
        municipality_id=municipality_id,
        day=today,
        last_number=0,
    )
    return _move(ctx, municipality_id, 1)


def _give_back(ctx: Context, municipality_id: UUID) -> None:
    _move(ctx, municipality_id, -1)


def _move(ctx: Context, municipality_id: UUID, by: int) -> int:
    return ctx.db.scalars(
        update(TicketDay)
        .where(TicketDay.municipality_id == municipality_id)
        .where(TicketDay.day == rome_day(ctx.now()))
        .values(last_number=TicketDay.last_number + by)
        .returning(TicketDay.last_number)
        .execution_options(synchronize_session=False)
    ).one()


def call_next(
    ctx: Context, municipality_id: UUID, counter: str, language: str = ""
) -> TicketRow | None:
    """The one who has waited longest, of those who want that language when one is named. Two desks
    that call at once call two people. None when nobody waits."""
    WORK_AT_DESK.require(ctx.actor, Place(municipality_id=municipality_id))
    waiting = (
        select(Ticket)
        .where(Ticket.municipality_id == municipality_id, Ticket.day == rome_day(ctx.now()))
        .where(Ticket.state == TicketState.WAITING)
        .order_by(Ticket.number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if language:
        waiting = waiting.where(Ticket.language == language)
    row = ctx.db.scalars(waiting).first()
    if row is None:
        return None
    row.state, row.called_at, row.counter = TicketState.CALLED, ctx.now(), counter
    ctx.db.flush()
    return ticket_row(ctx, row)


def mark_ticket(ctx: Context, ticket_id: UUID, state: TicketState) -> None:
    """Done, absent, or back in the queue with the same number."""
    ticket = ticket_for(ctx, ticket_id)
    before = [each for each, after in NEXT_STATES.items() if state in after]
    is_back = state is TicketState.WAITING
    moved = ctx.db.scalar(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.state.in_(before))
        .values(
            state=state,
            called_at=None if is_back else Ticket.called_at,
            counter="" if is_back else Ticket.counter,
            closed_at=None if is_back else ctx.now(),
        )
        .returning(Ticket.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise TicketMoved
