"""The stock written by several at once, with real commits: a name is there once, an offer becomes one
dwelling, lines never exceed their grant, and a dwelling that is given up keeps nobody in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.errors import BedNotOffered, BedStillBooked
from civic.housing.models import Bed, BudgetLine, Offer, Unit
from civic.housing.nights_models import BedNight
from civic.housing.operations.dwellings import NewUnit, UnitFacts, close_unit, write_unit
from civic.housing.operations.grants import LineFacts, add_line
from civic.housing.operations.rooms import NewRoom, RoomFacts, add_beds
from civic.housing.rules.stock import OfferState, UnitKind
from civic.housing.stock_errors import (
    LinesBeyondGrant,
    OfferHasUnit,
    UnitCloses,
    UnitNameTaken,
)
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from tests.factories.housing import Lodge, make_grant, make_lodge, make_request, make_stay
from tests.factories.housing_stock import make_offer

FIRST = date(2026, 3, 14)
Work = Callable[[Context], object]


@pytest.fixture
def lodge(real_database: Database) -> Lodge:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx)


def at_once(database: Database, lodge: Lodge, *works: Work) -> list[object]:
    """Each in a thread and a transaction of its own, all let go together; what each was told."""
    gate = Barrier(len(works))

    def begin(work: Work) -> object:
        gate.wait(timeout=20)
        try:
            with database.unit_of_work(lodge.officer) as ctx:
                work(ctx)
        except CivicError as refusal:
            return type(refusal)
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def new_unit(lodge: Lodge, name: str, offer_id: UUID | None = None) -> Work:
    facts = UnitFacts(name, UnitKind.TEMPORARY, "Cavana", "via del Mare 3")
    rooms = [NewRoom(RoomFacts("Stanza"), ["letto 1", "letto 2"])]
    return lambda ctx: write_unit(ctx, lodge.city.id, NewUnit(facts, rooms, FIRST, offer_id))


def test_of_two_dwellings_of_one_name_at_once_one_is_written(
    real_database: Database, lodge: Lodge
) -> None:
    told = at_once(real_database, lodge, *[new_unit(lodge, "Casa Salvia")] * 6)
    assert told.count("done") == 1
    assert told.count(UnitNameTaken) == 5
    with real_database.reading(lodge.officer) as ctx:
        beds = select(func.count()).select_from(Bed)
        assert ctx.db.scalar(beds) == len(lodge.beds) + 2, "nothing of the others is left"


def test_of_two_who_write_down_one_offer_at_once_one_has_its_dwelling(
    real_database: Database, lodge: Lodge
) -> None:
    with real_database.unit_of_work(lodge.officer) as ctx:
        offer_id = make_offer(ctx, lodge, state=OfferState.ACCEPTED)
    works = [new_unit(lodge, f"Casa {number}", offer_id) for number in range(4)]
    told = at_once(real_database, lodge, *works)
    assert sorted(map(str, told)) == sorted(map(str, ["done", *[OfferHasUnit] * 3]))
    with real_database.reading(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Unit)) == 2
        assert ctx.db.get_one(Offer, offer_id).unit_id is not None


def test_lines_added_at_once_are_never_more_than_the_grant(
    real_database: Database, lodge: Lodge
) -> None:
    with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
        grant_id = make_grant(ctx, lodge.city, amount_cents=250)

    def line(number: int) -> Work:
        facts = LineFacts(f"L{number}", "Lavori", 100)
        return lambda ctx: add_line(ctx, grant_id, facts)

    told = at_once(real_database, lodge, *[line(number) for number in range(6)])
    assert told.count("done") == 2
    assert told.count(LinesBeyondGrant) == 4
    with real_database.reading(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.sum(BudgetLine.amount_cents))) == 200


def test_nobody_is_placed_into_a_dwelling_while_it_is_given_up(
    real_database: Database, lodge: Lodge
) -> None:
    """Either the stay was first and it stays, or it was given up and nobody was placed."""
    with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
        requests = [make_request(ctx, lodge.city) for _turn in range(2)]

    def place(number: int) -> Work:
        beds = [lodge.beds[number]]
        return lambda ctx: make_stay(ctx, lodge, requests[number], nights=20, beds=beds)

    def give_up(ctx: Context) -> None:
        close_unit(ctx, lodge.unit_id, date(2026, 3, 20))

    told = at_once(real_database, lodge, place(0), give_up, place(1))
    with real_database.reading(lodge.officer) as ctx:
        closed = ctx.db.get_one(Unit, lodge.unit_id).closed_on
        late = select(func.count()).select_from(BedNight).where(BedNight.night >= date(2026, 3, 20))
        after = ctx.db.scalar(late)
        untils = set(ctx.db.scalars(select(Bed.until_night)))
    if told[1] == "done":
        assert told[0] is told[2] is BedNotOffered
        assert (closed, after, untils) == (date(2026, 3, 20), 0, {date(2026, 3, 20)})
    else:
        assert told[1] is BedStillBooked
        assert "done" in (told[0], told[2])
        assert (closed, untils) == (None, {None})


def test_no_bed_is_added_to_a_dwelling_while_it_is_given_up(
    real_database: Database, lodge: Lodge
) -> None:
    with real_database.reading(lodge.officer) as ctx:
        room_id = ctx.db.get_one(Bed, lodge.beds[0]).room_id

    def add(ctx: Context) -> None:
        add_beds(ctx, room_id, 1, FIRST, "letto nuovo {}".format)

    def give_up(ctx: Context) -> None:
        close_unit(ctx, lodge.unit_id, date(2026, 3, 20))

    told = at_once(real_database, lodge, add, give_up, add)
    assert told[1] == "done"
    assert {told[0], told[2]} <= {"done", UnitCloses}
    with real_database.reading(lodge.officer) as ctx:
        assert set(ctx.db.scalars(select(Bed.until_night))) == {date(2026, 3, 20)}
