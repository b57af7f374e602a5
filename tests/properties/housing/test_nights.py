"""Whatever is placed, lengthened, moved, closed, worked on or cancelled, in whatever order: no night is
had by two, nobody sleeps in two places, and the nights of a span are all there and no others."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, delete, select

from civic.housing.models import Bed
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import nights as night_book
from civic.housing.operations import stays
from civic.housing.operations.nights import NewSpan
from civic.housing.operations.stays import Longer, NewStay
from civic.housing.placing_models import Placement
from civic.housing.queries.gate import bed_for
from civic.housing.rules.nights import SLEPT, Nights, Use, VoidReason
from civic.housing.rules.placing import StayState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault
from tests.factories.housing import LONG_AGO, make_lodge, make_request, make_resident, make_unit

MORNING = datetime(2026, 3, 14, 9, tzinfo=UTC)
FIRST = date(2026, 3, 14)
BEDS, HOUSEHOLDS = 4, 3
DAY = st.integers(0, 24)
LENGTH = st.integers(-2, 12)
BED = st.integers(0, BEDS - 1)
HOUSEHOLD = st.integers(0, HOUSEHOLDS - 1)
STAY = st.integers(0, 7)


class NightBook(RuleBasedStateMachine):
    """Two dwellings of two beds, and three households: one of them of two people."""

    connection: Connection
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        vault = Vault(self.folder / "cities", self.folder / "subjects", makes_city_keys=True)
        self.database = Database.within(self.connection, FrozenClock(MORNING), vault)
        with self.database.unit_of_work(system_in()) as ctx:
            lodge = make_lodge(ctx)
            other, more = make_unit(ctx, lodge.city, "Casa Acanto", turnaround_nights=2)
            self.officer = lodge.officer
            self.beds = [*lodge.beds, *more]
            self.unit_of = dict.fromkeys(lodge.beds, lodge.unit_id) | dict.fromkeys(more, other)
            self.people = [make_resident(ctx, lodge.city, f"Person {n}") for n in range(4)]
            self.households = [[self.people[0]], [self.people[1]], self.people[2:]]
            self.requests = [make_request(ctx, lodge.city, each) for each in self.households]
        self.stays: list[UUID] = []

    def teardown(self) -> None:
        self.savepoint.rollback()

    def tries(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Done whole or refused whole."""
        before = self._rows()
        try:
            with self.database.unit_of_work(self.officer) as ctx:
                return act(ctx, *arguments)
        except CivicError:
            assert self._rows() == before
            return None

    def _rows(self) -> set[tuple[Any, ...]]:
        with self.database.reading(self.officer) as ctx:
            rows = ctx.db.execute(
                select(BedNight.bed_id, BedNight.night, BedNight.span_id, BedNight.resident_id)
            )
            return {tuple(row) for row in rows}

    def chosen(self, who: int, bed: int) -> tuple[UUID, dict[UUID, UUID]]:
        people = self.households[who]
        beds = [self.beds[(bed + place) % BEDS] for place in range(len(people))]
        return self.unit_of[beds[0]], dict(zip(people, beds, strict=True))

    def stay(self, which: int) -> UUID | None:
        return self.stays[which % len(self.stays)] if self.stays else None

    @rule(who=HOUSEHOLD, bed=BED, day=DAY, length=LENGTH)
    def place(self, who: int, bed: int, day: int, length: int) -> None:
        unit_id, beds = self.chosen(who, bed)
        first = FIRST + timedelta(days=day)
        new = NewStay(self.requests[who], unit_id, beds, first, first + timedelta(days=length))
        made = self.tries(stays.place, new)
        if made is not None:
            self.stays.append(made)

    @rule(who=HOUSEHOLD)
    def ask_again(self, who: int) -> None:
        """A household that has a place may still ask for the time after it."""
        self.requests[who] = self.tries(
            lambda ctx: make_request(
                ctx.acting(self.officer), self._city(ctx), self.households[who]
            )
        )

    def _city(self, ctx: Context) -> Any:
        from tests.factories.tenancy import make_city

        return make_city(ctx, "trieste")

    @rule(which=STAY, length=LENGTH)
    def extend(self, which: int, length: int) -> None:
        stay_id = self.stay(which)
        if stay_id is None:
            return
        with self.database.reading(self.officer) as ctx:
            until = ctx.db.get_one(Placement, stay_id).until_night
        self.tries(stays.extend, stay_id, Longer(until + timedelta(days=length), "agreed"))

    @rule(which=STAY, bed=BED, day=DAY)
    def move(self, which: int, bed: int, day: int) -> None:
        stay_id = self.stay(which)
        if stay_id is None:
            return
        with self.database.reading(self.officer) as ctx:
            people = list(
                ctx.db.scalars(
                    select(BedSpan.resident_id)
                    .distinct()
                    .where(BedSpan.placement_id == stay_id, BedSpan.use.in_(SLEPT))
                    .order_by(BedSpan.resident_id)
                )
            )
        beds = [self.beds[(bed + place) % BEDS] for place in range(len(people))]
        self.tries(
            stays.transfer,
            stay_id,
            self.unit_of[beds[0]],
            dict(zip(people, beds, strict=True)),
            FIRST + timedelta(days=day),
        )

    @rule(which=STAY)
    def cancel(self, which: int) -> None:
        stay_id = self.stay(which)
        if stay_id is not None:
            self.tries(stays.cancel, stay_id)

    @rule(which=STAY, day=DAY)
    def leave(self, which: int, day: int) -> None:
        stay_id = self.stay(which)
        if stay_id is not None:
            self.tries(self._leave, stay_id, FIRST + timedelta(days=day))

    @staticmethod
    def _leave(ctx: Context, stay_id: UUID, day: date) -> None:
        placement = stays.leave_beds(ctx, stay_id, day)
        placement.state = StayState.ENDED

    @rule(bed=BED, day=DAY, length=LENGTH, is_work=st.booleans())
    def close(self, bed: int, day: int, length: int, *, is_work: bool) -> None:
        nights = Nights(FIRST + timedelta(days=day), FIRST + timedelta(days=day + length))
        if len(nights):
            span = NewSpan(
                self.beds[bed],
                nights,
                Use.WORKS if is_work else Use.VOID,
                None if is_work else VoidReason.DAMAGE,
            )
            self.tries(night_book.occupy, [span])

    @rule(bed=BED, day=DAY)
    def take_away(self, bed: int, day: int) -> None:
        def act(ctx: Context) -> None:
            held, _unit = bed_for(ctx, self.beds[bed])
            night_book.take_bed_away(ctx, held, FIRST + timedelta(days=day))

        self.tries(act)

    @invariant()
    def the_nights_of_a_span_are_all_there_and_no_others(self) -> None:
        with self.database.reading(self.officer) as ctx:
            written: dict[UUID, set[date]] = {}
            rows = ctx.db.execute(select(BedNight.span_id, BedNight.bed_id, BedNight.night))
            for span_id, _bed, night in rows:
                written.setdefault(span_id, set()).add(night)
            spans = ctx.db.scalars(select(BedSpan)).all()
        for span in spans:
            assert written.pop(span.id, set()) == set(Nights(span.first_night, span.until_night))
        assert not written

    @invariant()
    def no_two_spans_share_a_bed_and_nobody_sleeps_twice(self) -> None:
        with self.database.reading(self.officer) as ctx:
            spans = ctx.db.scalars(select(BedSpan)).all()
            beds = {bed.id: bed for bed in ctx.db.scalars(select(Bed))}
        in_bed: set[tuple[UUID, date]] = set()
        asleep: set[tuple[UUID, date]] = set()
        for span in spans:
            for night in Nights(span.first_night, span.until_night):
                assert (span.bed_id, night) not in in_bed
                in_bed.add((span.bed_id, night))
                bed = beds[span.bed_id]
                assert night >= LONG_AGO
                assert bed.until_night is None or night < bed.until_night
                if span.use in SLEPT and span.resident_id is not None:
                    assert (span.resident_id, night) not in asleep
                    asleep.add((span.resident_id, night))

    @invariant()
    def a_living_stay_has_all_its_nights_for_everybody(self) -> None:
        with self.database.reading(self.officer) as ctx:
            for stay_id in self.stays:
                placement = ctx.db.get_one(Placement, stay_id)
                if placement.state is not StayState.BOOKED:
                    continue
                planned = Nights(placement.first_night, placement.until_night)
                slept: dict[Any, list[date]] = {}
                for span in ctx.db.scalars(
                    select(BedSpan).where(BedSpan.placement_id == stay_id, BedSpan.use.in_(SLEPT))
                ):
                    nights = Nights(span.first_night, span.until_night)
                    slept.setdefault(span.resident_id, []).extend(nights)
                for each in slept.values():
                    assert sorted(each) == list(planned)


def test_no_interleaving_of_placing_extending_moving_works_and_cancelling_loses_a_night(
    connection: Connection, tmp_path: Path
) -> None:
    NightBook.connection, NightBook.folder = connection, tmp_path
    run_state_machine_as_test(
        NightBook,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_a_night_lost_behind_the_books_back_is_noticed(
    connection: Connection, tmp_path: Path
) -> None:
    """The check above can fail."""
    NightBook.connection, NightBook.folder = connection, tmp_path
    book = NightBook()
    book.place(who=0, bed=0, day=0, length=5)
    with book.database.unit_of_work(book.officer) as ctx:
        ctx.db.execute(delete(BedNight).where(BedNight.night == FIRST))
    with pytest.raises(AssertionError):
        book.the_nights_of_a_span_are_all_there_and_no_others()
    book.teardown()
