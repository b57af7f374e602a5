import gzip
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.catalogue.models import Project
from civic.catalogue.operations.projects import ProjectWords, revise_project, write_translation
from civic.catalogue.operations.sessions import take_place
from civic.catalogue.rules import Cursor, ProjectState
from civic.kernel.db.database import Database
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene, content

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]


def slug_of(database: Database, scene: Scene, project_id: UUID) -> str:
    with database.reading(scene.organiser) as ctx:
        return ctx.db.get_one(Project, project_id).slug


NONSENSE = (
    "area=nothing",
    "area=%00",
    "municipality=atlantis",
    "municipality=potenza%00",
    "day=yesterday",
    "day=2026-02-30",
    "day=0001-01-01",
    "day=9999-12-31",
    "day=2026-03-13",
    "language=tlh",
    "page=-1",
    "page=2",
    "after=-1",
    "after=" + "A" * 5000,
)


@pytest.mark.parametrize("tag", ["it", "ar"])
def test_a_filter_that_makes_no_sense_is_left_out_with_a_sentence(
    database: Database,
    scene: Scene,
    client: FlaskClient,
    html: Html,
    subtests: pytest.Subtests,
    tag: str,
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx)
    for query in NONSENSE:
        with subtests.test(query[:60]):
            answer = client.get(f"/{tag}/projects?{query}")
            assert answer.status_code == 200
            page = html(answer)
            assert "project-card" in page
            assert page.count("alert-warning") == 1


def test_a_repeated_or_strange_parameter_changes_nothing(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx)
    page = html(client.get("/it/projects?area=green&area=care&area=&x=%ff&day=%20"))
    assert "project-card" in page
    assert "alert-warning" not in page


def test_a_list_without_matches_says_so_and_shows_the_way_out(
    client: FlaskClient, scene: Scene, html: Html
) -> None:
    page = html(client.get("/en/projects?area=care"))
    assert "Nothing here at the moment" in page
    assert 'href="/en/projects"' in page


def test_a_cursor_past_the_end_shows_the_way_back(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx)
    after = Cursor(NOW + 400 * DAY, scene.city.id).encode()
    assert "See all projects" in html(client.get(f"/en/projects?after={after}"))


def test_a_card_carries_the_language_and_direction_of_its_title(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="سياج", language="ar")
    page = html(client.get("/it/projects"))
    assert '<span lang="ar" dir="rtl">سياج</span>' in page


def test_the_page_of_a_project_tells_all_that_a_participant_needs(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, days=15, minimum_age=16)
    page = html(client.get(f"/en/projects/{slug_of(database, scene, project_id)}"))
    for said in (
        "Piantiamo una siepe",
        "Scarpe chiuse",
        "16 years",
        "Italian, English",
        "prune hedges and trees",
        "Orti in Comune",
        "Potenza",
        "Villa Giaquinto, ingresso",
        "This text is in Italian only.",
        'lang="it" dir="ltr"',
        # The 29th of March: an hour later in UTC terms than a fortnight before.
        "11:00–14:00",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    "state", [ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.SENT_BACK]
)
def test_a_project_that_no_officer_approved_has_no_public_page(
    database: Database, scene: Scene, client: FlaskClient, sign_in: SignIn, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, state=state)
    address = f"/it/projects/{slug_of(database, scene, project_id)}"
    assert client.get(address).status_code == 404
    sign_in(client, scene.author)
    assert client.get(address).status_code == 404


def test_an_unknown_project_is_not_there(client: FlaskClient) -> None:
    for slug in ("nope", "%00", "a" * 5000, "..%2f..", "🌳", "NOPE", "p%27--"):
        assert client.get(f"/it/projects/{slug}").status_code == 404


def test_a_closed_project_says_that_it_is_over(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state=ProjectState.CLOSED)
        make_session(ctx, project_id, NOW - DAY, NOW - DAY + HOUR)
    page = html(client.get(f"/en/projects/{slug_of(database, scene, project_id)}"))
    assert "This project is over" in page
    assert 'id="sessions"' not in page


def test_a_translation_older_than_the_original_says_so(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        write_translation(ctx, project_id, "en", ProjectWords("Hedge", "We plant a hedge."))
    address = f"/en/projects/{slug_of(database, scene, project_id)}"
    notice = "changed its own text after this translation"
    assert notice not in html(client.get(address))
    with database.unit_of_work(scene.organiser) as ctx:
        revise_project(ctx, project_id, content("Nuova siepe"))
    page = html(client.get(address))
    assert notice in page
    assert "We plant a hedge." in page


def test_markup_in_a_text_stays_text(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, title="<script>alert(1)</script>")
    for address in ("/it/projects", f"/it/projects/{slug_of(database, scene, project_id)}"):
        page = html(client.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


GZIP = {"Accept-Encoding": "gzip"}


def unpacked(answer: TestResponse) -> str:
    assert answer.headers["Content-Encoding"] == "gzip"
    return gzip.decompress(answer.get_data()).decode()


def test_a_remembered_page_is_drawn_again_as_soon_as_a_row_behind_it_changes(
    database: Database, scene: Scene, client: FlaskClient
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        session_id = make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, places=2)
    addresses = ("/en/projects", f"/en/projects/{slug_of(database, scene, project_id)}")
    for address in addresses:
        first = client.get(address, headers=GZIP)
        assert "2 places free" in unpacked(first)
        again = client.get(address, headers=GZIP)
        assert again.get_data() == first.get_data()
        assert again.content_type == "text/html; charset=utf-8"
        tag = {**GZIP, "If-None-Match": first.headers["ETag"]}
        assert client.get(address, headers=tag).status_code == 304
    with database.unit_of_work(scene.organiser) as ctx:
        assert take_place(ctx, session_id)
    for address in addresses:
        assert "1 place free" in unpacked(client.get(address, headers=GZIP))


def test_who_is_signed_in_never_gets_a_page_that_was_drawn_for_visitors(
    database: Database, scene: Scene, client: FlaskClient, sign_in: SignIn
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx)
    assert "Sign in" in unpacked(client.get("/en/projects", headers=GZIP))
    sign_in(client, scene.author)
    page = unpacked(client.get("/en/projects", headers=GZIP))
    assert "Sign out" in page
    client.delete_cookie("civic")
    assert "Sign out" not in unpacked(client.get("/en/projects", headers=GZIP))


def test_the_same_page_in_another_language_is_another_page(
    scene: Scene, client: FlaskClient
) -> None:
    pages = {unpacked(client.get(f"/{tag}/projects", headers=GZIP)) for tag in ("it", "en", "ar")}
    assert len(pages) == 3
