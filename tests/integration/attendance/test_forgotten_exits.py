"""Whoever was never seen to leave gets hours proposed, and the organiser confirms them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.attendance.errors import SeenToLeave
from civic.attendance.models import CheckEvent, Correction, HoursEntry, HoursLine
from civic.attendance.operations import corrections, decisions
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.forgotten import propose_forgotten_exits
from civic.attendance.operations.scans import Scan, record_scan
from civic.attendance.rules import Cause, CorrectionKind, CorrectionState, Direction, Method
from civic.catalogue.models import ProjectSession
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, on_ground, signed_in
from tests.factories.catalogue import make_session

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
HOUR = timedelta(hours=1)
MOST_STATEMENTS = 7
"""Four that look, three that change."""
DAY = date(2026, 3, 21)


@pytest.fixture
def late(clock: FrozenClock) -> FrozenClock:
    """Three hours after the end: phones without network have sent their scans by then."""
    clock.instant = ONE + 3 * HOUR
    return clock


def scan(
    database: Database,
    ground: Ground,
    person_id: UUID,
    direction: Direction = Direction.ENTRY,
    at: datetime = TEN,
) -> UUID:
    """As it happened, whenever it arrived."""
    scan_id = uuid4()
    given = Scan(scan_id, "", direction, at, person_id=person_id, method=Method.ROSTER)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        record_scan(ctx, ground.session_id, given)
    return scan_id


def look(database: Database) -> int:
    with database.unit_of_work(system_in()) as ctx:
        return propose_forgotten_exits(ctx)


def found(database: Database, ground: Ground) -> list[tuple[date, int, CorrectionState]]:
    with database.reading(system_in(ground.city.id)) as ctx:
        rows = ctx.db.execute(
            select(Correction.day, Correction.minutes, Correction.state)
            .where(Correction.kind == CorrectionKind.FORGOTTEN_EXIT)
            .order_by(Correction.day, Correction.minutes)
        )
        return [(row.day, row.minutes, row.state) for row in rows]


def proposal(database: Database, ground: Ground) -> Correction:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.scalars(
            select(Correction).where(Correction.kind == CorrectionKind.FORGOTTEN_EXIT)
        ).one()


def minutes(database: Database, ground: Ground) -> list[int]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(HoursLine.minutes)))


OPEN, REFUSED = CorrectionState.PROPOSED, CorrectionState.REFUSED


def test_hours_to_the_end_are_proposed_three_hours_after_it_and_once(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    clock.instant = TEN + HOUR
    scan(database, ground, amina, at=TEN + HOUR)
    clock.instant = ONE + 3 * HOUR - timedelta(seconds=1)
    assert look(database) == 0
    clock.instant = ONE + 3 * HOUR
    assert [look(database), look(database)] == [1, 0]
    assert found(database, ground) == [(DAY, 120, OPEN)]
    assert minutes(database, ground) == [], "proposed hours are no hours yet"
    assert proposal(database, ground).made_by is None


def test_after_two_weeks_nobody_remembers(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    clock.instant = TEN
    scan(database, ground, amina)
    clock.instant = ONE + timedelta(days=14)
    assert look(database) == 0


@pytest.mark.parametrize("direction", [Direction.EXIT, Direction.BREAK])
def test_nothing_is_proposed_for_who_left_or_did_not_come_back(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID, direction: Direction
) -> None:
    scan(database, ground, amina)
    scan(database, ground, amina, direction, TEN + HOUR)
    assert look(database) == 0


def test_whoever_came_back_and_was_forgotten_has_the_break_left_out(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    for direction, after in ((Direction.ENTRY, 0), (Direction.BREAK, 60), (Direction.ENTRY, 90)):
        scan(database, ground, amina, direction, TEN + timedelta(minutes=after))
    assert look(database) == 1
    assert found(database, ground) == [(DAY, 150, OPEN)]


def test_each_day_of_a_night_is_proposed_by_itself(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    begin, end = datetime(2026, 3, 21, 20, tzinfo=UTC), datetime(2026, 3, 22, 2, tzinfo=UTC)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(ProjectSession).values(starts_at=begin, ends_at=end))
    clock.instant = end + 3 * HOUR
    scan(database, ground, amina, at=begin)
    assert look(database) == 2
    assert found(database, ground) == [(DAY, 180, OPEN), (date(2026, 3, 22), 180, OPEN)]


def test_a_tap_that_was_taken_back_is_no_entry(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan_id = scan(database, ground, amina)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        decisions.undo_scan(ctx, scan_id)
    assert look(database) == 0


def test_what_somebody_wrote_already_is_not_proposed_again(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        new = NewCorrection(ground.session_id, amina, 100, "She told me")
        by_hand = corrections.propose_correction(ctx, new)
    assert look(database) == 0
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        corrections.refuse_correction(ctx, by_hand)
    assert look(database) == 1


# What becomes of it


def test_the_organiser_confirms_with_one_tap(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    late: FrozenClock, amina: UUID,
) -> None:  # fmt: skip
    scan(database, ground, amina)
    look(database)
    sign_in(client, ground.organiser_id)
    assert "1 correction of hours waits" in html(client.get("/en/organise"))
    url = f"/en/organise/sessions/{ground.session_id}"
    page = html(client.get(url))
    assert "Forgotten exit" in page
    assert "Nobody saw them leave" in page
    correction = proposal(database, ground)

    prefix = f"p{correction.id.hex}-"
    confirm = f"{url}/corrections/{correction.id}/confirm"
    page = html(client.post(confirm, data={f"{prefix}minutes": "180"}, follow_redirects=True))

    assert minutes(database, ground) == [180]
    assert "forgotten_exit" not in page
    assert "Nobody saw them leave" in page
    with database.reading(system_in(ground.city.id)) as ctx:
        entry = ctx.db.scalars(select(HoursEntry)).one()
    assert (entry.cause, entry.made_by, entry.cause_id) == (
        Cause.FORGOTTEN_EXIT, ground.organiser_id, correction.id,
    )  # fmt: skip


def test_the_organiser_may_know_that_it_was_less_but_not_more(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground,
    late: FrozenClock, amina: UUID,
) -> None:  # fmt: skip
    scan(database, ground, amina)
    look(database)
    sign_in(client, ground.organiser_id)
    correction = proposal(database, ground)
    url = f"/en/organise/sessions/{ground.session_id}/corrections/{correction.id}/confirm"
    field = f"p{correction.id.hex}-minutes"
    for wrong in ("181", "-1", "many"):
        answer = client.post(url, data={field: wrong})
        assert answer.status_code == 422
        assert f'value="{wrong}"' in html(answer)
    assert minutes(database, ground) == []

    client.post(url, data={field: "75"})

    assert minutes(database, ground) == [75]
    assert found(database, ground) == [(DAY, 75, CorrectionState.CONFIRMED)]
    assert look(database) == 0
    assert found(database, ground) == [(DAY, 75, CorrectionState.CONFIRMED)]


def test_an_exit_that_arrives_late_closes_the_proposal_and_counts(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    look(database)
    scan(database, ground, amina, Direction.EXIT, TEN + HOUR)
    assert look(database) == 0
    assert found(database, ground) == [(DAY, 180, REFUSED)]
    assert proposal(database, ground).decided_by is None
    assert minutes(database, ground) == [60]


def test_an_exit_of_weeks_ago_closes_it_too(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    look(database)
    scan(database, ground, amina, Direction.EXIT, TEN + HOUR)
    late.advance(timedelta(days=30))
    look(database)
    assert found(database, ground) == [(DAY, 180, REFUSED)]


def test_between_the_exit_and_the_next_look_it_cannot_be_confirmed(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    look(database)
    scan(database, ground, amina, Direction.EXIT, TEN + HOUR)
    with (
        pytest.raises(SeenToLeave),
        database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx,
    ):
        corrections.confirm_correction(ctx, proposal(database, ground).id)
    assert minutes(database, ground) == [60]
    assert found(database, ground) == [(DAY, 180, OPEN)]


def test_it_comes_back_when_that_exit_is_undone(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    look(database)
    leaving = scan(database, ground, amina, Direction.EXIT, TEN + HOUR)
    look(database)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        decisions.undo_scan(ctx, leaving)
    look(database)
    assert found(database, ground) == [(DAY, 180, OPEN)]


def test_its_minutes_follow_scans_that_arrive_late(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina, at=TEN + HOUR)
    look(database)
    scan(database, ground, amina, at=TEN + timedelta(minutes=30))
    assert look(database) == 0
    assert found(database, ground) == [(DAY, 150, OPEN)]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_what_somebody_decided_stays_decided(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID, is_confirmed: bool
) -> None:
    scan(database, ground, amina)
    look(database)
    decide = corrections.confirm_correction if is_confirmed else corrections.refuse_correction
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        decide(ctx, proposal(database, ground).id)
    before = found(database, ground)
    late.advance(HOUR)
    assert look(database) == 0
    assert found(database, ground) == before


# Set-wise, and by several at once


def test_it_costs_the_same_however_many_were_forgotten(
    database: Database, ground: Ground, late: FrozenClock, statements: Counting
) -> None:
    people = []
    for number in range(4):
        with database.unit_of_work(system_in(ground.city.id)) as ctx:
            people.append(make_booked_person(ctx, ground, f"Person {number}"))
        scan(database, ground, people[number])
    with statements() as counted:
        assert look(database) == 4
    assert counted.total <= MOST_STATEMENTS, counted.statements
    scan(database, ground, people[0], Direction.EXIT, TEN + HOUR)
    scan(database, ground, people[1], Direction.EXIT, TEN + HOUR)
    scan(database, ground, people[2], at=TEN + timedelta(seconds=-60))
    with statements() as counted:
        look(database)
    assert counted.total <= MOST_STATEMENTS, counted.statements


def test_every_city_is_looked_at(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(elsewhere.city.id)) as ctx:
        bilal = make_booked_person(ctx, elsewhere, "Bilal")
        make_session(ctx, elsewhere.project_id, TEN - timedelta(days=2), ONE - timedelta(days=2))
    scan(database, ground, amina)
    scan(database, elsewhere, bilal)
    assert look(database) == 2
    assert len(found(database, ground)) == len(found(database, elsewhere)) == 1


def test_two_that_look_at_once_propose_once(real_database: Database, clock: FrozenClock) -> None:
    clock.instant = ONE + 3 * HOUR
    ground = on_ground(real_database, places=30)
    for turn in range(10):
        with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
            person_id = make_booked_person(ctx, ground, f"Person {turn}")
        scan(real_database, ground, person_id)
        barrier = Barrier(3)

        def run(_number: int, barrier: Barrier = barrier) -> int:
            barrier.wait()
            return look(real_database)

        with ThreadPoolExecutor(3) as pool:
            new = list(pool.map(run, range(3)))
        assert sum(new) == 1
        assert len(found(real_database, ground)) == turn + 1


def test_an_officer_may_confirm_as_well_and_events_stay_as_they_are(
    database: Database, ground: Ground, late: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    look(database)
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    with database.unit_of_work(signed_in(database, officer)) as ctx:
        corrections.confirm_correction(ctx, proposal(database, ground).id)
    assert minutes(database, ground) == [180]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(CheckEvent.direction)).all() == [Direction.ENTRY]
