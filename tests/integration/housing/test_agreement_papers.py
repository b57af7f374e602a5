"""The agreement of a stay as a PDF, and on paper for who has no account."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.agreement_paper import agreement_blocks
from civic.housing.models import HousingFile
from civic.housing.placing_models import Placement
from civic.housing.rules.stock import FileKind
from civic.kernel.context import Context
from civic.kernel.i18n import LANGUAGES
from civic.kernel.policy import Actor, system_in
from civic.web.locale import speaking
from civic.worker import Worker
from tests.factories.accounts import with_second_factor
from tests.factories.housing_stays import Home, make_guest, make_home
from tests.integration.housing.agreements_ground import TERMS, made, own, papers, signed_on, stay_of

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

TODAY = date(2026, 3, 14)


@pytest.fixture
def home(acting: Acting) -> Home:
    with acting(system_in()) as ctx:
        return make_home(ctx)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, home: Home) -> FlaskClient:
    sign_in(client, home.officer.own_id)
    return with_second_factor(client)


@pytest.fixture
def phone(app: Flask, sign_in: SignIn, home: Home) -> FlaskClient:
    """The mother's own."""
    one = app.test_client()
    sign_in(one, home.mother.own_id)
    return one


def text_of(answer: TestResponse) -> str:
    assert answer.mimetype == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_the_pdf_faces_italian_with_her_language_and_a_copy_is_kept_once_both_signed(
    app: Flask, officer: FlaskClient, phone: FlaskClient, home: Home
) -> None:
    paper = made(officer, home)
    draft = officer.get(f"{paper}/paper.pdf")
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(draft.data)).root_object
    for said in ("Non ancora firmato", "via dei Giacinti 7", "040 0000002", "250,50"):
        assert said in text_of(draft)
    assert re.search(r"[\u0600-\u06ff]", text_of(draft))
    officer.post(f"{paper}/sign")
    phone.post(f"{own(paper)}/sign")
    with app.app_context():
        assert Worker(app).keep_papers() == 1
    final = officer.get(f"{paper}/paper.pdf")
    assert final.data == phone.get(f"{own(paper)}/paper.pdf").data
    assert "Non ancora firmato" not in text_of(final)
    assert final.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("language", [each.tag for each in LANGUAGES])
def test_both_sides_say_as_much_in_every_language(app: Flask, language: str) -> None:
    content: dict[str, Any] = {
        "municipality": "Trieste",
        "unit": {"name": "Casa", "kind": "market", "address": "", "is_hidden": True},
        "people": ["Awa"],
        "beds": [],
        "from": "2026-03-14",
        "until": "2026-04-13",
        "is_open_ended": True,
        "pays_cents": 0,
        "deposit_cents": 0,
        "call": {"day": "", "night": ""},
        "own_rules": "Si annaffia a turno",
    }
    spoken = next(each for each in LANGUAGES if each.tag == language)
    with app.test_request_context("/it/"):
        italian = agreement_blocks(content, "it")
        with speaking(spoken):
            said = agreement_blocks(content, language)
    assert [block.kind for block in said] == [block.kind for block in italian]
    assert all(block.text for block in said if block.kind != "table")


@pytest.fixture
def guest(acting: Acting, home: Home) -> Home:
    """Somebody without an account, in the third bed."""
    with acting(home.officer) as ctx:
        stay_id = make_guest(ctx, home.lodge, "Awa Sarr", beds=home.lodge.beds[2:3])
    return Home(home.lodge, home.mother, home.mother_id, home.child_id, home.request_id, stay_id)


def scan() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    out.seek(0)
    return out


def test_who_has_no_account_signs_a_printed_one_whose_scan_is_kept_sealed(
    officer: FlaskClient, acting: Acting, guest: Home, html: Html, tmp_path: Path
) -> None:
    there = f"{stay_of(guest)}/agreement"
    page = html(officer.post(there, data=TERMS, follow_redirects=True))
    assert "They have no account." in page
    assert papers(acting, guest) == ()
    text = text_of(officer.get(f"{stay_of(guest)}/agreement.pdf"))
    assert "Awa Sarr" in text
    assert "120,00" in text
    assert "Non ancora firmato" not in text
    sent = {"day": "2026-03-13", "file": (scan(), "foto.png")}
    page = html(officer.post(f"{there}/signed", data=sent, follow_redirects=True))
    assert "signed on 13 March 2026" in page
    with acting(guest.officer) as ctx:
        row = ctx.db.scalars(select(HousingFile).where(HousingFile.kind == FileKind.SIGNED)).one()
        assert row.subject_id == ctx.db.get_one(Placement, guest.stay_id).resident_id
    (kept,) = (tmp_path / "files" / "housing").glob("*/*")
    assert b"JFIF" not in kept.read_bytes()
    shown = officer.get(f"{there}/signed/{row.id}")
    assert (shown.mimetype, shown.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert officer.get(f"{there}/signed/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": ""}, "Choose a day."),
        ({"day": "2026-03-15"}, "This day has not come yet."),
        ({"file": b""}, "Choose a file first."),
        ({"file": b"<script>"}, "This is not a PDF or a photo"),
    ],
)
def test_a_scan_that_is_none_is_refused_and_what_was_typed_stays(
    officer: FlaskClient,
    acting: Acting,
    guest: Home,
    html: Html,
    changed: dict[str, Any],
    sentence: str,
) -> None:
    body = changed.get("file", scan().getvalue())
    day = changed.get("day", "2026-03-13")
    answer = officer.post(
        f"{stay_of(guest)}/agreement/signed",
        data={"day": day, "file": (io.BytesIO(body), "foto.png")},
    )
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert f'value="{day}"' in html(answer) or not day
    assert signed_on(acting, guest) is None


def test_who_has_an_account_signs_on_a_screen_and_not_on_a_scan(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    sent = {"day": "2026-03-13", "file": (scan(), "foto.png")}
    answer = officer.post(f"{stay_of(home)}/agreement/signed", data=sent)
    assert answer.status_code == 409
    assert "They have an account." in html(answer)
    assert officer.get(f"{stay_of(home)}/agreement.pdf").status_code == 404
