"""What every answer carries, and what a wrong question gets."""

import re

import pytest
from flask.testing import FlaskClient

from civic.app import LARGEST_BODY


def test_pages_forbid_foreign_and_inline_code(client: FlaskClient) -> None:
    headers = client.get("/it/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_public_pages_set_no_cookie(client: FlaskClient) -> None:
    for path in ("/it/", "/it/projects", "/ar/privacy"):
        assert "Set-Cookie" not in client.get(path).headers


def test_a_page_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/it/projects")
    again = client.get("/it/projects", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_pages_travel_compressed_when_the_browser_can(client: FlaskClient) -> None:
    small = client.get("/it/", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.vary
    assert "Content-Encoding" not in client.get("/it/").headers


def test_every_file_a_page_names_is_there_and_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/it/").text
    paths = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert paths
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"]


def test_an_old_address_of_a_file_gets_todays_file_and_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/000000000000/shared/civic.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/static/x/../../wsgi.py", "/static/x/%2e%2e/wsgi.py", "/static/x/nothing.css"]
)
def test_static_files_end_at_their_folder(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/it/projects/no-such-project",
        "/it/organise/sessions/not-a-uuid",
        "/it/projects/%00",
        "/it/projects/" + "x" * 3000,
        "/it/projects/%F0%9F%8C%B3",
        "/it/nowhere",
    ],
)
def test_an_address_that_is_wrong_gets_a_page_in_the_readers_language(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'lang="it"' in answer.text
    assert "Questa pagina non è qui" in answer.text


def test_a_body_that_is_too_large_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/it/sign-in", data={"contact": "x" * (LARGEST_BODY * 10)})
    assert answer.status_code == 413
    assert "<html" in answer.text


def test_health_and_readiness_answer_machines(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_error_pages_hold_nothing_of_what_was_asked(client: FlaskClient) -> None:
    secret = "amina-3331234567"
    assert secret not in client.get(f"/it/projects/{secret}").text.replace(
        f"/projects/{secret}", ""
    )
