"""Where projects are: a whole list for everybody, and pins for the script that draws a map."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.catalogue.finding import Spot
from civic.catalogue.operations.indexing import index_missing
from civic.catalogue.queries import pins as pin_queries
from civic.catalogue.queries.pins import Pins, pins
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import Area, Filters, ProjectState
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.conftest import SETTINGS, make_test_app
from tests.integration.catalogue.scene import Scene

Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[Any]]
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
PAGE, DATA = "/en/projects/map", "/en/projects/map.json"
STATION = Spot(40.63, 15.80)
HERE: dict[str, Any] = {"latitude": 40.64, "longitude": 15.805, "district": "Bucaletto"}


def pinned(database: Database, near: Spot | None = None) -> Pins:
    with database.reading(VISITOR) as ctx:
        return pins(ctx, search_for(ctx, Filters(), "it"), "it", near)


def titles(found: Pins) -> list[str]:
    return [pin.title for pin in found.pins]


@pytest.fixture
def mapped(database: Database) -> FlaskClient:
    """A site that has been given a tile server."""
    settings = replace(SETTINGS, tiles=TILES, tiles_credit="© Mappe & <Città>")
    return make_test_app(database, settings).test_client()


def test_the_list_goes_by_city_and_district_and_then_by_date(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Ovunque", days=1)
        scene.project_with_session(ctx, title="Più tardi", days=9, **HERE)
        scene.project_with_session(ctx, title="Prima", days=2, **HERE)
    with database.unit_of_work(elsewhere.organiser) as ctx:
        elsewhere.project_with_session(ctx, title="A Caserta", days=20)
    assert titles(pinned(database)) == ["A Caserta", "Prima", "Più tardi", "Ovunque"]


def test_around_a_place_the_nearest_comes_first_and_none_is_lost(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Senza luogo", days=1)
        scene.project_with_session(ctx, title="Lontano", latitude=40.75, longitude=15.80)
        scene.project_with_session(ctx, title="Vicino", **HERE)
    found = pinned(database, STATION)
    assert titles(found) == ["Vicino", "Lontano", "Senza luogo"]
    assert [pin.distance_km for pin in found.pins] == [1.2, 13.3, None]
    assert found.is_whole


def test_of_too_many_the_page_says_that_it_does_not_show_all(
    database: Database, scene: Scene, client: FlaskClient, html: Html,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pin_queries, "MOST", 2)
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(3):
            scene.project_with_session(ctx, days=1 + number, **HERE)
        index_missing(ctx)
    assert len(pinned(database).pins) == 2
    assert len(pinned(database, STATION).pins) == 2
    assert "more projects than a map can show" in html(client.get(PAGE))


def test_the_data_holds_only_what_each_project_page_shows(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Orto", texts={"ar": "حديقة"}, **HERE)
        scene.project_with_session(ctx, title="Senza luogo")
        scene.project_with_session(ctx, title="Bozza", state=ProjectState.DRAFT, **HERE)
    answer = client.get("/ar/projects/map.json")
    assert answer.mimetype == "application/json"
    (pin,) = answer.get_json()["pins"]
    assert pin.keys() == {
        "url", "title", "language", "direction", "day", "hours", "place", "latitude", "longitude",
    }  # fmt: skip
    assert pin["url"].startswith("/ar/projects/siepe-")
    assert (pin["title"], pin["language"], pin["direction"]) == ("حديقة", "ar", "rtl")
    assert (pin["latitude"], pin["longitude"]) == (40.64, 15.805)
    assert "10:00–13:00" in pin["hours"]


def test_page_and_data_keep_to_the_filters_of_the_address(
    database: Database, scene: Scene, mapped: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Verde", area=Area.GREEN, **HERE)
        scene.project_with_session(ctx, title="Cura", area=Area.CARE, **HERE)
        index_missing(ctx)
    page = html(mapped.get(f"{PAGE}?area=care"))
    assert "Cura" in page
    assert "Verde" not in page
    found = re.search(r'data-pins="([^"]+)"', page)
    assert found
    (pin,) = mapped.get(found[1].replace("&amp;", "&")).get_json()["pins"]
    assert pin["title"] == "Cura"
    assert "/en/projects?area=care" in page


def test_without_a_tile_server_there_is_a_list_and_no_script(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Orto", **HERE)
    answer = client.get(PAGE)
    page = html(answer)
    assert "There is no map here" in page
    assert "Orto" in page
    assert "Bucaletto" in page
    assert "leaflet" not in page
    assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]


def test_with_a_tile_server_pictures_of_that_one_place_are_let_in(
    database: Database, scene: Scene, mapped: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Orto", **HERE)
    answer = mapped.get(PAGE)
    policy = answer.headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://tiles.example.org;" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    page = html(answer)
    assert "come from tiles.example.org" in page
    assert 'data-credit="© Mappe &amp; &lt;Città&gt;"' in page
    assert page.count("<script src=") == 2


def test_leaflet_is_fetched_by_no_other_page(
    database: Database, scene: Scene, mapped: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, **HERE)
    for path in ("/en/", "/en/projects"):
        assert "leaflet" not in html(mapped.get(path))


def test_with_nothing_to_show_there_is_no_map_to_fetch(mapped: FlaskClient, html: Html) -> None:
    page = html(mapped.get(f"{PAGE}?area=care"))
    assert "Nothing here at the moment" in page
    assert "<script" not in page


def test_the_map_costs_as_many_statements_for_many_as_for_one(
    database: Database, scene: Scene, client: FlaskClient, statements: Statements
) -> None:
    counts = []
    client.get(PAGE)
    for number in (1, 20):
        with database.unit_of_work(scene.organiser) as ctx:
            for each in range(number):
                scene.project_with_session(ctx, days=1 + each, **HERE)
        for path in (PAGE, DATA):
            with statements() as counted:
                client.get(path)
            counts.append(counted.total)
    assert len(set(counts)) == 1
    assert counts[0] <= 4
