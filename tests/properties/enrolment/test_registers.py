"""Whatever volunteers do in whatever order, their register is whole; and no change stays hidden."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, select

from civic.enrolment.models import RegisterEntry, RegisterLine
from civic.enrolment.operations import details, joining, leaving
from civic.enrolment.operations.details import Details
from civic.enrolment.queries.verifying import verify_registers
from civic.enrolment.register_chain import START, Entry, Line, Reader, Who, content_of, line_hash
from civic.enrolment.rules import LineKind
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import on_ground, signed_in
from tests.factories.catalogue import make_project

PEOPLE = 3
WHO = st.integers(0, PEOPLE - 1)
WHICH = st.integers(0, 1)
MORNING = datetime(2026, 3, 14, 9, tzinfo=UTC)


class Register(RuleBasedStateMachine):
    """Two projects of one association and three people."""

    connection: Connection

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        self.clock = FrozenClock(MORNING)
        self.database = Database.within(self.connection, self.clock)
        ground = on_ground(self.database)
        self.city_id = ground.city.id
        with self.database.unit_of_work(system_in(ground.city.id)) as ctx:
            second = make_project(ctx, ground.association.id, ground.city.id, ground.organiser_id)
            self.people = [make_person(ctx, f"Person {number}") for number in range(PEOPLE)]
        self.projects = [ground.project_id, second]
        self.joined: set[tuple[int, int]] = set()
        self.days: dict[int, set[date]] = {who: set() for who in range(PEOPLE)}
        """On which each was a volunteer, for some part of the day."""
        self.written: list[str] = []

    def teardown(self) -> None:
        self.savepoint.rollback()

    def as_person(self, who: int, act: Callable[..., Any], *arguments: Any) -> None:
        with (
            suppress(CivicError),
            self.database.unit_of_work(signed_in(self.database, self.people[who])) as ctx,
        ):
            act(ctx, *arguments)

    @rule(who=WHO, which=WHICH)
    def joins(self, who: int, which: int) -> None:
        self.as_person(who, joining.enrol, self.projects[which])
        self.joined.add((who, which))
        self.days[who].add(rome_day(self.clock.now()))

    @rule(who=WHO, which=WHICH)
    def leaves(self, who: int, which: int) -> None:
        self.as_person(who, leaving.leave, self.projects[which])
        self.joined.discard((who, which))

    @rule(who=WHO, house=st.integers(1, 3))
    def moves_house(self, who: int, house: int) -> None:
        self.as_person(who, details.change_own_details, Details(residence=f"Via Gemito {house}"))

    @rule(pause=st.sampled_from([timedelta(hours=1), timedelta(days=1), timedelta(days=40)]))
    def time_passes(self, pause: timedelta) -> None:
        before, after = self.clock.now(), self.clock.now() + pause
        self.clock.advance(pause)
        for who, _which in self.joined:
            passed = range((rome_day(after) - rome_day(before)).days + 1)
            self.days[who].update(rome_day(before) + timedelta(days=day) for day in passed)

    @invariant()
    def the_register_is_whole(self) -> None:
        with self.database.reading(system_in(self.city_id)) as ctx:
            assert verify_registers(ctx, self.city_id).faults == ()

    @invariant()
    def what_was_written_stays(self) -> None:
        with self.database.reading(system_in(self.city_id)) as ctx:
            hashes = list(ctx.db.scalars(select(RegisterLine.hash).order_by(RegisterLine.number)))
        assert hashes[: len(self.written)] == self.written
        self.written = hashes

    @invariant()
    def it_spans_just_the_days_on_which_they_were_volunteers(self) -> None:
        today = rome_day(self.clock.now())
        spanned: dict[UUID, set[date]] = {person_id: set() for person_id in self.people}
        with self.database.reading(system_in(self.city_id)) as ctx:
            for entry in ctx.db.scalars(select(RegisterEntry)):
                length = ((entry.last_day or today) - entry.first_day).days + 1
                span = {entry.first_day + timedelta(days=day) for day in range(length)}
                assert not spanned[entry.person_id] & span
                spanned[entry.person_id] |= span
        assert spanned == {self.people[who]: days for who, days in self.days.items()}


def test_a_register_says_when_each_was_a_volunteer_and_its_chain_is_whole(
    connection: Connection,
) -> None:
    Register.connection = connection
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


# No change stays hidden


words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
ids = st.integers(min_value=1, max_value=2**64).map(lambda number: UUID(int=number))
OTHER: dict[str, st.SearchStrategy[Any]] = {
    "id": ids,
    "municipality_id": ids,
    "association_id": ids,
    "number": st.integers(min_value=1, max_value=30),
    "kind": st.sampled_from(LineKind),
    "person_id": ids,
    "content": st.dictionaries(words, words | st.none(), max_size=4),
    "corrects": st.none() | st.integers(min_value=1, max_value=9),
    "recorded_at": st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "recorded_by": st.none() | ids,
    "previous_hash": st.text("0123456789abcdef", min_size=64, max_size=64),
}


def a_register(names: list[str]) -> tuple[list[tuple[Line, str]], list[Entry]]:
    chain: list[tuple[Line, str]] = []
    entries = []
    for number, name in enumerate(names, start=1):
        person_id = UUID(int=1000 + number)
        line = Line(
            UUID(int=number),
            UUID(int=1),
            UUID(int=2),
            number,
            LineKind.ENTERED,
            person_id,
            content_of(Who(name, 1995), MORNING.date(), None),
            None,
            MORNING,
            person_id,
            chain[-1][1] if chain else START,
        )
        chain.append((line, line_hash(line)))
        entries.append(Entry(person_id, MORNING.date(), None, number))
    return chain, entries


def is_whole(chain: list[tuple[Line, str]], entries: list[Entry]) -> bool:
    reader = Reader(UUID(int=2))
    found = [fault for line, hash_ in chain for fault in reader.take(line, hash_)]
    return not found and not reader.settle(entries)


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_any_change_of_any_line_is_found(names: list[str], data: st.DataObject) -> None:
    chain, entries = a_register(names)
    assert is_whole(chain, entries)
    place = data.draw(st.integers(0, len(chain) - 1))
    name = data.draw(st.sampled_from(list(OTHER)))
    line, hash_ = chain[place]
    other = line._replace(**{name: data.draw(OTHER[name])})
    chain[place] = (other, hash_)
    assert is_whole(chain, entries) is (other == line)


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_lines_taken_out_or_swapped_are_found(names: list[str], data: st.DataObject) -> None:
    chain, entries = a_register(names)
    order = data.draw(st.permutations(range(len(chain))))
    kept = order[: data.draw(st.integers(0, len(chain)))]
    changed = [chain[place] for place in kept]
    assert is_whole(changed, entries) is (changed == chain)
