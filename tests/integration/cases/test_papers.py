"""Papers of a case: what may be kept, who opens it, and what stands elsewhere about the person."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases.models import CaseDocument
from civic.cases.operations.documents import PAPERS
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, system_in
from civic.settings import Settings
from tests.conftest import SETTINGS, make_test_app
from tests.factories.accounts import with_second_factor
from tests.factories.cases import House, in_charge, make_house, participant
from tests.factories.plans import make_plan

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
PDF = b"%PDF-1.4 permesso di soggiorno"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    settings = Settings(SETTINGS.secret_key, mode="demonstration", files=str(tmp_path / "files"))
    return make_test_app(database, settings)


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def case_id(acting: Acting, house: House) -> UUID:
    with acting(house.lead) as ctx:
        return in_charge(ctx, house)


@pytest.fixture
def lead(client: FlaskClient, house: House, sign_in: SignIn) -> FlaskClient:
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    return with_second_factor(client)


def send(client: FlaskClient, case_id: UUID, body: bytes, name: str = "carta.pdf") -> TestResponse:
    told = {"title": "Permesso", "belongs": "legal_status", "file": (io.BytesIO(body), name)}
    at = f"/it/cases/{case_id}/documents"
    return client.post(at, data=told, content_type="multipart/form-data")


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + crc


def picture_bomb() -> bytes:
    """A PNG of a few kilobytes that unfolds into 900 million pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    lines = zlib.compress(b"\0" * 3_000_000, 9)
    marks = _chunk(b"IHDR", head) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + marks


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("carta.pdf", b"0" * 9_000_000)
    return out.getvalue()


def test_a_paper_is_kept_sealed_and_comes_back_as_it_was(
    lead: FlaskClient, case_id: UUID, acting: Acting, house: House, tmp_path: Path
) -> None:
    assert send(lead, case_id, PDF).status_code == 302
    with acting(house.lead) as ctx:
        row = ctx.db.scalars(select(CaseDocument)).one()
    kept = FileStore(tmp_path / "files" / PAPERS).get(row.file)
    assert b"permesso" not in kept
    answer = lead.get(f"/it/cases/{case_id}/documents/{row.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Permesso" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"MZ\x90\x00 executable", "carta.pdf"),
        (b"\x7fELF executable", "foto.jpg"),
        (b"#!/bin/sh\nrm -rf /", "carta.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "foto.svg"),
        (zip_bomb(), "carta.pdf"),
        (picture_bomb(), "foto.png"),
        (b"", "carta.pdf"),
    ],
)
def test_what_is_no_paper_is_refused_in_a_sentence_and_nothing_is_kept(
    body: bytes, name: str, lead: FlaskClient, case_id: UUID, house: House, acting: Acting,
    tmp_path: Path, html: Html,
) -> None:  # fmt: skip
    answer = send(lead, case_id, body, name)
    assert answer.status_code == 422
    assert 'value="Permesso"' in html(answer), "what was typed is kept"
    with acting(house.lead) as ctx:
        assert ctx.db.scalars(select(CaseDocument)).all() == []
    assert not list((tmp_path / "files").rglob("*.*"))


def test_a_scan_of_a_hundred_megabytes_is_too_large(lead: FlaskClient, case_id: UUID) -> None:
    answer = lead.post(
        f"/it/cases/{case_id}/documents",
        data=b"x" * 100_000_000,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413


def test_a_paper_of_another_case_is_not_reached_through_one_s_own(
    lead: FlaskClient, case_id: UUID, acting: Acting, house: House
) -> None:
    send(lead, case_id, PDF)
    with acting(house.lead) as ctx:
        other = in_charge(ctx, house, {"given": "Omar"})
        row = ctx.db.scalars(select(CaseDocument)).one()
    assert lead.get(f"/it/cases/{other}/documents/{row.id}").status_code == 404


def test_the_plan_and_the_projects_of_the_person_are_references_only(
    lead: FlaskClient, acting: Acting, house: House, html: Html
) -> None:
    with acting(system_in()) as ctx:
        awa = participant(ctx, house)
        linked = in_charge(ctx, house, person_id=awa)
        make_plan(ctx, house.city, awa, house.tutor.own_id)
    page = html(lead.get(f"/it/cases/{linked}/around"))
    assert "/it/plans/" not in page.split("<main", 1)[1]
    assert "2026" in page.split('id="referrals"', 1)[1]
