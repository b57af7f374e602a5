"""A month of the ledger, taken away: who, when and why, of one's own city or association."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.operations import corrections, months
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.passes import PassShown
from civic.attendance.queries.ledger_of_month import ledger_of_city, months_of_associations
from civic.audit.models import AuditEntry
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import TEN, Ground, make_booked_person, on_ground, signed_in
from tests.integration.attendance.door import Door, one
from tests.integration.attendance.test_months import MARCH

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Counting = Callable[[], AbstractContextManager[Counted]]
MINUTES, WHY, REASON, WRITER, MAKER = 7, 8, 9, 10, 11


@pytest.fixture
def officer(database: Database, ground: Ground) -> Actor:
    with database.unit_of_work(system_in()) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, ground.city, name="Rosa")
    return signed_in(database, officer_id)


@pytest.fixture
def kept(door: Door, shown: PassShown, database: Database, ground: Ground, officer: Actor) -> None:
    """Amina was there for two hours, and somebody of the same name for one, by hand."""
    door.send(one(shown.token), one(shown.token, "exit", TEN + timedelta(hours=2)))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other_id = make_booked_person(ctx, ground)
    correct(database, ground, officer, other_id, 60, "=2+5 detto da Bilal")


def correct(
    database: Database, ground: Ground, by: Actor, person_id: UUID, minutes: int, reason: str
) -> None:
    new = NewCorrection(ground.session_id, person_id, minutes, reason)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        correction_id = corrections.propose_correction(ctx, new)
    with database.unit_of_work(by) as ctx:
        corrections.confirm_correction(ctx, correction_id)


def own(ground: Ground, kind: str = "csv", month: str = "2026-03") -> str:
    return f"/en/organise/hours/{ground.association.standing_id}/{month}.{kind}"


def table(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_each_change_says_who_when_and_why_in_italian_and_formulas_are_texts(
    client: FlaskClient, sign_in: SignIn, ground: Ground, officer: Actor, kept: None
) -> None:
    sign_in(client, officer.own_id)
    header, *rows = table(client.get("/ar/city/months/2026-03.csv"))
    assert header[1] == "Nome"
    assert [row[:4] for row in rows] == [
        [number, "Amina", "2026-03-21", "Siepe di alloro a Villa Giaquinto"]
        for number in ("1", "2")
    ]
    scanned, corrected = sorted(rows, key=lambda row: -int(row[MINUTES]))
    assert (scanned[MINUTES], scanned[REASON], scanned[WRITER]) == ("120", "", "")
    assert corrected[MINUTES] == "60"
    assert corrected[REASON] == "'=2+5 detto da Bilal"
    assert corrected[MAKER] == "Rosa"
    assert corrected[WRITER] == scanned[MAKER] != ""


def test_as_xlsx_minutes_are_numbers_days_are_days_and_texts_stay_as_they_were_written(
    client: FlaskClient, sign_in: SignIn, ground: Ground, officer: Actor, kept: None
) -> None:
    sign_in(client, officer.own_id)
    answer = client.get("/it/city/months/2026-03.xlsx")
    assert 'filename="ore-2026-03.xlsx"' in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    _header, *rows = book.get_sheet_by_index(0).to_python()
    assert sorted(row[MINUTES] for row in rows) == [60, 120]
    assert {str(row[2])[:10] for row in rows} == {"2026-03-21"}
    assert "=2+5 detto da Bilal" in {row[REASON] for row in rows}


def test_what_was_changed_after_the_month_was_closed_stands_in_the_table_of_the_open_one(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, clock: FrozenClock,
    amina: UUID, officer: Actor, kept: None,
) -> None:  # fmt: skip
    clock.instant = datetime(2026, 4, 2, 8, 0, tzinfo=UTC)
    with database.unit_of_work(officer) as ctx:
        months.close_month(ctx, ground.city.id, MARCH)
    sign_in(client, officer.own_id)
    before = client.get("/it/city/months/2026-03.csv").get_data()
    correct(database, ground, officer, amina, 90, "Uscita prima")
    assert client.get("/it/city/months/2026-03.csv").get_data() == before
    [change] = table(client.get("/it/city/months/2026-04.csv"))[1:]
    assert (change[2], change[MINUTES]) == ("2026-03-21", "-30")


def test_an_organiser_takes_away_the_hours_of_their_association_alone(
    client: FlaskClient, sign_in: SignIn, html: Html, database: Database, ground: Ground,
    officer: Actor, kept: None,
) -> None:  # fmt: skip
    elsewhere = on_ground(database, slug="caserta")
    sign_in(client, ground.organiser_id)
    page = html(client.get("/en/organise/hours"))
    assert "March 2026" in page
    assert "3 hours" in page
    assert own(ground) in page
    assert len(table(client.get(own(ground)))) == 3
    assert client.get(own(elsewhere)).status_code == 404
    assert client.get("/en/city/months/2026-03.csv").status_code == 404

    sign_in(client, elsewhere.organiser_id)
    assert client.get(own(ground)).status_code == 404
    assert client.get(own(ground, "xlsx")).status_code == 404
    assert "No hours yet" in html(client.get("/en/organise/hours"))


def test_an_officer_takes_away_their_own_city_alone(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, kept: None
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in()) as ctx:
        stranger = make_staff(ctx, Role.OFFICER, elsewhere.city)
    sign_in(client, stranger)
    address = f"/en/city/months/2026-03.csv?city={ground.city.id}"
    assert len(table(client.get(address))) == 1


def test_the_trail_says_who_took_which_month_away(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, kept: None
) -> None:
    sign_in(client, ground.organiser_id)
    client.get(own(ground, "xlsx"))
    with database.reading(system_in(ground.city.id)) as ctx:
        line = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "hours.exported")).one()
    assert (line.actor_id, line.thing_id) == (ground.organiser_id, ground.association.standing_id)
    assert line.details == {"month": "2026-03-01", "as": "xlsx", "lines": 2}


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "x", "٢٠٢٦-٠٣", "2026-03-05"])
def test_a_month_that_is_none_has_no_table(
    client: FlaskClient, sign_in: SignIn, ground: Ground, month: str
) -> None:
    sign_in(client, ground.organiser_id)
    assert client.get(own(ground, month=month)).status_code == 404


def test_a_table_costs_the_same_however_long_it_is(
    database: Database, statements: Counting, ground: Ground, officer: Actor, kept: None
) -> None:
    with database.reading(officer) as ctx, statements() as counted:
        assert len(ledger_of_city(ctx, ground.city.id, MARCH, "it")) == 2
    assert counted.total == 1
    organiser = signed_in(database, ground.organiser_id)
    with database.reading(organiser) as ctx, statements() as counted:
        [line] = months_of_associations(ctx)
    assert counted.total == 1
    assert (line.month, line.minutes, line.is_closed) == (MARCH, 180, False)
