"""The PIN behind a printed card. Whose card it is, the floor above knows; the digits stand here.

An unknown card, a card without PIN, a wrong PIN and a PIN that is locked get one answer, after
about the same time. Tries are counted before they are looked at, so that many at once win nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, delete, literal, null, or_, select, update

from civic.accounts import queries
from civic.accounts.errors import PinForParticipants, PinTooEasy, PinUnusable, TooManyPins
from civic.accounts.models import Counter, LoginSession, Pin
from civic.accounts.operations import count_up, open_session
from civic.accounts.policy import RESET_PIN
from civic.accounts.queries import PersonFile
from civic.accounts.rules import (
    PIN_DIGITS,
    PIN_TRIES,
    PIN_WAITS,
    PIN_WINDOW,
    PINS_PER_CARD,
    PINS_PER_NETWORK,
    is_easy_pin,
)
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.kernel.db.dialects import insert
from civic.kernel.keys import Keys
from civic.kernel.policy import Place


@dataclass(frozen=True)
class TriedPin:
    """What typed digits are compared with: outside of any transaction, because it takes long."""

    person_id: UUID
    pin_hash: str


@dataclass(frozen=True)
class PinState:
    set_at: datetime
    is_locked: bool


def check_pin(pin: str) -> None:
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdecimal()):
        raise PinUnusable
    if is_easy_pin(pin):
        raise PinTooEasy


def pin_state(ctx: Context, person_id: UUID) -> PinState | None:
    row = ctx.db.execute(select(Pin.set_at, Pin.tries).where(Pin.person_id == person_id)).first()
    return PinState(row.set_at, row.tries >= PIN_TRIES) if row else None


def set_own_pin(ctx: Context, pin_hash: str) -> None:
    _keep(ctx, ctx.actor.own_id, pin_hash)


def reset_pin(ctx: Context, file: PersonFile, pin_hash: str) -> None:
    """At the desk, typed by the person: the way out of a locked PIN, and of a forgotten one."""
    RESET_PIN.require(ctx.actor, Place(file.municipality_id))
    _keep(ctx, file.id, pin_hash)
    audit.record(ctx, file.municipality_id, "pin.set", subject_id=file.id)


def _keep(ctx: Context, person_id: UUID, pin_hash: str) -> None:
    refuse_roles(ctx, person_id)
    fresh = {"pin_hash": pin_hash, "set_at": ctx.now(), "tries": 0, "locked_until": None}
    ctx.db.connection().execute(
        insert(ctx.db, Pin)
        .values(person_id=person_id, **fresh)
        .on_conflict_do_update(index_elements=["person_id"], set_=fresh)
    )
    close_pin_sessions(ctx, person_id)


def refuse_roles(ctx: Context, person_id: UUID) -> None:
    if queries.has_grants(ctx, person_id):
        raise PinForParticipants


def close_pin_sessions(ctx: Context, person_id: UUID) -> None:
    """Whoever came in by the old PIN, or with a card that was lost, is out."""
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.person_id == person_id)
        .where(LoginSession.by_pin.is_(True))
        .where(LoginSession.revoked_at.is_(None))
        .values(revoked_at=ctx.now())
    )


# Signing in


def begin_pin_sign_in(
    ctx: Context, keys: Keys, card: str, holder: UUID | None, network: str
) -> TriedPin | None:
    """Count the try. `card` is what was typed, by which unknown cards are counted as well."""
    where = keys.hash("network", network)
    if not (
        count_up(ctx, _card_key(keys, card), PINS_PER_CARD, PIN_WINDOW)
        and count_up(ctx, f"pin:net:{where}", PINS_PER_NETWORK, PIN_WINDOW)
    ):
        raise TooManyPins
    if holder is None or queries.has_grants(ctx, holder):
        return None
    return take_try(ctx, holder)


def take_try(ctx: Context, person_id: UUID) -> TriedPin | None:
    """Counted as a wrong one until `right_pin`; None while the PIN waits or is locked."""
    now = ctx.now()
    number = Pin.tries + 1
    waits = [
        (number == wrong, literal(now + timedelta(minutes=minutes), UtcInstant()))
        for wrong, minutes in PIN_WAITS.items()
    ]
    pin_hash = ctx.db.scalar(
        update(Pin)
        .where(Pin.person_id == person_id)
        .where(Pin.tries < PIN_TRIES)
        .where(or_(Pin.locked_until.is_(None), Pin.locked_until <= now))
        .values(tries=number, locked_until=case(*waits, else_=null()))
        .returning(Pin.pin_hash)
        .execution_options(synchronize_session=False)
    )
    return TriedPin(person_id, pin_hash) if pin_hash else None


def right_pin(ctx: Context, tried: TriedPin, new_hash: str | None) -> bool:
    """Forget the wrong ones; False when the PIN was changed in between."""
    kept = ctx.db.scalar(
        update(Pin)
        .where(Pin.person_id == tried.person_id)
        .where(Pin.pin_hash == tried.pin_hash)
        .values(tries=0, locked_until=None, pin_hash=new_hash or tried.pin_hash)
        .returning(Pin.person_id)
        .execution_options(synchronize_session=False)
    )
    return kept is not None


def finish_pin_sign_in(
    ctx: Context, keys: Keys, card: str, tried: TriedPin, new_hash: str | None
) -> str | None:
    """The token of a session that holds no role and ends within the day."""
    if not right_pin(ctx, tried, new_hash):
        return None
    ctx.db.execute(delete(Counter).where(Counter.key == _card_key(keys, card)))
    return open_session(ctx, tried.person_id, by_pin=True)


def _card_key(keys: Keys, card: str) -> str:
    return f"pin:card:{keys.hash('card', card)}"
