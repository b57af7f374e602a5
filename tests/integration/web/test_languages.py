from datetime import date

import pytest
from flask.testing import FlaskClient

from civic.kernel.i18n import LANGUAGES
from civic.web.words import local_date, local_day


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.tag)
def test_each_language_says_its_tag_and_direction(client: FlaskClient, language) -> None:  # type: ignore[no-untyped-def]
    page = client.get(f"/{language.tag}/")
    assert page.status_code == 200
    opening = page.text.split("<html", 1)[1].split(">", 1)[0]
    assert f'lang="{language.tag}"' in opening
    assert f'dir="{language.direction}"' in opening
    assert page.headers["Content-Language"] == language.tag


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("ar-EG,ar;q=0.9", "ar"),
        ("de-DE,en;q=0.5", "en"),
        ("bn-BD", "it"),
        ("", "it"),
        ("*", "it"),
        ("x;;;q=oops,,,", "it"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/projects", "/me", "/organise", "/city", "/network"])
def test_without_a_language_the_browsers_languages_choose(
    client: FlaskClient, path: str, asked: str, given: str
) -> None:
    answer = client.get(path, headers={"Accept-Language": asked})
    assert answer.status_code == 302
    assert answer.location.split("?")[0].rstrip("/") == f"/{given}{path}".rstrip("/")
    assert "Accept-Language" in answer.vary


def test_what_was_asked_for_survives_the_way_to_the_language(client: FlaskClient) -> None:
    answer = client.get("/projects?area=green", headers={"Accept-Language": "fr"})
    assert answer.location == "/fr/projects?area=green"


@pytest.mark.parametrize("tag", ["xx", "de", "IT", "it-IT", "%00", "zz-zz-zz", "..", "😀"])
@pytest.mark.parametrize("rest", ["/", "/projects", "/me"])
def test_an_unknown_language_is_not_found_and_never_a_crash(
    client: FlaskClient, tag: str, rest: str
) -> None:
    assert client.get(f"/{tag}{rest}").status_code == 404


def test_the_language_switch_stays_on_the_page_and_keeps_the_filters(client: FlaskClient) -> None:
    page = client.get("/it/projects?area=green")
    assert 'href="/ar/projects?area=green"' in page.text


def test_the_language_switch_cannot_be_led_to_another_site(client: FlaskClient) -> None:
    page = client.get("/it/projects?_external=1&_scheme=https&_anchor=x&next=//evil.example")
    assert 'href="https' not in page.text.split("</header>")[0]
    assert 'href="//' not in page.text


def test_the_first_of_a_month_is_an_ordinal_where_the_language_says_so(client: FlaskClient) -> None:
    with client.application.test_request_context("/fr/"):
        client.application.preprocess_request()
        assert local_day(date(2026, 12, 1)) == "mardi 1er décembre"
        assert local_day(date(2026, 12, 11)) == "vendredi 11 décembre"
        assert local_date(date(2026, 12, 1)) == "1er décembre 2026"


def test_a_wrong_address_is_answered_in_the_language_it_begins_with(client: FlaskClient) -> None:
    answer = client.get("/ar/nowhere", headers={"Accept-Language": "fr"})
    assert answer.status_code == 404
    assert 'lang="ar"' in answer.text
