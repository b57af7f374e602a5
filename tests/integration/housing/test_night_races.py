"""Beds at the same moment, with real commits: nobody sleeps in a bed that is taken away or worked on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.errors import BedNotOffered, BedStillBooked, BedTaken, SleepsElsewhere
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import nights as night_book
from civic.housing.operations import stays
from civic.housing.operations.nights import NewSpan
from civic.housing.operations.stays import Longer
from civic.housing.placing_models import Placement
from civic.housing.queries.gate import bed_for
from civic.housing.rules.nights import SLEPT, Nights, Use
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from tests.factories.housing import Lodge, make_lodge, make_request, make_resident, make_stay

FIRST = date(2026, 3, 14)
ROUNDS = 6
PAUSE = 1.5
"""Seconds in which somebody who did not wait would long be done."""


@pytest.fixture
def lodge(real_database: Database) -> Lodge:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx)


def at_once(database: Database, lodge: Lodge, *works: Callable[[Context], object]) -> list[object]:
    """Each in a thread and a transaction of its own, all let go together; what each was told."""
    gate = Barrier(len(works))

    def begin(work: Callable[[Context], object]) -> object:
        gate.wait(timeout=20)
        try:
            with database.unit_of_work(lodge.officer) as ctx:
                work(ctx)
        except CivicError as refusal:
            return type(refusal)
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def _request(database: Database, lodge: Lodge) -> UUID:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        return make_request(ctx, lodge.city)


def _place(lodge: Lodge, request_id: UUID, bed: int = 0, day: int = 0) -> Callable[[Context], UUID]:
    first = FIRST + timedelta(days=day)
    return lambda ctx: make_stay(
        ctx, lodge, request_id, first=first, nights=10, beds=lodge.beds[bed : bed + 1]
    )


def test_who_takes_a_bed_away_waits_for_whoever_places_somebody_in_it(
    real_database: Database, lodge: Lodge
) -> None:
    request_id = _request(real_database, lodge)
    is_placed, is_taken = Event(), Event()

    def place(ctx: Context) -> None:
        _place(lodge, request_id)(ctx)
        is_placed.set()
        # Not committed yet: whoever does not wait for the bed sees no night of it here.
        is_taken.wait(timeout=PAUSE)

    def take(ctx: Context) -> None:
        is_placed.wait(timeout=PAUSE)
        bed, _unit = bed_for(ctx, lodge.beds[0])
        night_book.take_bed_away(ctx, bed, FIRST)
        is_taken.set()

    assert at_once(real_database, lodge, place, take) in (
        ["done", BedStillBooked],
        [BedNotOffered, "done"],  # on SQLite the second may have begun first: it has one writer
    )


def test_who_places_somebody_waits_for_whoever_takes_the_bed_away(
    real_database: Database, lodge: Lodge
) -> None:
    request_id = _request(real_database, lodge)
    is_taken, is_placed = Event(), Event()

    def take(ctx: Context) -> None:
        bed, _unit = bed_for(ctx, lodge.beds[0])
        night_book.take_bed_away(ctx, bed, FIRST)
        is_taken.set()
        is_placed.wait(timeout=PAUSE)

    def place(ctx: Context) -> None:
        is_taken.wait(timeout=PAUSE)
        _place(lodge, request_id)(ctx)
        is_placed.set()

    assert at_once(real_database, lodge, take, place) in (
        ["done", BedNotOffered],
        [BedStillBooked, "done"],
    )


def test_works_and_a_stay_never_share_a_night(real_database: Database, lodge: Lodge) -> None:
    for day in range(0, ROUNDS * 30, 30):
        nights = Nights(FIRST + timedelta(days=day + 5), FIRST + timedelta(days=day + 15))
        request_id = _request(real_database, lodge)
        answers = at_once(
            real_database,
            lodge,
            _place(lodge, request_id, day=day),
            lambda ctx, nights=nights: night_book.occupy(  # type: ignore[misc]
                ctx, [NewSpan(lodge.beds[0], nights, Use.WORKS)]
            ),
        )
        assert answers in (["done", BedTaken], [BedTaken, "done"])
    _no_night_is_lost(real_database, lodge)


def test_of_two_who_lengthen_and_place_at_once_one_gets_the_nights(
    real_database: Database, lodge: Lodge
) -> None:
    for day in range(0, ROUNDS * 40, 40):
        first, second = _request(real_database, lodge), _request(real_database, lodge)
        with real_database.unit_of_work(lodge.officer) as ctx:
            stay_id = _place(lodge, first, day=day)(ctx)
            until = ctx.db.get_one(Placement, stay_id).until_night + timedelta(days=8)
        answers = at_once(
            real_database,
            lodge,
            lambda ctx, stay_id=stay_id, until=until: stays.extend(  # type: ignore[misc]
                ctx, stay_id, Longer(until, "agreed")
            ),
            _place(lodge, second, day=day + 12),
        )
        assert sorted(map(str, answers)) == sorted(map(str, ["done", BedTaken]))
    _no_night_is_lost(real_database, lodge)


def test_one_person_asked_for_twice_gets_one_bed(real_database: Database, lodge: Lodge) -> None:
    with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
        person = make_resident(ctx, lodge.city)
        requests = [make_request(ctx, lodge.city, [person]) for _ in range(2)]
    answers = at_once(
        real_database, lodge, *[_place(lodge, each, bed) for bed, each in enumerate(requests)]
    )
    assert sorted(map(str, answers)) == sorted(map(str, ["done", SleepsElsewhere]))


def test_two_families_crossing_over_each_others_beds_wait_for_nobody_for_ever(
    real_database: Database, lodge: Lodge
) -> None:
    """Beds are held in one order, whoever asks for them in which."""
    for day in range(0, ROUNDS * 30, 30):
        with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
            pairs = [
                make_request(ctx, lodge.city, [make_resident(ctx, lodge.city) for _ in range(2)])
                for _ in range(2)
            ]
        first = FIRST + timedelta(days=day)
        answers = at_once(
            real_database,
            lodge,
            lambda ctx, first=first, pairs=pairs: make_stay(  # type: ignore[misc]
                ctx, lodge, pairs[0], first=first, nights=9
            ),
            lambda ctx, first=first, pairs=pairs: make_stay(  # type: ignore[misc]
                ctx, lodge, pairs[1], first=first, nights=9, beds=lodge.beds[::-1]
            ),
        )
        assert sorted(map(str, answers)) == sorted(map(str, ["done", BedTaken]))


def test_two_who_change_places_at_the_same_moment_do_not_wait_for_each_other(
    real_database: Database, lodge: Lodge
) -> None:
    """Refused or done, and nobody stuck: the beds of a move are held in one go."""
    for day in range(0, ROUNDS * 30, 30):
        with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
            people = [make_resident(ctx, lodge.city) for _ in range(2)]
            requests = [make_request(ctx, lodge.city, [each]) for each in people]
        moves = []
        for bed, (person, request_id) in enumerate(zip(people, requests, strict=True)):
            with real_database.unit_of_work(lodge.officer) as ctx:
                stay_id = _place(lodge, request_id, bed, day)(ctx)
            chosen = {person: lodge.beds[1 - bed]}
            from_night = FIRST + timedelta(days=day + 3)
            moves.append(
                lambda ctx, stay_id=stay_id, chosen=chosen, from_night=from_night: stays.transfer(
                    ctx, stay_id, lodge.unit_id, chosen, from_night
                )
            )
        assert at_once(real_database, lodge, *moves) == [BedTaken, BedTaken]
    _no_night_is_lost(real_database, lodge)


def _no_night_is_lost(database: Database, lodge: Lodge) -> None:
    with database.reading(lodge.officer) as ctx:
        spans = ctx.db.scalars(select(BedSpan).where(BedSpan.use.in_((*SLEPT, Use.WORKS)))).all()
        for span in spans:
            written = ctx.db.scalar(
                select(func.count()).select_from(BedNight).where(BedNight.span_id == span.id)
            )
            assert written == len(Nights(span.first_night, span.until_night))
