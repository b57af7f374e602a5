"""The sheet for the entrance: in Italian, numbered, with room for those who just come."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from civic.audit.models import AuditEntry
from civic.enrolment.rules import BookingState
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, make_booked_person, on_ground
from tests.factories.enrolment import make_booking

SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def organiser(client: FlaskClient, sign_in: SignIn, ground: Ground) -> FlaskClient:
    sign_in(client, ground.organiser_id)
    return client


def pages(client: FlaskClient, ground: Ground, tag: str = "it") -> list[str]:
    answer = client.get(f"/{tag}/organise/sessions/{ground.session_id}/sheet.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"]
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]


def test_the_sheet_names_those_with_a_place_and_what_the_organiser_may_know(
    database: Database, ground: Ground, organiser: FlaskClient
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_booked_person(ctx, ground, "Amina", phone="+393331112223", nationality="SO")
        waiting = make_person(ctx, "Oksana", ground.city)
        make_booking(ctx, waiting, ground.session_id, BookingState.WAITING)
    (page,) = pages(organiser, ground, "ar")
    for said in ("Amina", "francese", "10:00", "21 marzo 2026", "sabato", "Villa Giaquinto"):
        assert said in page
    for kept_back in ("Oksana", "333", "1995", "Somalia"):
        assert kept_back not in page


def test_forty_names_in_many_scripts_fill_numbered_pages(
    database: Database, ground: Ground, organiser: FlaskClient
) -> None:
    names = ["محمد الأمين", "রহিম উদ্দিন", "ሰላም", "王小明", "N" * 70, "Amina 🌳"]
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for number in range(40):
            make_booked_person(ctx, ground, f"{names[number % len(names)]} {number}")
    found = pages(organiser, ground)
    assert len(found) >= 2
    for number, page in enumerate(found, start=1):
        assert f"{number}" in page
        assert f"{len(found)}" in page
    assert "WangXiaoMing" in "".join(found).replace(" ", "")


def test_an_empty_session_has_a_sheet_to_write_on(ground: Ground, organiser: FlaskClient) -> None:
    assert len(pages(organiser, ground)) == 1


def test_the_trail_says_who_took_the_names_along(
    database: Database, ground: Ground, organiser: FlaskClient
) -> None:
    pages(organiser, ground)
    with database.reading(system_in(ground.city.id)) as ctx:
        line = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "sheet.printed")).one()
        assert (line.actor_id, line.thing_id) == (ground.organiser_id, ground.session_id)


def test_others_find_no_sheet(
    client: FlaskClient, database: Database, sign_in: SignIn, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    address = f"/it/organise/sessions/{ground.session_id}/sheet.pdf"
    sign_in(client, elsewhere.organiser_id)
    assert client.get(address).status_code == 404
