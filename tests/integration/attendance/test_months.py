"""Closed months: reported once, and true from then on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from threading import Event
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.errors import MonthNotOver
from civic.attendance.models import ClosedMonth, HoursEntry
from civic.attendance.operations import corrections, ledger, months
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.passes import PassShown
from civic.attendance.queries.months import months_of
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.reporting.queries import city_figures
from tests.conftest import ON_POSTGRESQL, Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import Ground, make_booked_person, on_ground, signed_in
from tests.integration.attendance.door import Door, one

SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
Html = Callable[[TestResponse], str]
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
SECOND_OF_APRIL = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)


def make_officer(database: Database, ground: Ground) -> Actor:
    with database.unit_of_work(system_in()) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, ground.city)
    return signed_in(database, officer_id)


@pytest.fixture
def officer(database: Database, ground: Ground) -> Actor:
    return make_officer(database, ground)


def correct(database: Database, ground: Ground, person_id: UUID, minutes: int, who: Actor) -> None:
    new = NewCorrection(ground.session_id, person_id, minutes, "La batteria era scarica")
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        correction_id = corrections.propose_correction(ctx, new)
    with database.unit_of_work(who) as ctx:
        corrections.confirm_correction(ctx, correction_id)


def close(database: Database, who: Actor, ground: Ground, month: date = MARCH) -> None:
    with database.unit_of_work(who) as ctx:
        months.close_month(ctx, ground.city.id, month)


def entries(database: Database, ground: Ground) -> list[tuple[date, date, int]]:
    with database.reading(system_in(ground.city.id)) as ctx:
        rows = ctx.db.execute(
            select(HoursEntry.day, HoursEntry.month, HoursEntry.minutes).order_by(
                HoursEntry.made_at, HoursEntry.id
            )
        )
        return [(row.day, row.month, row.minutes) for row in rows]


def test_a_change_of_a_closed_month_is_a_new_line_in_the_open_one(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, officer: Actor
) -> None:
    clock.instant = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    correct(database, ground, amina, 180, officer)
    clock.instant = SECOND_OF_APRIL
    close(database, officer, ground)
    clock.instant = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
    correct(database, ground, amina, 120, officer)

    saturday = date(2026, 3, 21)
    assert entries(database, ground) == [(saturday, MARCH, 180), (saturday, MAY, -60)]


def test_the_figure_of_a_closed_month_never_changes(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, officer: Actor
) -> None:
    clock.instant = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    correct(database, ground, amina, 180, officer)
    clock.instant = SECOND_OF_APRIL
    close(database, officer, ground)
    correct(database, ground, amina, 120, officer)
    with database.reading(officer) as ctx:
        figures = city_figures(ctx, ground.city.id, None, None)
        lines = months_of(ctx, ground.city.id)
    assert [(one.month, one.minutes) for one in figures.months] == [(APRIL, -60), (MARCH, 180)]
    assert figures.total.minutes == 120
    assert [(one.month, one.minutes, one.late_minutes) for one in lines] == [
        (APRIL, -60, -60),
        (MARCH, 180, 0),
    ]


def test_a_change_of_an_open_month_stays_in_it(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, officer: Actor
) -> None:
    clock.instant = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
    correct(database, ground, amina, 120, officer)
    assert [month for _day, month, _minutes in entries(database, ground)] == [MARCH]


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (datetime(2026, 3, 31, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 4, 1, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 4, 1, 22, 0, tzinfo=UTC), True),
    ],
)
def test_a_month_can_be_closed_from_the_second_day_after_its_end(
    database: Database, ground: Ground, clock: FrozenClock, officer: Actor, now: datetime, may: bool
) -> None:
    clock.instant = now
    if may:
        close(database, officer, ground)
    else:
        with pytest.raises(MonthNotOver):
            close(database, officer, ground)


def test_closed_twice_it_is_closed_once(
    database: Database, ground: Ground, clock: FrozenClock, officer: Actor
) -> None:
    clock.instant = SECOND_OF_APRIL
    close(database, officer, ground)
    close(database, officer, ground)
    with database.reading(officer) as ctx:
        assert len(ctx.db.scalars(select(ClosedMonth)).all()) == 1


def test_an_organiser_closes_no_month(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    clock.instant = SECOND_OF_APRIL
    with pytest.raises(NotFound):
        close(database, signed_in(database, ground.organiser_id), ground)


def test_the_officer_sees_what_still_waits_and_closes_on_the_page(
    client: FlaskClient,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    amina: UUID,
    officer: Actor,
    sign_in: SignIn,
    html: Html,
) -> None:
    clock.instant = SECOND_OF_APRIL
    correct(database, ground, amina, 180, officer)
    new = NewCorrection(ground.session_id, amina, 90, "Era uscita prima")
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        corrections.propose_correction(ctx, new)
    sign_in(client, officer.own_id)
    page = html(client.get("/en/city/months"))
    assert "March 2026" in page
    assert "1 correction waits for a second person." in page
    answer = client.post("/en/city/months/2026-03/close", follow_redirects=True)
    assert "The month is closed." in html(answer)
    assert client.post("/en/city/months/2026-04/close").status_code == 409
    for wrong in ("2026-13", "2026-03-05", "x", "٢٠٢٦-٠٣"):
        assert client.post(f"/en/city/months/{wrong}/close").status_code == 404


def test_who_was_never_seen_to_leave_is_open_until_somebody_says_how_long_they_were_there(
    client: FlaskClient, database: Database, door: Door, shown: PassShown, ground: Ground,
    clock: FrozenClock, amina: UUID, officer: Actor, sign_in: SignIn, html: Html,
) -> None:  # fmt: skip
    def unseen() -> list[tuple[date, int]]:
        with database.reading(officer) as ctx:
            return [
                (line.month, each.people)
                for line in months_of(ctx, ground.city.id)
                for each in line.unseen
            ]

    door.send(one(shown.token))
    assert unseen() == []  # Phones may still be on their way with the exit.
    clock.instant = SECOND_OF_APRIL
    assert unseen() == [(MARCH, 1)]
    sign_in(client, officer.own_id)
    page = html(client.get("/en/city/months"))
    assert "1 person was never seen to leave" in page
    assert f"/en/organise/sessions/{ground.session_id}" in page
    new = NewCorrection(ground.session_id, amina, 90, "Era uscita prima")
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        correction_id = corrections.propose_correction(ctx, new)
    assert unseen() == []
    with database.unit_of_work(officer) as ctx:
        corrections.refuse_correction(ctx, correction_id)
    assert unseen() == []


def test_the_list_costs_the_same_however_many_months_there_are(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, officer: Actor,
    statements: Counting,
) -> None:  # fmt: skip
    clock.instant = SECOND_OF_APRIL
    correct(database, ground, amina, 180, officer)
    with database.reading(officer) as ctx, statements() as counted:
        assert months_of(ctx, ground.city.id)
    assert counted.total == 5


def test_hours_that_were_taken_off_are_told_as_fewer(
    client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock, amina: UUID,
    officer: Actor, sign_in: SignIn, html: Html,
) -> None:  # fmt: skip
    clock.instant = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    correct(database, ground, amina, 180, officer)
    clock.instant = SECOND_OF_APRIL
    close(database, officer, ground)
    correct(database, ground, amina, 90, officer)
    sign_in(client, officer.own_id)
    page = html(client.get("/en/city/months"))
    assert "from days in closed months: minus 1 hour 30 minutes" in page


def was_closed_first(database: Database, ground: Ground, clock: FrozenClock) -> bool:
    """Whether the month was closed while somebody who had found it open was still to write."""
    clock.instant = SECOND_OF_APRIL
    officer = make_officer(database, ground)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        person_id = make_booked_person(ctx, ground)
    has_asked, is_closed, seen = Event(), Event(), []
    closed_months = ledger._closed_months

    def asked_and_paused(ctx: Context, *rest: object) -> list[date]:
        found = closed_months(ctx, *rest)  # type: ignore[arg-type]  # whatever it is given
        has_asked.set()
        seen.append(is_closed.wait(1))
        return found

    def closes() -> None:
        has_asked.wait(5)
        close(database, officer, ground)
        is_closed.set()

    with pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setattr(ledger, "_closed_months", asked_and_paused)
        closing = pool.submit(closes)
        pool.submit(correct, database, ground, person_id, 60, officer).result()
        closing.result()
    assert entries(database, ground) == [(date(2026, 3, 21), MARCH, 60)]
    return seen == [True]


def test_no_line_slips_into_a_month_that_is_being_closed(
    real_database: Database, clock: FrozenClock
) -> None:
    assert not was_closed_first(real_database, on_ground(real_database), clock)


def test_without_the_lock_a_line_would_slip_into_a_closed_month(
    real_database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's lock
    protects even the mistake."""

    def without_lock(ctx: Context, municipality_id: UUID, asked: set[date]) -> list[date]:
        statement = select(ClosedMonth.month).where(ClosedMonth.month.in_(asked))
        return list(ctx.db.scalars(statement))

    monkeypatch.setattr(ledger, "hold_open", without_lock)
    slipped = was_closed_first(real_database, on_ground(real_database), clock)
    assert slipped is ON_POSTGRESQL
