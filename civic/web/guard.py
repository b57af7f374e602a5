"""Every route says who may come in: `@requires(permission)` or `@public`."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from civic.kernel.errors import Forbidden
from civic.kernel.i18n import N_
from civic.kernel.policy import Permission
from civic.web.errors import error_for_machines, status_of
from civic.web.transaction import actor
from civic.web.words import say

P = ParamSpec("P")
R = TypeVar("R")
MARK = "civic_access"


class SecondStepMissing(Forbidden):
    code = "second_step_missing"
    sentence = N_(
        "For this we need the six digits of your phone first. Open the page again, write them, then"
        " send this once more."
    )


def public(view: Callable[P, R]) -> Callable[P, R]:
    setattr(view, MARK, "public")
    return view


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let in whoever holds the permission anywhere; rows are checked again by their gates.

    A visitor is led to the sign-in page. Somebody signed in without the permission gets the
    same answer as for a page that is not there. Where the permission asks for the second step,
    whoever holds it and has not taken it yet is led there.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not actor().is_signed_in:
                return redirect(url_for("accounts.sign_in", next=_page_they_were_at()))
            permission.require(actor())
            if permission.second_factor and not actor().has_second_factor:
                return _second_step()
            return view(*args, **kwargs)

        setattr(guarded, MARK, permission)
        return guarded

    return mark


def _page_they_were_at() -> str | None:
    """What was asked for, or the page whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    here = request.host_url.rstrip("/")
    sent_from = (request.referrer or "").partition("#")[0]
    path = sent_from.removeprefix(here)
    return path if sent_from.startswith(f"{here}/") and is_own_path(path) else None


def _second_step() -> Response:
    refusal = SecondStepMissing()
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return make_response(error_for_machines(status_of(refusal), refusal.code, say(refusal)))
    if request.method != "GET":
        raise refusal
    return redirect(url_for("accounts.second_step", next=_page_they_were_at()))


def is_own_path(path: str | None) -> bool:
    """Whether a `next` address stays here: one leading slash, nothing a browser rewrites."""
    return bool(
        path
        and path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isprintable()
        and "\\" not in path
    )
