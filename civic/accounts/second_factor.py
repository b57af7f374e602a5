"""The second step of those who work here: six digits that their own phone makes (RFC 6238).

A secret that is being set up belongs to the session that shows it: another session, perhaps of
somebody who knows no more than the password, makes its own instead of being shown the same one.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update

from civic.accounts.errors import TooManySecondSteps
from civic.accounts.models import Counter, LoginSession, RoleGrant, SecondFactor
from civic.accounts.operations import close_all, count_up, token_hash
from civic.accounts.rules import (
    IDLE_LIFE,
    SECOND_FACTOR_DIGITS,
    SECOND_FACTOR_STEP,
    SECOND_FACTOR_TRIES,
    SECOND_FACTOR_WINDOW,
    SEEN_EVERY,
    steps_around,
)
from civic.audit import operations as audit
from civic.kernel.clock import ROME
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys

NONCE = 12
ISSUER = "Civic"
"""What the app on the phone writes beside the digits."""


@dataclass(frozen=True)
class Setup:
    """What a phone is told, once, to make digits from."""

    secret: str
    address: str


def setup(ctx: Context, keys: Keys, token: str) -> Setup | None:
    """None once a phone was confirmed. Needs a unit of work: the secret is made when first shown."""
    person_id = ctx.actor.own_id
    row = ctx.db.execute(
        select(SecondFactor.secret, SecondFactor.confirmed_at).where(
            SecondFactor.person_id == person_id
        )
    ).first()
    if row is not None and row.confirmed_at is not None:
        return None
    secret = _unsealed(keys, row.secret, _while_set_up(person_id, token)) if row else None
    if secret is None:
        secret = pyotp.random_base32()
        fresh = {
            "secret": _sealed(keys, secret, _while_set_up(person_id, token)),
            "set_at": ctx.now(),
            "last_step": 0,
        }
        kept = ctx.db.connection().execute(
            insert(ctx.db, SecondFactor)
            .values(person_id=person_id, **fresh)
            .on_conflict_do_update(
                index_elements=["person_id"],
                set_=fresh,
                where=SecondFactor.confirmed_at.is_(None),
            )
            .returning(SecondFactor.person_id)
        )
        if kept.first() is None:
            return None
    address = _digits_of(secret).provisioning_uri(name=ctx.actor.name, issuer_name=ISSUER)
    return Setup(secret, address)


def show(ctx: Context, keys: Keys, token: str, digits: str) -> str | None:
    """The token that takes this one's place, for digits that are right; the first right ones confirm
    the phone. None for wrong digits, old ones, and ones that were used before: answered and not
    raised, because a wrong try must be committed to count."""
    person_id = ctx.actor.own_id
    counter = f"second-factor:{keys.hash('second factor tries', str(person_id))}"
    if not count_up(ctx, counter, SECOND_FACTOR_TRIES, SECOND_FACTOR_WINDOW):
        raise TooManySecondSteps(time=_end_of_window(ctx, counter))
    if not _use(ctx, keys, token, digits):
        return None
    ctx.db.execute(delete(Counter).where(Counter.key == counter))
    return _renew(ctx, token)


def _use(ctx: Context, keys: Keys, token: str, digits: str) -> bool:
    """Whether the digits are right and had not been used: of two who bring the same ones at the same
    time, the row lets one through."""
    person_id, now = ctx.actor.own_id, ctx.now()
    row = ctx.db.execute(
        select(SecondFactor.secret, SecondFactor.confirmed_at).where(
            SecondFactor.person_id == person_id
        )
    ).first()
    if row is None:
        return False
    is_new = row.confirmed_at is None
    place = _while_set_up(person_id, token) if is_new else _for_good(person_id)
    # Where the installation's secret was changed nothing opens, and no digits are right any more:
    # `civic staff forget-second-factor` is the way out.
    secret = _unsealed(keys, row.secret, place)
    step = _step_of(secret, digits, steps_around(now)) if secret else None
    if secret is None or step is None:
        return False
    values: dict[str, object] = {"last_step": step}
    if is_new:
        values |= {
            "secret": _sealed(keys, secret, _for_good(person_id)),
            "confirmed_at": now,
            "set_at": now,
        }
    used = ctx.db.scalar(
        update(SecondFactor)
        .where(SecondFactor.person_id == person_id)
        .where(SecondFactor.secret == row.secret)
        .where(SecondFactor.last_step < step)
        .values(**values)
        .returning(SecondFactor.person_id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def _renew(ctx: Context, token: str) -> str:
    """A new token, so that one planted or seen before opens nothing; the session ends when it would
    have ended."""
    now = ctx.now()
    expires_at = ctx.db.scalar(
        update(LoginSession)
        .where(LoginSession.token_hash == token_hash(token))
        .where(LoginSession.person_id == ctx.actor.own_id)
        .where(LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(LoginSession.expires_at)
        .execution_options(synchronize_session=False)
    )
    if expires_at is None:
        raise NotFound
    renewed = secrets.token_urlsafe(32)
    ctx.db.add(
        LoginSession(
            token_hash=token_hash(renewed),
            person_id=ctx.actor.own_id,
            created_at=now,
            expires_at=expires_at,
            second_factor_at=now,
            last_seen_at=now,
        )
    )
    ctx.db.flush()
    return renewed


def note_seen(ctx: Context, hash_of_token: str) -> None:
    """Somebody is at work in this session; of requests at the same moment, one writes."""
    now = ctx.now()
    ctx.db.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == hash_of_token)
        .where(LoginSession.last_seen_at <= now - SEEN_EVERY)
        .where(LoginSession.last_seen_at > now - IDLE_LIFE)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def forget(ctx: Context, person_id: UUID) -> bool:
    """Their phone is lost: the next sign-in sets up another, and whoever is in is out. False when
    there was none. Each of their cities finds it in its trail."""
    if not ctx.actor.is_system:
        raise NotFound
    gone = ctx.db.scalar(
        delete(SecondFactor)
        .where(SecondFactor.person_id == person_id)
        .returning(SecondFactor.person_id)
        .execution_options(synchronize_session=False)
    )
    if gone is None:
        return False
    close_all(ctx, person_id)
    cities = ctx.db.scalars(
        select(RoleGrant.municipality_id)
        .where(RoleGrant.person_id == person_id)
        .where(RoleGrant.municipality_id.is_not(None))
        .order_by(RoleGrant.municipality_id)
        .distinct()
    ).all()
    for city in cities:
        if city is not None:
            ctx.enter(city)
            audit.record(ctx, city, "second_factor.forgotten", subject_id=person_id)
    return True


# Digits


def _digits_of(secret: str) -> pyotp.TOTP:
    return pyotp.TOTP(
        secret,
        digits=SECOND_FACTOR_DIGITS,
        interval=int(SECOND_FACTOR_STEP.total_seconds()),
    )


def _step_of(secret: str, digits: str, steps: tuple[int, ...]) -> int | None:
    """Of which half minute the digits are; all are looked at, so that the time taken tells nothing."""
    made = _digits_of(secret)
    typed = digits.encode()
    right = [step for step in steps if hmac.compare_digest(made.generate_otp(step).encode(), typed)]
    return max(right, default=None)


def _end_of_window(ctx: Context, counter: str) -> str:
    """When the next try is looked at, to the minute, on an Italian wall clock."""
    ends_at = ctx.db.scalars(select(Counter.window_ends_at).where(Counter.key == counter)).one()
    rounded_up = ends_at + timedelta(minutes=1) - timedelta(microseconds=1)
    return f"{rounded_up.astimezone(ROME):%H:%M}"


# Sealing


def _for_good(person_id: UUID) -> bytes:
    return person_id.bytes


def _while_set_up(person_id: UUID, token: str) -> bytes:
    return person_id.bytes + token_hash(token).encode()


def _cipher(keys: Keys) -> AESGCM:
    return AESGCM(keys.digest("second factor", "secret of a phone"))


def _sealed(keys: Keys, secret: str, place: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + _cipher(keys).encrypt(nonce, secret.encode(), place)


def _unsealed(keys: Keys, sealed: bytes, place: bytes) -> str | None:
    """None for what was sealed for another person, another session or by another installation."""
    try:
        return _cipher(keys).decrypt(sealed[:NONCE], sealed[NONCE:], place).decode()
    except InvalidTag:
        return None
