"""Whatever people do in whatever order, places and the line stay true."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, select, update

from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.line import offer_until
from civic.enrolment.models import Booking, BookingGroup, Enrolment
from civic.enrolment.operations import groups, offers, overriding, places
from civic.enrolment.queries import groups as group_queries
from civic.enrolment.queries import waiting
from civic.enrolment.rules import HELD, WITH_PLACE, BookingState, EnrolmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import TEN, on_ground, signed_in

PEOPLE = 6
WHO = st.integers(0, PEOPLE - 1)


@dataclass(frozen=True)
class Seen:
    """A booking, as it stood after a step."""

    person_id: UUID
    state: BookingState
    queued_at: datetime
    group_id: UUID | None
    sequence: int

    @property
    def is_in_line(self) -> bool:
        return self.state is BookingState.WAITING

    @property
    def has_place(self) -> bool:
        return self.state in WITH_PLACE


class History(RuleBasedStateMachine):
    """One session, six people, and all they and the organiser can do."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        self.clock = FrozenClock(TEN - timedelta(days=2))
        self.database = Database.within(self.connection, self.clock)
        self.ground = on_ground(self.database, places=2)
        with self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            self.people = [make_person(ctx, f"Person {number}") for number in range(PEOPLE)]
        self.before: dict[UUID, Seen] = {}
        self.is_out_of_turn = False

    @initialize(waits_first=st.booleans())
    def the_session_is_full_and_a_group_waits(self, *, waits_first: bool) -> None:
        for who in (0, 1, 4) if waits_first else (0, 1):
            self.asks(who)
        self.friends_gather(2, {3})
        self.friends_ask(2)
        self.asks(4)

    def teardown(self) -> None:
        self.savepoint.rollback()

    # What can happen

    @contextmanager
    def step(self) -> Iterator[None]:
        """Refusals are answers too; what they leave behind is checked all the same."""
        self.before = self.seen()
        self.is_out_of_turn = self.is_late()
        self.clock.advance(timedelta(seconds=1))
        with suppress(CivicError):
            yield

    def as_person(self, who: int, act: Callable[..., Any], *arguments: Any) -> None:
        with self.database.unit_of_work(signed_in(self.database, self.people[who])) as ctx:
            act(ctx, *arguments)

    @rule(who=WHO)
    def asks(self, who: int) -> None:
        with self.step():
            self.as_person(who, places.book_place, self.ground.session_id)

    @rule(who=WHO)
    def cannot_come(self, who: int) -> None:
        with self.step():
            self.as_person(who, places.give_back, self.ground.session_id)

    @rule(who=WHO)
    def takes(self, who: int) -> None:
        with self.step():
            self.as_person(who, offers.take, self.ground.session_id)

    @rule(pause=st.sampled_from([timedelta(minutes=40), timedelta(hours=12)]))
    def time_passes(self, pause: timedelta) -> None:
        with self.step():
            self.clock.advance(pause)
            self.is_out_of_turn = self.is_late()
            offers.expire_offers(self.database)

    @rule()
    def organiser_adds_a_place(self) -> None:
        with self.step(), self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            ctx.db.get_one(ProjectSession, self.ground.session_id).places += 1
            ctx.db.flush()
            places.release_place(ctx, self.ground.session_id)

    @rule(who=WHO)
    def organiser_puts_somebody_first(self, who: int) -> None:
        with self.step(), self.as_organiser() as ctx:
            self.is_out_of_turn = True
            overriding.give_out_of_turn(ctx, self.ground.session_id, self.people[who], "tools")

    @rule(who=WHO)
    def organiser_takes_somebody_off(self, who: int) -> None:
        with self.step(), self.as_organiser() as ctx:
            overriding.take_back(ctx, self.ground.session_id, self.people[who], "asked us")

    @contextmanager
    def as_organiser(self) -> Iterator[Context]:
        organiser = signed_in(self.database, self.ground.organiser_id)
        with self.database.unit_of_work(organiser) as ctx:
            yield ctx

    @rule(leader=WHO, others=st.sets(WHO, max_size=3))
    def friends_gather(self, leader: int, others: set[int]) -> None:
        with (
            self.step(),
            self.database.unit_of_work(signed_in(self.database, self.people[leader])) as ctx,
        ):
            code = groups.gather(ctx, self.ground.session_id)
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            found = group_queries.group_of(ctx, self.ground.session_id, self.people[leader])
        for who in others if found else ():
            with suppress(CivicError):
                self.as_person(who, groups.come_along, found)
        assert found is None or found == code

    @rule(leader=WHO)
    def friends_ask(self, leader: int) -> None:
        with self.step():
            self.as_person(leader, groups.ask_together, self.code_of(leader))

    @rule(leader=WHO)
    def friends_go_on_alone(self, leader: int) -> None:
        with self.step():
            self.as_person(leader, groups.take_one_by_one, self.code_of(leader))

    def code_of(self, who: int) -> str:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            found = ctx.db.scalar(
                select(BookingGroup.code)
                .join(Booking, Booking.group_id == BookingGroup.id)
                .where(Booking.person_id == self.people[who])
            )
        return found or "NONE"

    @rule(who=WHO, state=st.sampled_from([EnrolmentState.ACTIVE, EnrolmentState.REQUESTED]))
    def becomes_able_or_unable(self, who: int, state: EnrolmentState) -> None:
        with self.step(), self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            ctx.db.execute(
                update(Enrolment)
                .where(Enrolment.person_id == self.people[who])
                .where(Enrolment.state != EnrolmentState.WITHDRAWN)
                .values(state=state)
            )
            places.release_place(ctx, self.ground.session_id)

    # What must stay true

    def seen(self) -> dict[UUID, Seen]:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            return seen(ctx)

    def is_late(self) -> bool:
        return offer_until(self.clock.now(), TEN) is None

    @invariant()
    def all_is_in_order(self) -> None:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            now = seen(ctx)
            session = ctx.db.get_one(ProjectSession, self.ground.session_id)
            units = ready_units(ctx, session, now)
            there, taken = session.places, session.places_taken
        # Places are counted right.
        assert taken == sum(one.has_place for one in now.values()) <= there
        groups_are_served_whole(now)
        each_change_is_counted(self.before, now)
        if self.is_late():
            return
        # The first who could have a place needs more than are free.
        assert not units or len(units[0]) > there - taken
        if not self.is_out_of_turn:
            nobody_was_served_too_early(self.before, now, units)


def seen(ctx: Context) -> dict[UUID, Seen]:
    rows = ctx.db.execute(
        select(
            Booking.person_id,
            Booking.state,
            Booking.queued_at,
            Booking.group_id,
            Booking.sequence,
        )
    )
    return {row[0]: Seen(*row) for row in rows}


def ready_units(ctx: Context, session: ProjectSession, now: dict[UUID, Seen]) -> list[list[Seen]]:
    """Of the line, those who could be served if enough were free."""
    line = sorted((one for one in now.values() if one.is_in_line), key=lambda one: one.queued_at)
    together: dict[UUID, list[Seen]] = defaultdict(list)
    for one in line:
        together[one.group_id or one.person_id].append(one)
    facts = session_facts(ctx, [session.id])[session.id]
    missing = waiting.missing(ctx, facts, [one.person_id for one in line]) if line else {}
    return [
        unit
        for unit in together.values()
        if len(unit) <= session.places and all(missing[one.person_id] is None for one in unit)
    ]


def groups_are_served_whole(now: dict[UUID, Seen]) -> None:
    together = defaultdict(set)
    for one in now.values():
        if one.group_id and one.state in HELD:
            together[one.group_id].add(one.state)
    assert all(len(states) == 1 for states in together.values())


def each_change_is_counted(before: dict[UUID, Seen], now: dict[UUID, Seen]) -> None:
    for one in now.values():
        was = before.get(one.person_id)
        assert was is None or was.state is one.state or was.sequence < one.sequence


def nobody_was_served_too_early(
    before: dict[UUID, Seen], now: dict[UUID, Seen], units: list[list[Seen]]
) -> None:
    had_place = {one.person_id for one in before.values() if one.has_place}
    served = [one for one in now.values() if one.has_place and one.person_id not in had_place]
    for unit in units:
        # At the same instant asked those who were one group and are not any more.
        assert all(one.queued_at <= unit[0].queued_at for one in served)


def test_places_are_counted_right_and_the_line_is_served_in_order(connection: Connection) -> None:
    History.connection = connection
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
