"""Nights after the planned end: theirs as long as they are there, and never somebody else's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import moving, overstays
from civic.housing.operations.nights import take_bed_away
from civic.housing.operations.overstays import keep_overstays
from civic.housing.operations.stays import Longer
from civic.housing.placing_models import Placement
from civic.housing.queries.gate import bed_for
from civic.housing.rules.nights import Use
from civic.housing.rules.placing import StayState
from civic.housing.stay_errors import NotOverstaying, ReasonMissing
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing_stays import Home, came, days, left, make_guest, make_home, nights_of

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

TODAY = date(2026, 3, 14)
END = TODAY + timedelta(days=5)


@pytest.fixture
def home(acting: Acting) -> Home:
    """They live there, planned until the 19th. It is ten in the morning of the 14th."""
    with acting(system_in()) as ctx:
        home = make_home(ctx, nights=5)
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id)
    return home


def theirs(acting: Acting, home: Home) -> dict[UUID, list[tuple[date, Use]]]:
    with acting(home.officer) as ctx:
        found = nights_of(ctx, home.stay_id)
    return {who: [(night, use) for night, _bed, use in nights] for who, nights in found.items()}


def expected(stays: int, overstays: int) -> list[tuple[date, Use]]:
    nights = days(TODAY, stays + overstays)
    return [
        (each, Use.STAY if place < stays else Use.OVERSTAY) for place, each in enumerate(nights)
    ]


def test_nothing_is_written_before_the_end_nor_on_the_day_of_leaving_itself(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    for _day in range(6):
        assert keep_overstays(database) == 0
        clock.advance(timedelta(days=1))
    clock.advance(timedelta(days=-1))
    # It is the morning of the 19th: they have the day to leave.
    assert keep_overstays(database) == 0
    assert theirs(acting, home)[home.mother_id] == expected(5, 0)


def test_from_the_evening_on_tonight_is_theirs_and_a_second_run_changes_nothing(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=5, hours=8))
    assert keep_overstays(database) == 1
    for who in (home.mother_id, home.child_id):
        assert theirs(acting, home)[who] == expected(5, 1)
    before = written(acting, home)
    assert keep_overstays(database) == 0
    clock.advance(timedelta(hours=5))
    assert keep_overstays(database) == 0
    assert written(acting, home) == before
    clock.advance(timedelta(hours=2))
    # An hour past midnight the next night begins to count.
    assert keep_overstays(database) == 1
    assert theirs(acting, home)[home.child_id] == expected(5, 2)


def written(acting: Acting, home: Home) -> tuple[int, int, int]:
    with acting(system_in(home.lodge.city.id)) as ctx:
        return (
            ctx.db.scalar(select(func.count()).select_from(BedNight)) or 0,
            ctx.db.scalar(select(func.count()).select_from(BedSpan)) or 0,
            ctx.db.scalar(select(func.count()).select_from(AuditEntry)) or 0,
        )


def test_nights_that_the_worker_missed_are_written_later(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=12))
    assert keep_overstays(database) == 1
    assert theirs(acting, home)[home.mother_id] == expected(5, 8)


def test_across_the_change_of_the_clocks_no_night_is_lost(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    """Summer time begins in the night of the 29th."""
    clock.advance(timedelta(days=10))
    for _day in range(10):
        keep_overstays(database)
        clock.advance(timedelta(days=1))
    assert theirs(acting, home)[home.mother_id] == expected(5, 15)


def promise(acting: Acting, home: Home, first: date, bed: int = 0) -> UUID:
    with acting(home.officer) as ctx:
        return make_guest(
            ctx, home.lodge, "Chi Arriva", beds=home.lodge.beds[bed : bed + 1], first=first
        )


def test_a_bed_that_was_promised_is_not_touched_and_the_list_shows_both(
    database: Database,
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    home: Home,
    clock: FrozenClock,
    html: Html,
) -> None:
    """Free until the 22nd, promised from then on."""
    comes = promise(acting, home, END + timedelta(days=3))
    clock.advance(timedelta(days=10))
    assert keep_overstays(database) == 1
    assert keep_overstays(database) == 0
    assert theirs(acting, home)[home.mother_id] == expected(5, 3)
    assert theirs(acting, home)[home.child_id] == expected(5, 3)
    sign_in(client, home.officer.own_id)
    page = html(with_second_factor(client).get("/en/housing/stays"))
    assert "Somebody else was promised this bed tonight." in page
    assert f"/en/housing/stays/{comes}" in page
    with acting(home.officer) as ctx:
        assert len(nights_of(ctx, comes)) == 1
        assert ctx.db.get_one(Placement, comes).state is StayState.BOOKED


def test_whoever_has_moved_out_or_never_came_has_no_night_written(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    booked = promise(acting, home, TODAY, bed=2)
    clock.advance(timedelta(days=5))
    with acting(home.officer) as ctx:
        left(ctx, home.stay_id)
        before = nights_of(ctx, booked)
    clock.advance(timedelta(days=40))
    assert keep_overstays(database) == 0
    assert theirs(acting, home)[home.mother_id] == expected(5, 0)
    with acting(home.officer) as ctx:
        assert nights_of(ctx, booked) == before


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, home: Home, clock: FrozenClock) -> FlaskClient:
    """Three days after they were to leave."""
    clock.advance(timedelta(days=8))
    sign_in(client, home.officer.own_id)
    return with_second_factor(client)


def test_an_officer_lets_them_stay_until_a_day_and_nobody_else_is_promised_the_bed(
    officer: FlaskClient, database: Database, acting: Acting, home: Home, html: Html
) -> None:
    keep_overstays(database)
    there = f"/en/housing/stays/{home.stay_id}/overstay"
    until = (END + timedelta(days=10)).isoformat()
    sent = {"answer": "yes", "until": until, "reason": "La nuova casa è pronta il 29"}
    page = html(officer.post(there, data=sent, follow_redirects=True))
    assert "May stay on until 29 March 2026" in page
    assert "La nuova casa è pronta il 29" in page
    assert "may stay until 29 March 2026" in html(officer.get("/en/housing/stays"))
    assert theirs(acting, home)[home.mother_id] == expected(5, 10)
    assert keep_overstays(database) == 0


def test_an_officer_says_no_and_the_promise_of_later_nights_goes(
    officer: FlaskClient, database: Database, acting: Acting, home: Home, html: Html
) -> None:
    until = END + timedelta(days=10)
    with acting(home.officer) as ctx:
        overstays.allow_overstay(ctx, home.stay_id, until, "first yes")
    there = f"/en/housing/stays/{home.stay_id}/overstay"
    officer.post(there, data={"answer": "no", "reason": "Il posto serve"})
    assert "nobody has said yes" in html(officer.get("/en/housing/stays"))
    # Tonight they are there all the same.
    assert theirs(acting, home)[home.mother_id] == expected(5, 4)


@pytest.mark.parametrize(
    ("changed", "sentence", "status"),
    [
        ({"until": ""}, "Choose the day until which they may stay.", 422),
        ({"until": "2026-03-22"}, "Choose a day to come", 422),
        ({"until": "2053-08-01"}, "730 nights at most", 422),
        ({"answer": ""}, "Choose one.", 422),
        ({"until": "2026-04-30"}, "is no longer free on 1 April 2026", 409),
    ],
)
def test_a_decision_that_cannot_be_is_said_and_kept(
    officer: FlaskClient,
    acting: Acting,
    home: Home,
    html: Html,
    changed: dict[str, str],
    sentence: str,
    status: int,
) -> None:
    promise(acting, home, date(2026, 4, 1))
    sent = {"answer": "yes", "until": "2026-03-25", "reason": "Perché sì"} | changed
    answer = officer.post(f"/en/housing/stays/{home.stay_id}/overstay", data=sent)
    assert answer.status_code == status
    assert sentence in html(answer)
    assert "Perché sì" in html(answer)
    with acting(home.officer) as ctx:
        assert ctx.db.get_one(Placement, home.stay_id).overstay_until is None


def test_before_the_planned_end_there_is_nothing_to_decide(acting: Acting, home: Home) -> None:
    with pytest.raises(NotOverstaying), acting(home.officer) as ctx:
        overstays.allow_overstay(ctx, home.stay_id, END + timedelta(days=3), "too early")


def test_a_longer_stay_takes_over_from_tomorrow_and_what_was_an_overstay_stays_one(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=7))
    with acting(home.officer) as ctx:
        overstays.allow_overstay(ctx, home.stay_id, END + timedelta(days=10), "looks for a flat")
    with acting(home.officer) as ctx:
        moving.extend_stay(ctx, home.stay_id, Longer(END + timedelta(days=6), "agreed"))
    nights = theirs(acting, home)[home.mother_id]
    assert [each[0] for each in nights] == days(TODAY, 11)
    assert [each[1] for each in nights] == [Use.STAY] * 5 + [Use.OVERSTAY] * 3 + [Use.STAY] * 3
    assert keep_overstays(database) == 0


def test_it_is_kept_with_real_commits_and_by_two_at_once(
    real_database: Database, clock: FrozenClock
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        home = make_home(ctx, nights=5)
        came(ctx.acting(home.officer), home.stay_id)
    clock.advance(timedelta(days=6))
    with ThreadPoolExecutor(2) as pool:
        turns = [pool.submit(keep_overstays, real_database) for _ in range(2)]
        assert sum(turn.result() for turn in turns) == 1
    with real_database.reading(home.officer) as ctx:
        slept = nights_of(ctx, home.stay_id)
    assert [each[0] for each in slept[home.mother_id]] == days(TODAY, 7)


def test_a_bed_that_is_taken_away_has_no_more_nights(
    database: Database, acting: Acting, home: Home, clock: FrozenClock
) -> None:
    """Nobody could be placed in it; whoever is still there is shown in the list, and an officer finds
    them another one."""
    with acting(home.officer) as ctx:
        for bed_id in home.lodge.beds[:2]:
            bed, _unit = bed_for(ctx, bed_id)
            take_bed_away(ctx, bed, END)
    clock.advance(timedelta(days=7))
    assert keep_overstays(database) == 0
    assert theirs(acting, home)[home.mother_id] == expected(5, 0)


def test_neither_answer_goes_without_a_reason(
    acting: Acting, home: Home, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=8))
    with pytest.raises(ReasonMissing), acting(home.officer) as ctx:
        overstays.allow_overstay(ctx, home.stay_id, END + timedelta(days=9), "")
    with pytest.raises(ReasonMissing), acting(home.officer) as ctx:
        overstays.refuse_overstay(ctx, home.stay_id, "")
