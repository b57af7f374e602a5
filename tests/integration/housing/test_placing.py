"""Who may be placed where, for which nights; what is refused changes nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.errors import (
    BedTaken,
    EndsBeforeStart,
    MinorAlone,
    NobodyToPlace,
    NoNights,
    NotForThem,
    PersonDead,
    PersonDeparted,
    RequestClosed,
    SleepsElsewhere,
    TooLongAgo,
    TooManyNights,
)
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import stays
from civic.housing.operations.stays import Longer, NewStay
from civic.housing.placing_models import HousingRequest, Placement, Resident
from civic.housing.rules.nights import SLEPT, Nights, Use
from civic.housing.rules.placing import RequestState
from civic.housing.rules.stock import Gender, Who
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import actor_of, make_staff
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
    make_unit,
    members_of,
)
from tests.factories.tenancy import make_city

TODAY = date(2026, 3, 14)


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx)


def _nights(ctx: Context, placement_id: UUID, *uses: Use) -> int:
    return (
        ctx.db.scalar(
            select(func.count())
            .select_from(BedNight)
            .join(BedSpan, BedSpan.id == BedNight.span_id)
            .where(BedSpan.placement_id == placement_id, BedSpan.use.in_(uses))
        )
        or 0
    )


def test_a_stay_occupies_each_of_its_nights_and_then_the_bed_is_made_ready(
    ctx: Context, lodge: Lodge
) -> None:
    stay_id = make_stay(ctx, lodge, make_request(ctx, lodge.city), nights=30)
    assert _nights(ctx, stay_id, Use.STAY) == 30
    assert _nights(ctx, stay_id, Use.TURNAROUND) == 1


@pytest.mark.parametrize(
    ("nights", "refusal"), [(0, NoNights), (10_000, TooManyNights), (-3, EndsBeforeStart)]
)
def test_a_stay_has_at_least_a_night_at_most_two_years_and_ends_after_it_begins(
    ctx: Context, lodge: Lodge, nights: int, refusal: type[CivicError]
) -> None:
    with pytest.raises(refusal):
        make_stay(ctx, lodge, make_request(ctx, lodge.city), nights=nights)
    assert ctx.db.scalar(select(func.count()).select_from(BedNight)) == 0


@pytest.mark.parametrize("first", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_change_of_the_clocks_neither_adds_a_night_nor_takes_one_away(
    ctx: Context, lodge: Lodge, first: date
) -> None:
    stay_id = make_stay(ctx, lodge, make_request(ctx, lodge.city), first=first, nights=2)
    assert _nights(ctx, stay_id, Use.STAY) == 2


def test_nobody_is_placed_more_than_a_year_back(ctx: Context, lodge: Lodge) -> None:
    with pytest.raises(TooLongAgo):
        make_stay(ctx, lodge, make_request(ctx, lodge.city), first=TODAY - timedelta(days=367))


@pytest.mark.parametrize(
    ("column", "refusal"), [("died_on", PersonDead), ("departed_on", PersonDeparted)]
)
def test_who_has_died_or_left_is_placed_nowhere(
    ctx: Context, lodge: Lodge, column: str, refusal: type[CivicError]
) -> None:
    resident_id = make_resident(ctx, lodge.city)
    setattr(ctx.db.get_one(Resident, resident_id), column, TODAY)
    with pytest.raises(refusal):
        make_stay(ctx, lodge, make_request(ctx, lodge.city, [resident_id]))


@pytest.mark.parametrize("takes", [(), (Who.FAMILIES,), (Who.SINGLE_MEN, Who.SINGLE_WOMEN)])
def test_minors_live_alone_only_where_minors_are_looked_after(
    ctx: Context, lodge: Lodge, takes: tuple[Who, ...]
) -> None:
    pair = [make_resident(ctx, lodge.city, birth_year=2010) for _ in range(2)]
    request_id = make_request(ctx, lodge.city, pair)
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Acero", takes=takes)
    with pytest.raises(MinorAlone):
        make_stay(ctx, Lodge(lodge.city, lodge.officer, unit_id, beds), request_id)
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Alloro", takes=(Who.MINORS,))
    make_stay(ctx, Lodge(lodge.city, lodge.officer, unit_id, beds), request_id)


def test_who_turns_eighteen_this_year_by_the_year_alone_is_taken_for_grown_up(
    ctx: Context, lodge: Lodge
) -> None:
    resident_id = make_resident(ctx, lodge.city, birth_year=2008)
    make_stay(ctx, lodge, make_request(ctx, lodge.city, [resident_id]))


def test_a_minor_lives_where_families_do_with_an_adult(ctx: Context, lodge: Lodge) -> None:
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Betulla", takes=(Who.FAMILIES,))
    family = [make_resident(ctx, lodge.city, birth_year=born) for born in (1990, 2020)]
    make_stay(
        ctx, Lodge(lodge.city, lodge.officer, unit_id, beds), make_request(ctx, lodge.city, family)
    )


def test_a_unit_takes_only_whom_it_names(ctx: Context, lodge: Lodge) -> None:
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Quercia", takes=(Who.SINGLE_WOMEN,))
    there = Lodge(lodge.city, lodge.officer, unit_id, beds)
    man = make_resident(ctx, lodge.city, gender=Gender.MAN)
    with pytest.raises(NotForThem):
        make_stay(ctx, there, make_request(ctx, lodge.city, [man]))
    woman = make_resident(ctx, lodge.city, gender=Gender.WOMAN)
    make_stay(ctx, there, make_request(ctx, lodge.city, [woman]))


def test_a_room_for_women_takes_women_and_the_children_who_come_with_them(
    ctx: Context, lodge: Lodge
) -> None:
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Salice", only_for=Gender.WOMAN)
    there = Lodge(lodge.city, lodge.officer, unit_id, beds)
    man = make_resident(ctx, lodge.city, gender=Gender.MAN)
    with pytest.raises(NotForThem):
        make_stay(ctx, there, make_request(ctx, lodge.city, [man]))
    mother = make_resident(ctx, lodge.city, gender=Gender.WOMAN)
    son = make_resident(ctx, lodge.city, gender=Gender.MAN, birth_year=2021)
    make_stay(ctx, there, make_request(ctx, lodge.city, [mother, son]))


def test_a_household_is_placed_whole_or_not_at_all(ctx: Context, lodge: Lodge) -> None:
    request_id = make_request(ctx, lodge.city, [make_resident(ctx, lodge.city) for _ in range(2)])
    one = members_of(ctx, request_id)[0]
    new = NewStay(request_id, lodge.unit_id, {one: lodge.beds[0]}, TODAY, TODAY + timedelta(days=5))
    with pytest.raises(NobodyToPlace):
        stays.place(ctx.acting(lodge.officer), new)


def test_a_request_is_answered_once(ctx: Context, lodge: Lodge) -> None:
    request_id = make_request(ctx, lodge.city)
    make_stay(ctx, lodge, request_id, nights=5)
    with pytest.raises(RequestClosed):
        make_stay(ctx, lodge, request_id, first=TODAY + timedelta(days=20), nights=5)


def test_nobody_sleeps_in_two_places(ctx: Context, lodge: Lodge) -> None:
    resident_id = make_resident(ctx, lodge.city)
    make_stay(ctx, lodge, make_request(ctx, lodge.city, [resident_id]), nights=10)
    with pytest.raises(SleepsElsewhere):
        make_stay(
            ctx,
            lodge,
            make_request(ctx, lodge.city, [resident_id]),
            first=TODAY + timedelta(days=9),
            beds=lodge.beds[1:],
        )


def test_an_open_ended_stay_has_a_planned_end(ctx: Context, lodge: Lodge) -> None:
    request_id = make_request(ctx, lodge.city)
    (resident_id,) = members_of(ctx, request_id)
    new = NewStay(request_id, lodge.unit_id, {resident_id: lodge.beds[0]}, TODAY, None)
    stay_id = stays.place(ctx.acting(lodge.officer), new)
    placement = ctx.db.get_one(Placement, stay_id)
    assert placement.is_open_ended
    assert placement.until_night == TODAY + timedelta(days=90)


def test_who_comes_next_keeps_the_bed_when_a_stay_is_lengthened(ctx: Context, lodge: Lodge) -> None:
    stay_id = make_stay(ctx, lodge, make_request(ctx, lodge.city), nights=10)
    make_stay(ctx, lodge, make_request(ctx, lodge.city), first=TODAY + timedelta(days=15), nights=5)
    officer = ctx.acting(lodge.officer)
    with pytest.raises(BedTaken):
        stays.extend(officer, stay_id, Longer(TODAY + timedelta(days=16), "agreed"))
    stays.extend(officer, stay_id, Longer(TODAY + timedelta(days=15), "agreed"))
    assert _nights(ctx, stay_id, Use.STAY) == 15
    assert _nights(ctx, stay_id, Use.TURNAROUND) == 0


def test_a_cancelled_stay_frees_its_nights_and_the_household_waits_again(
    ctx: Context, lodge: Lodge
) -> None:
    request_id = make_request(ctx, lodge.city)
    stay_id = make_stay(ctx, lodge, request_id)
    stays.cancel(ctx.acting(lodge.officer), stay_id)
    assert _nights(ctx, stay_id, *Use) == 0
    assert ctx.db.get_one(HousingRequest, request_id).state is RequestState.WAITING
    make_stay(ctx, lodge, request_id)


def test_who_moves_elsewhere_leaves_the_old_bed_to_be_made_ready(
    ctx: Context, lodge: Lodge
) -> None:
    request_id = make_request(ctx, lodge.city)
    stay_id = make_stay(ctx, lodge, request_id, nights=20)
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Tiglio")
    (resident_id,) = members_of(ctx, request_id)
    moves_on = TODAY + timedelta(days=8)
    stays.transfer(ctx.acting(lodge.officer), stay_id, unit_id, {resident_id: beds[0]}, moves_on)
    spans = ctx.db.scalars(
        select(BedSpan)
        .where(BedSpan.placement_id == stay_id, BedSpan.use.in_(SLEPT))
        .order_by(BedSpan.first_night)
    ).all()
    assert [(span.bed_id, len(Nights(span.first_night, span.until_night))) for span in spans] == [
        (lodge.beds[0], 8),
        (beds[0], 12),
    ]
    make_stay(
        ctx, lodge, make_request(ctx, lodge.city), first=moves_on + timedelta(days=1), nights=3
    )


def _ready(ctx: Context, stay_id: UUID) -> list[tuple[UUID, date]]:
    spans = ctx.db.scalars(
        select(BedSpan)
        .where(BedSpan.placement_id == stay_id, BedSpan.use == Use.TURNAROUND)
        .where(BedSpan.until_night > BedSpan.first_night)
        .order_by(BedSpan.first_night)
    )
    return [(span.bed_id, span.first_night) for span in spans]


def test_who_leaves_before_a_planned_move_leaves_the_bed_they_slept_in_to_be_made_ready(
    ctx: Context, lodge: Lodge
) -> None:
    request_id = make_request(ctx, lodge.city)
    stay_id = make_stay(ctx, lodge, request_id, nights=20)
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Tiglio")
    (resident_id,) = members_of(ctx, request_id)
    officer = ctx.acting(lodge.officer)
    moves_on, leaves_on = TODAY + timedelta(days=8), TODAY + timedelta(days=5)
    stays.transfer(officer, stay_id, unit_id, {resident_id: beds[0]}, moves_on)
    placement = stays.leave_beds(officer, stay_id, leaves_on)
    assert _ready(ctx, stay_id) == [(lodge.beds[0], leaves_on)]
    assert placement.unit_id == lodge.unit_id


def test_a_planned_move_can_be_taken_back_or_planned_anew(ctx: Context, lodge: Lodge) -> None:
    request_id = make_request(ctx, lodge.city)
    stay_id = make_stay(ctx, lodge, request_id, nights=20)
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Tiglio")
    (resident_id,) = members_of(ctx, request_id)
    officer = ctx.acting(lodge.officer)
    day, earlier, ends = (TODAY + timedelta(days=count) for count in (8, 5, 20))
    stays.transfer(officer, stay_id, unit_id, {resident_id: beds[0]}, day)
    stays.transfer(officer, stay_id, lodge.unit_id, {resident_id: lodge.beds[0]}, day)
    assert _ready(ctx, stay_id) == [(lodge.beds[0], ends)]
    stays.transfer(officer, stay_id, unit_id, {resident_id: beds[0]}, day)
    stays.transfer(officer, stay_id, unit_id, {resident_id: beds[1]}, earlier)
    assert _ready(ctx, stay_id) == [(lodge.beds[0], earlier), (beds[1], ends)]
    assert _nights(ctx, stay_id, Use.STAY) == 20


def test_who_has_asked_anew_waits_once_when_their_stay_is_cancelled(
    ctx: Context, lodge: Lodge
) -> None:
    resident_id = make_resident(ctx, lodge.city)
    first = make_request(ctx, lodge.city, [resident_id])
    stay_id = make_stay(ctx, lodge, first)
    make_request(ctx, lodge.city, [resident_id])
    stays.cancel(ctx.acting(lodge.officer), stay_id)
    assert ctx.db.get_one(HousingRequest, first).state is RequestState.WITHDRAWN


def test_a_safe_house_is_not_there_for_who_is_not_of_its_team(ctx: Context, lodge: Lodge) -> None:
    inside = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Ines Inside"))
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Riparo", team=[inside.own_id])
    request_id = make_request(ctx, lodge.city)
    with pytest.raises(NotFound):
        make_stay(ctx, Lodge(lodge.city, lodge.officer, unit_id, beds), request_id)
    stay_id = make_stay(ctx, Lodge(lodge.city, inside, unit_id, beds), request_id)
    with pytest.raises(NotFound):
        stays.cancel(ctx.acting(lodge.officer), stay_id)
    stays.cancel(ctx.acting(inside), stay_id)


def test_another_city_places_nobody_here(ctx: Context, lodge: Lodge) -> None:
    request_id = make_request(ctx, lodge.city)
    other = make_city(ctx, "latina")
    stranger = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, other, name="Sara Stranger"))
    with pytest.raises(NotFound):
        make_stay(ctx, Lodge(lodge.city, stranger, lodge.unit_id, lodge.beds), request_id)
