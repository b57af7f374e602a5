"""The pages of organisers and officers, clicked as they would be."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.rules import ProjectState
from civic.kernel.clock import ROME
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_staff
from tests.factories.catalogue import make_project, make_session
from tests.factories.tenancy import make_association
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]

SAID = {
    "title": "Puliamo i vicoli",
    "what_you_do": "Puliamo i vicoli del centro.\r\n\r\nPoi mangiamo insieme.",
    "what_to_bring": "Guanti",
    "area": "territory",
    "languages": ["it", "ar"],
    "minimum_age": "16",
    "skills": [],
    "language": "it",
}
DATE = {
    "day": "2026-03-21",
    "start": "10:00",
    "end": "13:00",
    "meeting_point": "Porta Salza",
    "places": "12",
    "repeat": "once",
}


@pytest.fixture
def organiser(client: FlaskClient, sign_in: SignIn, scene: Scene) -> FlaskClient:
    sign_in(client, scene.author)
    return client


@pytest.fixture
def officer(app: Flask, sign_in: SignIn, scene: Scene) -> FlaskClient:
    client = app.test_client()
    sign_in(client, scene.officer.own_id)
    return client


def said(scene: Scene, **over: Any) -> dict[str, Any]:
    return SAID | {"desk": f"{scene.association.id}:{scene.city.id}"} | over


def drafted(client: FlaskClient, scene: Scene) -> str:
    answer = client.post("/it/organise/projects/new", data=said(scene))
    assert answer.status_code == 302
    return str(answer.location)


def dates(database: Database, scene: Scene) -> list[ProjectSession]:
    with database.reading(scene.organiser) as ctx:
        return list(ctx.db.scalars(select(ProjectSession).order_by(ProjectSession.starts_at)))


def test_a_draft_is_written_dated_submitted_sent_back_corrected_and_published(
    organiser: FlaskClient, officer: FlaskClient, client: FlaskClient, scene: Scene, html: Html
) -> None:
    desk = drafted(organiser, scene)
    review = desk.replace("/organise/", "/city/")
    assert organiser.post(f"{desk}/sessions/new", data=DATE).status_code == 302
    assert officer.get(review).status_code == 404
    assert organiser.post(f"{desk}/submit").status_code == 302
    assert "Puliamo i vicoli" in html(officer.get("/en/city/projects"))

    refused = officer.post(f"{review}/send-back", data={"reason": "  "})
    assert refused.status_code == 422
    answer = officer.post(f"{review}/send-back", data={"reason": "Manca l'acqua."})
    assert answer.status_code == 302
    assert "Manca l&#39;acqua." in html(organiser.get(desk))

    assert (
        organiser.post(f"{desk}/edit", data=said(scene, what_to_bring="Acqua")).status_code == 302
    )
    assert organiser.post(f"{desk}/submit").status_code == 302
    page = html(officer.get(review.replace("/it/", "/en/")))
    assert "Acqua" in page
    assert officer.post(f"{review}/approve").status_code == 302
    assert "Puliamo i vicoli" in html(client.get("/it/projects"))
    second = officer.post(f"{review.replace('/it/', '/en/')}/approve")
    assert second.status_code == 409
    assert "Somebody has already decided" in html(second)


def test_the_queue_says_how_long_a_project_waits(
    database: Database, officer: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, state="submitted", submitted_at=NOW - 3 * DAY)
        scene.project_with_session(ctx, state="submitted", title="Oggi")
    page = html(officer.get("/en/city/projects"))
    assert "Waits for 3 days" in page
    assert "Since today" in page


ORGANISERS = (
    ("GET", "/it/organise/projects/{project}"),
    ("GET", "/it/organise/projects/{project}/preview"),
    ("GET", "/it/organise/projects/{project}/edit"),
    ("POST", "/it/organise/projects/{project}/edit"),
    ("GET", "/it/organise/projects/{project}/translations/en"),
    ("POST", "/it/organise/projects/{project}/translations/en"),
    ("POST", "/it/organise/projects/{project}/submit"),
    ("POST", "/it/organise/projects/{project}/close"),
    ("POST", "/it/organise/projects/{project}/duplicate"),
    ("POST", "/it/organise/projects/{project}/pause"),
    ("POST", "/it/organise/projects/{project}/resume"),
    ("GET", "/it/organise/projects/{project}/poster.pdf"),
    ("GET", "/it/organise/projects/{project}/sessions/new"),
    ("POST", "/it/organise/projects/{project}/sessions/new"),
    ("GET", "/it/organise/sessions/{session}/edit"),
    ("POST", "/it/organise/sessions/{session}/edit"),
    ("POST", "/it/organise/sessions/{session}/cancel"),
)
OFFICERS = (
    ("GET", "/it/city/projects/{project}"),
    ("POST", "/it/city/projects/{project}/approve"),
    ("POST", "/it/city/projects/{project}/send-back"),
)


@pytest.mark.parametrize("state", list(ProjectState))
def test_people_of_another_city_or_association_find_no_page_there(
    database: Database,
    client: FlaskClient,
    sign_in: SignIn,
    scene: Scene,
    elsewhere: Scene,
    subtests: pytest.Subtests,
    state: ProjectState,
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state=state)
        session_id = make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR)
    with database.unit_of_work(system_in()) as ctx:
        neighbour = make_association(ctx, scene.city, "Altra associazione")
        stranger = make_staff(ctx, Role.ORGANISER, scene.city, neighbour)
    strangers = (elsewhere.officer.own_id, elsewhere.author, stranger)
    for own_side, addresses in ((scene.officer, ORGANISERS), (scene.organiser, OFFICERS)):
        for person_id in (*strangers, own_side.own_id):
            sign_in(client, person_id)
            for method, address in addresses:
                path = address.format(project=project_id, session=session_id)
                with subtests.test(f"{method} {address}"):
                    answer = client.open(path, method=method, data=SAID | DATE)
                    assert answer.status_code == 404


def test_the_lists_of_work_hold_ones_own_alone(
    database: Database,
    organiser: FlaskClient,
    officer: FlaskClient,
    scene: Scene,
    elsewhere: Scene,
    html: Html,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        neighbour = make_association(ctx, scene.city, "Altra associazione")
        make_project(
            ctx, neighbour.id, scene.city.id, scene.author, title="Vicino", state="submitted"
        )
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project(ctx, title="Nostro", state="submitted")
    with database.unit_of_work(elsewhere.organiser) as ctx:
        elsewhere.project(ctx, title="Lontano", state="submitted")
    mine, queue = (
        html(organiser.get("/it/organise/projects")),
        html(officer.get("/it/city/projects")),
    )
    assert [name in mine for name in ("Nostro", "Vicino", "Lontano")] == [True, False, False]
    assert [name in queue for name in ("Nostro", "Vicino", "Lontano")] == [True, True, False]


@pytest.mark.parametrize("path", ["/it/organise/projects", "/it/city/projects"])
def test_long_lists_of_work_have_pages(
    database: Database,
    organiser: FlaskClient,
    officer: FlaskClient,
    scene: Scene,
    html: Html,
    path: str,
) -> None:
    client = organiser if "organise" in path else officer
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(53):
            scene.project(ctx, state="submitted", title=f"Titolo {number:02}.")
    first = html(client.get(path))
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found
    second = html(client.get(found[1]))
    assert first.count("Titolo ") == 50
    assert second.count("Titolo ") == 3
    assert client.get(f"{path}?after=-1").status_code == 200


REFUSED_DRAFTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"title": ""}, "title"),
    ({"title": "\x00\u202e "}, "title"),
    ({"title": "x" * 300}, "title"),
    ({"what_you_do": "\u200b"}, "what_you_do"),
    ({"what_you_do": "x" * 5000}, "what_you_do"),
    ({"area": "sea"}, "area"),
    ({"area": None}, "area"),
    ({"languages": []}, "languages"),
    ({"languages": ["tlh"]}, "languages"),
    ({"minimum_age": "13"}, "minimum_age"),
    ({"minimum_age": "a lot"}, "minimum_age"),
    ({"minimum_age": "9" * 5000}, "minimum_age"),
    ({"skills": ["flying"]}, "skills"),
    ({"desk": "x"}, "desk"),
    ({"language": "tlh"}, "language"),
)


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_refused_draft_names_the_field_and_keeps_what_was_typed(
    organiser: FlaskClient, scene: Scene, html: Html, subtests: pytest.Subtests, tag: str
) -> None:
    for over, name in REFUSED_DRAFTS:
        typed = {key: value for key, value in said(scene, **over).items() if value is not None}
        with subtests.test(str(over)[:60]):
            answer = organiser.post(f"/{tag}/organise/projects/new", data=typed)
            assert answer.status_code == 422
            page = html(answer)
            assert f'id="{name}-error"' in page
            assert "Guanti" in page
            assert 'value="16"' in page or name == "minimum_age"


def test_emoji_stay_and_hidden_letters_go(
    database: Database, organiser: FlaskClient, scene: Scene
) -> None:
    answer = organiser.post(
        "/it/organise/projects/new", data=said(scene, title="Alberi 🌳\x00\u202e\u2066 per  tutti")
    )
    assert answer.status_code == 302
    with database.reading(scene.organiser) as ctx:
        (title,) = ctx.db.scalars(select(ProjectText.title)).all()
        (slug,) = ctx.db.scalars(select(Project.slug)).all()
    assert title == "Alberi 🌳 per tutti"
    assert slug.startswith("alberi-per-tutti-")


REFUSED_DATES: tuple[tuple[dict[str, str], str], ...] = (
    ({"day": "2026-03-13"}, "day"),
    ({"day": "2029-03-13"}, "day"),
    ({"day": "soon"}, "day"),
    ({"day": "0001-01-01"}, "day"),
    ({"day": "9999-12-31"}, "day"),
    ({"day": ""}, "day"),
    ({"end": "09:00"}, "end"),
    ({"end": "10:00"}, "end"),
    ({"start": "00:30", "end": "23:30"}, "end"),
    ({"start": "25:00"}, "start"),
    ({"day": "2026-03-29", "start": "02:30", "end": "05:00"}, "start"),
    ({"day": "2026-03-29", "start": "01:00", "end": "02:30"}, "end"),
    ({"places": "0"}, "places"),
    ({"places": "-3"}, "places"),
    ({"places": "501"}, "places"),
    ({"places": "many"}, "places"),
    ({"meeting_point": "\u200e"}, "meeting_point"),
    ({"meeting_point": "x" * 300}, "meeting_point"),
    ({"day": "2026-03-20", "start": "11:00"}, "start"),
)


def test_a_refused_date_names_the_field_and_adds_nothing(
    database: Database,
    organiser: FlaskClient,
    scene: Scene,
    html: Html,
    subtests: pytest.Subtests,
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="draft")
        make_session(ctx, project_id, NOW + 6 * DAY + HOUR, NOW + 6 * DAY + 2 * HOUR)
    address = f"/en/organise/projects/{project_id}/sessions/new"
    for over, name in REFUSED_DATES:
        with subtests.test(str(over)[:60]):
            answer = organiser.post(address, data=DATE | over)
            assert answer.status_code == 422
            page = html(answer)
            assert f'id="{name}-error"' in page
            assert "Porta Salza" in page or name == "meeting_point"
            assert len(dates(database, scene)) == 1


def test_a_date_is_moved_by_its_form_and_a_wrong_one_keeps_what_was_typed(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    desk = drafted(organiser, scene)
    organiser.post(f"{desk}/sessions/new", data=DATE)
    (session,) = dates(database, scene)
    address = f"/en/organise/sessions/{session.id}/edit"
    assert 'value="10:00"' in html(organiser.get(address))
    wrong = organiser.post(address, data=DATE | {"end": "08:00", "meeting_point": "Torre"})
    assert wrong.status_code == 422
    assert "Torre" in html(wrong)
    assert organiser.post(address, data=DATE | {"start": "11:00"}).status_code == 302
    assert dates(database, scene)[0].starts_at.astimezone(ROME).hour == 11


def test_cancelling_asks_first(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    desk = drafted(organiser, scene)
    organiser.post(f"{desk}/sessions/new", data=DATE)
    (session,) = dates(database, scene)
    page = html(organiser.get(f"/en/organise/sessions/{session.id}/edit"))
    assert "Cancel it, and tell everybody who booked?" in page
    assert organiser.post(f"/en/organise/sessions/{session.id}/cancel").status_code == 302
    assert dates(database, scene)[0].state == "cancelled"


def test_a_translation_is_written_and_marked_when_the_original_changes(
    organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    desk = drafted(organiser, scene).replace("/it/", "/en/")
    words = {"title": "ننظف الأزقة", "what_you_do": "ننظف أزقة البلدة القديمة."}
    address = f"{desk}/translations/ar"
    assert organiser.post(address, data={**words, "title": ""}).status_code == 422
    assert organiser.post(address, data=words).status_code == 302
    assert "Older than your text" not in html(organiser.get(desk))
    organiser.post(f"{desk}/edit", data=said(scene, title="Puliamo le scale"))
    assert "Older than your text" in html(organiser.get(desk))
    assert "ننظف الأزقة" in html(organiser.get(f"{desk.replace('/en/', '/ar/')}/preview"))


@pytest.mark.parametrize("tag", ["it", "tlh", "%00"])
def test_only_page_languages_but_the_original_are_translated_into(
    organiser: FlaskClient, scene: Scene, tag: str
) -> None:
    desk = drafted(organiser, scene)
    assert organiser.get(f"{desk}/translations/{tag}").status_code == 404


def test_a_project_without_dates_stays_and_says_what_is_missing(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    desk = drafted(organiser, scene)
    answer = organiser.post(f"{desk}/submit".replace("/it/", "/en/"), follow_redirects=True)
    assert "needs at least one session to come" in html(answer)


def test_ending_a_project_says_how_many_dates_were_cancelled(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx)
    address = f"/en/organise/projects/{project_id}/close"
    said_once = html(organiser.post(address, follow_redirects=True))
    assert "1 session was cancelled" in said_once
    assert "Only a published project can be closed" in html(
        organiser.post(address, follow_redirects=True)
    )
