"""A device of the staff in somebody else's hands: it opens one page and nothing besides, until whoever
handed it over types the four digits they were shown, or signs in anew.

What is written is a mark on the session's row, so that another tab, the way back and a request made by
hand are held to it as well.
"""

import hmac
import secrets
from uuid import UUID

from sqlalchemy import update

from civic.accounts.models import LoginSession
from civic.accounts.operations import token_hash
from civic.kernel.context import Context
from civic.kernel.keys import Keys

DIGITS = 4
TRIES = 5
"""Wrong ones, after which the session ends: four digits are guessed by chance once in two thousand."""


def hand_over(ctx: Context, keys: Keys, token: str, to: str, back_to: str) -> str:
    """From now on the session of this token opens the page `to` (a path without its language) and
    what lies below it. Returns the digits that give the device back and lead to `back_to`."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .where(LoginSession.person_id == ctx.actor.own_id)
        .values(
            handed_over_to=to,
            handed_back_to=back_to,
            hand_back_hash=_hash(keys, ctx.actor.own_id, code),
            hand_back_tries=0,
        )
    )
    return code


def hand_back(ctx: Context, keys: Keys, token: str, code: str) -> str | None:
    """Where the way goes on; None for wrong digits. Answers instead of raising, because a wrong try
    must be committed to count; the last one ends the session."""
    row = ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .where(LoginSession.handed_over_to != "")
        .where(LoginSession.revoked_at.is_(None))
        .values(hand_back_tries=LoginSession.hand_back_tries + 1)
        .returning(
            LoginSession.hand_back_tries, LoginSession.hand_back_hash, LoginSession.handed_back_to
        )
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        return None
    is_right = row.hand_back_tries <= TRIES and hmac.compare_digest(
        row.hand_back_hash, _hash(keys, ctx.actor.own_id, code)
    )
    if is_right:
        _mark(ctx, token, handed_over_to="", handed_back_to="", hand_back_hash="")
        return str(row.handed_back_to)
    if row.hand_back_tries >= TRIES:
        _mark(ctx, token, revoked_at=ctx.now())
    return None


def _mark(ctx: Context, token: str, **values: object) -> None:
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _hash(keys: Keys, person_id: UUID, code: str) -> str:
    return keys.hash("hand back", f"{person_id} {code}")


def is_within(path: str, to: str) -> bool:
    """Whether a path is the page that the device was handed over to, in whatever language."""
    _, _, below = path.removeprefix("/").partition("/")
    there, wanted = f"/{below}".rstrip("/"), to.rstrip("/")
    return there == wanted or there.startswith(f"{wanted}/")
