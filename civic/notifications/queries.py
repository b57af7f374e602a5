from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts.rules import ContactKind
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel import outbox
from civic.kernel.context import Context
from civic.notifications.models import Message
from civic.notifications.policy import LOOK_AFTER
from civic.notifications.rules import MAX_TRIES, REMINDER_LEAD, MessageKind

MAILBOX_PAGE = 50


@dataclass(frozen=True)
class MessageRow:
    id: UUID
    kind: MessageKind
    channel: ContactKind
    address: str
    language: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class StuckEvent:
    id: UUID
    name: str
    happened_at: datetime
    tries: int
    failure: str


@dataclass(frozen=True)
class Failures:
    """What an administrator has to look at."""

    events: tuple[StuckEvent, ...]
    undeliverable: int
    waiting: int


@dataclass(frozen=True)
class BookingNow:
    state: BookingState
    changed_at: datetime


def booking_now(ctx: Context, session_id: UUID, person_id: UUID) -> BookingNow | None:
    """Where a person stands at this moment: between an event and its telling things can change."""
    row = ctx.db.execute(
        select(Booking.state, Booking.changed_at)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == person_id)
    ).first()
    return BookingNow(row.state, row.changed_at) if row else None


def places_tomorrow(ctx: Context) -> list[tuple[UUID, datetime, UUID]]:
    """Session, its start, and a person with a place, for sessions of the coming day."""
    now = ctx.now()
    rows = ctx.db.execute(
        select(ProjectSession.id, ProjectSession.starts_at, Booking.person_id)
        .join(Booking, Booking.session_id == ProjectSession.id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at > now)
        .where(ProjectSession.starts_at <= now + REMINDER_LEAD)
        .where(Booking.state == BookingState.CONFIRMED)
        .order_by(ProjectSession.starts_at, ProjectSession.id, Booking.queued_at, Booking.id)
    )
    return [(row.id, row.starts_at, row.person_id) for row in rows]


def told(ctx: Context, once_keys: Sequence[str]) -> set[str]:
    """Those of the keys under which a message was already written."""
    found: set[str] = set()
    step = 500
    for start in range(0, len(once_keys), step):
        found.update(
            ctx.db.scalars(
                select(Message.once_key).where(
                    Message.once_key.in_(once_keys[start : start + step])
                )
            )
        )
    return found


def mailbox(ctx: Context, address: str = "") -> list[MessageRow]:
    """The newest messages, to addresses that hold these letters. For demonstrations alone: the
    view that shows them is absent elsewhere."""
    rows = ctx.db.execute(
        select(
            Message.id,
            Message.kind,
            Message.channel,
            Message.address,
            Message.language,
            Message.subject,
            Message.body,
            Message.created_at,
            Message.sent_at,
        )
        .where(Message.address.icontains(address, autoescape=True))
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(MAILBOX_PAGE)
    )
    return [MessageRow(*row) for row in rows]


def failures(ctx: Context) -> Failures:
    LOOK_AFTER.require(ctx.actor)
    unsent = select(func.count()).select_from(Message).where(Message.sent_at.is_(None))
    return Failures(
        events=tuple(
            StuckEvent(event.id, event.name, event.happened_at, event.tries, event.failure or "")
            for event in outbox.exhausted(ctx)
        ),
        undeliverable=ctx.db.scalar(unsent.where(Message.tries >= MAX_TRIES)) or 0,
        waiting=ctx.db.scalar(unsent.where(Message.tries < MAX_TRIES)) or 0,
    )
