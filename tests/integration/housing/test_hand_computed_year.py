"""The year 2025 of two dwellings, counted by hand beside the code that counts it.

Casa Ginestra is a co-housing of two beds that a grant pays for, 10 € a bed and night; Casa Acanto is a
temporary flat with one bed, 5 € a night. 2025 has 28 nights in February, loses an hour in the night to
30 March and wins one in the night to 26 October: no night more or less for it.

    Nights offered
      Ginestra, bed 1   the whole year                                   365
      Ginestra, bed 2   taken away from 1 October on: 365 - 31 - 30 - 31   273
      Acanto, its bed   there from 1 March on: 365 - 31 - 28               306     944

    Nights used
      Awa, bed 1        20 December 2024 to 31 March: 31 + 28 + 30          89
      Bilal, bed 2      10 February to 1 April: 19 + 31                     50
      Bilal, Acanto     moved there, planned to 11 May: 30 + 10             40
        stayed on       until 15 May                                         4
      Chidi, bed 1      June, but cancelled before                           0
      Dina, bed 1       20 October to 10 November: 12 + 9                   21
      Efua, Acanto      20 December to 20 January 2026                      12     216

    Nights lost
      works             both beds of Ginestra, 1 to 11 July: 2 x 10         20
      no heating        Acanto, 28 August to 3 September: 4 + 2              6
      damage            Ginestra, bed 1, 30 December to 3 January 2026       2
      made ready        Ginestra one night: after Awa, Dina; bed 2 after
                        Bilal moved. Acanto two: after Bilal                 5      33

    Free                944 - 216 - 33                                             695
    Excluded            20 + 6 + 2 = 28, so 944 - 28 = 916 could be slept in
    Use                 216 / 944 = 22.88 %      216 / 916 = 23.58 %
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.housing.operations import nights as night_book
from civic.housing.operations import stays
from civic.housing.operations.moving import (
    Counting,
    Leaving,
    move_in,
    move_out,
    record_follow_up,
)
from civic.housing.operations.nights import NewSpan
from civic.housing.operations.stays import NewStay
from civic.housing.placing_models import FollowUp
from civic.housing.queries import figures as queries
from civic.housing.queries.counted import Asked
from civic.housing.queries.figures import ExcludedNights, Report
from civic.housing.queries.gate import bed_for
from civic.housing.rules.figures import Costs, Days, FollowUps, Period
from civic.housing.rules.nights import Nights, Use, VoidReason
from civic.housing.rules.placing import Outcome
from civic.housing.rules.stock import Direction, UnitKind
from civic.kernel.clock import FrozenClock, rome_instant
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_staff
from tests.factories.housing import make_grant, make_request, make_resident, make_unit
from tests.factories.housing_figures import let_to_us, support_of, work_done
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
LATER = datetime(2026, 3, 14, 9, tzinfo=UTC)


class Diary:
    """What the officer of Trieste writes down, each on its day."""

    def __init__(self, acting: Acting, clock: FrozenClock) -> None:
        self.acting, self.clock = acting, clock
        with acting(system_in()) as ctx:
            self.city: City = make_city(ctx, "trieste")
            self.grant = make_grant(ctx, self.city)
            self.officer = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, self.city))
            self.ginestra, (self.bed_1, self.bed_2) = make_unit(
                ctx, self.city, grant_id=self.grant, night_cost_cents=1_000
            )
            self.acanto, (self.bed_3,) = make_unit(
                ctx,
                self.city,
                "Casa Acanto",
                rooms=(1,),
                kind=UnitKind.TEMPORARY,
                turnaround_nights=2,
                night_cost_cents=500,
                from_night=date(2025, 3, 1),
            )

    def on(self, day: date, hour: int = 10, minute: int = 0) -> AbstractContextManager[Context]:
        """Work at that hour of Italian clocks."""
        self.clock.instant = rome_instant(day, time(hour, minute))
        return self.acting(self.officer)

    def asks(self, name: str, day: date, hour: int = 10, minute: int = 0) -> tuple[UUID, UUID]:
        """Somebody and their request."""
        with self.on(day, hour, minute) as ctx:
            who = make_resident(ctx, self.city, name)
            return who, make_request(ctx, self.city, [who])

    def places(self, asked: tuple[UUID, UUID], bed_id: UUID, first: date, until: date) -> UUID:
        who, request_id = asked
        unit_id = self.acanto if bed_id == self.bed_3 else self.ginestra
        with self.on(first) as ctx:
            return stays.place(ctx, NewStay(request_id, unit_id, {who: bed_id}, first, until))

    def moves_in(self, stay_id: UUID, day: date) -> None:
        with self.on(day) as ctx:
            move_in(ctx, stay_id, Counting(day))

    def moves_out(self, stay_id: UUID, day: date, outcome: Outcome) -> None:
        with self.on(day) as ctx:
            move_out(ctx, stay_id, Leaving(Counting(day), outcome, True, 0, "all fine"))


@pytest.fixture
def diary(acting: Acting, clock: FrozenClock) -> Diary:
    diary = Diary(acting, clock)
    _write_stays(diary)
    _write_closures(diary)
    _write_money(diary)
    clock.instant = LATER
    return diary


def _write_stays(diary: Diary) -> None:
    awa = diary.asks("Awa", date(2024, 12, 10))
    stay = diary.places(awa, diary.bed_1, date(2024, 12, 20), date(2025, 3, 31))
    diary.moves_in(stay, date(2024, 12, 20))
    diary.moves_out(stay, date(2025, 3, 31), Outcome.OWN_LEASE)
    awas = stay

    # Half past midnight in Italy on 1 February is still 31 January in UTC.
    bilal = diary.asks("Bilal", date(2025, 2, 1), hour=0, minute=30)
    stay = diary.places(bilal, diary.bed_2, date(2025, 2, 10), date(2025, 5, 11))
    diary.moves_in(stay, date(2025, 2, 10))
    with diary.on(date(2025, 4, 1)) as ctx:
        stays.transfer(ctx, stay, diary.acanto, {bilal[0]: diary.bed_3}, date(2025, 4, 1))
    diary.moves_out(stay, date(2025, 5, 15), Outcome.FAMILY)

    chidi = diary.asks("Chidi", date(2025, 5, 20))
    with diary.on(date(2025, 5, 20)) as ctx:
        days = (date(2025, 6, 1), date(2025, 6, 30))
        new = NewStay(chidi[1], diary.ginestra, {chidi[0]: diary.bed_1}, *days)
        stays.cancel(ctx, stays.place(ctx, new))

    dina = diary.asks("Dina", date(2025, 10, 1))
    stay = diary.places(dina, diary.bed_1, date(2025, 10, 20), date(2025, 11, 10))
    diary.moves_in(stay, date(2025, 10, 20))
    diary.moves_out(stay, date(2025, 11, 10), Outcome.STREET)

    efua = diary.asks("Efua", date(2025, 12, 1))
    stay = diary.places(efua, diary.bed_3, date(2025, 12, 20), date(2026, 1, 20))
    diary.moves_in(stay, date(2025, 12, 20))

    with diary.on(date(2025, 10, 2)) as ctx:
        due = select(FollowUp.id).where(FollowUp.placement_id == awas, FollowUp.months == 6)
        record_follow_up(ctx, ctx.db.scalars(due).one(), Outcome.OWN_LEASE, date(2025, 10, 2))


def _write_closures(diary: Diary) -> None:
    with diary.on(date(2025, 9, 20)) as ctx:
        july = Nights(date(2025, 7, 1), date(2025, 7, 11))
        work_id = work_done(ctx, diary.ginestra, 60_000, date(2025, 7, 11))
        work_done(ctx, diary.ginestra, 99_000, date(2024, 12, 31))
        night_book.occupy(
            ctx,
            [NewSpan(bed, july, Use.WORKS, work_id=work_id) for bed in (diary.bed_1, diary.bed_2)],
        )
        cold = Nights(date(2025, 8, 28), date(2025, 9, 3))
        night_book.close_beds(ctx, [diary.bed_3], cold, VoidReason.NO_HEATING_OR_WATER)
        broken = Nights(date(2025, 12, 30), date(2026, 1, 3))
        night_book.close_beds(ctx, [diary.bed_1], broken, VoidReason.DAMAGE)
        bed, _unit = bed_for(ctx, diary.bed_2)
        night_book.take_bed_away(ctx, bed, date(2025, 10, 1))


def _write_money(diary: Diary) -> None:
    with diary.on(date(2025, 9, 20)) as ctx:
        let_to_us(ctx, diary.ginestra, 62_000, date(2024, 6, 1), date(2025, 10, 15))
        let_to_us(ctx, diary.ginestra, 65_000, date(2025, 10, 16))
        let_to_us(ctx, diary.acanto, 40_000, date(2025, 2, 15))
        # What somebody pays us for living there is no cost.
        let_to_us(ctx, diary.acanto, 50_000, date(2025, 4, 1), direction=Direction.OUT)
        tenant = make_resident(ctx, diary.city, "Tenant")
        support_of(
            ctx,
            tenant,
            diary.ginestra,
            diary.grant,
            due=[
                (date(2025, 11, 1), 10_000),
                (date(2025, 12, 1), 15_000),
                (date(2025, 12, 26), 20_000),
            ],
            paid=[(date(2025, 11, 10), 12_000), (date(2026, 1, 2), 33_000)],
        )
        support_of(
            ctx,
            tenant,
            diary.ginestra,
            diary.grant,
            due=[(date(2025, 11, 1), 10_000)],
            paid=[(date(2025, 11, 1), 10_000)],
        )


@pytest.fixture
def report(acting: Acting, diary: Diary) -> Report:
    return _report(acting, diary, YEAR)


def _report(acting: Acting, diary: Diary, period: Period, **only: tuple[object, ...]) -> Report:
    with acting(diary.officer) as ctx:
        return queries.report(ctx, Asked(period, **only), diary.city.id)  # type: ignore[arg-type]


def test_nights_offered_used_lost_and_free_are_those_counted_by_hand(report: Report) -> None:
    nights = report.total.nights
    assert nights.offered == 365 + 273 + 306 == 944
    assert +nights.by_use == Counter({Use.STAY: 89 + 50 + 40 + 21 + 12, Use.OVERSTAY: 4})
    assert nights.used == 216
    assert +nights.by_loss == Counter(
        {
            (Use.WORKS, None): 20,
            (Use.VOID, VoidReason.NO_HEATING_OR_WATER): 6,
            (Use.VOID, VoidReason.DAMAGE): 2,
            (Use.TURNAROUND, None): 5,
        }
    )
    assert (nights.lost, nights.free, nights.excluded, nights.usable) == (33, 695, 28, 916)


def test_the_use_rate_shows_both_sides(report: Report) -> None:
    """216 / 944 = 0.22881, 216 / 916 = 0.23581."""
    nights = report.total.nights
    assert (nights.rate_of_offered, nights.rate_of_usable) == (Decimal("22.9"), Decimal("23.6"))


def test_each_kind_and_each_grant_has_its_own_nights(report: Report) -> None:
    """Ginestra: 365 + 273 = 638 offered, 89 + 50 + 21 = 160 used, 20 + 2 + 3 = 25 lost.
    Acanto: 306 offered, 40 + 4 + 12 = 56 used, 6 + 2 = 8 lost.
    160 / 638 = 0.25078, 160 / (638 - 22) = 0.25974; 56 / 306 = 0.18301, 56 / 300 = 0.18667."""
    shared = report.by_kind[UnitKind.COHOUSING].nights
    assert (shared.offered, shared.used, shared.lost, shared.free) == (638, 160, 25, 453)
    assert (shared.rate_of_offered, shared.rate_of_usable) == (Decimal("25.1"), Decimal("26.0"))
    flat = report.by_kind[UnitKind.TEMPORARY].nights
    assert (flat.offered, flat.used, flat.lost, flat.free) == (306, 56, 8, 242)
    assert (flat.rate_of_offered, flat.rate_of_usable) == (Decimal("18.3"), Decimal("18.7"))
    assert [(grant and grant.code, each.nights.used) for grant, each in report.by_grant] == [
        ("PON-1", 160),
        (None, 56),
    ]


def test_months_have_the_nights_the_calendar_gives_them(report: Report) -> None:
    """February: two beds of 28; Awa 28, Bilal 19. March, an hour short: three beds of 31; Awa 30,
    Bilal 31, one night to make ready. October, an hour longer: two beds of 31; Dina 12."""
    found = {
        month.name: (nights.offered, nights.used, nights.lost)
        for month, nights in report.months.items()
    }
    assert found["2025-02"] == (56, 47, 0)
    assert found["2025-03"] == (93, 61, 1)
    assert found["2025-10"] == (62, 12, 0)
    assert found["2025-12"] == (62, 12, 2)
    assert [sum(each) for each in zip(*found.values(), strict=True)] == [944, 216, 33]


def test_a_period_may_begin_and_end_within_a_month(acting: Acting, diary: Diary) -> None:
    """29 March up to and with 2 April: three beds, five nights. Used: Awa 29, 30 March; Bilal all
    five, three in bed 2 and two in Acanto. Lost: bed 1 on 31 March, bed 2 on 1 April."""
    nights = _report(acting, diary, Period(date(2025, 3, 29), date(2025, 4, 3))).total.nights
    assert (nights.offered, nights.used, nights.lost, nights.free) == (15, 7, 2, 6)


def test_length_of_stay_is_of_the_stays_that_ended(report: Report) -> None:
    """Awa 12 + 31 + 28 + 30 = 101 days, Bilal 19 + 31 + 30 + 14 = 94, Dina 12 + 9 = 21; 216 / 3."""
    assert report.total.length_of_stay == Days(3, Decimal("94.0"), Decimal("72.0"))
    assert report.by_kind[UnitKind.TEMPORARY].length_of_stay == Days(1, Decimal(94), Decimal(94))


def test_waiting_is_from_the_request_to_the_first_night(report: Report) -> None:
    """Bilal 1 to 10 February = 9 days; Dina 1 to 20 October and Efua 1 to 20 December = 19 each;
    47 / 3 = 15.67. Awa came in 2024, Chidi not at all."""
    assert report.total.waiting == Days(3, Decimal("19.0"), Decimal("15.7"))


def test_exits_are_counted_by_what_they_led_to(report: Report) -> None:
    assert +report.total.exits == Counter([Outcome.OWN_LEASE, Outcome.FAMILY, Outcome.STREET])
    assert (report.total.ended, report.total.to_autonomy) == (3, 1)
    assert +report.by_kind[UnitKind.TEMPORARY].exits == Counter([Outcome.FAMILY])
    assert report.people == 4


def test_follow_ups_that_were_due_say_how_many_were_asked(report: Report) -> None:
    """Six months after 31 March and after 15 May; Awa was asked. The others are due in 2026."""
    found = {
        months: FollowUps(asked.due, +asked.found) for months, asked in report.follow_ups.items()
    }
    assert found == {6: FollowUps(2, Counter([Outcome.OWN_LEASE])), 12: FollowUps(0, Counter())}


def test_a_night_costs_what_running_rent_and_works_come_to(report: Report) -> None:
    """Running: 638 x 10.00 + 306 x 5.00 = 7 910.00.
    Rent of Ginestra: 9 x 620.00 + 620.00 x 15 / 31 = 5 880.00, then 650.00 x 16 / 31 = 335.48 and
    2 x 650.00; of Acanto: 400.00 x 14 / 28 + 10 x 400.00 = 4 200.00; together 11 715.48.
    Works: 600.00. All: 20 225.48, and / 216 = 93.64."""
    assert report.total.costs == Costs(running=791_000, rent=1_171_548, works=60_000)
    assert report.total.cost_per_night == 9_364
    # (6 380.00 + 5 880.00 + 1 635.48 + 600.00) / 160 = 90.60; (1 530.00 + 4 200.00) / 56 = 102.32
    assert report.by_kind[UnitKind.COHOUSING].cost_per_night == 9_060
    assert report.by_kind[UnitKind.TEMPORARY].cost_per_night == 10_232


def test_arrears_are_what_is_missing_after_five_days_at_the_end_of_the_year(report: Report) -> None:
    """Due by 25 December 100.00 + 150.00, paid 120.00: 130.00. What was due on the 26th is five days
    late on the 31st, and not yet seen; what was paid in January does not count yet."""
    arrears = report.total.arrears
    assert (arrears.cents, arrears.supports) == (13_000, 1)
    ((grant, with_grant), _without) = report.by_grant
    assert grant is not None
    assert with_grant.arrears.cents == 13_000


def test_excluded_nights_are_listed_bed_by_bed(acting: Acting, diary: Diary) -> None:
    with acting(diary.officer) as ctx:
        found = queries.excluded_nights(ctx, Asked(YEAR), diary.city.id)
    works, july = (Use.WORKS, None), (date(2025, 7, 1), date(2025, 7, 11))
    bed_1, bed_2 = "Stanza 1 · letto 1", "Stanza 1 · letto 2"
    cold = (date(2025, 8, 28), date(2025, 9, 3), (Use.VOID, VoidReason.NO_HEATING_OR_WATER))
    broken = (date(2025, 12, 30), date(2026, 1, 1), (Use.VOID, VoidReason.DAMAGE))
    assert found == [
        ExcludedNights("Casa Acanto", bed_1, *cold),
        ExcludedNights("Casa Ginestra", bed_1, *july, works),
        ExcludedNights("Casa Ginestra", bed_1, *broken),
        ExcludedNights("Casa Ginestra", bed_2, *july, works),
    ]
    assert [each.nights for each in found] == [6, 10, 2, 10]


def test_kinds_and_grants_can_be_chosen(acting: Acting, diary: Diary) -> None:
    flats = _report(acting, diary, YEAR, kinds=(UnitKind.TEMPORARY,))
    assert (flats.total.nights.used, flats.people, flats.total.arrears.cents) == (56, 2, 0)
    paid_for = _report(acting, diary, YEAR, grants=(diary.grant,))
    assert (paid_for.total.nights.used, paid_for.people) == (160, 3)
    assert paid_for.total.arrears.cents == 13_000


def test_twelve_months_add_up_to_the_year(acting: Acting, diary: Diary, report: Report) -> None:
    parts = [
        _report(acting, diary, Period(month.first, month.until)).total for month in report.months
    ]
    assert sum(part.nights.used for part in parts) == 216
    assert sum(part.nights.lost for part in parts) == 33
    assert sum(part.costs.total for part in parts) == report.total.costs.total
    assert sum(part.ended for part in parts) == 3
