"""The third guard beside `@requires` and `@public`: a device that shows its token."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, current_app, g, request
from flask_babel import gettext as _

from civic.accounts.rules import network_of
from civic.attendance.operations.devices import count_bad_token
from civic.attendance.queries.bearers import Bearer, bearer_of
from civic.attendance.tokens import WORTHLESS_WORDS, Scope, Worthless, hash_of
from civic.kernel.i18n import best_language
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR
from civic.web.errors import error_for_machines
from civic.web.guard import MARK
from civic.web.locale import speak
from civic.web.transaction import act_as, bindings

P = ParamSpec("P")
R = TypeVar("R")
Refusal = tuple[Response, int]
SCHEMES = ("bearer", "device")
"""`Device` is what scanner apps of pretix say."""
LONGEST_TOKEN = 200


def device(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R | Refusal]]:
    """Let in a device with a living token of that scope. It acts as whoever made it, within one
    association and city, and is answered in its own language."""

    def mark(view: Callable[P, R]) -> Callable[P, R | Refusal]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Refusal:
            return turned_away(find_bearer(), scope) or view(*args, **kwargs)

        setattr(guarded, MARK, scope)
        return guarded

    return mark


def device_itself(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same for a view that finds out whose token it is together with its work: it must turn away
    what `turned_away` says."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        setattr(view, MARK, scope)
        return view

    return mark


def turned_away(found: Bearer | Worthless, scope: Scope) -> Refusal | None:
    """None for a device that may do this."""
    if isinstance(found, Worthless):
        return refused(found)
    if scope in found.device.scopes:
        return None
    text = _("This device may not do this. Whoever made it chooses what it may do.")
    return error_for_machines(403, "scope", text)


def shown_token() -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip()[:LONGEST_TOKEN] if scheme.lower() in SCHEMES else None


def find_bearer() -> Bearer | Worthless:
    return find_bearer_of(shown_token())


def find_bearer_of(token: str | None) -> Bearer | Worthless:
    if not token:
        return Worthless.UNKNOWN
    with bindings().database.reading(VISITOR) as ctx:
        return met(bearer_of(ctx, hash_of(token)))


def met(found: Bearer | Worthless) -> Bearer | Worthless:
    """From here on the request is answered as theirs."""
    if isinstance(found, Bearer):
        g.civic_bearer = found
        speak(best_language([found.device.language]))
        act_as(found.actor)
    return found


def bearer() -> Bearer:
    found: Bearer = g.civic_bearer
    return found


def refused(why: Worthless, *, is_shown: bool | None = None) -> Refusal:
    """Only tokens that nobody gave out are counted: a device whose time is over must be told so,
    however many of them there are behind one address."""
    is_a_try = bool(shown_token()) if is_shown is None else is_shown
    if why is Worthless.UNKNOWN and is_a_try and not _may_try_again():
        text = _("Too many unknown devices from this network. Wait a quarter of an hour.")
        return error_for_machines(429, "throttled", text)
    response, status = error_for_machines(401, why.value, _(WORTHLESS_WORDS[why]))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response, status


def _may_try_again() -> bool:
    keys: Keys = current_app.extensions["civic_keys"]
    with bindings().database.unit_of_work(VISITOR) as ctx:
        return count_bad_token(ctx, keys, network_of(request.remote_addr))


def read_json() -> Any:
    """The body, whatever its type is said to be; None for what is no JSON or too deep to read."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None
