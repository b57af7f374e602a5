"""The recognition path as an association and a person use it."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.badges.startup import PLANTING
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from civic.recognition.models import RecognitionEvidence, RecognitionPath
from civic.recognition.rules import PathState
from civic.settings import Settings
from tests.conftest import make_test_app
from tests.factories.recognition import Way, begin, draft, goal_of, make_way, prove, tell, work
from tests.factories.signatures import SCRIBBLE

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    settings = Settings(
        secret_key="a key for tests, long enough to be taken",
        mode="demonstration",
        files=str(tmp_path / "files"),
    )
    return make_test_app(database, settings)


@pytest.fixture
def way(acting: Acting) -> Way:
    with acting(system_in()) as ctx:
        return make_way(ctx)


@pytest.fixture
def path_id(acting: Acting, way: Way) -> UUID:
    with acting(way.tutor) as ctx:
        tell(ctx, way)
        return draft(ctx, way)


@pytest.fixture
def tutor(client: FlaskClient, sign_in: SignIn, way: Way) -> FlaskClient:
    sign_in(client, way.tutor.own_id)
    return client


def place_of(way: Way) -> str:
    return f"/en/organise/recognition/{way.body.municipality_id}/{way.body.association_id}"


def test_an_association_tells_its_people_and_opens_a_path(
    tutor: FlaskClient, way: Way, html: Html, clock: FrozenClock
) -> None:
    place = place_of(way)
    assert place in html(tutor.get("/en/organise/recognition"))
    assert "أمينة" in html(tutor.get(place))
    told = {
        "people": str(way.person.own_id),
        "how": "group",
        "language": "ar",
        "given_on": rome_day(clock.now()).isoformat(),
    }
    assert tutor.post(place, data={**told, "people": []}).status_code == 422
    page = html(tutor.post(place, data=told, follow_redirects=True))
    assert "1 person was told." in page
    assert "Everybody who takes part with you has been told." in page
    answer = tutor.post(f"{place}/{way.person.own_id}/path")
    assert "What is missing" in html(tutor.get(answer.headers["Location"]))


def test_the_project_is_written_on_the_page_and_bad_input_is_said_and_kept(
    tutor: FlaskClient, way: Way, html: Html, clock: FrozenClock
) -> None:
    path = tutor.post(f"{place_of(way)}/{way.person.own_id}/path").headers["Location"]
    today = rome_day(clock.now())
    project = {
        "project-tutor": str(way.tutor.own_id),
        "project-hours": "60",
        "project-starts_on": today.isoformat(),
        "project-ends_on": (today + timedelta(days=200)).isoformat(),
    }
    answer = tutor.post(f"{path}/project", data={**project, "project-hours": "12"})
    assert answer.status_code == 422
    assert "A project has at least 60 hours." in html(answer)
    assert 'value="12"' in html(answer)
    late = (today + timedelta(days=400)).isoformat()
    answer = tutor.post(f"{path}/project", data={**project, "project-ends_on": late})
    assert (answer.status_code, "within twelve months" in html(answer)) == (422, True)
    assert tutor.post(f"{path}/project", data=project).status_code == 302
    goal = {
        "goal-sector": "1",
        "goal-words_it": "Piantare alberi",
        "goal-words": "زراعة الأشجار",
        "goal-language": "ar",
        "goal-skills": [PLANTING],
    }
    answer = tutor.post(f"{path}/goals", data={**goal, "goal-skills": []})
    assert (answer.status_code, "Piantare alberi" in html(answer)) == (422, True)
    page = html(tutor.post(f"{path}/goals", data=goal, follow_redirects=True))
    assert "Agriculture, forestry and fishing" in page
    assert 'dir="rtl"' in page


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    out.seek(0)
    return out


def test_a_photo_is_kept_by_agreement_shown_to_both_and_gone_when_it_is_taken_back(
    app: Flask,
    acting: Acting,
    tutor: FlaskClient,
    sign_in: SignIn,
    way: Way,
    path_id: UUID,
    html: Html,
    tmp_path: Path,
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        begin(ctx, path_id)
        goal_id = goal_of(ctx, path_id)
    path = f"/en/organise/recognition/{path_id}"
    sent = {"proof-kind": "photo", "proof-goal_id": str(goal_id)}
    answer = tutor.post(f"{path}/evidence", data={**sent, "proof-file": (picture(), "x.png")})
    assert (answer.status_code, "Without their agreement" in html(answer)) == (422, True)
    answer = tutor.post(
        f"{path}/evidence",
        data={**sent, "proof-agreed": "y", "proof-file": (io.BytesIO(b"no picture"), "x.png")},
    )
    assert answer.status_code == 422
    answer = tutor.post(
        f"{path}/evidence",
        data={**sent, "proof-agreed": "y", "proof-file": (picture(), "x.png")},
    )
    assert answer.status_code == 302
    (file,) = (tmp_path / "files" / "recognition").glob("*/*")
    with acting(system_in(way.ground.city.id)) as ctx:
        proof_id = ctx.db.scalars(select(RecognitionEvidence.id)).one()
    shown = tutor.get(f"{path}/photos/{proof_id}.jpg")
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "private, no-store")
    phone = app.test_client()
    sign_in(phone, way.person.own_id)
    own = f"/en/me/recognition/{path_id}/photos/{proof_id}"
    assert phone.get(f"{own}.jpg").status_code == 200
    assert "The photo is gone." in html(phone.post(f"{own}/withdraw", follow_redirects=True))
    assert not file.exists()
    assert phone.get(f"{own}.jpg").status_code == 404
    assert "taken their agreement back" in html(tutor.get(path))


def test_what_the_tutor_saw_is_written_down_and_what_lacks_words_or_a_rating_is_refused(
    acting: Acting, tutor: FlaskClient, way: Way, path_id: UUID, html: Html
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        begin(ctx, path_id)
        goal_id = goal_of(ctx, path_id)
    path = f"/en/organise/recognition/{path_id}"
    goal = {"proof-goal_id": str(goal_id)}
    for bad, sentence in (
        ({"proof-kind": "note"}, "Write it in a few words."),
        ({"proof-kind": "assessment", "proof-skill": PLANTING}, "how it was seen"),
        ({}, "Choose what it is."),
    ):
        answer = tutor.post(f"{path}/evidence", data={**goal, **bad})
        assert (answer.status_code, sentence in html(answer)) == (422, True)
    good = {"proof-kind": "assessment", "proof-skill": PLANTING, "proof-rating": "alone"}
    page = html(tutor.post(f"{path}/evidence", data={**goal, **good}, follow_redirects=True))
    assert "done alone" in page


def test_the_person_signs_the_project_on_the_tutors_tablet_and_the_path_is_under_way(
    acting: Acting, tutor: FlaskClient, way: Way, path_id: UUID, html: Html
) -> None:
    path = f"/en/organise/recognition/{path_id}"
    paper = tutor.post(f"{path}/freeze-project").headers["Location"]
    tutor.post(f"{paper}/sign")
    handing = html(tutor.post(f"{paper}/hand-over"))
    (digits,) = re.findall(r'<bdi dir="ltr">(\d{4})</bdi>', handing)
    theirs = paper.replace("/en/", "/ar/") + "/person"
    assert "زراعة الأشجار" in html(tutor.get(theirs))
    assert tutor.get(path).status_code == 403
    answer = tutor.post(theirs, data={"means": "drawn", "drawing": SCRIBBLE})
    assert answer.headers["Location"] == "/ar/give-back"
    assert tutor.post("/ar/give-back", data={"digits": digits}).headers["Location"] == paper
    with acting(system_in(way.ground.city.id)) as ctx:
        assert ctx.db.get_one(RecognitionPath, path_id).state is PathState.UNDER_WAY


def test_a_person_reads_what_it_is_asks_and_sees_their_hours_as_a_picture_and_in_words(
    acting: Acting, client: FlaskClient, sign_in: SignIn, way: Way, html: Html
) -> None:
    sign_in(client, way.person.own_id)
    assert "/me/recognition" in html(client.get("/en/me/badges"))
    page = html(client.get("/en/me/recognition"))
    assert "It takes at least 60 hours" in page
    ask = place_of(way).replace("/organise/", "/me/") + "/ask"
    assert ask in page
    assert "Asked for" in html(client.post(ask, follow_redirects=True))
    with acting(way.tutor) as ctx:
        draft(ctx, way)
    with acting(system_in(way.ground.city.id)) as ctx:
        work(ctx, way, hours=30)
    page = html(client.get("/en/me/recognition"))
    assert 'stroke-dasharray="50 100"' in page
    assert "30 hours of 60 hours" in page
    assert "Still 30 hours to go." in page


def text_of(answer: TestResponse) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_both_get_the_document_as_a_pdf_with_number_hash_and_who_signed(
    app: Flask,
    acting: Acting,
    tutor: FlaskClient,
    sign_in: SignIn,
    way: Way,
    path_id: UUID,
) -> None:
    phone = app.test_client()
    sign_in(phone, way.person.own_id)
    path = f"/it/organise/recognition/{path_id}"
    project = tutor.post(f"{path}/freeze-project").headers["Location"]
    tutor.post(f"{project}/sign")
    own = project.replace(f"/organise/recognition/{path_id}/papers", "/me/recognition/papers")
    phone.post(f"{own}/sign")
    with acting(system_in(way.ground.city.id)) as ctx:
        work(ctx, way)
    with acting(way.tutor) as ctx:
        prove(ctx, path_id)
    document = tutor.post(f"{path}/freeze-document").headers["Location"]
    draft_text = text_of(tutor.get(f"{document}/paper.pdf"))
    own = document.replace(f"/organise/recognition/{path_id}/papers", "/me/recognition/papers")
    tutor.post(f"{document}/sign")
    phone.post(f"{own}/sign")
    text = text_of(phone.get(f"{own}/paper.pdf"))
    assert "Ha scavato bene" in text
    assert "Piantare e curare alberi" in text
    assert text != draft_text
    for answer in (tutor.get(f"{document}/paper.pdf"), phone.get(f"{own}/paper.pdf")):
        assert answer.mimetype == "application/pdf"
        assert "/StructTreeRoot" in PdfReader(io.BytesIO(answer.data)).root_object


def test_the_page_of_a_path_asks_as_many_statements_however_much_it_holds(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    way: Way,
    path_id: UUID,
    statements: Statements,
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        begin(ctx, path_id)
    with acting(way.tutor) as ctx:
        prove(ctx, path_id)
    sign_in(client, way.person.own_id)
    client.get("/it/me/recognition")
    with statements() as few:
        client.get("/it/me/recognition")
    with acting(system_in(way.ground.city.id)) as ctx:
        work(ctx, way)
    with acting(way.tutor) as ctx:
        for _ in range(5):
            prove(ctx, path_id)
    with statements() as many:
        client.get("/it/me/recognition")
    assert many.total == few.total
    assert many.total <= 14
