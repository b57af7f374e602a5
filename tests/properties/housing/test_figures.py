"""Sums of spans are counts of nights, whatever lies where and whatever period is asked for; days in SQL
are those of the clock; arrears are those of the ledger."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, literal, select

from civic.housing.errors import BedNotOffered, BedStillBooked, BedTaken, SleepsElsewhere
from civic.housing.models import Bed
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import nights as night_book
from civic.housing.operations.nights import NewSpan
from civic.housing.queries import figures as queries
from civic.housing.queries.counted import Asked
from civic.housing.queries.gate import bed_for
from civic.housing.rules.figures import Days, Period, days_of, per_night, rent_in
from civic.housing.rules.ledger import Payer, Payment, arrears_seen, ledger
from civic.housing.rules.nights import SLEPT, Nights, Use, VoidReason
from civic.housing.rules.support import Instalment
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.kernel.db.database import Database
from civic.kernel.db.days import day_in_rome, day_number
from civic.kernel.db.fulltext import is_on_postgresql
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault
from tests.factories.housing import Lodge, make_grant, make_lodge, make_resident, make_unit
from tests.factories.housing_figures import support_of

MORNING = datetime(2026, 3, 14, 9, tzinfo=UTC)
START = date(2025, 1, 1)
DAY = st.integers(0, 150).map(lambda days: START + timedelta(days=days))
PERIOD = st.tuples(DAY, DAY).map(lambda two: Period(min(two), max(two) + timedelta(days=1)))
WHAT = st.sampled_from(
    [(use, None) for use in Use if use is not Use.VOID]
    + [(Use.VOID, reason) for reason in VoidReason]
)
SPAN = st.tuples(st.integers(0, 3), DAY, st.integers(1, 70), WHAT, st.integers(0, 80))
"""Bed, first night, how many, what, and after how many nights it is cut."""
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def outer(connection: Connection, tmp_path: Path) -> tuple[Connection, Vault]:
    return connection, Vault(tmp_path / "cities", tmp_path / "subjects", makes_city_keys=True)


@contextmanager
def whole(outer: tuple[Connection, Vault]) -> Iterator[Database]:
    """A database that each example leaves as it was."""
    connection, vault = outer
    savepoint = connection.begin_nested()
    try:
        yield Database.within(connection, FrozenClock(MORNING), vault)
    finally:
        savepoint.rollback()


def two_dwellings(ctx: Context) -> tuple[Lodge, list[UUID]]:
    lodge = make_lodge(ctx)
    _unit, more = make_unit(ctx, lodge.city, "Casa Acanto", from_night=START + timedelta(days=40))
    return lodge, [*lodge.beds, *more]


@FEW
@given(spans=st.lists(SPAN, max_size=12), taken=st.none() | DAY, period=PERIOD)
def test_sums_of_spans_are_the_nights_that_are_written(
    outer: tuple[Connection, Vault],
    spans: list[tuple[int, date, int, tuple[Use, VoidReason | None], int]],
    taken: date | None,
    period: Period,
) -> None:
    with whole(outer) as database:
        with database.unit_of_work(system_in()) as ctx:
            lodge, beds = two_dwellings(ctx)
            _lay(ctx, lodge, beds, spans, taken)
        with database.reading(lodge.officer) as ctx:
            report = queries.report(ctx, Asked(period), lodge.city.id)
            excluded = queries.excluded_nights(ctx, Asked(period), lodge.city.id)
            written = _written(ctx, period)
            offered = _offered(ctx, period)
    total = report.total.nights
    assert +(total.by_use + Counter()) == Counter(
        {use: count for (use, _reason), count in _by_loss(written).items() if use in SLEPT}
    )
    assert +(total.by_loss + Counter()) == Counter(
        {loss: count for loss, count in _by_loss(written).items() if loss[0] not in SLEPT}
    )
    assert total.offered == sum(offered.values())
    assert total.free == total.offered - len(written) >= 0
    assert sum(each.nights for each in excluded) == total.excluded
    for month, nights in report.months.items():
        within = [row for row in written if month.first <= row[0] < month.until]
        assert nights.used + nights.lost == len(within)
        assert nights.offered == offered[month.name]


def _lay(
    ctx: Context,
    lodge: Lodge,
    beds: list[UUID],
    spans: list[tuple[int, date, int, tuple[Use, VoidReason | None], int]],
    taken: date | None,
) -> None:
    people = [make_resident(ctx, lodge.city, f"Person {number}") for number in beds]
    for bed, first, length, (use, reason), kept in spans:
        nights = Nights(first, first + timedelta(days=length))
        who = people[bed] if use in SLEPT else None
        with suppress(BedTaken, BedNotOffered, SleepsElsewhere), ctx.db.begin_nested():
            (span_id,) = night_book.occupy(
                ctx, [NewSpan(beds[bed], nights, use, reason, resident_id=who)]
            )
            span = ctx.db.get_one(BedSpan, span_id)
            night_book.cut(ctx, [span], first + timedelta(days=kept))
    if taken is not None:
        with suppress(BedStillBooked), ctx.db.begin_nested():
            bed_row, _unit = bed_for(ctx, beds[0])
            night_book.take_bed_away(ctx, bed_row, taken)


Written = list[tuple[date, Use, VoidReason | None]]


def _written(ctx: Context, period: Period) -> Written:
    rows = ctx.db.execute(
        select(BedNight.night, BedSpan.use, BedSpan.reason)
        .join(BedSpan, BedSpan.id == BedNight.span_id)
        .where(BedNight.night >= period.first, BedNight.night < period.until)
    )
    return [(row.night, row.use, row.reason) for row in rows]


def _by_loss(written: Written) -> Counter[tuple[Use, VoidReason | None]]:
    return Counter((use, reason) for _night, use, reason in written)


def _offered(ctx: Context, period: Period) -> Counter[str]:
    """Night by night."""
    return Counter(
        f"{night:%Y-%m}"
        for bed in ctx.db.scalars(select(Bed))
        for night in Nights(period.first, period.until)
        if bed.from_night <= night and (bed.until_night is None or night < bed.until_night)
    )


INSTANT = st.datetimes(datetime(1997, 1, 1), datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda each: each.replace(tzinfo=UTC)
)
NEAR_MIDNIGHT = st.builds(
    lambda day, minutes: (
        datetime(day.year, day.month, day.day, 21, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.dates(date(1997, 1, 1), date(2099, 12, 31)),
    st.integers(0, 200),
)


@FEW
@given(instants=st.lists(INSTANT | NEAR_MIDNIGHT, min_size=1, max_size=40))
def test_a_day_in_sql_is_the_day_on_the_wall_in_italy(
    outer: tuple[Connection, Vault], instants: list[datetime]
) -> None:
    with whole(outer) as database, database.reading(system_in()) as ctx:
        pg = is_on_postgresql(ctx.db)
        days = [
            day_in_rome(literal(each, UtcInstant), on_postgresql=pg).label(f"day_{place}")
            for place, each in enumerate(instants)
        ]
        numbers = [day_number(each, on_postgresql=pg) for each in days]
        found = ctx.db.execute(select(*days)).one()
        counted = ctx.db.execute(select(*numbers)).one()
    assert list(found) == [rome_day(each) for each in instants]
    assert list(counted) == [rome_day(each).toordinal() for each in instants]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_days_are_summed_up_as_if_each_were_looked_at(days: list[int]) -> None:
    found = days_of(Counter(days))
    assert isinstance(found, Days)
    ordered = sorted(days)
    middle = ordered[(len(days) - 1) // 2] + ordered[len(days) // 2]
    assert found.count == len(days)
    assert 2 * found.median == middle
    assert abs(found.mean * len(days) - sum(days)) * 20 <= len(days)


@given(rent=st.integers(0, 500_000), starts=DAY, length=st.integers(0, 200), period=PERIOD)
def test_rent_of_a_whole_month_is_whole_and_no_day_is_paid_outside_the_lease(
    rent: int, starts: date, length: int, period: Period
) -> None:
    ends = starts + timedelta(days=length)
    for month, cents in rent_in(rent, starts, ends, period.months()):
        assert month.first <= ends
        assert month.until > starts
        assert 0 <= cents <= rent
        is_whole = month.first.day == 1 and month.until.day == 1
        if is_whole and starts <= month.first and month.until <= ends + timedelta(days=1):
            assert cents == rent


@given(cents=st.integers(0, 10**9), nights=st.integers(1, 10**6))
def test_cost_per_night_is_right_to_half_a_cent(cents: int, nights: int) -> None:
    found = per_night(cents, nights)
    assert found is not None
    assert abs(found * nights - cents) * 2 <= nights


PART = st.tuples(DAY, st.integers(0, 50_000))
PAID = st.tuples(DAY, st.integers(1, 90_000), st.booleans(), st.integers(0, 30))


@FEW
@given(
    supports=st.lists(
        st.tuples(st.lists(PART, max_size=5), st.lists(PAID, max_size=4)), max_size=3
    ),
    day=DAY,
)
def test_arrears_are_those_the_ledger_sees(
    outer: tuple[Connection, Vault],
    supports: list[tuple[list[tuple[date, int]], list[tuple[date, int, bool, int]]]],
    day: date,
) -> None:
    seen = [_seen_in_ledger(due, paid, day) for due, paid in supports]
    with whole(outer) as database:
        with database.unit_of_work(system_in()) as ctx:
            lodge, _beds = two_dwellings(ctx)
            grant, who = make_grant(ctx, lodge.city), make_resident(ctx, lodge.city)
            for due, paid in supports:
                rows = [
                    row
                    for on, cents, is_undone, later in paid
                    for row in _rows(on, cents, later, is_undone=is_undone)
                ]
                support_of(ctx, who, lodge.unit_id, grant, due, rows)
        with database.reading(lodge.officer) as ctx:
            asked = Asked(Period(day, day + timedelta(days=1)))
            found = queries.report(ctx, asked, lodge.city.id).total.arrears
    assert found.cents == sum(seen)
    assert found.supports == sum(1 for cents in seen if cents)


def _rows(on: date, cents: int, later: int, *, is_undone: bool) -> list[tuple[date, int]]:
    """A payment, perhaps taken back: written down for a day that may lie before its own."""
    undone = [(on + timedelta(days=later - 15), -cents)] if is_undone else []
    return [(on, cents), *undone]


def _seen_in_ledger(
    due: list[tuple[date, int]], paid: list[tuple[date, int, bool, int]], day: date
) -> int:
    instalments = [Instalment(place, on, 0, cents) for place, (on, cents) in enumerate(due, 1)]
    payments, number = [], 0
    for on, cents, is_undone, later in paid:
        number += 1
        first = UUID(int=number)
        payments.append(Payment(first, Payer.TENANT, cents, on))
        if is_undone:
            number += 1
            back = on + timedelta(days=later - 15)
            payments.append(Payment(UUID(int=number), Payer.TENANT, -cents, back, first))
    return sum(each.missing_cents for each in arrears_seen(ledger(instalments, payments, day)))
