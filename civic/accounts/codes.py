"""One-time codes: six digits sent to a contact, to sign in with or to sign one paper with.

A code is good for what it was asked for and for nothing else: digits that somebody reads aloud to
sign a paper open no account.
"""

import hmac
import secrets
from uuid import UUID

from sqlalchemy import delete, update

from civic.accounts import queries
from civic.accounts.contacts import ContactPoint
from civic.accounts.errors import NoContact, TooManyCodes
from civic.accounts.events import CodeIssued, SigningCodeIssued
from civic.accounts.models import OneTimeCode
from civic.accounts.operations import count_up
from civic.accounts.rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TRIES,
    CODE_WINDOW,
    CODES_PER_CONTACT,
    CODES_PER_CONTACT_A_DAY,
    CODES_PER_NETWORK,
    DAY,
    CodeAnswer,
)
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert
from civic.kernel.keys import Keys
from civic.kernel.outbox import emit

SIGN_IN = ""
"""What a code is for when it is for no paper."""


def request_code(
    ctx: Context, keys: Keys, contact: ContactPoint, language: str, network: str
) -> None:
    """Send a code, whether or not the contact belongs to anybody: the answer tells nothing."""
    code = _issue(ctx, keys, contact.value, SIGN_IN, network)
    emit(
        ctx,
        CodeIssued(
            municipality_id=None,
            kind=contact.kind.value,
            value=contact.value,
            language=language,
            code=code,
        ),
    )


def check_code(ctx: Context, keys: Keys, contact: ContactPoint, code: str) -> CodeAnswer:
    """Answers instead of raising, because a wrong try must be committed to count."""
    return _take(ctx, keys, contact.value, SIGN_IN, code)


def request_signing_code(
    ctx: Context, keys: Keys, person_id: UUID, paper: str, network: str
) -> None:
    """Send the person a code with which they sign the paper of that name (its hash), and no other."""
    reach = queries.reachable(ctx, person_id)
    if reach is None:
        raise NoContact
    code = _issue(ctx, keys, reach.value, paper, network)
    emit(
        ctx,
        SigningCodeIssued(
            municipality_id=None,
            kind=reach.kind.value,
            value=reach.value,
            language=reach.language,
            code=code,
        ),
    )


def check_signing_code(
    ctx: Context, keys: Keys, person_id: UUID, paper: str, code: str
) -> CodeAnswer:
    """As `check_code`: commit whatever it answers."""
    reach = queries.reachable(ctx, person_id)
    return _take(ctx, keys, reach.value, paper, code) if reach else CodeAnswer.OVER


def _issue(ctx: Context, keys: Keys, contact: str, paper: str, network: str) -> str:
    """A fresh code in the place of the one before; all codes of a contact are counted together."""
    who, where = keys.hash("contact", contact), keys.hash("network", network)
    if not (
        count_up(ctx, f"codes:hour:{who}", CODES_PER_CONTACT, CODE_WINDOW)
        and count_up(ctx, f"codes:day:{who}", CODES_PER_CONTACT_A_DAY, DAY)
        and count_up(ctx, f"codes:net:{where}", CODES_PER_NETWORK, CODE_WINDOW)
    ):
        raise TooManyCodes
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    fresh = {
        "code_hash": _code_hash(keys, contact, paper, code),
        "expires_at": ctx.now() + CODE_LIFE,
        "tries": 0,
    }
    ctx.db.connection().execute(
        insert(ctx.db, OneTimeCode)
        .values(contact_hash=_row_of(keys, contact, paper), **fresh)
        .on_conflict_do_update(index_elements=["contact_hash"], set_=fresh)
    )
    return code


def _take(ctx: Context, keys: Keys, contact: str, paper: str, code: str) -> CodeAnswer:
    row = _row_of(keys, contact, paper)
    expected = ctx.db.scalar(
        update(OneTimeCode)
        .where(OneTimeCode.contact_hash == row)
        .where(OneTimeCode.tries < CODE_TRIES)
        .where(OneTimeCode.expires_at > ctx.now())
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode.code_hash)
        .execution_options(synchronize_session=False)
    )
    if expected is None:
        return CodeAnswer.OVER
    if not hmac.compare_digest(expected, _code_hash(keys, contact, paper, code)):
        return CodeAnswer.WRONG
    ctx.db.execute(delete(OneTimeCode).where(OneTimeCode.contact_hash == row))
    return CodeAnswer.RIGHT


def _row_of(keys: Keys, contact: str, paper: str) -> str:
    return keys.hash("contact", f"{contact} {paper}" if paper else contact)


def _code_hash(keys: Keys, contact: str, paper: str, code: str) -> str:
    return keys.hash("code", f"{contact} {paper} {code}" if paper else f"{contact} {code}")
