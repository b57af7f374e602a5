"""Insured days by month and policy: from who was there, for whom it concerns."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from civic.attendance.models import CheckEvent, HoursLine
from civic.attendance.queries import insured_days as queries
from civic.attendance.rules import Direction, Outcome
from civic.audit.models import AuditEntry
from civic.catalogue.models import ProjectSession
from civic.enrolment.models import InsurancePolicy
from civic.enrolment.rules import ASSOCIATIONS_OWN, LegalBasis
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, on_ground
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_enrolment, make_policy
from tests.factories.reporting import make_hours

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
MINUTE = timedelta(minutes=1)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
Counted = list[tuple[date, str, LegalBasis, int, int]]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city)


def someone(
    ctx: Context, ground: Ground, name: str = "Amina", basis: LegalBasis = LegalBasis.VOLUNTEER
) -> UUID:
    person_id = make_person(ctx, name, ground.city)
    make_enrolment(ctx, person_id, ground.project_id, legal_basis=basis)
    return person_id


def came(ctx: Context, ground: Ground, person_id: UUID, day: date, minutes: int = 180) -> None:
    """To a session of that day, morning or afternoon as may be."""
    held = ctx.db.scalar(select(func.count()).select_from(ProjectSession)) or 0
    starts_at = TEN + (day - TEN.date()) + held * MINUTE  # no two of a project begin at once
    session_id = make_session(ctx, ground.project_id, starts_at, starts_at + (ONE - TEN))
    make_hours(ctx, ground, person_id, minutes, day, session_id)


def counted(
    ctx: Context,
    ground: Ground,
    year: int = 2026,
    bases: tuple[LegalBasis, ...] = ASSOCIATIONS_OWN,
) -> Counted:
    lines = queries.insured_days_of(ctx, ground.association.id, ground.city.id, year, bases)
    return [
        (each.month, each.policy.number if each.policy else "", each.basis, each.days, each.people)
        for each in lines
    ]


def test_a_person_counts_once_a_day_and_once_a_month_among_the_people(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        amina, bilal = someone(ctx, ground), someone(ctx, ground, "Bilal")
        for day in (date(2026, 3, 7), date(2026, 3, 7), date(2026, 3, 14), date(2026, 4, 4)):
            came(ctx, ground, amina, day)
        came(ctx, ground, bilal, date(2026, 3, 7))
        assert counted(ctx, ground) == [
            (MARCH, "RC-2026-118", LegalBasis.VOLUNTEER, 3, 2),
            (APRIL, "RC-2026-118", LegalBasis.VOLUNTEER, 1, 1),
        ]
        assert counted(ctx, ground, 2025) == []


def test_who_came_in_and_has_no_hours_was_there_and_who_was_corrected_away_was_not(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        amina, bilal, carla = (someone(ctx, ground, name) for name in ("Amina", "Bilal", "Carla"))
        for person_id, outcome in ((amina, Outcome.ACCEPTED), (bilal, Outcome.REFUSED)):
            ctx.db.add(
                CheckEvent(
                    id=ctx.new_id(),
                    municipality_id=ground.city.id,
                    session_id=ground.session_id,
                    person_id=person_id,
                    direction=Direction.ENTRY,
                    scanned_at=TEN,
                    told_at=TEN,
                    received_at=TEN,
                    outcome=outcome,
                    operator_id=ground.organiser_id,
                )
            )
        came(ctx, ground, carla, date(2026, 3, 21), minutes=0)
        assert counted(ctx, ground) == [(MARCH, "RC-2026-118", LegalBasis.VOLUNTEER, 1, 1)]


def test_each_policy_that_shares_the_cover_has_the_day_and_a_day_without_one_shows(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        amina = someone(ctx, ground)
        came(ctx, ground, amina, date(2026, 3, 7))
        came(ctx, ground, amina, date(2026, 12, 31))
        ctx.db.execute(delete(InsurancePolicy))
        for number in ("A-1", "B-1"):
            make_policy(
                ctx,
                ground.association.id,
                ground.city.id,
                date(2026, 3, 1),
                date(2026, 3, 31),
                number=number,
            )
        assert counted(ctx, ground) == [
            (MARCH, "A-1", LegalBasis.VOLUNTEER, 1, 1),
            (MARCH, "B-1", LegalBasis.VOLUNTEER, 1, 1),
            (date(2026, 12, 1), "", LegalBasis.VOLUNTEER, 1, 1),
        ]


def test_each_ground_is_counted_under_the_policy_that_names_it(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_policy(ctx, None, ground.city.id, bases=(LegalBasis.ASYLUM_SEEKER,), number="CITTÀ-1")
        for basis in (LegalBasis.OCCASIONAL, LegalBasis.ASYLUM_SEEKER):
            came(ctx, ground, someone(ctx, ground, basis.value, basis), date(2026, 3, 7))
        assert counted(ctx, ground, bases=tuple(LegalBasis)) == [
            (MARCH, "CITTÀ-1", LegalBasis.ASYLUM_SEEKER, 1, 1),
            (MARCH, "RC-2026-118", LegalBasis.OCCASIONAL, 1, 1),
        ]
        assert [line[2] for line in counted(ctx, ground)] == [LegalBasis.OCCASIONAL]


# Pages


def table(answer: TestResponse) -> list[list[str]]:
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def with_both(database: Database, ground: Ground) -> None:
    """A volunteer and somebody whom the municipality sends were there, each insured."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_policy(ctx, None, ground.city.id, bases=(LegalBasis.ASYLUM_SEEKER,), number="=CITTÀ-1")
        for basis in (LegalBasis.VOLUNTEER, LegalBasis.ASYLUM_SEEKER):
            came(ctx, ground, someone(ctx, ground, basis.value, basis), date(2026, 3, 7))


def address(ground: Ground, rest: str = "") -> str:
    return f"/en/organise/registers/{ground.association.standing_id}/insured-days{rest}"


def test_organiser_sees_and_takes_away_the_days_of_their_volunteers_alone(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    with_both: None,
) -> None:
    sign_in(client, ground.organiser_id)
    page = html(client.get(address(ground)))
    assert "RC-2026-118" in page
    assert "sylum" not in page
    assert "No insured days in 2025" in html(client.get(address(ground, "?year=2025")))
    assert "in 2026" in html(client.get(address(ground, "?year=²⁰²⁶")))

    rows = table(client.get(address(ground, ".csv")))

    assert rows[1:] == [["2026-03", "Mutua dei Volontari", "RC-2026-118", rows[1][3], "1", "1"]]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert "insured_days.exported" in ctx.db.scalars(select(AuditEntry.action)).all()


def test_officer_sees_all_of_the_city_and_formulas_are_texts(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    ground: Ground,
    with_both: None,
    officer: UUID,
) -> None:
    sign_in(client, officer)
    page = html(client.get("/en/city/insured-days"))
    assert "Asylum seekers" in page
    assert "No policy" not in page
    assert len(table(client.get(address(ground, ".csv")))) == 3
    rows = table(client.get("/en/city/insured-days.csv"))
    assert [row[2] for row in rows[1:]] == ["'=CITTÀ-1", "RC-2026-118"]


def test_a_day_that_no_policy_covered_is_said_aloud(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(delete(InsurancePolicy))
        came(ctx, ground, someone(ctx, ground), date(2026, 3, 7))
        assert ctx.db.scalars(select(HoursLine.minutes)).all() == [180]
    sign_in(client, ground.organiser_id)
    assert "no policy covered them" in html(client.get(address(ground)))
    assert table(client.get(address(ground, ".csv")))[1][4] == "1"


def test_nobody_takes_away_the_days_of_others(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    sign_in(client, elsewhere.organiser_id)
    assert client.get(address(ground)).status_code == 404
    assert client.get(address(ground, ".csv")).status_code == 404
    assert client.get("/en/city/insured-days").status_code == 404
