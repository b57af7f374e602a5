"""The nights a work takes: planned, moved, given back, and refused where somebody is to sleep."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from civic.housing.errors import BedNotOffered, BedTaken, EndsBeforeStart, TooLongAgo, TooManyNights
from civic.housing.operations import nights as night_book
from civic.housing.operations import works as working
from civic.housing.operations.late_works import keep_late_works
from civic.housing.operations.works import NewWork, Plan
from civic.housing.queries.gate import bed_for
from civic.housing.queries.works import work_page
from civic.housing.rules.nights import Nights, VoidReason
from civic.housing.rules.stock import WorkKind
from civic.housing.works_errors import (
    DatesMissing,
    NoNightOfWork,
    TooFarAhead,
    WordsMissing,
)
from civic.housing.works_models import Work
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import system_in
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_request,
    make_stay,
    make_unit,
)
from tests.factories.housing_works import make_done, make_line, make_work
from tests.integration.housing.works_ground import TODAY, days, nights_of, refused


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx, beds=3)


@pytest.fixture
def officer(ctx: Context, lodge: Lodge) -> Context:
    return ctx.acting(lodge.officer)


def test_an_inspection_frees_the_remaining_nights_and_keeps_those_that_were_lost(
    officer: Context, lodge: Lodge, clock: FrozenClock
) -> None:
    work_id = make_done(officer, lodge, make_line(officer, lodge.city), beds=2)
    clock.advance(timedelta(days=2))
    working.inspect(officer, work_id, is_well=True, words="Tutto a posto")
    assert nights_of(officer, work_id) == sorted([TODAY, TODAY, days(1), days(1)])
    row = work_page(officer, work_id).row
    assert (row.lost.nights, row.lost.so_far, row.beds) == (4, 4, 2)
    request_id = make_request(officer, lodge.city)
    make_stay(officer, lodge, request_id, first=days(2), nights=5)


def test_a_work_over_a_stay_is_refused_with_the_bed_and_the_night(
    officer: Context, lodge: Lodge
) -> None:
    request_id = make_request(officer, lodge.city)
    make_stay(officer, lodge, request_id, first=days(3), nights=4, beds=[lodge.beds[1]])
    refusal = refused(
        officer, BedTaken, lambda: make_work(officer, lodge, beds=3, first=TODAY, nights=5)
    )
    assert refusal.values == {"bed": "Stanza 1 · letto 2", "night": days(3)}


def test_a_stay_over_a_work_is_refused_too(officer: Context, lodge: Lodge) -> None:
    make_work(officer, lodge, beds=1, first=days(2), nights=3)
    request_id = make_request(officer, lodge.city)
    refused(officer, BedTaken, lambda: make_stay(officer, lodge, request_id, first=TODAY, nights=4))


def test_a_work_in_which_people_can_stay_takes_no_night(officer: Context, lodge: Lodge) -> None:
    new = NewWork(WorkKind.HEATING, "Cambiare la caldaia", Plan(TODAY, TODAY))
    work_id = working.request_work(officer, lodge.unit_id, new)
    assert nights_of(officer, work_id) == []
    row = work_page(officer, work_id).row
    assert (row.first, row.beds, row.lost.nights, row.cents_per_bed) == (TODAY, 0, 0, None)


@pytest.mark.parametrize(
    ("first", "nights", "expected"),
    [
        (2, 9, range(2, 11)),
        (2, 2, range(2, 4)),
        (20, 3, range(20, 23)),
        (4, 6, range(4, 10)),
        (1, 2, range(1, 3)),
    ],
    ids=["longer", "shorter", "later", "overlapping", "earlier"],
)
def test_moving_a_work_gives_back_the_old_nights_and_takes_the_new_ones(
    officer: Context,
    lodge: Lodge,
    clock: FrozenClock,
    first: int,
    nights: int,
    expected: range,
) -> None:
    work_id = make_work(officer, lodge, beds=2, first=days(2), nights=5)
    clock.advance(timedelta(days=1))
    plan = Plan(days(first), days(first + nights), lodge.beds[:2])
    working.plan_work(officer, work_id, plan)
    for bed_id in lodge.beds[:2]:
        assert nights_of(officer, work_id, bed_id) == [days(number) for number in expected]
    assert nights_of(officer, work_id, lodge.beds[2]) == []


def test_moving_it_to_other_beds_and_to_none(officer: Context, lodge: Lodge) -> None:
    work_id = make_work(officer, lodge, beds=2, first=days(2), nights=3)
    working.plan_work(officer, work_id, Plan(days(2), days(4), lodge.beds[1:]))
    assert nights_of(officer, work_id, lodge.beds[0]) == []
    assert len(nights_of(officer, work_id)) == 4
    working.plan_work(officer, work_id, Plan(days(2), days(4)))
    assert nights_of(officer, work_id) == []
    working.plan_work(officer, work_id, Plan())
    assert work_page(officer, work_id).row.first is None


def test_moving_it_onto_a_stay_is_refused_and_leaves_the_old_nights(
    officer: Context, lodge: Lodge
) -> None:
    work_id = make_work(officer, lodge, beds=2, first=days(2), nights=3)
    request_id = make_request(officer, lodge.city)
    make_stay(officer, lodge, request_id, first=days(10), nights=2, beds=[lodge.beds[1]])
    plan = Plan(days(2), days(12), lodge.beds[:2])
    refusal = refused(officer, BedTaken, lambda: working.plan_work(officer, work_id, plan))
    assert refusal.values == {"bed": "Stanza 1 · letto 2", "night": days(10)}
    assert len(nights_of(officer, work_id)) == 6


def test_nights_that_went_by_while_it_was_planned_stay_lost_when_it_moves(
    officer: Context, lodge: Lodge, clock: FrozenClock
) -> None:
    work_id = make_work(officer, lodge, beds=1, first=TODAY, nights=5)
    clock.advance(timedelta(days=2))
    working.plan_work(officer, work_id, Plan(days(10), days(12), lodge.beds[:1]))
    assert nights_of(officer, work_id) == [TODAY, days(1), days(10), days(11)]
    working.plan_work(officer, work_id, Plan(TODAY, days(4), lodge.beds[:1]))
    assert nights_of(officer, work_id) == [TODAY, days(1), days(2), days(3)]


def test_a_slip_of_the_hand_is_put_right_on_the_same_day(officer: Context, lodge: Lodge) -> None:
    """The year was typed wrong: the nights of last year were never lost."""
    work_id = make_work(officer, lodge, beds=1, first=days(-300), nights=5)
    working.plan_work(officer, work_id, Plan(days(1), days(3), lodge.beds[:1]))
    assert nights_of(officer, work_id) == [days(1), days(2)]


@pytest.mark.parametrize(
    ("first", "until", "beds", "refusal"),
    [
        (5, 4, 1, EndsBeforeStart),
        (5, 4, 0, EndsBeforeStart),
        (5, 5, 1, NoNightOfWork),
        (0, 10_000, 1, TooManyNights),
        (-400, -390, 1, TooLongAgo),
        (800, 810, 1, TooFarAhead),
        (None, 4, 1, DatesMissing),
        (4, None, 0, DatesMissing),
        (None, None, 1, DatesMissing),
    ],
)
def test_days_that_nobody_can_mean_are_refused(
    officer: Context,
    lodge: Lodge,
    first: int | None,
    until: int | None,
    beds: int,
    refusal: type[CivicError],
) -> None:
    plan = Plan(
        None if first is None else days(first),
        None if until is None else days(until),
        lodge.beds[:beds],
    )
    new = NewWork(WorkKind.OTHER, "Lavori", plan)
    refused(officer, refusal, lambda: working.request_work(officer, lodge.unit_id, new))


def test_beds_of_another_dwelling_or_outside_their_time_are_refused(
    officer: Context, lodge: Lodge
) -> None:
    _unit_id, others = make_unit(officer, lodge.city, "Casa Acanto")
    plan = Plan(TODAY, days(2), others)
    new = NewWork(WorkKind.OTHER, "Lavori", plan)
    refused(officer, NotFound, lambda: working.request_work(officer, lodge.unit_id, new))
    bed, _unit = bed_for(officer, lodge.beds[0])
    night_book.take_bed_away(officer, bed, days(3))
    refused(officer, BedNotOffered, lambda: make_work(officer, lodge, beds=1, nights=9))


def test_a_work_that_is_late_keeps_its_beds_another_night_as_far_as_they_are_free(
    database: Database, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        lodge = make_lodge(ctx, beds=2)
        work_id = make_work(ctx, lodge, beds=2, nights=2)
        working.begin(ctx.acting(lodge.officer), work_id, TODAY)
    clock.advance(timedelta(days=1))
    assert keep_late_works(database) == 0
    with database.unit_of_work(lodge.officer) as ctx:
        request_id = make_request(ctx, lodge.city)
        make_stay(ctx, lodge, request_id, first=days(3), nights=2, beds=[lodge.beds[1]])
    clock.advance(timedelta(days=2))
    assert keep_late_works(database) == 1
    assert keep_late_works(database) == 0
    with database.unit_of_work(lodge.officer) as ctx:
        assert nights_of(ctx, work_id, lodge.beds[0]) == [days(each) for each in range(4)]
        assert nights_of(ctx, work_id, lodge.beds[1]) == [days(each) for each in range(3)]
        assert ctx.db.get_one(Work, work_id).until_night == days(4)


def test_a_work_beside_a_closure_is_refused_where_they_meet(officer: Context, lodge: Lodge) -> None:
    night_book.close_beds(
        officer, lodge.beds[:1], Nights(days(2), days(4)), VoidReason.NO_HEATING_OR_WATER
    )
    refused(officer, BedTaken, lambda: make_work(officer, lodge, beds=1, nights=3))
    wordless = NewWork(WorkKind.OTHER, "")
    refused(officer, WordsMissing, lambda: working.request_work(officer, lodge.unit_id, wordless))
    make_work(officer, lodge, beds=1, first=days(4), nights=3)
