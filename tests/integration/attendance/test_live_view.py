"""Who is here now, for whoever must count heads outside."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import TEN, Ground, make_booked_person
from tests.integration.attendance.door import Door, one, pass_of

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
MOST_FOR_LIVE_VIEW = 3
"""Statements: who asks, the session, its scans with their names."""


@pytest.fixture
def at_ten(door: Door, clock: FrozenClock) -> Door:
    clock.instant = TEN
    return door


def tap(door: Door, person_id: UUID, direction: str, scan_id: UUID | None = None) -> None:
    data = {"scan_id": str(scan_id or uuid4()), "direction": direction}
    door.client.post(f"{door.url}/people/{person_id}/tap", data=data)


def booked(database: Database, ground: Ground, *names: str) -> list[UUID]:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return [make_booked_person(ctx, ground, name) for name in names]


def names(page: str) -> list[list[str]]:
    """Of those here, and of those on a break."""
    lists = re.findall(r'<ol class="here-names">(.*?)</ol>', page, re.DOTALL)
    return [re.findall(r"<bdi>(\w+)</bdi></strong>", one) for one in lists]


def test_it_says_who_is_here_since_when_and_who_is_on_a_break(
    at_ten: Door, html: Html, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    zoe, amina, chidi, dawit = booked(database, ground, "Zoe", "Amina", "Chidi", "Dawit")
    for person_id in (zoe, amina, chidi, dawit):
        tap(at_ten, person_id, "entry")
    clock.advance(timedelta(minutes=42, seconds=7))
    tap(at_ten, chidi, "break")
    tap(at_ten, dawit, "exit")

    page = html(at_ten.client.get(f"{at_ten.url}/here"))

    assert re.search(r'class="here-number"><strong>2</strong>', page)
    assert names(page) == [["Amina", "Zoe"], ["Chidi"]]
    assert page.count("since 10:00") == 2
    assert "since 10:42" in page
    assert "1 person is on a break" in page
    assert "Last refreshed at 10:42:07" in page


def test_the_part_that_refreshes_itself_holds_no_page_around_it(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    tap(at_ten, amina, "entry")
    answer = at_ten.client.get(f"{at_ten.url}/here/now")
    assert names(html(answer)) == [["Amina"]]
    assert "<html" not in html(answer)
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_scripts_the_page_refreshes_as_a_whole(at_ten: Door, html: Html) -> None:
    page = html(at_ten.client.get(f"{at_ten.url}/here"))
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page
    assert "Nobody has come in" in page


def test_it_counts_over_all_gates_and_names_them_where_there_are_two(
    at_ten: Door, html: Html, database: Database, keys: Keys, ground: Ground
) -> None:
    amina, bilal = booked(database, ground, "Amina", "Bilal")

    def come(person_id: UUID, gate: str) -> str:
        code = pass_of(database, keys, person_id, ground.city.id).token
        at_ten.send({**one(code), "gate": gate})
        return html(at_ten.client.get(f"{at_ten.url}/here"))

    assert "<bdi>North</bdi>" not in come(amina, "North")
    page = come(bilal, "South")
    assert names(page) == [["Amina", "Bilal"]]
    assert page.index("<bdi>North</bdi>") < page.index("<bdi>South</bdi>")


def test_what_was_taken_back_is_not_here(
    at_ten: Door, html: Html, ground: Ground, amina: UUID
) -> None:
    scan_id = uuid4()
    tap(at_ten, amina, "entry", scan_id)
    at_ten.client.post(f"{at_ten.url}/scans/{scan_id}/undo")
    assert names(html(at_ten.client.get(f"{at_ten.url}/here"))) == []


def test_whoever_a_phone_let_in_without_network_is_here_whatever_spoke_against_it(
    at_ten: Door, html: Html, database: Database, keys: Keys, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        minor = make_booked_person(ctx, ground, "Yusuf", birth_year=2010)
    tap(at_ten, minor, "entry")
    assert names(html(at_ten.client.get(f"{at_ten.url}/here"))) == []
    code = pass_of(database, keys, minor, ground.city.id).token
    at_ten.send({**one(code), "shown": "accepted"})
    assert names(html(at_ten.client.get(f"{at_ten.url}/here"))) == [["Yusuf"]]


def test_organisers_and_officers_see_it_and_nobody_else(
    at_ten: Door, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, ground.city)
        worker = make_staff(ctx, Role.CASE_WORKER, ground.city)
        coordinator = make_staff(ctx, Role.COORDINATOR)
    statuses = {}
    for who in (ground.organiser_id, officer, worker, coordinator, amina):
        sign_in(at_ten.client, who)
        statuses[who] = [
            at_ten.client.get(f"{at_ten.url}/here{part}").status_code for part in ("", "/now")
        ]
    assert statuses == {
        ground.organiser_id: [200, 200],
        officer: [200, 200],
        worker: [404, 404],
        coordinator: [404, 404],
        amina: [404, 404],
    }


def test_it_costs_the_same_however_many_are_here(
    at_ten: Door, database: Database, ground: Ground, statements: Counting
) -> None:
    for person_id in booked(database, ground, *(f"Person{number}" for number in range(12))):
        tap(at_ten, person_id, "entry")
    for part in ("", "/now"):
        with statements() as counted:
            at_ten.client.get(f"{at_ten.url}/here{part}")
        assert counted.total <= MOST_FOR_LIVE_VIEW, counted.statements
