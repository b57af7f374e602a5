"""The third guard beside `@requires` and `@public`: a device that shows its token."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Response, current_app, g, request
from flask_babel import gettext as _

from civic.accounts.rules import network_of
from civic.attendance.operations.devices import count_bad_token
from civic.attendance.queries.devices import Bearer, device_for_token
from civic.attendance.tokens import WORTHLESS_WORDS, Scope, Worthless, hash_of
from civic.kernel.context import Context
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
            found = find_bearer()
            return _turned_away(found, scope) or view(*args, **kwargs)

        setattr(guarded, MARK, scope)
        return guarded

    return mark


def device_at_work(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R | Refusal]]:
    """The same within one unit of work, which `at_work` hands to the view: a scan asks who shows it
    and is stored over one connection. It is committed before anything is sent."""

    def mark(view: Callable[P, R]) -> Callable[P, R | Refusal]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Refusal:
            with bindings().database.unit_of_work(VISITOR) as ctx:
                found = _found_by(ctx, shown_token())
                if isinstance(found, Bearer):
                    g.civic_at_work = ctx.acting(found.actor)
                turned_away = _turned_away(found, scope, counts=False)
                if turned_away is None:
                    return view(*args, **kwargs)
            # Nothing was changed; and a wrong token is counted in a transaction of its own.
            return refused(found) if isinstance(found, Worthless) else turned_away

        setattr(guarded, MARK, scope)
        return guarded

    return mark


def at_work() -> Context:
    found: Context = g.civic_at_work
    return found


def _turned_away(found: Bearer | Worthless, scope: Scope, *, counts: bool = True) -> Refusal | None:
    if isinstance(found, Worthless):
        return refused(found, is_shown=None if counts else False)
    if scope in found.device.scopes:
        return None
    text = _("This device may not do this. Whoever made it chooses what it may do.")
    return error_for_machines(403, "scope", text)


def shown_token() -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip()[:LONGEST_TOKEN] if scheme.lower() in SCHEMES else None


def find_bearer() -> Bearer | Worthless:
    """Whose token the request shows; from here on it is answered as theirs."""
    return find_bearer_of(shown_token())


def find_bearer_of(token: str | None) -> Bearer | Worthless:
    with bindings().database.reading(VISITOR) as ctx:
        return _found_by(ctx, token)


def _found_by(ctx: Context, token: str | None) -> Bearer | Worthless:
    found = device_for_token(ctx, hash_of(token)) if token else Worthless.UNKNOWN
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
