"""Staying longer, moving to another place, cancelling: on the pages, and in whatever order."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.errors import BedTaken
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import moving, overstays
from civic.housing.operations.stays import Longer
from civic.housing.placing_models import (
    Extension,
    HousingRequest,
    Placement,
)
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.placing import RequestState, StayState
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import make_staff, with_second_factor
from tests.factories.housing import Lodge, make_unit
from tests.factories.housing_stays import Home, came, days, left, make_guest, make_home, nights_of
from tests.factories.plans import make_plan, make_review
from tests.factories.tenancy import make_city

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


def len_of(span: BedSpan) -> int:
    return (span.until_night - span.first_night).days


def test_an_extension_needs_a_reason_where_there_is_no_plan(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    there = page_of(home, "/extend")
    assert "They have a plan." not in html(officer.get(there))
    answer = officer.post(there, data={"until": day(45), "reason": ""})
    assert (answer.status_code, "Write in a few words why." in html(answer)) == (422, True)
    assert f'value="{day(45)}"' in html(answer)
    page = html(
        officer.post(
            there, data={"until": day(45), "reason": "Il corso finisce"}, follow_redirects=True
        )
    )
    assert "Il corso finisce" in page
    row = placement(acting, home)
    assert row.until_night == TODAY + timedelta(days=45)
    with acting(home.officer) as ctx:
        assert len(nights_of(ctx, home.stay_id)[home.child_id]) == 45


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (day(10_030), "730 nights at most"),
        (day(29), "The last day comes before the first one."),
        (day(30), "That is not a single night."),
        ("", "Choose a day."),
    ],
)
def test_an_extension_that_nobody_can_mean_is_refused_and_kept(
    officer: FlaskClient, acting: Acting, home: Home, html: Html, until: str, sentence: str
) -> None:
    sent = {"until": until, "reason": "Perché sì"}
    answer = officer.post(page_of(home, "/extend"), data=sent)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert "Perché sì" in html(answer)
    assert placement(acting, home).until_night == TODAY + timedelta(days=30)


def with_plan(acting: Acting, home: Home, note: str = "") -> UUID:
    with acting(system_in(home.lodge.city.id)) as ctx:
        worker_id = make_staff(ctx, Role.CASE_WORKER, home.lodge.city)
        plan_id = make_plan(ctx, home.lodge.city, home.mother.own_id, worker_id)
        return make_review(ctx, home.lodge.city, plan_id, held_on=date(2026, 3, 1), note=note)


def test_with_a_plan_an_extension_names_the_review_by_its_day_alone(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    review_id = with_plan(acting, home, note="Parole della revisione")
    there = page_of(home, "/extend")
    page = html(officer.get(there))
    assert "1 March 2026" in page
    assert "Parole della revisione" not in page
    answer = officer.post(there, data={"until": day(45), "reason": "Senza revisione"})
    assert answer.status_code == 422
    assert "Choose the review in which the longer stay was agreed." in html(answer)
    assert officer.post(there, data={"until": day(45), "review": str(uuid4())}).status_code == 422
    officer.post(there, data={"until": day(45), "review": str(review_id)})
    assert "agreed in a review of the plan" in html(officer.get(page_of(home)))
    with acting(home.officer) as ctx:
        assert ctx.db.scalars(select(Extension.review_id)).all() == [review_id]


def test_a_review_of_somebody_else_is_none_of_theirs(acting: Acting, home: Home) -> None:
    with pytest.raises(NotFound), acting(home.officer) as ctx:
        moving.extend_stay(ctx, home.stay_id, Longer(TODAY + timedelta(days=40), "agreed", uuid4()))


def test_an_extension_into_nights_of_somebody_else_is_a_clear_answer(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    with acting(home.officer) as ctx:
        make_guest(
            ctx,
            home.lodge,
            beds=home.lodge.beds[:1],
            first=TODAY + timedelta(days=35),
        )
    answer = officer.post(page_of(home, "/extend"), data={"until": day(45), "reason": "Ancora"})
    assert answer.status_code == 409
    assert "is no longer free on 18 April 2026" in html(answer)
    assert placement(acting, home).until_night == TODAY + timedelta(days=30)


def other_unit(acting: Acting, home: Home, beds: int = 2) -> tuple[UUID, tuple[UUID, ...]]:
    with acting(system_in(home.lodge.city.id)) as ctx:
        return make_unit(ctx, home.lodge.city, "Casa Acanto", rooms=(beds,))


def test_they_move_to_free_beds_of_another_dwelling(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    unit_id, beds = other_unit(acting, home)
    there = page_of(home, "/transfer")
    assert "Casa Acanto (2)" in html(officer.get(there))
    chosen = f"{there}?from_night={day(10)}&unit={unit_id}"
    assert html(officer.get(chosen)).count("Stanza 1 · letto 1") == 2
    sent = {f"bed_{home.mother_id}": str(beds[0]), f"bed_{home.child_id}": str(beds[1])}
    page = html(officer.post(chosen, data=sent, follow_redirects=True))
    assert "Make a new agreement for the new place." in page
    assert "Where they slept before" in page
    row = placement(acting, home)
    assert (row.unit_id, row.until_night) == (unit_id, TODAY + timedelta(days=30))
    with acting(home.officer) as ctx:
        theirs = nights_of(ctx, home.stay_id)[home.mother_id]
        assert [each[0] for each in theirs] == days(TODAY, 30)
        assert {each[1] for each in theirs if each[0] < TODAY + timedelta(days=10)} != {beds[0]}
        assert {each[1] for each in theirs if each[0] >= TODAY + timedelta(days=10)} == {beds[0]}


def test_one_of_them_may_keep_the_bed_while_the_other_moves_in_the_same_dwelling(
    officer: FlaskClient, acting: Acting, home: Home
) -> None:
    with acting(home.officer) as ctx:
        before = nights_of(ctx, home.stay_id)
    mine = before[home.mother_id][0][1]
    free = next(each for each in home.lodge.beds[2:])
    chosen = page_of(home, f"/transfer?from_night={day(5)}&unit={home.lodge.unit_id}")
    sent = {f"bed_{home.mother_id}": str(mine), f"bed_{home.child_id}": str(free)}
    assert officer.post(chosen, data=sent).status_code == 302
    with acting(home.officer) as ctx:
        after = nights_of(ctx, home.stay_id)
    assert [each[0] for each in after[home.mother_id]] == days(TODAY, 30)
    assert {each[1] for each in after[home.mother_id]} == {mine}
    assert after[home.child_id][-1][1] == free


def test_a_bed_that_was_taken_meanwhile_is_a_clear_answer_and_changes_nothing(
    acting: Acting, home: Home
) -> None:
    unit_id, beds = other_unit(acting, home)
    with acting(home.officer) as ctx:
        other = make_lodge_there(home, unit_id, beds)
        make_guest(ctx, other, beds=beds[:1])
    with pytest.raises(BedTaken), acting(home.officer) as ctx:
        moving.transfer_stay(
            ctx,
            home.stay_id,
            unit_id,
            {home.mother_id: beds[0], home.child_id: beds[1]},
            TODAY + timedelta(days=1),
        )
    assert placement(acting, home).unit_id == home.lodge.unit_id


def make_lodge_there(home: Home, unit_id: UUID, beds: tuple[UUID, ...]) -> Lodge:
    return Lodge(home.lodge.city, home.officer, unit_id, beds)


def test_a_taken_bed_is_not_among_those_to_choose(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    unit_id, beds = other_unit(acting, home, beds=3)
    with acting(home.officer) as ctx:
        make_guest(ctx, make_lodge_there(home, unit_id, beds), beds=beds[:1])
    chosen = page_of(home, f"/transfer?from_night={day(10)}&unit={unit_id}")
    page = html(officer.get(chosen))
    assert str(beds[0]) not in page
    sent = {f"bed_{home.mother_id}": str(beds[0]), f"bed_{home.child_id}": str(beds[1])}
    answer = officer.post(chosen, data=sent)
    assert answer.status_code == 422
    assert f'<option selected value="{beds[1]}">' in html(answer)


@pytest.mark.parametrize(
    ("from_night", "sentence"),
    [
        (day(30), "Extend it first, then move them."),
        (day(-1), "They cannot move before that."),
    ],
)
def test_a_move_outside_the_stay_is_said(
    officer: FlaskClient,
    acting: Acting,
    home: Home,
    html: Html,
    from_night: str,
    sentence: str,
) -> None:
    unit_id, beds = other_unit(acting, home)
    chosen = page_of(home, f"/transfer?from_night={from_night}&unit={unit_id}")
    sent = {f"bed_{home.mother_id}": str(beds[0]), f"bed_{home.child_id}": str(beds[1])}
    answer = officer.post(chosen, data=sent)
    assert answer.status_code == 422
    assert sentence in html(answer)


def test_cancelling_frees_the_beds_and_they_wait_again(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    page = html(officer.post(page_of(home, "/cancel"), follow_redirects=True))
    assert "They wait again." in page
    with acting(home.officer) as ctx:
        assert nights_of(ctx, home.stay_id) == {}
        request = ctx.db.get_one(HousingRequest, home.request_id)
        assert request.state is RequestState.WAITING
    again = officer.post(page_of(home, "/cancel"), follow_redirects=True)
    assert "This stay has ended or was cancelled." in html(again)


def test_a_stay_of_another_city_is_not_there(
    client: FlaskClient, sign_in: SignIn, acting: Acting, home: Home
) -> None:
    with acting(system_in()) as ctx:
        elsewhere = make_city(ctx, "latina")
        stranger = make_staff(ctx, Role.HOUSING_OFFICER, elsewhere, name="Livia")
    sign_in(client, stranger)
    with_second_factor(client)
    for rest in ("", "/move-in", "/move-out", "/extend", "/transfer", "/overstay"):
        assert client.get(page_of(home, rest)).status_code == 404
    assert client.post(page_of(home, "/cancel")).status_code == 404
    assert placement(acting, home).state is StayState.BOOKED


MOVES = ("come", "extend", "move", "leave", "tomorrow", "stay on")


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_they_come_stay_longer_move_and_leave_their_nights_are_right(
    database: Database, acting: Acting, clock: FrozenClock, home: Home, seed: int
) -> None:
    """Everybody has one bed a night, from the first one to the last and without a gap."""
    unit_id, beds = other_unit(acting, home)
    units = {home.lodge.unit_id: home.lodge.beds, unit_id: beds}
    chance = Random(seed)
    for _turn in range(25):
        what = chance.choice(MOVES)
        try:
            if what == "tomorrow":
                clock.advance(timedelta(days=chance.randint(1, 12)))
            elif what == "stay on":
                overstays.keep_overstays(database)
            else:
                with acting(home.officer) as ctx:
                    _act(ctx, home, units, chance, what)
        except CivicError:
            pass
        with acting(home.officer) as ctx:
            _check_nights(ctx, home, rome_day(ctx.now()))


def _act(
    ctx: Context, home: Home, units: dict[UUID, tuple[UUID, ...]], chance: Random, what: str
) -> None:
    row = ctx.db.get_one(Placement, home.stay_id)
    day = row.first_night + timedelta(days=chance.randint(-3, 60))
    if what == "come":
        came(ctx, home.stay_id, day)
    elif what == "extend":
        moving.extend_stay(ctx, home.stay_id, Longer(day, "agreed"))
    elif what == "leave" and chance.random() < 0.3:
        left(ctx, home.stay_id, day)
    elif what == "move":
        unit_id = chance.choice(sorted(units))
        first, second = chance.sample(units[unit_id], 2)
        chosen = {home.mother_id: first, home.child_id: second}
        moving.transfer_stay(ctx, home.stay_id, unit_id, chosen, day)


def _check_nights(ctx: Context, home: Home, today: date) -> None:
    row = ctx.db.get_one(Placement, home.stay_id, populate_existing=True)
    found = nights_of(ctx, home.stay_id)
    assert set(found) == {home.mother_id, home.child_id}
    for nights in found.values():
        slept = [each[0] for each in nights]
        assert slept == days(row.first_night, len(slept))
        if row.moved_out_on is not None:
            assert slept[-1] == row.moved_out_on - timedelta(days=1)
        else:
            assert slept[-1] >= row.until_night - timedelta(days=1)
            assert slept[-1] <= max(row.until_night - timedelta(days=1), today)
    spans = ctx.db.scalars(select(BedSpan)).all()
    written = sorted(tuple(row) for row in ctx.db.execute(select(BedNight.span_id, BedNight.night)))
    assert written == sorted(
        (span.id, night) for span in spans for night in days(span.first_night, len_of(span))
    )
    asleep = [
        night
        for span in spans
        if span.use in SLEPT
        for night in days(span.first_night, len_of(span))
    ]
    assert len(asleep) == sum(map(len, found.values()))
