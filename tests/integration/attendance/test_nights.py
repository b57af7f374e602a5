"""Sessions over midnight: hours by day, insured days, the start day for all else."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.models import HoursLine
from civic.attendance.operations.scans import Scan, record_own
from civic.attendance.queries import insured_days
from civic.attendance.rules import Direction, Outcome
from civic.catalogue.queries.sessions import session_facts
from civic.catalogue.rules import wall_span
from civic.enrolment.rules import ASSOCIATIONS_OWN
from civic.kernel.clock import FrozenClock, rome_instant
from civic.kernel.db.database import Database
from civic.kernel.ids import uuid7
from civic.kernel.policy import system_in
from tests.factories.attendance import Ground, make_booked_person, on_ground, signed_in

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
FRIDAY, SATURDAY = date(2026, 3, 20), date(2026, 3, 21)
EVENING, MORNING = wall_span(FRIDAY, time(22), time(6))


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, starts_at=EVENING, ends_at=MORNING)


@pytest.fixture
def here(
    database: Database, clock: FrozenClock, ground: Ground, amina: UUID
) -> Callable[[Direction, datetime], Outcome | None]:
    def scanned(direction: Direction, at: datetime) -> Outcome | None:
        clock.instant = at
        with database.unit_of_work(signed_in(database, amina)) as ctx:
            facts = session_facts(ctx, [ground.session_id])[ground.session_id]
            return record_own(ctx, facts, Scan(uuid7(at), "", direction, at)).outcome

    return scanned


def lines(database: Database, ground: Ground) -> dict[date, int]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return {line.day: line.minutes for line in ctx.db.scalars(select(HoursLine))}


def days(database: Database, ground: Ground, year: int = 2026) -> int:
    with database.reading(system_in(ground.city.id)) as ctx:
        found = insured_days.insured_days_of(
            ctx, ground.association.id, ground.city.id, year, ASSOCIATIONS_OWN
        )
    return sum(line.days for line in found)


def test_a_night_is_two_insured_days_for_who_was_there_on_both(
    database: Database, ground: Ground, here: Callable[[Direction, datetime], Outcome | None]
) -> None:
    assert here(Direction.ENTRY, EVENING) is Outcome.ACCEPTED
    assert here(Direction.EXIT, MORNING) is Outcome.ACCEPTED
    assert lines(database, ground) == {FRIDAY: 120, SATURDAY: 360}
    assert days(database, ground) == 2


def test_a_night_left_before_midnight_is_one_insured_day(
    database: Database, ground: Ground, here: Callable[[Direction, datetime], Outcome | None]
) -> None:
    here(Direction.ENTRY, EVENING)
    here(Direction.EXIT, rome_instant(FRIDAY, time(23, 30)))
    assert lines(database, ground) == {FRIDAY: 90}
    assert days(database, ground) == 1


def test_a_night_joined_after_midnight_is_the_second_day_alone(
    database: Database, ground: Ground, here: Callable[[Direction, datetime], Outcome | None]
) -> None:
    here(Direction.ENTRY, rome_instant(SATURDAY, time(1)))
    assert days(database, ground) == 1
    here(Direction.EXIT, rome_instant(SATURDAY, time(2)))
    found = lines(database, ground)
    assert {day: minutes for day, minutes in found.items() if minutes} == {SATURDAY: 60}
    assert days(database, ground) == 1


def test_who_was_not_seen_to_leave_a_night_was_there_on_the_day_they_came(
    database: Database, clock: FrozenClock
) -> None:
    """On New Year's Eve that day is of one year or of the other."""
    eve = wall_span(date(2026, 12, 31), time(22), time(4))
    ground = on_ground(database, starts_at=eve[0], ends_at=eve[1])
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        early, late = (make_booked_person(ctx, ground, name) for name in ("Early", "Late"))
    arrivals = ((early, eve[0] - timedelta(minutes=10)), (late, eve[0] + timedelta(hours=3)))
    for person_id, at in arrivals:
        clock.instant = at
        with database.unit_of_work(signed_in(database, person_id)) as ctx:
            facts = session_facts(ctx, [ground.session_id])[ground.session_id]
            record_own(ctx, facts, Scan(uuid7(at), "", Direction.ENTRY, at))
    assert days(database, ground, 2026) == 1
    assert days(database, ground, 2027) == 1


def test_roster_and_participants_page_say_that_a_night_ends_the_next_day(
    client: FlaskClient, sign_in: SignIn, html: Html, ground: Ground, amina: UUID
) -> None:
    sign_in(client, amina)
    assert "(next day)" in html(client.get("/en/me"))
    sign_in(client, ground.organiser_id)
    assert "(next day)" in html(client.get(f"/en/organise/sessions/{ground.session_id}"))
    assert "(next day)" in html(client.get("/en/organise"))


def test_a_night_still_on_stands_on_the_organisers_page_after_midnight(
    client: FlaskClient, sign_in: SignIn, html: Html, clock: FrozenClock, database: Database
) -> None:
    """However early it began: the longest one is of sixteen hours."""
    start, end = wall_span(FRIDAY, time(10), time(2))
    ground = on_ground(database, slug="caserta", starts_at=start, ends_at=end)
    clock.instant = rome_instant(SATURDAY, time(1))
    sign_in(client, ground.organiser_id)
    assert f"/organise/sessions/{ground.session_id}" in html(client.get("/en/organise"))
