"""Who holds the browser: flask-login's cookie handling over our own, revocable sessions."""

from typing import Any

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user

from civic.accounts import queries
from civic.accounts.operations import token_hash
from civic.kernel.policy import VISITOR, Actor
from civic.web.transaction import bindings, forget_actor


class SignedIn(UserMixin):
    """What flask-login passes around: the token that its cookie carries, and for whom."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


def _holder(token: str) -> SignedIn | None:
    with bindings().database.reading(VISITOR) as ctx:
        actor = queries.actor_for_token(ctx, token_hash(token))
    return SignedIn(token, actor) if actor else None


def load_actor() -> Actor:
    """One statement when the browser brings a session, none when it does not."""
    user: Any = current_user
    actor: Actor = user.actor if user.is_authenticated else VISITOR
    return actor


def held_token() -> str | None:
    """The token in the browser's cookie, whether or not its session still stands."""
    token = session.get("_user_id")
    return token if isinstance(token, str) else None


def enter(token: str, actor: Actor) -> None:
    """Begin a browser's session from nothing: what a visitor's cookie held stays outside."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(token, actor))
    forget_actor()


def leave() -> None:
    session.clear()
    forget_actor()


def install(app: Flask) -> None:
    # The cookie of a session lives as long as its row does at most; it is not sent anew with
    # every page, which would keep pages from being told apart by their content.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager = LoginManager(app)
    # Phones change their network address on the way; the row, not the address, is what counts.
    manager.session_protection = None  # type: ignore[assignment]  # the library allows it
    manager.user_loader(_holder)
