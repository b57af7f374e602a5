"""Who waits, in which order, and what the list costs."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.operations.residents import NewPerson
from civic.housing.queries.waiting import Wanted, waiting_list
from civic.housing.rules.placing import Criterion, Need
from civic.housing.rules.stock import Gender, Who
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_unit
from tests.factories.housing_requests import TODAY, ask

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]
MOST_STATEMENTS = 5


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx, beds=3)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, lodge: Lodge) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


def test_points_and_weeks_come_first_then_who_asked_first(
    acting: Acting, lodge: Lodge, clock: FrozenClock
) -> None:
    with acting(lodge.officer) as ctx:
        ask(ctx, lodge, NewPerson("Long ago"))
        clock.advance(timedelta(weeks=9))
        later = clock.now().date()
        ask(ctx, lodge, NewPerson("First of two"), wanted_from=later)
        clock.advance(timedelta(hours=1))
        ask(ctx, lodge, NewPerson("Second of two"), wanted_from=later)
        ask(ctx, lodge, NewPerson("In danger"), criteria=[Criterion.IN_DANGER], wanted_from=later)
        found = waiting_list(ctx, lodge.city.id)
    assert [(row.name, row.priority.points) for row in found.rows] == [
        ("In danger", 40),
        ("Long ago", 9),
        ("First of two", 0),
        ("Second of two", 0),
    ]
    assert [row.place for row in found.rows] == [1, 2, 3, 4]


def test_a_list_of_forty_takes_as_many_statements_as_one_of_two(
    acting: Acting, lodge: Lodge, statements: Statements
) -> None:
    asked = []
    for more in (2, 38):
        with acting(lodge.officer) as ctx:
            for number in range(more):
                ask(ctx, lodge, NewPerson(f"Persona {number}"), NewPerson("Moussa"))
        with acting(lodge.officer) as ctx, statements() as counted:
            found = waiting_list(ctx, lodge.city.id)
        asked.append(counted.total)
    assert len(found.rows) == 40
    assert asked[0] == asked[1] <= MOST_STATEMENTS


def test_the_page_is_as_cheap_for_forty_as_for_two(
    acting: Acting, lodge: Lodge, officer: FlaskClient, statements: Statements
) -> None:
    officer.get("/it/housing/requests")
    asked = []
    for more in (2, 38):
        with acting(lodge.officer) as ctx:
            for number in range(more):
                ask(ctx, lodge, NewPerson(f"Persona {number}"))
        officer.get("/it/housing/requests")
        with statements() as counted:
            officer.get("/it/housing/requests")
        asked.append(counted.total)
    assert asked[0] == asked[1]


def test_the_list_shows_size_needs_urgency_and_since_when(
    acting: Acting, lodge: Lodge, officer: FlaskClient, html: Html
) -> None:
    with acting(lodge.officer) as ctx:
        child = NewPerson("Moussa", birth_year=2020)
        ask(ctx, lodge, NewPerson("Awa Sarr"), child, needs=[Need.QUIET])
    page = html(officer.get("/en/housing/requests"))
    for said in ("Awa Sarr", "2 people", "1 of them under 18", "a quiet room", "this week"):
        assert said in page
    assert "waits since 14 March 2026" in page


def test_the_list_is_cut_by_size_and_by_dwelling(
    acting: Acting, lodge: Lodge, officer: FlaskClient, html: Html
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        women, _beds = make_unit(ctx, lodge.city, "Donne", (2,), takes=[Who.SINGLE_WOMEN])
    with acting(lodge.officer) as ctx:
        ask(ctx, lodge, NewPerson("Awa Sarr", Gender.WOMAN, 1990))
        ask(ctx, lodge, NewPerson("Bilal Khan", Gender.MAN, 1990))
        ask(ctx, lodge, *(NewPerson(f"Di quattro {number}") for number in range(4)))
        city = lodge.city.id
        assert [row.name for row in waiting_list(ctx, city, Wanted(size=4)).rows] == [
            "Di quattro 0"
        ]
        fits = waiting_list(ctx, city, Wanted(unit_id=women)).rows
        assert [row.name for row in fits] == ["Awa Sarr"]
        assert fits[0].reasons
        three = waiting_list(ctx, city, Wanted(unit_id=lodge.unit_id))
        assert {row.name for row in three.rows} == {"Awa Sarr", "Bilal Khan"}
        ahead = Wanted(unit_id=women, first=date(2026, 3, 1), until=TODAY)
        assert waiting_list(ctx, city, ahead).rows == []
    page = html(officer.get(f"/en/housing/requests?unit={women}&size=1"))
    assert "Awa Sarr" in page
    assert "Bilal Khan" not in page
    assert officer.get("/en/housing/requests?size=x&unit=y&page=z").status_code == 200
    assert officer.get(f"/en/housing/requests?unit={lodge.city.id}").status_code == 404


def test_the_desk_sees_what_it_asked_for_itself(
    acting: Acting, lodge: Lodge, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        desk = actor_of(ctx, make_staff(ctx, Role.DESK, lodge.city))
    with acting(lodge.officer) as ctx:
        ask(ctx, lodge, NewPerson("Awa Sarr"))
    with acting(desk) as ctx:
        own = ask(ctx, lodge, NewPerson("Bilal Khan"), by=desk)
    sign_in(client, desk.own_id)
    with_second_factor(client)
    page = html(client.get("/en/housing/requests"))
    assert "Bilal Khan" in page
    assert "Awa Sarr" not in page
    assert client.get(f"/en/housing/requests/{own}").status_code == 200
    assert client.get("/en/housing/requests/table.xlsx").status_code == 404


def test_the_table_has_what_the_page_shows_and_leaves_a_line(
    acting: Acting, lodge: Lodge, officer: FlaskClient
) -> None:
    with acting(lodge.officer) as ctx:
        ask(ctx, lodge, NewPerson("=Awa()"), NewPerson("Moussa"), criteria=[Criterion.PREGNANT])
    answer = officer.get("/en/housing/requests/table.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    header, line = book.get_sheet_by_index(0).to_python()
    told = dict(zip(header, line, strict=True))
    assert (told["Name"], told["People"], told["Points"]) == ("=Awa()", 2, 30)
    assert told["Waits since"] == TODAY
    with acting(lodge.officer) as ctx:
        lines = ctx.db.scalars(select(AuditEntry.action)).all()
    assert lines[-1] == "housing.list_exported"
