"""The address of a person's own calendar: made, made anew, switched off."""

import hashlib
import secrets

from sqlalchemy import update

from civic.enrolment.models import CalendarFeed
from civic.enrolment.operations.turns import hold_people
from civic.enrolment.policy import OWN_BOOKINGS
from civic.kernel.context import Context

TOKEN_BYTES = 32


def token_hash(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(ctx: Context) -> str:
    """A new token, of which this is the only copy; the address before stops working."""
    switch_off_feed(ctx)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ctx.db.add(
        CalendarFeed(
            id=ctx.new_id(),
            person_id=ctx.actor.own_id,
            token_hash=token_hash(token),
            created_at=ctx.now(),
        )
    )
    ctx.db.flush()
    return token


def switch_off_feed(ctx: Context) -> None:
    OWN_BOOKINGS.require(ctx.actor)
    # Two screens at once would else leave two addresses that work.
    hold_people(ctx, [ctx.actor.own_id])
    ctx.db.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == ctx.actor.own_id)
        .where(CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=ctx.now())
        .execution_options(synchronize_session=False)
    )
