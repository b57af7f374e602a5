from collections.abc import Callable
from contextlib import AbstractContextManager
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.catalogue.models import Project
from civic.catalogue.rules import ProjectState
from civic.catalogue.views import sitemap
from civic.kernel.db.database import Database
from tests.conftest import SETTINGS, Counted
from tests.integration.catalogue.scene import Scene

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
Statements = Callable[[], AbstractContextManager[Counted]]


def locations(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address.removeprefix(SETTINGS.public_url))
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    root = ET.fromstring(answer.data)  # noqa: S314 - our own
    return [element.text or "" for element in root.iter(f"{MAP}loc")]


def all_locations(client: FlaskClient) -> list[str]:
    return [
        address for part in locations(client, "/sitemap.xml") for address in locations(client, part)
    ]


def test_every_published_project_stands_there_once_in_each_language(
    database: Database, scene: Scene, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "ENTRIES", 3)
    with database.unit_of_work(scene.organiser) as ctx:
        for _number in range(7):
            scene.project(ctx)
        scene.project(ctx, state=ProjectState.DRAFT, slug="unfinished")
        published = Project.state == ProjectState.PUBLISHED
        slugs = ctx.db.scalars(select(Project.slug).where(published)).all()
    found = all_locations(client)
    assert len(locations(client, "/sitemap.xml")) == 1 + 3 + 1
    assert not any("unfinished" in address for address in found)
    assert len(found) == len(set(found))
    for slug in slugs:
        for tag in ("it", "en", "fr", "ar"):
            assert f"{SETTINGS.public_url}/{tag}/projects/{slug}" in found
    assert f"{SETTINGS.public_url}/ar/projects" in found
    assert f"{SETTINGS.public_url}/it/associations/orti-in-comune" in found


def test_each_address_names_the_same_page_in_the_other_languages(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project(ctx, slug="siepe")
    root = ET.fromstring(client.get("/sitemap-projects.xml").data)  # noqa: S314 - our own
    urls = root.findall(f"{MAP}url")
    assert len(urls) == 4
    for url in urls:
        named = {link.get("hreflang"): link.get("href") for link in url.findall(LINK)}
        assert set(named) == {"it", "en", "fr", "ar", "x-default"}
        assert named["x-default"] == named["it"] == f"{SETTINGS.public_url}/it/projects/siepe"
        assert url.findtext(f"{MAP}loc") in named.values()
        assert url.findtext(f"{MAP}lastmod") == "2026-03-14T09:00:00+00:00"


def test_no_file_holds_more_than_ten_thousand_addresses() -> None:
    assert sitemap.ENTRIES * 4 == sitemap.ADDRESSES <= 10_000


def test_a_part_costs_one_statement_and_the_index_one_for_each_kind(
    scene: Scene, client: FlaskClient, statements: Statements
) -> None:
    with statements() as counted:
        client.get("/sitemap.xml")
    assert counted.total == 2
    with statements() as counted:
        client.get("/sitemap-projects.xml?after=siepe")
    assert counted.total == 1


def test_robots_are_led_to_the_map_and_away_from_calendars(client: FlaskClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    assert f"Sitemap: {SETTINGS.public_url}/sitemap.xml\n" in text
    assert "Disallow: /calendar/\n" in text


@pytest.mark.parametrize("after", ["%00", "A%20b", "..%2F", "%27--"])
def test_a_wrong_address_is_not_here(client: FlaskClient, after: str) -> None:
    assert client.get(f"/sitemap-projects.xml?after={after}").status_code == 404


def test_who_asks_again_is_told_that_nothing_changed(scene: Scene, client: FlaskClient) -> None:
    first = client.get("/sitemap.xml")
    again = client.get("/sitemap.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
