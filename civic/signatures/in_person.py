"""Somebody signs on the device of whoever sits in front of them, who is the witness.

They show that it is them by the PIN of their card or by a one-time code sent to their own phone,
or they draw their signature. A PIN is looked at outside of any transaction, because that takes
long; a wrong try is committed before it is told.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from civic.accounts import codes, passwords, pins
from civic.accounts.rules import CodeAnswer
from civic.kernel.context import Context
from civic.kernel.keys import Keys
from civic.signatures import operations
from civic.signatures.errors import CodeOver, NothingDrawn, WrongCode, WrongPin
from civic.signatures.queries import Document
from civic.signatures.rules import Drawing, Means, read_drawing

Work = Callable[[], AbstractContextManager[Context]]
"""Opens a unit of work for the actor; commits at its end."""
Find = Callable[[Context], Document]
"""The caller's gate: the paper, if the actor may have it signed before them."""
Signed = Callable[[Context, Document, bool], None]
"""What the caller writes down with the signature; True when the paper is complete."""


@dataclass(frozen=True)
class Shown:
    """How somebody showed that it is them."""

    means: Means
    pin: str = ""
    code: str = ""
    drawing: str = ""


@dataclass(frozen=True)
class Desk:
    """Where the signing happens."""

    work: Work
    keys: Keys
    network: str


def send_code(desk: Desk, find: Find) -> None:
    """To the person's own phone or address, good for this paper alone."""
    with desk.work() as ctx:
        document = find(ctx)
        codes.request_signing_code(ctx, desk.keys, document.person_id, document.hash, desk.network)


def sign_in_person(desk: Desk, find: Find, shown: Shown, signed: Signed) -> None:
    """Raises WrongPin, WrongCode, CodeOver, NothingDrawn (Invalid) for what shows nothing, TooManyPins
    for too many tries, AlreadySigned and SetAside when there is nothing left to sign."""
    if shown.means is Means.PIN:
        _by_pin(desk, find, shown.pin, signed)
    elif shown.means is Means.CODE:
        _by_code(desk, find, shown.code, signed)
    else:
        drawing = read_drawing(shown.drawing)
        if drawing is None:
            raise NothingDrawn
        with desk.work() as ctx:
            _sign(ctx, find(ctx), Means.DRAWN, signed, drawing)


def _by_pin(desk: Desk, find: Find, pin: str, signed: Signed) -> None:
    with desk.work() as ctx:
        document = find(ctx)
        card = f"signature {document.person_id}"
        tried = pins.begin_pin_sign_in(ctx, desk.keys, card, document.person_id, desk.network)
    is_right = passwords.is_password(pin, tried.pin_hash if tried else None)
    if tried is None or not is_right:
        raise WrongPin
    new_hash = passwords.hash_password(pin) if passwords.is_outdated(tried.pin_hash) else None
    with desk.work() as ctx:
        if not pins.right_pin(ctx, tried, new_hash):
            raise WrongPin
        _sign(ctx, find(ctx), Means.PIN, signed)


def _by_code(desk: Desk, find: Find, code: str, signed: Signed) -> None:
    with desk.work() as ctx:
        document = find(ctx)
        answer = codes.check_signing_code(ctx, desk.keys, document.person_id, document.hash, code)
        if answer is CodeAnswer.RIGHT:
            _sign(ctx, document, Means.CODE, signed)
    if answer is CodeAnswer.WRONG:
        raise WrongCode
    if answer is CodeAnswer.OVER:
        raise CodeOver


def _sign(
    ctx: Context, document: Document, means: Means, signed: Signed, drawing: Drawing = ()
) -> None:
    is_complete = operations.sign_before_witness(ctx, document, means, drawing)
    signed(ctx, document, is_complete)
