"""Badges of a city or an association with a picture of their own."""

import io
import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.badges import issuing
from civic.badges.credentials.baking import MOST_BYTES, unbake
from civic.badges.issuing import Signer
from civic.badges.models import Achievement, Award, Credential
from civic.badges.startup import TEAMWORK
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, Role, system_in
from tests.conftest import make_test_app
from tests.factories.accounts import make_staff
from tests.factories.tenancy import make_association
from tests.integration.badges.conftest import SITE, BadgeTown

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
ALT = "Una siepe d'alloro"
RED, BLUE = (200, 30, 30), (20, 40, 200)


@dataclass(frozen=True)
class Own:
    """A badge of the gardeners, which Amina holds."""

    id: UUID
    town: BadgeTown

    @property
    def page(self) -> str:
        return f"/en/organise/own-badges/{self.id}/picture"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    app = make_test_app(database)
    app.extensions["civic_files"] = FileStore(tmp_path / "files")
    return app


@pytest.fixture
def own(acting: Acting, badge_town: BadgeTown) -> Own:
    with acting(system_in(badge_town.city.id)) as ctx:
        made = Achievement(
            id=ctx.new_id(),
            code="own-hedges",
            municipality_id=badge_town.city.id,
            association_id=badge_town.gardeners.id,
            area=None,
            level=1,
            names={"it": "Siepi della villa"},
            descriptions={},
            criteria={"it": "Quattro sabati alla siepe."},
            rule={"minutes": 600, "sessions": 4, "association": str(badge_town.gardeners.id)},
            skills=[TEAMWORK],
            made_at=ctx.now(),
        )
        ctx.db.add(made)
        ctx.db.flush()
        ctx.db.execute(
            update(Award)
            .where(Award.id == badge_town.award_id)
            .values(achievement_id=made.id, skills=[TEAMWORK])
        )
        return Own(made.id, badge_town)


def drawn(
    colour: tuple[int, int, int], kind: str = "JPEG", size: tuple[int, int] = (900, 300)
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def send(client: FlaskClient, own: Own, body: bytes | None, alt: str = ALT) -> TestResponse:
    file = {} if body is None else {"file": (io.BytesIO(body), "foto.jpg")}
    return client.post(own.page, data={"alt": alt, **file}, content_type="multipart/form-data")


def picture_now(acting: Acting, own: Own) -> tuple[str, str]:
    with acting(system_in(own.town.city.id)) as ctx:
        row = ctx.db.get_one(Achievement, own.id)
        return row.picture, row.picture_alt


def pixel(png: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(png)) as opened:
        found = opened.convert("RGB").getpixel((opened.width // 2, opened.height // 2))
    assert isinstance(found, tuple)
    return found


def is_near(found: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, colour, strict=True))


def signed_document(acting: Acting, own: Own) -> dict[str, object]:
    with acting(system_in(own.town.city.id)) as ctx:
        text = ctx.db.scalars(
            select(Credential.document).where(Credential.superseded_at.is_(None))
        ).one()
    document: dict[str, object] = json.loads(text)["credentialSubject"]["achievement"]
    return document


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_made_a_square_and_shown_to_everybody(
    acting: Acting,
    client: FlaskClient,
    app: Flask,
    sign_in: SignIn,
    html: Html,
    own: Own,
    kind: str,
) -> None:
    sign_in(client, own.town.organiser_id)
    assert "Give it a picture of its own" in html(client.get("/en/organise/own-badges"))
    assert client.get(own.page).status_code == 200
    assert send(client, own, drawn(RED, kind)).status_code == 302
    name, alt = picture_now(acting, own)
    assert alt == ALT
    address = f"/badges/pictures/{name}.png"
    assert address in html(client.get("/en/organise/own-badges"))

    answer = app.test_client().get(address)
    assert answer.mimetype == "image/png"
    with Image.open(io.BytesIO(answer.data)) as opened:
        assert opened.size == (512, 512)
    assert is_near(pixel(answer.data), RED)
    assert "immutable" in answer.headers["Cache-Control"]
    again = app.test_client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    about = html(app.test_client().get(f"/ar/badges/{own.id}"))
    assert address in about
    assert 'alt="Una siepe d&#39;alloro" lang="it"' in about


def test_a_signed_badge_carries_its_picture_and_what_can_be_seen_on_it(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, own: Own,
    database: Database, signer: Signer,
) -> None:  # fmt: skip
    sign_in(client, own.town.organiser_id)
    send(client, own, drawn(RED))
    name, _alt = picture_now(acting, own)
    assert issuing.issue_due(database, signer) == 1
    assert signed_document(acting, own)["image"] == {
        "id": f"{SITE}/badges/pictures/{name}.png",
        "type": "Image",
        "caption": ALT,
    }
    sign_in(client, own.town.person_id)
    assert f"/badges/pictures/{name}.png" in html(client.get("/it/me/badges"))
    shelf = f"/it/me/badges/{own.town.award_id}"
    png = client.get(f"{shelf}/png").data
    assert is_near(pixel(png), RED)
    assert json.loads(unbake(png))["credentialSubject"]["achievement"]["image"]["caption"] == ALT
    svg = client.get(f"{shelf}/svg").data
    assert b"data:image/png;base64," in svg
    assert unbake(svg) == unbake(png)
    paper = client.get(f"{shelf}/certificate.pdf").data
    assert paper.startswith(b"%PDF-")


def test_a_picture_changed_later_leaves_signed_badges_as_they_are(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, own: Own,
    database: Database, signer: Signer,
) -> None:  # fmt: skip
    sign_in(client, own.town.organiser_id)
    send(client, own, drawn(RED))
    first, _alt = picture_now(acting, own)
    issuing.issue_due(database, signer)
    send(client, own, drawn(BLUE), "Una panchina")
    second, alt = picture_now(acting, own)
    assert (second != first, alt) == (True, "Una panchina")
    assert client.get(f"/badges/pictures/{first}.png").status_code == 200
    sign_in(client, own.town.person_id)
    shelf = html(client.get("/it/me/badges"))
    assert (f"{first}.png" in shelf, f"{second}.png" in shelf) == (True, False)
    assert 'alt="Una siepe d&#39;alloro"' in shelf
    png = client.get(f"/it/me/badges/{own.town.award_id}/png").data
    assert is_near(pixel(png), RED)
    links = f"/en/me/badges/{own.town.award_id}/links"
    page = html(client.post(links, data={"days": "30"}, follow_redirects=True))
    token = page.partition("/b/")[2].partition('"')[0].partition("<")[0]
    shown = html(client.get(f"/it/b/{token}"))
    assert (f"{first}.png" in shown, f"{second}.png" in shown) == (True, False)
    assert f"{second}.png" in html(client.get(f"/it/badges/{own.id}"))


def test_a_picture_that_no_badge_was_signed_with_is_gone_when_another_comes(
    acting: Acting, client: FlaskClient, sign_in: SignIn, app: Flask, own: Own
) -> None:
    sign_in(client, own.town.organiser_id)
    send(client, own, drawn(RED))
    first, _alt = picture_now(acting, own)
    send(client, own, drawn(BLUE))
    second, _alt = picture_now(acting, own)
    store: FileStore = app.extensions["civic_files"]
    assert client.get(f"/badges/pictures/{first}.png").status_code == 404
    assert not store._place(first).exists()
    assert client.post(f"{own.page}/remove").status_code == 302
    assert picture_now(acting, own) == ("", "")
    assert not store._place(second).exists()
    with acting(system_in(own.town.city.id)) as ctx:
        actions = list(ctx.db.scalars(select(AuditEntry.action)))
    assert actions.count("badge.pictured") == 3


def test_words_alone_are_changed_and_the_picture_stays(
    acting: Acting, client: FlaskClient, sign_in: SignIn, own: Own
) -> None:
    sign_in(client, own.town.organiser_id)
    send(client, own, drawn(RED))
    first, _alt = picture_now(acting, own)
    assert send(client, own, None, "Una siepe tagliata").status_code == 302
    assert picture_now(acting, own) == (first, "Una siepe tagliata")
    assert client.get(f"/badges/pictures/{first}.png").status_code == 200


def test_what_is_no_picture_or_has_no_words_is_refused_and_what_was_typed_stays(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, app: Flask, own: Own
) -> None:
    sign_in(client, own.town.organiser_id)
    for body, words in (
        (None, "Choose a picture first."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "This is not a picture"),
    ):
        answer = send(client, own, body, "Una siepe verde")
        assert answer.status_code == 422
        assert words in html(answer)
        assert "Una siepe verde" in html(answer)
    answer = send(client, own, drawn(RED), "")
    assert answer.status_code == 422
    assert "Say in a few words what can be seen on the picture." in html(answer)
    assert picture_now(acting, own) == ("", "")
    store: FileStore = app.extensions["civic_files"]
    assert not [path for path in store.folder.glob("*/*") if path.is_file()]


def test_a_picture_of_noise_stays_small_enough_for_the_badge_to_be_checked(
    acting: Acting, client: FlaskClient, sign_in: SignIn, own: Own,
    database: Database, signer: Signer,
) -> None:  # fmt: skip
    noise = Image.frombytes("RGB", (512, 512), Random(5).randbytes(512 * 512 * 3))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=60)
    sign_in(client, own.town.organiser_id)
    assert send(client, own, out.getvalue()).status_code == 302
    issuing.issue_due(database, signer)
    sign_in(client, own.town.person_id)
    for kind in ("png", "svg"):
        picture = client.get(f"/it/me/badges/{own.town.award_id}/{kind}").data
        assert len(picture) < MOST_BYTES
        assert unbake(picture)


def test_a_credential_handed_in_inside_a_picture_does_not_get_out_again(
    acting: Acting, client: FlaskClient, sign_in: SignIn, own: Own
) -> None:
    picture = io.BytesIO()
    more = PngInfo()
    more.add_itxt("openbadgecredential", b64encode(b"{}").decode())
    Image.new("RGB", (600, 600), RED).save(picture, "PNG", pnginfo=more)
    sign_in(client, own.town.organiser_id)
    send(client, own, picture.getvalue())
    name, _alt = picture_now(acting, own)
    assert b"openbadgecredential" not in client.get(f"/badges/pictures/{name}.png").data


def test_only_those_whose_badge_it_is_give_it_a_picture(
    acting: Acting, client: FlaskClient, sign_in: SignIn, own: Own
) -> None:
    with acting(system_in()) as ctx:
        scouts = make_association(ctx, own.town.city, "Scout")
        stranger = make_staff(ctx, Role.ORGANISER, own.town.city, scouts)
        officer = make_staff(ctx, Role.OFFICER, own.town.city)
        network = ctx.db.scalars(select(Achievement.id).where(Achievement.code == "green-12")).one()
    for who in (stranger, own.town.person_id):
        sign_in(client, who)
        assert client.get(own.page).status_code == 404
        assert send(client, own, drawn(RED)).status_code == 404
        assert client.post(f"{own.page}/remove").status_code == 404
    assert picture_now(acting, own) == ("", "")
    sign_in(client, officer)
    of_network = Own(network, own.town)
    assert send(client, of_network, drawn(RED)).status_code == 404
    assert send(client, own, drawn(RED)).status_code == 302


def test_a_name_that_nobody_gave_shows_nothing(client: FlaskClient, own: Own) -> None:
    for name in ("0" * 32, "..", "x"):
        assert client.get(f"/badges/pictures/{name}.png").status_code == 404
