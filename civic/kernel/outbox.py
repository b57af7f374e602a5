"""Events travel up through a table: written with the change, delivered after it.

Delivery is at least once. Each pair of event and handler is recorded in the transaction of the
handler's own changes, so a handler that committed is not run again; one that failed is retried
with a growing pause, and after `MAX_TRIES` waits on the administrator's page.
"""

import dataclasses
import logging
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from civic.kernel.context import Context
from civic.kernel.db.base import Base, Id, Instant, UtcInstant
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Actor, system_in

log = logging.getLogger(__name__)

MAX_TRIES = 8
BATCH = 100
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, told in ids and plain values. Subclasses are frozen dataclasses."""

    municipality_id: UUID | None
    """Whose city it happened in; none before a person belongs to any (a sign-in code)."""

    @classmethod
    def name(cls) -> str:
        room = cls.__module__.split(".")[1]
        return f"{room}.{cls.__name__}"

    def to_json(self) -> dict[str, Any]:
        return {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        hints = typing.get_type_hints(cls)
        return cls(**{name: _typed(hints[name], value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is tuple:
        return tuple(_typed(typing.get_args(hint)[0], item) for item in value)
    if hint is UUID or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint(value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return value


Handler = Callable[[Context, Any], None]
Subscriptions = Mapping[type[Event], Sequence[Handler]]


class OutboxEvent(Base):
    __tablename__ = "outbox_event"
    __table_args__ = (Index("ix_outbox_event_pending", "settled_at", "next_try_at"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    """Emptied once delivered: nothing about a person lies here for longer than its journey."""
    municipality_id: Mapped[UUID | None]
    happened_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[Instant]
    settled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    failure: Mapped[str | None]
    """Class of the last exception only: its message could name a person."""


class OutboxDelivery(Base):
    """One handler has taken in one event; the pair can stand only once."""

    __tablename__ = "outbox_delivery"

    event_id: Mapped[UUID] = mapped_column(
        ForeignKey("outbox_event.id", ondelete="CASCADE"), primary_key=True
    )
    handler: Mapped[str] = mapped_column(String(120), primary_key=True)
    delivered_at: Mapped[Instant]


def emit(ctx: Context, event: Event) -> None:
    """Write the event in the transaction of the change it tells about."""
    now = ctx.now()
    ctx.db.add(
        OutboxEvent(
            id=ctx.new_id(),
            name=event.name(),
            payload=event.to_json(),
            municipality_id=event.municipality_id,
            happened_at=now,
            next_try_at=now,
        )
    )


def _system_for(row: OutboxEvent) -> Actor:
    return system_in(row.municipality_id) if row.municipality_id else system_in()


def handler_name(handler: Handler) -> str:
    return f"{handler.__module__.removeprefix('civic.')}.{handler.__name__}"


class Dispatcher:
    """Delivers waiting events to the handlers that `wiring` subscribed."""

    def __init__(self, database: Database, subscriptions: Subscriptions) -> None:
        self._database = database
        self._types = {event.name(): event for event in subscriptions}
        self._handlers = {event.name(): tuple(hs) for event, hs in subscriptions.items()}

    def drain(self, limit: int = 10_000) -> int:
        """Deliver until nothing is due, at most `limit` events; returns how many were settled."""
        settled = 0
        while settled < limit:
            due = self._due()
            if not due:
                break
            before = settled
            settled += sum(self._deliver(event_id) for event_id in due)
            if settled == before:
                break
        return settled

    def _due(self) -> list[UUID]:
        with self._database.reading(system_in()) as ctx:
            return list(
                ctx.db.scalars(
                    select(OutboxEvent.id)
                    .where(OutboxEvent.settled_at.is_(None))
                    .where(OutboxEvent.next_try_at <= ctx.now())
                    .order_by(OutboxEvent.next_try_at, OutboxEvent.id)
                    .limit(BATCH)
                )
            )

    def _deliver(self, event_id: UUID) -> bool:
        with self._database.reading(system_in()) as ctx:
            row = ctx.db.get(OutboxEvent, event_id)
            if row is None or row.settled_at is not None:
                return False
            done = set(
                ctx.db.scalars(
                    select(OutboxDelivery.handler).where(OutboxDelivery.event_id == event_id)
                )
            )
        handlers = self._handlers.get(row.name, ())
        failure = None
        for handler in handlers:
            if handler_name(handler) not in done:
                failure = self._hand_over(handler, row) or failure
        self._settle(event_id, failure)
        return failure is None

    def _hand_over(self, handler: Handler, row: OutboxEvent) -> str | None:
        event = self._types[row.name].from_json(row.payload)
        try:
            with self._database.unit_of_work(_system_for(row)) as ctx:
                ctx.db.add(
                    OutboxDelivery(
                        event_id=row.id, handler=handler_name(handler), delivered_at=ctx.now()
                    )
                )
                # First of all, so that a second worker on the same event fails here, before
                # it has done anything, and not after.
                ctx.db.flush()
                handler(ctx, event)
        except Exception as error:  # a broken handler must not stop the others
            log.exception("handler failed", extra={"event": row.name, "event_id": str(row.id)})
            return type(error).__name__
        return None

    def _settle(self, event_id: UUID, failure: str | None) -> None:
        with self._database.unit_of_work(system_in()) as ctx:
            row = ctx.db.get_one(OutboxEvent, event_id)
            row.tries += 1
            row.failure = failure
            if failure is None:
                row.settled_at, row.payload = ctx.now(), {}
            elif row.tries < MAX_TRIES:
                row.next_try_at = ctx.now() + timedelta(seconds=2**row.tries)
            else:
                row.next_try_at = datetime.max.replace(tzinfo=row.next_try_at.tzinfo)


def forget_settled(ctx: Context) -> None:
    """Drop delivered events after a month: long enough to look into what went wrong."""
    month_ago = ctx.now() - KEPT_FOR
    ctx.db.execute(delete(OutboxEvent).where(OutboxEvent.settled_at < month_ago))


def exhausted(ctx: Context) -> Iterable[OutboxEvent]:
    """Events whose handlers gave up, for the administrator's page."""
    return ctx.db.scalars(
        select(OutboxEvent)
        .where(OutboxEvent.settled_at.is_(None), OutboxEvent.tries >= MAX_TRIES)
        .order_by(OutboxEvent.happened_at, OutboxEvent.id)
    ).all()


def retry(ctx: Context, event_id: UUID) -> None:
    with unscoped(ctx.db, "an administrator retries an event"):
        row = ctx.db.get_one(OutboxEvent, event_id)
        row.tries, row.next_try_at = 0, ctx.now()
