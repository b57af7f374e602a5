"""Every route says who may come in: `@requires(permission)` or `@public`."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from civic.kernel.policy import Permission
from civic.web.transaction import actor

P = ParamSpec("P")
R = TypeVar("R")
MARK = "civic_access"


def public(view: Callable[P, R]) -> Callable[P, R]:
    setattr(view, MARK, "public")
    return view


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let in whoever holds the permission anywhere; rows are checked again by their gates.

    A visitor is led to the sign-in page. Somebody signed in without the permission gets the
    same answer as for a page that is not there.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            if not actor().is_signed_in:
                wanted = request.full_path.rstrip("?") if request.method == "GET" else None
                return redirect(url_for("accounts.sign_in", next=wanted))
            permission.require(actor())
            return view(*args, **kwargs)

        setattr(guarded, MARK, permission)
        return guarded

    return mark


def is_own_path(path: str | None) -> bool:
    """Whether a `next` address stays here: one leading slash, nothing a browser rewrites."""
    return bool(
        path
        and path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isprintable()
        and "\\" not in path
    )
