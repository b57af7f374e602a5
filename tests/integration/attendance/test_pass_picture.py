"""The pass on the phone: as page, as picture for the screen at rest, and without network."""

import io
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from civic.accounts.operations import open_session
from civic.attendance.operations.passes import PassShown
from civic.attendance.rules import pass_token
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import system_in
from civic.web import qr
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground
from tests.integration.attendance.cards import drawn, drawn_in, modules_across, read_codes

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


def picture(client: FlaskClient, city_id: UUID) -> TestResponse:
    return client.get(f"/en/me/pass/{city_id}/picture.png")


def opened(answer: TestResponse) -> Image.Image:
    return Image.open(io.BytesIO(answer.data))


def test_another_decoder_reads_the_page_and_its_code_has_at_most_33_modules(
    client: FlaskClient, html: Html, sign_in: SignIn, amina: UUID, shown: PassShown
) -> None:
    sign_in(client, amina)
    [drawing] = drawn_in(html(client.get("/en/me/pass")))
    [code] = read_codes(drawing)
    assert code.text == shown.token
    assert modules_across(code) <= 33


def test_another_decoder_reads_the_picture_and_its_code_has_at_most_33_modules(
    client: FlaskClient, sign_in: SignIn, amina: UUID, ground: Ground, shown: PassShown
) -> None:
    sign_in(client, amina)
    [code] = read_codes(opened(picture(client, ground.city.id)))
    assert code.text == shown.token
    assert modules_across(code) <= 33


def test_every_token_makes_a_picture_and_a_drawing_that_another_decoder_reads(keys: Keys) -> None:
    for _ in range(20):
        token = pass_token(keys.digest("pass", str(uuid4())))
        picture = Image.open(io.BytesIO(qr.screen(token, "ACD 479")))
        for made in (picture, drawn(qr.drawing(token).encode())):
            [code] = read_codes(made)
            assert code.text == token
            assert modules_across(code) == 25


def test_the_picture_has_the_shape_of_a_phone_and_leaves_room_for_its_clock(
    client: FlaskClient, sign_in: SignIn, amina: UUID, ground: Ground
) -> None:
    sign_in(client, amina)
    shown = opened(picture(client, ground.city.id))
    assert shown.size == (1080, 1920)
    for band in ((0, 0, 1080, 520), (0, 1640, 1080, 1920)):
        assert shown.convert("L").crop(band).getextrema() == (255, 255)
    # The letters under the code.
    low, high = shown.convert("L").crop((0, 1400, 1080, 1640)).getextrema()
    assert (low, high) == (0, 255)


def test_a_cracked_screen_still_reads(
    client: FlaskClient, sign_in: SignIn, amina: UUID, ground: Ground, shown: PassShown
) -> None:
    sign_in(client, amina)
    cracked = opened(picture(client, ground.city.id)).convert("L")
    cracked.paste(255, (420, 900, 520, 960))
    cracked.paste(0, (0, 1000, 1080, 1006))
    assert [code.text for code in read_codes(cracked)] == [shown.token]


def test_nothing_keeps_the_picture_on_its_way_and_it_tells_no_name(
    client: FlaskClient, sign_in: SignIn, amina: UUID, ground: Ground
) -> None:
    sign_in(client, amina)
    answer = picture(client, ground.city.id)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "attachment; filename=pass.png"
    assert opened(answer).info.keys() <= {"dpi"}


def test_nobody_gets_the_picture_of_somebody_else_or_of_a_city_that_does_not_know_them(
    client: FlaskClient, database: Database, sign_in: SignIn, amina: UUID, ground: Ground
) -> None:
    assert picture(client, ground.city.id).status_code == 302
    with database.unit_of_work(system_in()) as ctx:
        newcomer = make_person(ctx, "Bilal")
    sign_in(client, newcomer)
    assert picture(client, ground.city.id).status_code == 404
    sign_in(client, amina)
    assert picture(client, uuid4()).status_code == 404


# Without network


def test_the_worker_reaches_the_page_of_the_pass_and_no_more(client: FlaskClient) -> None:
    answer = client.get("/it/me/pass-worker.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    # A worker reaches what lies beside and below it: `/it/me/`, and the page narrows it down.
    assert "Service-Worker-Allowed" not in answer.headers
    assert b"civic-pass" in answer.data


def test_keeping_the_page_is_offered_and_nothing_is_kept_by_the_browser_itself(
    client: FlaskClient, html: Html, sign_in: SignIn, amina: UUID, ground: Ground
) -> None:
    sign_in(client, amina)
    answer = client.get("/ar/me/pass")
    assert "no-store" in answer.headers["Cache-Control"]
    page = html(answer)
    assert 'data-worker="/ar/me/pass-worker.js"' in page
    assert 'data-scope="/ar/me/pass"' in page


def test_who_came_by_a_pin_is_not_offered_to_keep_the_page(
    client: FlaskClient, html: Html, database: Database, amina: UUID, ground: Ground
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        token = open_session(ctx, amina, by_pin=True)
    with client.session_transaction() as session:
        session["_user_id"] = token
    page = html(client.get("/en/me/pass"))
    assert "Amina" in page
    assert "keep.js" not in page
    assert "pass-worker.js" not in page


@pytest.mark.parametrize("way", ["/en/sign-out", "/en/me/profile/sign-out-everywhere"])
def test_signing_out_empties_what_was_kept_and_says_so_once(
    client: FlaskClient, html: Html, sign_in: SignIn, amina: UUID, ground: Ground, way: str
) -> None:
    sign_in(client, amina)
    page = html(client.post(way, follow_redirects=True))
    assert "/attendance/pass/forget.js" in page
    assert "alert-success" in page
    assert "/attendance/pass/forget.js" not in html(client.get("/en/"))
