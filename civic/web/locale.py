"""The language of a page is the first part of its address."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask import Blueprint, Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, force_locale, refresh
from werkzeug.exceptions import NotFound

from civic.kernel.i18n import BY_TAG, DEFAULT, LANGUAGES, PageLanguage, best_language


def page_language() -> PageLanguage:
    found: PageLanguage = g.get("page_language", DEFAULT)
    return found


@contextmanager
def speaking(language: PageLanguage) -> Iterator[None]:
    """Words in another language than the page's: messages to others, papers for the wall."""
    before = g.get("page_language")
    g.page_language = language
    try:
        with force_locale(language.tag):
            yield
    finally:
        if before is None:
            g.pop("page_language", None)
        else:
            g.page_language = before


def speak(language: PageLanguage) -> None:
    """From here to the end of the request: the address said nothing of who reads the answer."""
    g.page_language = language
    refresh()


def wanted_language() -> PageLanguage:
    """What the browser asks for, for an address that names no language."""
    return best_language([tag for tag, _weight in request.accept_languages])


@dataclass(frozen=True)
class LanguageLink:
    tag: str
    endonym: str
    url: str
    is_current: bool

    def __iter__(self):  # type: ignore[no-untyped-def]  # unpacked in templates only
        return iter((self.tag, self.endonym, self.url, self.is_current))


def language_links() -> list[LanguageLink]:
    """The same page in each language, built from endpoint and arguments, never from an address
    that somebody could have prepared. After a refused form, the page that holds the form."""
    endpoint, arguments = request.endpoint, dict(request.view_args or {})
    if not endpoint or not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        # Files, and what machines ask: no page that there is in several languages.
        endpoint, arguments = "portal.home", {}
    query = request.args.to_dict(flat=False) if request.method == "GET" else {}
    query = {name: values for name, values in query.items() if not name.startswith("_")}
    arguments = {**query, **arguments}
    return [
        LanguageLink(
            language.tag,
            language.endonym,
            url_for(endpoint, **{**arguments, "lang": language.tag}),
            language is page_language(),
        )
        for language in LANGUAGES
    ]


def install(app: Flask) -> None:
    Babel(app, locale_selector=lambda: Locale.parse(page_language().tag))

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
        if values and "lang" in values:
            language = BY_TAG.get(str(values.pop("lang")))
            if language is None:
                g.page_language = wanted_language()
                raise NotFound
            g.page_language = language
        else:
            # No route, or one without a language: a wrong address may still begin with one.
            beginning = request.path.split("/", 2)[1]
            g.page_language = BY_TAG.get(beginning) or wanted_language()

    @app.url_defaults
    def add_language(endpoint: str, values: dict[str, object]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = page_language().tag

    @app.after_request
    def tell_language(response):  # type: ignore[no-untyped-def]  # Flask's own signature
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = page_language().tag
        return response


def without_language(blueprint: Blueprint, path: str, endpoint: str) -> None:
    """Let `/path` lead to the same page in the language the browser asks for."""

    def lead_on() -> ResponseReturnValue:
        query: dict[str, Any] = {**request.args.to_dict(flat=False), "lang": wanted_language().tag}
        answer = redirect(url_for(endpoint, **query))
        answer.vary.add("Accept-Language")
        return answer

    lead_on.civic_access = "public"  # type: ignore[attr-defined]  # read by the routes test
    blueprint.add_url_rule(path, f"lead_on_{endpoint.replace('.', '_')}", lead_on)
