"""A table of sessions taken in by the pages, and out again."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.catalogue.importing import COLUMNS
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.rules import ProjectState
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from civic.web.sheets import Cell, csv_file, xlsx_file
from tests.conftest import SETTINGS, make_test_app
from tests.factories.accounts import actor_of, make_staff
from tests.factories.catalogue import make_project
from tests.factories.tenancy import make_association, make_city

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
HEADER = [column.label for column in COLUMNS]
FIRST = date(2026, 4, 1)


def row(title: str = "Orti comuni", day: int = 0, **over: Cell) -> list[Cell]:
    cells: dict[str, Cell] = {
        "Titolo": title,
        "Cosa si fa": "Zappiamo insieme.",
        "Cosa portare": "",
        "Area": "verde",
        "Lingue": "it",
        "Età minima": 16,
        "Quartiere": "",
        "Accessibile in sedia a rotelle": "no",
        "Senza italiano": "no",
        "Giorno": FIRST + timedelta(days=day),
        "Inizio": "9:00",
        "Fine": "12:00",
        "Ritrovo": "Fermata del bus",
        "Posti": 12,
        **over,
    }
    return [cells[name] for name in HEADER]


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    from dataclasses import replace

    return make_test_app(database, replace(SETTINGS, files=str(tmp_path)))


@pytest.fixture
def organiser(database: Database, client: FlaskClient, sign_in: SignIn) -> Actor:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        staff = make_staff(ctx, Role.ORGANISER, city, make_association(ctx, city))
        actor = actor_of(ctx, staff)
    sign_in(client, staff)
    return actor


def desk(actor: Actor) -> str:
    return f"{actor.grants[0].association_id}:{actor.grants[0].municipality_id}"


def look(client: FlaskClient, actor: Actor, body: bytes, name: str = "turni.xlsx") -> TestResponse:
    return client.post(
        "/en/organise/table",
        data={"desk": desk(actor), "language": "it", "file": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
    )


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def take(client: FlaskClient, page: str) -> TestResponse:
    return client.post("/en/organise/table/take-in", data={"token": token(page)})


def count(database: Database, actor: Actor) -> tuple[int, int]:
    with database.reading(actor) as ctx:
        projects = ctx.db.scalar(select(func.count()).select_from(Project)) or 0
        return projects, ctx.db.scalar(select(func.count()).select_from(ProjectSession)) or 0


def test_looking_at_a_table_changes_nothing_and_taking_it_in_drafts_its_projects(
    database: Database, client: FlaskClient, organiser: Actor, html: Html
) -> None:
    rows = [row("Orti comuni", day) for day in range(3)] + [row("Sartoria", 1)]
    page = html(look(client, organiser, xlsx_file("Turni", HEADER, rows)))
    assert count(database, organiser) == (0, 0)
    assert take(client, page).status_code == 302
    assert count(database, organiser) == (2, 4)
    with database.reading(organiser) as ctx:
        states = set(ctx.db.scalars(select(Project.state)))
    assert states == {ProjectState.DRAFT}


def test_the_same_table_twice_adds_nothing(
    database: Database, client: FlaskClient, organiser: Actor, html: Html
) -> None:
    body = csv_file(HEADER, [row("Orti comuni", day) for day in range(3)])
    first = html(look(client, organiser, body))
    second = html(look(client, organiser, body))
    take(client, first)
    take(client, second)
    assert count(database, organiser) == (1, 3)
    assert "There is no session to take in." in html(look(client, organiser, body))


def test_sessions_join_a_published_project_and_are_public_at_once(
    database: Database, client: FlaskClient, organiser: Actor, html: Html
) -> None:
    grant = organiser.grants[0]
    assert grant.association_id
    assert grant.municipality_id
    with database.unit_of_work(organiser) as ctx:
        make_project(
            ctx, grant.association_id, grant.municipality_id, organiser.own_id, title="Orti comuni"
        )
    take(client, html(look(client, organiser, csv_file(HEADER, [row("ORTI comuni")]))))
    with database.reading(organiser) as ctx:
        assert ctx.db.scalars(select(ProjectSession.is_public)).all() == [True]


def test_a_table_of_5000_lines_lists_every_fault_and_takes_in_the_rest(
    database: Database, client: FlaskClient, organiser: Actor, html: Html
) -> None:
    rows = [row(f"Progetto {number % 25}", number // 25) for number in range(5000)]
    for number in range(0, 5000, 50):
        rows[number] = row(f"Progetto {number % 25}", number // 25, Posti="molti", Fine="8:00")
    page = html(look(client, organiser, xlsx_file("Turni", HEADER, rows)))
    assert "4900" in page
    assert "These are the first 100 of 200 faults." in page
    listed = client.post("/en/organise/table/faults.csv", data={"token": token(page)})
    lines = list(csv.reader(io.StringIO(listed.data.decode("utf-8-sig")), delimiter=";"))[1:]
    assert sorted({int(line[0]) for line in lines}) == list(range(2, 5002, 50))
    assert {line[1] for line in lines} == {"Posti", "Fine"}
    take(client, page)
    assert count(database, organiser) == (25, 4900)


def test_a_new_project_needs_its_facts_in_its_first_line(
    client: FlaskClient, organiser: Actor, html: Html
) -> None:
    bare = row("Nuovo", 0, Area="", Lingue="", **{"Cosa si fa": ""})
    page = html(look(client, organiser, csv_file(HEADER, [bare])))
    assert page.count("A new project needs this in its first line.") == 3


def test_two_lines_with_the_same_project_and_hour_are_a_fault(
    client: FlaskClient, organiser: Actor, html: Html
) -> None:
    page = html(look(client, organiser, csv_file(HEADER, [row(), row()])))
    assert "Line 2 has the same project at the same hour." in page


@pytest.mark.parametrize("body", [b"", b"MZ\x90\x00", b"%PDF-1.7\x00\x01"])
def test_a_file_that_is_no_table_is_told_beside_the_field(
    client: FlaskClient, organiser: Actor, html: Html, body: bytes
) -> None:
    answer = look(client, organiser, body)
    assert answer.status_code == 422
    assert 'id="file-error"' in html(answer)


def test_a_token_of_somebody_else_opens_nothing(
    database: Database, client: FlaskClient, organiser: Actor, html: Html, sign_in: SignIn
) -> None:
    page = html(look(client, organiser, csv_file(HEADER, [row()])))
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        other = make_staff(ctx, Role.ORGANISER, city, make_association(ctx, city, "Altra"))
    sign_in(client, other)
    assert take(client, page).status_code == 404
    assert client.post("/en/organise/table/take-in", data={"token": "x"}).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_can_come_in_again(
    database: Database, client: FlaskClient, organiser: Actor, html: Html, kind: str
) -> None:
    rows = [row("=Orti comuni".replace("=", "'="), day) for day in range(3)]
    take(client, html(look(client, organiser, csv_file(HEADER, rows))))
    answer = client.get(f"/en/organise/table/sessions.{kind}")
    page = html(look(client, organiser, answer.data, f"turni.{kind}"))
    assert "What is wrong" not in page
    assert "There is no session to take in." in page
