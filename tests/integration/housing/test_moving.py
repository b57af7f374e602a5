"""Moving in, on and out: on the pages, in whatever order."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.errors import AlreadyMovedIn, NotMovedIn, StayOver
from civic.housing.events import StepTaken
from civic.housing.market_models import HousingStep
from civic.housing.nights_models import BedSpan
from civic.housing.operations import moving
from civic.housing.operations.moving import Counting, Leaving
from civic.housing.operations.steps import take_step
from civic.housing.placing_models import (
    FollowUp,
    Inventory,
    Placement,
)
from civic.housing.rules.nights import Use
from civic.housing.rules.placing import InventoryKind, Outcome, StayState
from civic.housing.rules.steps import Step
from civic.housing.stay_errors import AfterPlannedEnd, LeftBeforeComing
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing_stays import Home, came, days, left, make_home, nights_of

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

TODAY = date(2026, 3, 14)


@pytest.fixture
def home(acting: Acting) -> Home:
    with acting(system_in()) as ctx:
        return make_home(ctx)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, home: Home) -> FlaskClient:
    sign_in(client, home.officer.own_id)
    return with_second_factor(client)


def page_of(home: Home, rest: str = "") -> str:
    return f"/en/housing/stays/{home.stay_id}{rest}"


def placement(acting: Acting, home: Home) -> Placement:
    with acting(home.officer) as ctx:
        return ctx.db.get_one(Placement, home.stay_id)


def day(count: int) -> str:
    return (TODAY + timedelta(days=count)).isoformat()


def test_they_move_in_with_what_stands_there_and_what_the_meters_show(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    answer = officer.post(
        page_of(home, "/move-in"),
        data={
            "day": day(0),
            "count_bed": "2",
            "state_bed": "worn",
            "count_keys": "1",
            "state_keys": "good",
            "electricity": "01234,5",
            "is_agreed": "y",
        },
        follow_redirects=True,
    )
    page = html(answer)
    assert "They have moved in. Welcome!" in page
    assert "Beds: 2 (worn)" in page
    assert "01234,5" in page
    with acting(home.officer) as ctx:
        row = ctx.db.get_one(Placement, home.stay_id)
        assert (row.state, row.moved_in_on) == (StayState.MOVED_IN, TODAY)
        counted = ctx.db.scalars(select(Inventory)).one()
        assert (counted.kind, counted.is_agreed) == (InventoryKind.MOVE_IN, True)
        assert counted.meters == {"electricity": "01234,5"}
        assert [each["thing"] for each in counted.things] == ["keys", "bed"]


def test_moving_in_is_a_step_in_the_plan_of_whoever_has_an_account(
    acting: Acting, home: Home
) -> None:
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id)
        names = ctx.db.scalars(
            select(OutboxEvent.payload).where(OutboxEvent.name == StepTaken.name())
        ).all()
    assert [(each["step"], each["person_id"]) for each in names] == [
        ("moved_in", str(home.mother.own_id))
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": ""}, "Choose a day."),
        ({"day": "2026-02-30"}, "Not a valid date value"),
        ({"day": day(1)}, "This day has not come yet."),
        ({"day": day(-1)}, "The place is theirs from 14 March 2026."),
        ({"count_bed": "-1"}, "Write a number from 0 to 99."),
        ({"count_bed": "100000"}, "Write a number from 0 to 99."),
        ({"gas": "a lot"}, "Write what the meter shows"),
        ({"state_bed": "gone"}, "Not a valid choice"),
    ],
)
def test_moving_in_as_nobody_can_is_said_and_what_was_typed_stays(
    officer: FlaskClient,
    acting: Acting,
    home: Home,
    html: Html,
    changed: dict[str, str],
    sentence: str,
) -> None:
    sent = {"day": day(0), "water": "777,7"} | changed
    answer = officer.post(page_of(home, "/move-in"), data=sent)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert 'value="777,7"' in html(answer)
    assert placement(acting, home).state is StayState.BOOKED


def test_nobody_moves_in_twice_nor_out_before_they_came(acting: Acting, home: Home) -> None:
    leaving = Leaving(Counting(TODAY), Outcome.UNKNOWN, True, 0, "")
    with pytest.raises(NotMovedIn), acting(home.officer) as ctx:
        moving.move_out(ctx, home.stay_id, leaving)
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id)
    with pytest.raises(AlreadyMovedIn), acting(home.officer) as ctx:
        came(ctx, home.stay_id)
    with pytest.raises(AlreadyMovedIn), acting(home.officer) as ctx:
        moving.cancel_stay(ctx, home.stay_id)


def moved_in_ten_days_ago(acting: Acting, deposit: int = 25_000) -> Home:
    with acting(system_in()) as ctx:
        home = make_home(ctx, first=TODAY - timedelta(days=10))
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id, TODAY - timedelta(days=10))
        ctx.db.get_one(Placement, home.stay_id).deposit_cents = deposit
    return home


@pytest.fixture
def lived(acting: Acting) -> Home:
    return moved_in_ten_days_ago(acting)


@pytest.fixture
def keeper(client: FlaskClient, sign_in: SignIn, lived: Home) -> FlaskClient:
    sign_in(client, lived.officer.own_id)
    return with_second_factor(client)


LEAVING = {"outcome": "own_lease", "deposit_back": "250,00", "words": "", "is_clean": "y"}


def test_they_move_out_and_the_nights_the_outcome_and_the_asking_again_follow(
    keeper: FlaskClient, acting: Acting, lived: Home, html: Html
) -> None:
    assert "They paid €250.00." in html(keeper.get(page_of(lived, "/move-out")))
    sent = LEAVING | {"day": day(0), "deposit_back": "200,50", "words": "Una sedia rotta"}
    page = html(keeper.post(page_of(lived, "/move-out"), data=sent, follow_redirects=True))
    assert "a home of their own" in page
    assert "€200.50 of €250.00" in page
    assert "Una sedia rotta" in page
    with acting(lived.officer) as ctx:
        row = ctx.db.get_one(Placement, lived.stay_id)
        assert (row.state, row.moved_out_on) == (StayState.ENDED, TODAY)
        assert (row.outcome, row.deposit_back_cents) == (Outcome.OWN_LEASE, 20_050)
        slept = nights_of(ctx, lived.stay_id)
        for who in (lived.mother_id, lived.child_id):
            assert [each[0] for each in slept[who]] == days(TODAY - timedelta(days=10), 10)
        due = ctx.db.scalars(select(FollowUp.due_on).order_by(FollowUp.months)).all()
        assert due == [date(2026, 9, 14), date(2027, 3, 14)]
        ready = ctx.db.scalars(select(BedSpan).where(BedSpan.use == Use.TURNAROUND)).all()
        assert {(each.first_night, each.until_night) for each in ready if len_of(each)} == {
            (TODAY, TODAY + timedelta(days=1))
        }
    with pytest.raises(StayOver), acting(lived.officer) as ctx:
        left(ctx, lived.stay_id)


def len_of(span: BedSpan) -> int:
    return (span.until_night - span.first_night).days


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": day(-10)}, "the day of leaving comes after it"),
        ({"day": day(-400)}, "the day of leaving comes after it"),
        ({"day": day(1)}, "This day has not come yet."),
        ({"deposit_back": "-5"}, "An amount cannot be less than nothing."),
        ({"deposit_back": "1,000000000001"}, "Write cents with two digits at most"),
        ({"deposit_back": "250,01"}, "Nobody gets back more than they paid."),
        ({"deposit_back": "lots"}, "We cannot read this as an amount."),
        ({"deposit_back": ""}, "Write how much it is in euro"),
        ({"deposit_back": "249,99"}, "A part of the deposit is kept."),
        ({"outcome": ""}, "Choose one."),
        ({"outcome": "moon"}, "Not a valid choice"),
    ],
)
def test_moving_out_as_nobody_can_is_said_and_what_was_typed_stays(
    keeper: FlaskClient,
    acting: Acting,
    lived: Home,
    html: Html,
    changed: dict[str, str],
    sentence: str,
) -> None:
    sent = LEAVING | {"day": day(0), "water": "42,5"} | changed
    answer = keeper.post(page_of(lived, "/move-out"), data=sent)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert 'value="42,5"' in html(answer)
    assert placement(acting, lived).state is StayState.MOVED_IN


def test_nobody_leaves_before_the_day_they_came(acting: Acting) -> None:
    with acting(system_in()) as ctx:
        home = make_home(ctx, first=TODAY - timedelta(days=10))
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id, TODAY - timedelta(days=2))
    with pytest.raises(LeftBeforeComing), acting(home.officer) as ctx:
        left(ctx, home.stay_id, TODAY - timedelta(days=3))


def test_whoever_has_died_is_not_asked_after_months(acting: Acting, lived: Home) -> None:
    with acting(lived.officer) as ctx:
        left(ctx, lived.stay_id, outcome=Outcome.DIED)
        assert ctx.db.scalars(select(FollowUp)).all() == []


def test_a_follow_up_is_listed_asked_and_written_down(
    client: FlaskClient,
    sign_in: SignIn,
    acting: Acting,
    lived: Home,
    html: Html,
    clock: FrozenClock,
) -> None:
    with acting(lived.officer) as ctx:
        left(ctx, lived.stay_id)
        first = ctx.db.scalars(select(FollowUp.id).where(FollowUp.months == 6)).one()
    clock.advance(timedelta(days=190))
    sign_in(client, lived.officer.own_id)
    with_second_factor(client)
    page = html(client.get("/en/housing/follow-ups"))
    assert page.count("to ask now") == 1
    there = page_of(lived, f"/follow-ups/{first}")
    assert client.post(there, data={"day": day(-5), "found": "family"}).status_code == 422
    assert client.post(there, data={"day": day(900), "found": "family"}).status_code == 422
    assert client.post(there, data={"day": day(180), "found": ""}).status_code == 422
    client.post(there, data={"day": day(180), "found": "family"})
    assert "with family or friends" in html(client.get(page_of(lived)))
    assert "to ask now" not in html(client.get("/en/housing/follow-ups"))
    assert client.get(page_of(lived, f"/follow-ups/{uuid4()}")).status_code == 404


def test_an_own_lease_is_one_step_though_it_was_written_down_before(
    acting: Acting, lived: Home
) -> None:
    with acting(lived.officer) as ctx:
        take_step(ctx, lived.mother_id, Step.OWN_LEASE, TODAY, uuid4())
        left(ctx, lived.stay_id)
        taken = ctx.db.scalars(
            select(HousingStep.resident_id).where(HousingStep.step == Step.OWN_LEASE)
        ).all()
    assert sorted(taken) == sorted([lived.mother_id, lived.child_id])


def test_nobody_moves_in_after_the_planned_end_or_once_it_is_over(
    acting: Acting, home: Home, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=40))
    with pytest.raises(AfterPlannedEnd), acting(home.officer) as ctx:
        came(ctx, home.stay_id, TODAY + timedelta(days=30))
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id, TODAY + timedelta(days=29))
        left(ctx, home.stay_id, TODAY + timedelta(days=30))
    with pytest.raises(StayOver), acting(home.officer) as ctx:
        came(ctx, home.stay_id, TODAY + timedelta(days=29))


def test_a_follow_up_that_does_not_exist_is_not_there(acting: Acting, lived: Home) -> None:
    with pytest.raises(NotFound), acting(lived.officer) as ctx:
        moving.record_follow_up(ctx, uuid4(), Outcome.FAMILY, TODAY)
