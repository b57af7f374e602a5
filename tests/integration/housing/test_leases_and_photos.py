"""Leases of a dwelling, its plan and its photos."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.housing.models import HousingFile, Lease, Unit
from civic.housing.operations.files import HOUSING_FILES, About, Paper, keep_file
from civic.housing.rules.stock import FileKind
from civic.kernel.context import Context
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_request, make_stay, members_of
from tests.factories.housing_stock import PDF, picture, send_file, unit_sent

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
NEW = "/it/housing/units/new"


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def officer(client: FlaskClient, lodge: Lodge, sign_in: SignIn) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


@pytest.fixture
def at(lodge: Lodge) -> str:
    return f"/it/housing/units/{lodge.unit_id}"


def booked(acting: Acting, lodge: Lodge, nights: int = 30) -> UUID:
    with acting(lodge.officer) as ctx:
        request_id = make_request(ctx, lodge.city)
        make_stay(ctx, lodge, request_id, nights=nights)
        return members_of(ctx, request_id)[0]


def lease(**other: str) -> dict[str, str]:
    return {
        "direction": "in",
        "starts_on": "2026-01-01",
        "rent": "600",
        "deposit": "1.800",
        **other,
    }


def test_leases_in_and_out_are_kept_and_registered(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    resident_id = booked(acting, lodge)
    assert officer.post(f"{at}/leases/new", data=lease()).status_code == 302
    out = lease(direction="out", resident=str(resident_id), rent="150,50", deposit="")
    assert officer.post(f"{at}/leases/new", data=out).status_code == 302
    assert "Awa Sarr" in html(officer.get(at))
    with acting(lodge.officer) as ctx:
        rows = {row.direction.value: row for row in ctx.db.scalars(select(Lease))}
    assert (rows["in"].deposit_cents, rows["in"].resident_id) == (180_000, None)
    assert (rows["out"].rent_cents, rows["out"].resident_id) == (15_050, resident_id)
    here = f"/it/housing/leases/{rows['in'].id}"
    assert 'value="600"' in html(officer.get(here))
    told = lease(ends_on="2029-12-31", registered_on="2026-01-20")
    assert officer.post(here, data=told).status_code == 302
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(Lease, rows["in"].id).registered_on == date(2026, 1, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": "2025-12-31"},
        {"starts_on": "0026-01-01"},
        {"registered_on": "2026-03-15"},
        {"rent": "-600"},
        {"rent": "600,123456789012"},
        {"deposit": "-1"},
        {"direction": "out"},
        {"direction": "out", "resident": "00000000-0000-0000-0000-000000000001"},
    ],
)
def test_a_lease_that_cannot_be_is_refused_and_what_was_typed_stays(
    wrong: dict[str, str], officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    answer = officer.post(f"{at}/leases/new", data=lease(**wrong))
    assert answer.status_code == 422
    page = html(answer)
    assert 'class="error-summary"' in page
    assert 'value="1.800"' in page or "deposit" in wrong
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Lease)) == 0


def test_a_lease_is_to_somebody_who_lives_there_and_not_to_somebody_of_elsewhere(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    booked(acting, lodge)
    assert officer.post(NEW, data=unit_sent()).status_code == 302
    with acting(lodge.officer) as ctx:
        other = ctx.db.scalars(select(Unit.id).where(Unit.name == "Casa Salvia")).one()
    assert "Awa Sarr" not in html(officer.get(f"/it/housing/units/{other}/leases/new"))


def test_a_photo_is_made_anew_sealed_and_shown_in_place(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    answer = send_file(officer, f"{at}/files", picture() + b"<script>", "foto.png", kind="photo")
    assert answer.status_code == 302
    with acting(lodge.officer) as ctx:
        row = ctx.db.scalars(select(HousingFile)).one()
    shown = officer.get(f"/it/housing/files/{row.id}")
    assert shown.content_type == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert b"<script>" not in shown.data
    assert Image.open(io.BytesIO(shown.data)).size == (40, 30)
    assert f"/it/housing/files/{row.id}" in html(officer.get(at))
    assert officer.post(f"{at}/files/{row.id}/remove").status_code == 302
    assert officer.get(f"/it/housing/files/{row.id}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "body"), [("photo", PDF), ("photo", b""), ("floor_plan", b"<svg>"), ("signed", PDF)]
)
def test_what_is_no_plan_or_photo_is_refused(
    kind: str, body: bytes, officer: FlaskClient, acting: Acting, lodge: Lodge, at: str
) -> None:
    assert send_file(officer, f"{at}/files", body, kind=kind).status_code == 422
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(HousingFile)) == 0


def test_a_file_is_not_removed_through_another_dwelling(
    officer: FlaskClient, acting: Acting, lodge: Lodge, at: str
) -> None:
    send_file(officer, f"{at}/files", PDF, kind="floor_plan")
    other = officer.post(NEW, data=unit_sent()).location
    with acting(lodge.officer) as ctx:
        row = ctx.db.scalars(select(HousingFile)).one()
    assert officer.post(f"{other}/files/{row.id}/remove").status_code == 404
    assert officer.get(f"/it/housing/files/{row.id}").data == PDF


def test_a_signed_paper_is_not_opened_by_the_way_that_leaves_no_line_in_the_trail(
    officer: FlaskClient, acting: Acting, lodge: Lodge, tmp_path: Path
) -> None:
    store = FileStore(tmp_path / "files" / HOUSING_FILES)
    with acting(lodge.officer) as ctx:
        stay_id = make_stay(ctx, lodge, make_request(ctx, lodge.city))
        about = About(lodge.city.id, stay_id, lodge.unit_id)
        file_id = keep_file(ctx, store, about, FileKind.SIGNED, Paper("application/pdf", PDF))
    assert officer.get(f"/it/housing/files/{file_id}").status_code == 404
