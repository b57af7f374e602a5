"""The list and each project for other programs."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import update
from werkzeug.test import TestResponse

from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations.sessions import cancel_session
from civic.catalogue.rules import ProjectState, SessionState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_booking
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene
from tests.unit.catalogue.dates import seen

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
KINDS = ("atom", "ics", "json")
TYPES = {"atom": "application/atom+xml", "ics": "text/calendar", "json": "application/ld+json"}
Statements = Callable[[], AbstractContextManager[Counted]]


def add_project(database: Database, scene: Scene, **over: Any) -> str:
    """With one session in a week; returns its address."""
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, **over)
        return ctx.db.get_one(Project, project_id).slug


def atom(answer: TestResponse) -> ET.Element:
    """With all that RFC 4287 asks of a feed and its entries."""
    assert answer.status_code == 200
    root = ET.fromstring(answer.data)  # noqa: S314 - our own
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for needed in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{needed}"), needed
    links = {link.get("rel") for link in root.findall(f"{ATOM}link")}
    assert {"self", "alternate"} <= links
    assert root.find(f"{ATOM}author") is not None or all(
        entry.findtext(f"{ATOM}author/{ATOM}name") for entry in root.iter(f"{ATOM}entry")
    )
    return root


def linked(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.data)
    assert found["@context"] == "https://schema.org"
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tag", ["it", "en", "fr", "ar"])
def test_the_list_and_each_project_can_be_had_in_each_form(
    database: Database, scene: Scene, client: FlaskClient, kind: str, tag: str
) -> None:
    slug = add_project(database, scene)
    for path in (f"/{tag}/projects.{kind}", f"/{tag}/projects/{slug}.{kind}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.mimetype == TYPES[kind]
        assert b"Siepe di alloro" in answer.data.replace(b"\r\n ", b"")


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_again_is_told_that_nothing_changed(
    database: Database, scene: Scene, client: FlaskClient, kind: str
) -> None:
    slug = add_project(database, scene)
    for path in (f"/it/projects.{kind}", f"/it/projects/{slug}.{kind}"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_a_projects_calendar_says_when_it_last_changed(
    database: Database, scene: Scene, client: FlaskClient, clock: FrozenClock
) -> None:
    slug = add_project(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        ctx.db.execute(update(Project).values(changed_at=NOW))
    first = client.get(f"/it/projects/{slug}.ics")
    assert first.last_modified == NOW
    asked = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(f"/it/projects/{slug}.ics", headers=asked).status_code == 304
    clock.advance(DAY)
    assert client.get(f"/it/projects/{slug}.ics", headers=asked).status_code == 200


def test_a_filtered_list_is_the_same_list(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    add_project(database, scene, title="Verde")
    add_project(database, scene, title="Strade", area="territory")
    for kind in KINDS:
        data = client.get(f"/it/projects.{kind}?area=green").get_data(as_text=True)
        assert "Verde" in data
        assert "Strade" not in data


@pytest.mark.parametrize(
    "query",
    [
        "area=%00",
        "area=x",
        "municipality=%27--",
        "day=2026-02-30",
        "after=%FF",
        "page=9",
        "q=%22*(",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_filter_that_makes_no_sense_breaks_no_feed(
    database: Database, scene: Scene, client: FlaskClient, kind: str, query: str
) -> None:
    add_project(database, scene)
    answer = client.get(f"/it/projects.{kind}?{query}")
    assert answer.status_code == 200
    {"atom": atom, "ics": lambda it: Calendar.from_ical(it.data), "json": linked}[kind](answer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", [ProjectState.DRAFT, ProjectState.SUBMITTED])
def test_what_is_not_public_is_in_no_feed_even_for_its_organiser(
    database: Database,
    scene: Scene,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    kind: str,
    state: ProjectState,
) -> None:
    slug = add_project(database, scene, state=state)
    sign_in(client, scene.author)
    assert client.get(f"/it/projects/{slug}.{kind}").status_code == 404
    assert b"Siepe" not in client.get(f"/it/projects.{kind}").data
    assert client.get(f"/it/projects/no-such.{kind}").status_code == 404
    assert client.get(f"/it/projects/{slug}.exe").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_never_says_who_takes_part(
    database: Database, scene: Scene, client: FlaskClient, kind: str
) -> None:
    slug = add_project(database, scene)
    with database.unit_of_work(system_in(scene.city.id)) as ctx:
        person = make_person(ctx, "Amina Diallo", scene.city)
        session = ctx.db.query(ProjectSession).one()
        make_booking(ctx, person, session.id)
    for path in (f"/it/projects.{kind}", f"/it/projects/{slug}.{kind}"):
        data = client.get(path).data
        assert b"Amina" not in data
        assert str(person).encode() not in data


def test_news_of_the_list_carry_words_with_their_language(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    add_project(database, scene, texts={"ar": "سياج من الغار"})
    add_project(database, scene, title="Puliamo i vicoli", days=9)
    root = atom(client.get("/ar/projects.atom"))
    assert root.get(LANG) == "ar"
    entries = root.findall(f"{ATOM}entry")
    titles = [(entry.find(f"{ATOM}title")) for entry in entries]
    assert [(title.get(LANG), title.text) for title in titles if title is not None] == [
        ("ar", "سياج من الغار"),
        ("it", "Puliamo i vicoli"),
    ]
    lines = [(line.get("lang"), line.get("dir")) for line in entries[0].iter(f"{XHTML}p")]
    assert ("ar", "rtl") in lines
    assert ("it", "ltr") in [
        (line.get("lang"), line.get("dir")) for line in entries[1].iter(f"{XHTML}p")
    ]


HOSTILE = 'A "b" <script>alert(1)</script> & ]]> \x0b\x00\ufffe fine\r\nEND:VCALENDAR'


def test_hostile_words_stay_words_in_every_form(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        # No form lets these through; a feed must not rely on that. PostgreSQL keeps no null byte.
        title = HOSTILE.replace("\x00", "")
        project = scene.project_with_session(ctx, title=title, what_you_do=title)
        slug = ctx.db.get_one(Project, project).slug
    shown = 'A "b" <script>alert(1)</script> & ]]>  fine'
    for path in ("/it/projects", f"/it/projects/{slug}"):
        root = atom(client.get(f"{path}.atom"))
        assert shown in "".join(root.itertext())
        calendar = Calendar.from_ical(client.get(f"{path}.ics").data)
        assert str(calendar.walk("VEVENT")[0]["SUMMARY"]).startswith(shown)
        assert shown.encode() not in client.get(f"{path}.json").data  # quoted there
        found = linked(client.get(f"{path}.json"))
        node = found["dataFeedElement"][0] if "dataFeedElement" in found else found
        assert node["name"]["@value"] == HOSTILE.replace("\x00", "")


def test_one_date_is_an_event_with_place_and_organisation(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    slug = add_project(
        database,
        scene,
        latitude=40.64,
        longitude=15.8,
        is_wheelchair_accessible=True,
        texts={"ar": "سياج من الغار"},
    )
    event = linked(client.get(f"/ar/projects/{slug}.json"))
    assert event["@type"] == "Event"
    assert event["name"] == {"@value": "سياج من الغار", "@language": "ar", "@direction": "rtl"}
    assert event["startDate"] == "2026-03-21T10:00:00+01:00"
    assert event["endDate"] == "2026-03-21T13:00:00+01:00"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["location"]["address"]["addressLocality"] == "Potenza"
    assert event["location"]["geo"]["latitude"] == 40.64
    assert event["organizer"]["@type"] == "Organization"
    assert event["organizer"]["name"] == "Orti in Comune"
    assert event["isAccessibleForFree"] is True
    assert event["url"].endswith(f"/ar/projects/{slug}")


def test_several_dates_are_a_series_of_events_and_cancelled_ones_say_so(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    slug = add_project(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        found = ctx.db.query(Project).one().id
        off = make_session(ctx, found, NOW + 14 * DAY, NOW + 14 * DAY + 3 * HOUR)
        cancel_session(ctx, off)
    series = linked(client.get(f"/it/projects/{slug}.json"))
    assert series["@type"] == "EventSeries"
    assert [event["eventStatus"].rsplit("/")[-1] for event in series["subEvent"]] == [
        "EventScheduled",
        "EventCancelled",
    ]
    file = client.get(f"/it/projects/{slug}.ics").data
    assert [date.is_cancelled for date in seen(file)] == [False, True]
    titles = [
        entry.findtext(f"{ATOM}title")
        for entry in atom(client.get(f"/en/projects/{slug}.atom")).iter(f"{ATOM}entry")
    ]
    assert titles[1] is not None
    assert titles[1].startswith("Cancelled: Saturday 28 March")


def test_dates_that_are_over_leave_the_feeds(
    database: Database, scene: Scene, client: FlaskClient, clock: FrozenClock
) -> None:
    slug = add_project(database, scene)
    clock.advance(timedelta(days=8))
    assert seen(client.get(f"/it/projects/{slug}.ics").data) == []
    assert atom(client.get(f"/it/projects/{slug}.atom")).findall(f"{ATOM}entry") == []
    assert linked(client.get(f"/it/projects/{slug}.json"))["subEvent"] == []


def test_a_long_list_names_its_next_page(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(60):
            scene.project_with_session(ctx, title=f"Progetto {number:02}", days=7 + number / 24)
    root = atom(client.get("/it/projects.atom?area=green"))
    (following,) = [
        link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "next"
    ]
    assert following is not None
    first = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    rest = atom(client.get(following))
    second = [entry.findtext(f"{ATOM}title") for entry in rest.iter(f"{ATOM}entry")]
    assert sorted(map(str, first + second)) == [f"Progetto {number:02}" for number in range(60)]
    answer = client.get("/it/projects.json?area=green")
    assert 'rel="next"' in answer.headers["Link"]
    assert len(linked(answer)["dataFeedElement"]) == 50


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_costs_few_statements_however_long_it_is(
    database: Database, scene: Scene, client: FlaskClient, statements: Statements, kind: str
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(30):
            slug = ctx.db.get_one(Project, scene.project_with_session(ctx, days=7 + number)).slug
    with statements() as counted:
        client.get(f"/it/projects.{kind}")
    assert counted.total <= 8
    with statements() as counted:
        client.get(f"/it/projects/{slug}.{kind}")
    assert counted.total <= 3


def test_pages_name_their_feeds_with_the_same_filters(
    database: Database, scene: Scene, client: FlaskClient, html: Callable[[TestResponse], str]
) -> None:
    slug = add_project(database, scene)
    page = html(client.get("/it/projects?area=green"))
    for kind in KINDS:
        link = f'<link rel="alternate" type="{TYPES[kind]}"'
        assert link in page
        assert f'href="/it/projects.{kind}?area=green"' in page
        assert f'href="/it/projects/{slug}.{kind}"' in html(client.get(f"/it/projects/{slug}"))


def test_where_somebody_stands_is_in_no_address_that_others_keep(
    database: Database, scene: Scene, client: FlaskClient, html: Callable[[TestResponse], str]
) -> None:
    add_project(database, scene, latitude=40.64, longitude=15.8)
    page = html(client.get("/it/projects?area=green&near=40.64,15.80"))
    assert 'href="/it/projects.atom?area=green"' in page


def test_a_searched_list_is_named_by_its_search(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    add_project(database, scene)
    root = atom(client.get("/en/projects.atom?q=siepe&area=green"))
    assert root.findtext(f"{ATOM}title") == "Civic: projects – siepe – Green-space care"
    assert len(root.findall(f"{ATOM}entry")) == 1
    assert atom(client.get("/en/projects.atom?q=teatro")).findall(f"{ATOM}entry") == []


def test_an_association_says_who_it_is(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    slug = add_project(database, scene)
    organizer = linked(client.get(f"/en/projects/{slug}.json"))["organizer"]
    own = linked(client.get("/en/associations/orti-in-comune.json"))
    assert own["@type"] == "Organization"
    assert own["@id"] == organizer["@id"]
    assert own["areaServed"] == [{"@type": "City", "name": "Potenza"}]
    assert client.get("/en/associations/nobody.json").status_code == 404


def test_a_session_that_is_not_public_is_left_out(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    slug = add_project(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        found = ctx.db.query(Project).one().id
        make_session(ctx, found, NOW + 9 * DAY, NOW + 9 * DAY + HOUR, is_public=False)
        make_session(
            ctx, found, NOW + 10 * DAY, NOW + 10 * DAY + HOUR, state=SessionState.CANCELLED
        )
    assert len(seen(client.get(f"/it/projects/{slug}.ics").data)) == 2
