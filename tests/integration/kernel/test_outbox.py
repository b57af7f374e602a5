"""Events arrive at least once, change things once, and a broken handler stops nobody else."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.outbox import (
    MAX_TRIES,
    Dispatcher,
    Event,
    OutboxDelivery,
    OutboxEvent,
    emit,
    exhausted,
    forget_settled,
    retry,
)
from civic.kernel.policy import system_in

CITY = UUID(int=7)


@dataclass(frozen=True, kw_only=True)
class HedgePlanted(Event):
    metres: int
    helpers: tuple[UUID, ...] = ()
    tree: UUID | None = None


class Ledger:
    """What two handlers saw; the second can be told to break."""

    def __init__(self) -> None:
        self.seen: list[HedgePlanted] = []
        self.broken = False

    def note(self, ctx: Context, event: HedgePlanted) -> None:
        self.seen.append(event)

    def note_or_break(self, ctx: Context, event: HedgePlanted) -> None:
        if self.broken:
            raise LookupError("the handler is broken, and this text may name a person")
        self.seen.append(event)


def _emit(database: Database) -> HedgePlanted:
    event = HedgePlanted(municipality_id=CITY, metres=12, helpers=(UUID(int=1),), tree=UUID(int=2))
    with database.unit_of_work(system_in(CITY)) as ctx:
        emit(ctx, event)
    return event


def _rows(database: Database) -> list[OutboxEvent]:
    with database.reading(system_in()) as ctx:
        return list(ctx.db.scalars(select(OutboxEvent)))


def test_an_event_arrives_whole_and_once(database: Database) -> None:
    ledger = Ledger()
    event = _emit(database)
    dispatcher = Dispatcher(database, {HedgePlanted: [ledger.note]})
    assert (dispatcher.drain(), dispatcher.drain()) == (1, 0)
    assert ledger.seen == [event]


def test_a_delivered_event_keeps_nothing_of_what_it_carried(database: Database) -> None:
    _emit(database)
    Dispatcher(database, {HedgePlanted: [Ledger().note]}).drain()
    assert [row.payload for row in _rows(database)] == [{}]


def test_delivered_events_are_dropped_after_a_month_and_waiting_ones_never(
    database: Database, clock: FrozenClock
) -> None:
    _emit(database)
    Dispatcher(database, {HedgePlanted: [Ledger().note]}).drain()
    clock.advance(timedelta(days=31))
    waiting = _emit(database)
    with database.unit_of_work(system_in()) as ctx:
        forget_settled(ctx)
    assert [row.payload for row in _rows(database)] == [waiting.to_json()]


def test_a_rolled_back_change_tells_nobody(database: Database) -> None:
    try:
        with database.unit_of_work(system_in(CITY)) as ctx:
            emit(ctx, HedgePlanted(municipality_id=CITY, metres=1))
            raise LookupError
    except LookupError:
        pass
    assert _rows(database) == []


def test_a_broken_handler_is_tried_again_and_the_sound_one_is_not(
    database: Database, clock: FrozenClock
) -> None:
    sound, shaky = Ledger(), Ledger()
    shaky.broken = True
    _emit(database)
    dispatcher = Dispatcher(database, {HedgePlanted: [sound.note, shaky.note_or_break]})
    assert dispatcher.drain() == 0
    assert dispatcher.drain() == 0, "not before its pause is over"
    shaky.broken = False
    clock.advance(timedelta(minutes=1))
    assert dispatcher.drain() == 1
    assert (len(sound.seen), len(shaky.seen)) == (1, 1)


def test_a_handler_that_keeps_failing_is_put_before_the_administrator(
    database: Database, clock: FrozenClock
) -> None:
    shaky = Ledger()
    shaky.broken = True
    _emit(database)
    dispatcher = Dispatcher(database, {HedgePlanted: [shaky.note_or_break]})
    for _ in range(MAX_TRIES + 2):
        dispatcher.drain()
        clock.advance(timedelta(hours=1))
    with database.unit_of_work(system_in()) as ctx:
        (given_up,) = exhausted(ctx)
        assert (given_up.tries, given_up.failure) == (MAX_TRIES, "LookupError")
        retry(ctx, given_up.id)
    shaky.broken = False
    assert dispatcher.drain() == 1


def test_a_handler_that_has_run_is_not_run_again_when_its_record_stands(
    database: Database, clock: FrozenClock
) -> None:
    """As after a crash between the handler's commit and the event's own."""
    ledger = Ledger()
    _emit(database)
    (row,) = _rows(database)
    with database.unit_of_work(system_in()) as ctx:
        name = f"{ledger.note.__module__.removeprefix('civic.')}.note"
        ctx.db.add(OutboxDelivery(event_id=row.id, handler=name, delivered_at=ctx.now()))
    Dispatcher(database, {HedgePlanted: [ledger.note]}).drain()
    assert ledger.seen == []
