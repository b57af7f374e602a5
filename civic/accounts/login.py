"""Who holds the browser: flask-login's cookie handling over our own, revocable sessions."""

import base64
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user

from civic.accounts import queries, second_factor
from civic.accounts.handing_over import is_within
from civic.accounts.operations import token_hash
from civic.accounts.rules import SEEN_EVERY
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR, Actor
from civic.web.guard import is_own_path
from civic.web.locale import page_language
from civic.web.transaction import actor as who_asks
from civic.web.transaction import bindings, forget_actor

OF_THE_BROWSER = "of_the_browser"
"""Where the cookie keeps what holds whoever signs in: that this phone was at a place just now."""

OF_STAFF = "of_staff"
"""Where it keeps, past the end of the session, that somebody who works here had signed in."""


class SignedIn(UserMixin):
    """What flask-login passes around: the token that its cookie carries, and for whom."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def _holder(token: str) -> SignedIn | None:
    database, key = bindings().database, token_hash(token)
    with database.reading(VISITOR) as ctx:
        held = queries.held_session(ctx, key)
    if held is None:
        return None
    if held.last_seen_at and held.last_seen_at <= database.clock.now() - SEEN_EVERY:
        with database.unit_of_work(VISITOR) as ctx:
            second_factor.note_seen(ctx, key)
    return SignedIn(token, held.actor)


def load_actor() -> Actor:
    """One statement when the browser brings a session, none when it does not; once a minute a
    second one that notes who is at work."""
    user: Any = current_user
    actor: Actor = user.actor if user.is_authenticated else VISITOR
    return actor


def held_token() -> str | None:
    """The token in the browser's cookie, whether or not its session still stands."""
    token = session.get("_user_id")
    return token if isinstance(token, str) else None


def enter(token: str, actor: Actor) -> None:
    """Begin a browser's session from nothing: what a visitor's cookie held stays outside, all but
    what the browser itself did."""
    kept = session.get(OF_THE_BROWSER)
    session.clear()
    if kept is not None:
        session[OF_THE_BROWSER] = kept
    # A card and its PIN are for screens that many use: closing the browser ends it there.
    session.permanent = not actor.by_pin
    if actor.grants:
        session[OF_STAFF] = True
    login_user(SignedIn(token, actor))
    forget_actor()


def remember_next() -> None:
    """Keep the page that was wanted, for after signing in."""
    wanted = request.args.get("next")
    if is_own_path(wanted):
        session["next"] = wanted


def next_page(who: Actor) -> str:
    """Where they wanted to go, else the first page of what they do here."""
    wanted = session.get("next")
    if wanted is not None and is_own_path(wanted):
        return str(wanted)
    # What the first page is, the floor above knows: it lays out the ways of each role.
    front_page: Callable[[Actor], str] = current_app.extensions["civic_front_page"]
    return front_page(who)


def was_led_here_from_work() -> bool:
    """Whether somebody who works here wanted a page and found their session over."""
    return OF_STAFF in session and is_own_path(request.args.get("next"))


def draft_key() -> str:
    """What seals the text somebody is typing while it waits in their browser (`shared/drafts.js`): it
    comes with the page and stays nowhere on the device. Empty where nothing is to wait: for visitors,
    and while the device is in other hands."""
    who = who_asks()
    if who.person_id is None or who.handed_over_to:
        return ""
    keys: Keys = current_app.extensions["civic_keys"]
    return base64.b64encode(keys.digest("draft", str(who.person_id))).decode()


def leave() -> None:
    session.clear()
    forget_actor()


OPEN_IN_OTHER_HANDS = frozenset({"static", "accounts.give_back", "accounts.sign_out"})


def _keep_to_the_page() -> ResponseReturnValue | None:
    """While a device is in other hands, whatever else is asked of it leads to giving it back."""
    if held_token() is None or request.endpoint in OPEN_IN_OTHER_HANDS:
        return None
    to = who_asks().handed_over_to
    if not to or is_within(request.path, to):
        return None
    page = render_template("accounts/give_back.html", going_on=f"/{page_language().tag}{to}")
    return page, 403, {"Cache-Control": "private, no-store"}


def install(app: Flask) -> None:
    # The cookie of a session lives as long as its row does at most; it is not sent anew with
    # every page, which would keep pages from being told apart by their content.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = LoginManager(app)
    # Phones change their network address on the way; the row, not the address, is what counts.
    manager.session_protection = None  # type: ignore[assignment]  # the library allows it
    manager.user_loader(_holder)
    app.before_request(_keep_to_the_page)
