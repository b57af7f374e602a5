"""The poster: one page, two languages, a code that leads to the project."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.rules import ProjectState
from civic.catalogue.views import posters
from civic.kernel.db.database import Database
from tests.integration.catalogue.scene import Scene


@pytest.fixture
def organiser(
    client: FlaskClient, sign_in: Callable[[FlaskClient, UUID], None], scene: Scene
) -> FlaskClient:
    sign_in(client, scene.author)
    return client


def read(body: bytes) -> tuple[PdfReader, str]:
    pdf = PdfReader(io.BytesIO(body))
    return pdf, pdf.pages[0].extract_text()


@pytest.mark.parametrize("tag", ["ar", "fr", "en"])
def test_a_poster_is_one_tagged_page_with_both_titles(
    database: Database, organiser: FlaskClient, scene: Scene, tag: str
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, texts={tag: "Bella 7"})
    answer = organiser.get(f"/it/organise/projects/{project_id}/poster.pdf?language={tag}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pdf, text = read(answer.data)
    assert len(pdf.pages) == 1
    assert "/MarkInfo" in pdf.root_object
    for said in ("Bella 7", "Orti in Comune", "Potenza", "10:00", f"/{tag}/projects/"):
        assert said in text
    assert "Siepe di alloro" in " ".join(text.split())


def test_the_longest_words_still_fit_on_one_page(
    database: Database, organiser: FlaskClient, scene: Scene
) -> None:
    long = ("গাছ লাগানো এবং বাগান করা " * 6)[:120]
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(
            ctx,
            title="W" * 120,
            texts={"ar": long},
            needs_no_italian=True,
            is_wheelchair_accessible=True,
        )
    answer = organiser.get(f"/it/organise/projects/{project_id}/poster.pdf?language=ar")
    assert len(read(answer.data)[0].pages) == 1


def test_an_unknown_language_gives_a_poster_all_the_same(
    database: Database, organiser: FlaskClient, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
    for asked in ("?language=tlh", "?language=it", ""):
        answer = organiser.get(f"/it/organise/projects/{project_id}/poster.pdf{asked}")
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "state", [state for state in ProjectState if state is not ProjectState.PUBLISHED]
)
def test_no_poster_leads_to_a_page_that_is_not_there_or_takes_nobody(
    database: Database, organiser: FlaskClient, scene: Scene, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state=state)
    answer = organiser.get(f"/en/organise/projects/{project_id}/poster.pdf")
    assert answer.status_code == 409


def test_the_poster_promises_only_what_is_true(
    app: Flask, database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        plain = scene.project(ctx)
        open_to_all = scene.project(ctx, needs_no_italian=True, is_wheelchair_accessible=True)
    with database.reading(scene.organiser) as ctx, app.test_request_context("/en/"):
        said = [
            posters._promises(project_shown(ctx, project_id, ORGANISE, "en"))
            for project_id in (plain, open_to_all)
        ]
    assert len(said[1]) == len(said[0]) + 2
