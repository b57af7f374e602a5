"""The scanner that works without network, as the server hands it out."""

import re
from uuid import UUID

from flask.testing import FlaskClient

from tests.factories.attendance import Ground
from tests.integration.attendance.conftest import SignIn


def test_the_page_is_for_whoever_stands_at_a_gate(
    client: FlaskClient, sign_in: SignIn, ground: Ground, amina: UUID
) -> None:
    assert client.get("/en/scanner").status_code == 302
    sign_in(client, amina)
    assert client.get("/en/scanner").status_code == 404
    assert client.get("/en/scanner/token").status_code == 404
    sign_in(client, ground.organiser_id)
    assert client.get("/en/scanner").status_code == 200


def test_a_phone_may_keep_the_page_for_it_holds_nothing_of_anybody(
    client: FlaskClient, sign_in: SignIn, ground: Ground
) -> None:
    sign_in(client, ground.organiser_id)
    client.get("/en/scanner/token")
    page = client.get("/en/scanner").text
    assert page == client.get("/en/scanner").text
    assert "csrf" not in page
    assert "sign-out" not in page


def test_the_worker_names_files_that_are_there_and_reaches_the_page(client: FlaskClient) -> None:
    worker = client.get("/en/scanner/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/en/scanner"
    assert worker.headers["Cache-Control"] == "no-cache"
    named = re.findall(r"/static/[^\"]+", worker.text)
    assert any(name.endswith("/page.js") for name in named)
    for name in named:
        answer = client.get(name)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"], name


def test_the_worker_is_asked_for_again_at_no_cost(client: FlaskClient) -> None:
    first = client.get("/en/scanner/sw.js")
    again = client.get("/en/scanner/sw.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_each_language_has_a_worker_of_its_own(client: FlaskClient) -> None:
    english, arabic = (client.get(f"/{tag}/scanner/sw.js").text for tag in ("en", "ar"))
    assert "civic.css" in english
    assert "civic.rtl.css" in arabic


def test_the_page_can_be_installed(client: FlaskClient) -> None:
    manifest = client.get("/ar/scanner/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    told = manifest.get_json(force=True)
    assert (told["start_url"], told["scope"], told["dir"]) == ("/ar/scanner", "/ar/scanner", "rtl")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        assert client.get(icon["src"]).mimetype == "image/png"
