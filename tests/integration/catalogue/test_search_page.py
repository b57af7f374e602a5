"""The list's page: search box, filters, chips, orders, and what is said when nothing is found."""

import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.catalogue.operations.sessions import take_place
from civic.catalogue.rules import Area
from civic.kernel.db.database import Database
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Statements = Callable[[], AbstractContextManager[Any]]

NONSENSE = (
    "age=old",
    "age=-1",
    "age=121",
    "age=99999999999999999999",
    "weekday=someday",
    "part=night",
    "part=morning&part=night",
    "near=here",
    "near=91,0",
    "sort=nearest",
    "sort=price",
    "sort=fit",
    "district=Nowhere",
    "municipality=potenza&district=Nowhere",
    "q=%22",
    "q=di",
    "sort=nearest&near=40.6,15.8&after=AAAA",
    "q=" + "siepe" * 100,
    "q=" + "+".join(f"siepe{n}" for n in range(12)),
)


@pytest.fixture
def listed(database: Database, scene: Scene) -> UUID:
    with database.unit_of_work(scene.organiser) as ctx:
        return scene.project_with_session(
            ctx, title="Siepe", district="Rione Lucania", latitude=40.64, longitude=15.8
        )


def chips(page: str) -> dict[str, str]:
    """What is set, and the address without it."""
    found = re.findall(r'class="chip" href="([^"]+)"><bdi>(.*?)</bdi>', page)
    return {unescape(label): unescape(url) for url, label in found}


@pytest.mark.usefixtures("listed")
def test_what_makes_no_sense_is_said_in_a_sentence(
    client: FlaskClient, html: Html, subtests: pytest.Subtests
) -> None:
    for tag in ("it", "ar"):
        for query in NONSENSE:
            with subtests.test(query[:60]):
                answer = client.get(f"/{tag}/projects?{query}")
                assert answer.status_code == 200
                assert html(answer).count("alert-warning") == 1


@pytest.mark.parametrize("letters", ["a", "আ", "ا", '"', "%00", "%20"])
def test_ten_thousand_letters_are_answered(client: FlaskClient, letters: str) -> None:
    assert client.get(f"/it/projects?q={letters * 10_000}").status_code == 200


def test_a_search_in_vain_says_so_and_offers_what_to_leave_out(
    client: FlaskClient, html: Html, listed: UUID
) -> None:
    page = html(client.get("/en/projects?q=siepe&area=care&weekday=mon"))
    assert "Nothing here at the moment" in page
    for label in ("siepe", "Personal care", "Monday"):
        assert f"Without “{label}”" in page
    assert "See all projects" in page


def test_an_unknown_word_is_named(client: FlaskClient, html: Html, listed: UUID) -> None:
    assert "No project speaks of “xyzzy”" in html(client.get("/en/projects?q=xyzzy"))


def test_a_corrected_word_is_told_and_stays_corrected_on_the_next_page(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(22):
            scene.project_with_session(ctx, title="Siepe", days=1 + number)
    page = html(client.get("/en/projects?q=sieppe"))
    assert "You see results for “siepe”." in page
    assert page.count("project-card") == 20
    next_url = unescape(page.split('rel="next" href="')[1].split('"')[0])
    assert "q=siepe&" in next_url
    assert html(client.get(next_url)).count("project-card") == 2


def test_each_filter_is_a_chip_that_takes_it_away(
    client: FlaskClient, html: Html, listed: UUID
) -> None:
    query = (
        "q=siepe&area=green&municipality=potenza&district=Rione+Lucania&weekday=sat&weekday=sun"
        "&part=morning&language=it&age=16&near=40.64,15.80"
    )
    page = html(client.get(f"/en/projects?{query}"))
    assert "project-card" in page
    found = chips(page)
    assert list(found) == [
        "siepe", "Green-space care", "Potenza", "Rione Lucania", "Italian", "I am 16",
        "Near Potenza", "Saturday", "Sunday", "Morning",
    ]  # fmt: skip
    assert "weekday=sun" in found["Saturday"]
    assert "weekday=sat" not in found["Saturday"]
    assert "district" not in found["Potenza"]
    for label, url in found.items():
        without = chips(html(client.get(url)))
        gone = {"Potenza": {"Potenza", "Rione Lucania"}}.get(label, {label})
        # "Near Potenza" stays although the city was taken away.
        assert set(without) == set(found) - gone, label


@pytest.mark.usefixtures("listed")
def test_the_boxes_that_need_no_value_are_chips_too(client: FlaskClient, html: Html) -> None:
    page = html(client.get("/en/projects?wheelchair=1&no_italian=1&free=1"))
    assert list(chips(page)) == ["Wheelchair accessible", "No Italian needed", "With free places"]
    assert page.count("checked") == 3


@pytest.mark.usefixtures("listed")
def test_markup_in_a_search_stays_text(client: FlaskClient, html: Html) -> None:
    page = html(client.get("/it/projects?q=<script>alert(1)</script>&near=40.6,15.8"))
    assert "<script>alert" not in page


def test_the_nearest_first_needs_a_place_and_says_how_far(
    client: FlaskClient, html: Html, listed: UUID
) -> None:
    page = html(client.get("/en/projects?sort=nearest"))
    assert "Choose where you start from" in page
    assert '<option value="40.64,15.80">Potenza</option>' in page
    assert "less than 1 km away" in html(client.get("/en/projects?near=40.64,15.80"))
    far = html(client.get("/en/projects?near=41.08,15.80"))
    assert "49 km away" in far
    assert "Near your position" in far
    assert "km away" not in html(client.get("/en/projects?near=40.64,15.80&sort=soonest"))


def test_a_place_stands_in_the_address_to_the_kilometre(
    client: FlaskClient, html: Html, listed: UUID
) -> None:
    page = html(client.get("/en/projects?near=40.640123,15.801234&area=green"))
    assert "40.64,15.80" in page.replace("%2C", ",")
    assert "15.801234" not in page.split("</header>")[1]


def test_what_suits_a_person_is_offered_to_who_is_signed_in(
    client: FlaskClient, scene: Scene, html: Html, sign_in: SignIn, listed: UUID
) -> None:
    assert "sort=fit" not in html(client.get("/en/projects"))
    assert "Sign in to see first what suits you." in html(client.get("/en/projects?sort=fit"))
    sign_in(client, scene.author)
    assert "sort=fit" in html(client.get("/en/projects"))
    page = html(client.get("/en/projects?sort=fit"))
    assert "project-card" in page
    assert "alert-warning" not in page


@pytest.mark.parametrize(
    "query",
    [
        "q=siepe",
        "q=sieppe",
        "q=sieppe&near=40.64,15.80&area=green&weekday=sat",
        "near=40.64,15.80",
        "municipality=potenza&district=Rione+Lucania&weekday=sat&weekday=sun&part=morning",
        "free=1&language=it&age=20",
    ],
)
@pytest.mark.parametrize("rows", [1, 45])
def test_a_search_costs_eight_statements_at_most_even_in_a_process_just_started(
    database: Database,
    scene: Scene,
    client: FlaskClient,
    statements: Statements,
    query: str,
    rows: int,
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(rows):
            project_id = scene.project(
                ctx, title="Siepe", district="Rione Lucania", latitude=40.64, longitude=15.8
            )
            for week in (0, 1):
                start = NOW + (1 + number % 7 + week * 7) * DAY
                make_session(ctx, project_id, start, start + HOUR, is_indexed=week == 1)
    with statements() as counted:
        assert client.get(f"/it/projects?{query}").status_code == 200
    assert counted.total <= 8, counted.statements


def test_a_remembered_search_is_drawn_again_when_its_rows_change(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, area=Area.GREEN, latitude=40.64, longitude=15.8)
        session_id = make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, places=2)
    addresses = ["q=siepe", "q=sieppe", "near=40.64,15.80", "area=green&weekday=sun", "free=1"]
    for address in addresses:
        assert "2 places free" in unpacked(client, address)
        assert unpacked(client, address) == unpacked(client, address)
    with database.unit_of_work(scene.organiser) as ctx:
        assert take_place(ctx, session_id)
    for address in addresses:
        assert "1 place free" in unpacked(client, address)
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Sieppe")
    assert "You see results for" not in unpacked(client, "q=sieppe")


def unpacked(client: FlaskClient, query: str) -> str:
    answer = client.get(f"/en/projects?{query}", headers={"Accept-Encoding": "gzip"})
    return gzip.decompress(answer.get_data()).decode()
