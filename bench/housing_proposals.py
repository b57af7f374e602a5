"""Beds for a household of five among 5,000, each with a year of nights behind or before it."""

import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select

from bench import databases
from bench.counting import counting
from bench.figures import Figure, Measure, at_most, exactly
from civic.housing.models import Bed, Room, Unit
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.queries.fitting import household_for, suggestions
from civic.housing.rules.nights import Nights, Use
from civic.housing.rules.placing import Somebody, Urgency
from civic.housing.rules.stock import Gender, UnitKind
from civic.housing.sealing import sealed_of
from civic.kernel.clock import SystemClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import count_again, expect_many_rows
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import Actor, Role, system_in
from civic.kernel.vault import vault_of
from tests.factories.accounts import actor_of, make_staff
from tests.factories.tenancy import make_city

UNITS, ROOMS, BEDS_OF_ROOM, NIGHTS = 1_000, 2, (2, 3), 365
"""5,000 beds; 1.8 million nights."""
LEFT = 8
"""One dwelling in so many stands empty now: its year of nights is over."""
ROUNDS = 40
GOALS = {"postgresql": 150.0, "sqlite": 400.0}
"""Milliseconds."""


def proposing() -> Iterator[Figure]:
    url = databases.bare("housing_proposals", lambda _database: None)
    engine = make_engine(url)
    database = Database(engine, vault=vault_of(databases.SETTINGS))
    today = rome_day(SystemClock().now())
    with database.unit_of_work(system_in()) as ctx:
        expect_many_rows(ctx.db.connection())
        city = make_city(ctx)
        officer = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, city))
        _fill(ctx, city.id, today)
    with database.unit_of_work(system_in()) as ctx:
        count_again(ctx.db.connection())
    with database.reading(officer) as ctx:
        beds = ctx.db.scalar(select(func.count()).select_from(Bed))
        nights = ctx.db.scalar(select(func.count()).select_from(BedNight))
    yield exactly("housing.beds", beds or 0, "beds", UNITS * sum(BEDS_OF_ROOM))
    yield exactly("housing.nights", nights or 0, "nights", UNITS * sum(BEDS_OF_ROOM) * NIGHTS)
    goal = GOALS[engine.dialect.name]
    yield at_most("housing.proposals", _slowest(database, officer, city.id, today), "ms", goal)
    with counting() as asked:
        _propose(database, officer, city.id, today)
    yield at_most("housing.proposals_statements", len(asked.statements), "statements", 2)
    engine.dispose()


def _slowest(database: Database, officer: Actor, city_id: UUID, today: date) -> float:
    """The slowest but one in twenty, in milliseconds, after a first time that warms the cache."""
    _propose(database, officer, city_id, today)
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        _propose(database, officer, city_id, today)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(taken, n=20)[-1]


def _propose(database: Database, officer: Actor, city_id: UUID, today: date) -> None:
    born = (1988, 1990, 2014, 2017, 2021)
    people = {UUID(int=number): Somebody(year, Gender.UNTOLD) for number, year in enumerate(born)}
    nights = Nights(today, today + timedelta(days=180))
    household = household_for(people, (), Urgency.THIS_WEEK, nights, is_open_ended=False)
    with database.reading(officer) as ctx:
        found = suggestions(ctx, city_id, household)
    assert len(found) == 10
    assert all(len(each.seats) == len(born) for each in found)


def _fill(ctx: Context, city_id: UUID, today: date) -> None:
    connection = ctx.db.connection()
    kinds = list(UnitKind)
    sealed = sealed_of(ctx, city_id, ctx.new_id(), Unit, ctx.new_id(), {})
    for number in range(UNITS):
        unit_id = ctx.new_id()
        own = {"municipality_id": city_id, "unit_id": unit_id}
        connection.execute(
            insert(Unit),
            {"id": unit_id, "municipality_id": city_id, "name": f"Casa {number}",
             "kind": kinds[number % len(kinds)], "quarter": "Centro", "takes": [],
             "is_step_free": number % 3 == 0, "sealed": sealed},
        )  # fmt: skip
        rooms = [
            {"id": ctx.new_id(), "name": f"Stanza {place}", "is_step_free": False, **own}
            for place in range(ROOMS)
        ]
        connection.execute(insert(Room), rooms)
        beds = [
            {"id": ctx.new_id(), "room_id": room["id"], "name": f"letto {place}",
             "from_night": date(2020, 1, 1), **own}
            for room, size in zip(rooms, BEDS_OF_ROOM, strict=True)
            for place in range(size)
        ]  # fmt: skip
        connection.execute(insert(Bed), beds)
        first = today - timedelta(days=NIGHTS if number % LEFT == 0 else NIGHTS // 2)
        _occupy(ctx, city_id, [bed["id"] for bed in beds], first)


def _occupy(ctx: Context, city_id: UUID, bed_ids: list[object], first: date) -> None:
    connection = ctx.db.connection()
    spans = [
        {"id": ctx.new_id(), "municipality_id": city_id, "bed_id": bed_id, "use": Use.VOID,
         "first_night": first, "until_night": first + timedelta(days=NIGHTS), "made_at": ctx.now()}
        for bed_id in bed_ids
    ]  # fmt: skip
    connection.execute(insert(BedSpan), spans)
    connection.execute(
        insert(BedNight),
        [
            {"bed_id": span["bed_id"], "night": first + timedelta(days=place),
             "span_id": span["id"], "municipality_id": city_id}
            for span in spans
            for place in range(NIGHTS)
        ],
    )  # fmt: skip


MEASURES = (
    Measure(
        (
            "housing.beds",
            "housing.nights",
            "housing.proposals",
            "housing.proposals_statements",
        ),
        proposing,
    ),
)
