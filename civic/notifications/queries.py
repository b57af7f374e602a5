from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts.rules import ContactKind
from civic.cases.queries.awaited import awaited
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel import outbox
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.notifications.models import Message
from civic.notifications.policy import LOOK_AFTER
from civic.notifications.rules import (
    AWAITED,
    FIRST_REMINDER,
    MAX_TRIES,
    MessageKind,
    Place,
    reminder_at,
    reminder_due,
)

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
    sequence: int
    """Counts its changes, so that the same thing told twice is told once."""
    offered_until: datetime | None


def booking_now(ctx: Context, session_id: UUID, person_id: UUID) -> BookingNow | None:
    """Where a person stands at this moment: between an event and its telling things can change."""
    row = ctx.db.execute(
        select(Booking.state, Booking.sequence, Booking.offered_until)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == person_id)
    ).first()
    return BookingNow(*row) if row else None


@dataclass(frozen=True)
class DueReminder:
    kind: MessageKind
    person_id: UUID
    place: Place

    @property
    def once_key(self) -> str:
        """With the hour in it: a session put off to another day is worth another reminder."""
        start = int(self.place.starts_at.timestamp())
        return f"{self.kind}:{self.place.session_id.hex}:{self.person_id.hex}:{start}"


def due_reminders(ctx: Context) -> list[DueReminder]:
    """What people with a place should hear now, in all cities, unless it was written already."""
    now = ctx.now()
    with unscoped(ctx.db, "reminders of all cities"):
        rows = ctx.db.execute(
            select(
                ProjectSession.id,
                ProjectSession.starts_at,
                Booking.person_id,
                Booking.changed_at,
                Booking.asked_again_at,
            )
            .join(Booking, Booking.session_id == ProjectSession.id)
            .where(ProjectSession.state == SessionState.SCHEDULED)
            .where(ProjectSession.starts_at > now)
            .where(ProjectSession.starts_at <= now + FIRST_REMINDER)
            .where(Booking.state == BookingState.CONFIRMED)
            .order_by(ProjectSession.starts_at, ProjectSession.id, Booking.queued_at, Booking.id)
        ).all()
    due = []
    for row in rows:
        told_at = max(row.changed_at, row.asked_again_at or row.changed_at)
        kind = reminder_due(row.starts_at, told_at, now)
        if kind is not None:
            due.append(DueReminder(kind, row.person_id, Place(row.id, row.starts_at)))
    written = told(ctx, [reminder.once_key for reminder in due])
    return [reminder for reminder in due if reminder.once_key not in written]


def still_holds(ctx: Context, message: Message) -> bool:
    """Whether a reminder that waited to be sent is still true, still wanted and still in time."""
    if message.kind in AWAITED:
        appointment_id = UUID(hex=message.once_key.rpartition(":")[2])
        with unscoped(ctx.db, "a message about an appointment, wherever it is"):
            return awaited(ctx, appointment_id) is not None
    starts_at = message.session_starts_at
    if starts_at is None:
        return True
    if reminder_at(starts_at, ctx.now()) is not message.kind:
        return False
    with unscoped(ctx.db, "a reminder to whoever has a place, wherever it is"):
        found = ctx.db.scalar(
            select(Booking.id)
            .join(ProjectSession, ProjectSession.id == Booking.session_id)
            .where(Booking.session_id == message.session_id)
            .where(Booking.person_id == message.person_id)
            .where(Booking.state == BookingState.CONFIRMED)
            .where(ProjectSession.state == SessionState.SCHEDULED)
            .where(ProjectSession.starts_at == starts_at)
        )
    return found is not None


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
