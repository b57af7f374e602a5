"""Passes handed out and replaced."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from civic.accounts import queries as people
from civic.accounts.pins import close_pin_sessions
from civic.attendance.models import Pass
from civic.attendance.policy import SHOW_PASS
from civic.attendance.queries import presence
from civic.attendance.rules import SHORT_CODE_LENGTH, pass_token
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.ids import short_code
from civic.kernel.keys import Keys
from civic.kernel.policy import Place


@dataclass(frozen=True)
class PassShown:
    """What the page draws. The token stands nowhere in the database."""

    municipality_id: UUID
    token: str
    short_code: str


def pass_of(ctx: Context, keys: Keys, person_id: UUID, municipality_id: UUID) -> PassShown:
    """The living pass of a person in a city, handed out when first asked for."""
    SHOW_PASS.require(ctx.actor, Place(municipality_id, person_id=person_id))
    if not people.is_known_in(ctx, person_id, municipality_id):
        raise NotFound
    while True:
        living = presence.living_pass(ctx, person_id, municipality_id)
        if living is not None:
            return PassShown(municipality_id, token_of(keys, living.id), living.short_code)
        # Refused by a constraint when another request was faster, or when chance gave out a
        # short code twice; both end at the next turn.
        pass_id = ctx.new_id()
        insert_once(
            ctx.db,
            Pass,
            id=pass_id,
            municipality_id=municipality_id,
            person_id=person_id,
            token_hash=hashed(token_of(keys, pass_id)),
            short_code=short_code(SHORT_CODE_LENGTH),
            issued_at=ctx.now(),
        )


def replace_pass(ctx: Context, keys: Keys, person_id: UUID, municipality_id: UUID) -> PassShown:
    """The old pass opens no gate from now on, and whoever came in with the old card is out: it was
    lost, or somebody copied it."""
    SHOW_PASS.require(ctx.actor, Place(municipality_id, person_id=person_id))
    ctx.db.execute(
        update(Pass)
        .where(Pass.person_id == person_id)
        .where(Pass.municipality_id == municipality_id)
        .where(Pass.revoked_at.is_(None))
        .values(revoked_at=ctx.now())
    )
    close_pin_sessions(ctx, person_id)
    shown = pass_of(ctx, keys, person_id, municipality_id)
    if ctx.actor.person_id != person_id:
        audit.record(ctx, municipality_id, "pass.replaced", subject_id=person_id)
    return shown


def token_of(keys: Keys, pass_id: UUID) -> str:
    """Derived and not kept: a copy of the database opens no gate."""
    return pass_token(keys.digest("pass", str(pass_id)))


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
