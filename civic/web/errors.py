"""From refusals to HTTP answers in the reader's language. Nothing else knows the numbers."""

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from civic.kernel.errors import (
    CivicError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Throttled,
    Unavailable,
)
from civic.web.words import say

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[CivicError], int], ...] = (
    (NotFound, 404),
    (Forbidden, 403),
    (Invalid, 422),
    (Conflict, 409),
    (Throttled, 429),
    (Unavailable, 503),
)

FOR_MACHINES = "/api/"
"""Below this address refusals are JSON: {"error": code, "text": a sentence}."""
CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "invalid",
    429: "throttled",
    503: "unavailable",
}


def status_of(error: CivicError) -> int:
    return next((status for family, status in STATUS if isinstance(error, family)), 400)


def _sentences(status: int) -> tuple[str, str]:
    """Title and text of the error page for an HTTP status."""
    if status in (404, 405):
        return (
            _("This page is not here"),
            _("The address may be wrong, or the page may be closed to you."),
        )
    if status == 403:
        return _("You cannot do this"), _("Ask the person who runs the project for help.")
    if status == 413:
        return _("That is too much at once"), _("What you sent is too large. Send a smaller one.")
    if status == 422:
        return _("Something is missing"), _("Go back and look at what you typed.")
    if status == 429:
        return _("Too many tries"), _("Wait a few minutes, then try again.")
    if status == 503:
        return (
            _("We will be right back"),
            _("The service is busy. Nothing is lost. Try again in a moment."),
        )
    if 400 <= status < 500:
        return (
            _("We did not understand"),
            _("Go back and try again. What you did before is safe."),
        )
    return (
        _("Something broke on our side"),
        _("It is not your fault, and nothing you did before is lost. Try again in a moment."),
    )


def error_page(
    status: int, text: str | None = None, code: str | None = None
) -> tuple[str | Response, int]:
    title, usual = _sentences(status)
    if request.path.startswith(FOR_MACHINES):
        return error_for_machines(status, code, text or usual)
    page = render_template("errors/error.html", title=title, text=text or usual, code=status)
    return page, status


def error_for_machines(status: int, code: str | None, text: str) -> tuple[Response, int]:
    usual = "broken" if status >= 500 else "not_understood"
    response = jsonify(error=code or CODES.get(status, usual), text=text)
    response.headers["Cache-Control"] = "no-store"
    return response, status


def install(app: Flask) -> None:
    @app.errorhandler(CivicError)
    def refused(error: CivicError) -> tuple[str | Response, int]:
        text = say(error) if error.sentence else None
        return error_page(status_of(error), text, error.code)

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str | Response, int]:
        text = _(
            "This page had been open for too long. Go back, load it again and send it once more."
        )
        return error_page(400, text)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
        if error.code is None or error.code < 400:
            return error
        page, status = error_page(error.code)
        if isinstance(page, Response) and isinstance(error, MethodNotAllowed):
            page.allow.update(error.valid_methods or ())
        return page, status

    @app.errorhandler(OperationalError)
    def database_away(_error: OperationalError) -> tuple[str | Response, int]:
        log.error("database away at %s", request.endpoint)
        return error_page(503)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str | Response, int]:
        # Class and place only: the message and the request may name a person.
        log.error(
            "unhandled %s at %s",
            type(error).__name__,
            request.endpoint,
            exc_info=error if app.testing or app.debug else None,
        )
        if app.testing:
            raise error
        return error_page(500)
