"""Whether a badge that somebody shows is true: JSON, compact JWS, PNG or SVG; or what was said about
one, or the square of a printed card."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from civic.badges.credentials import baking, card, facts, jwt, shape, status
from civic.badges.credentials.canonical import UndefinedTerm, Unreadable, is_ours
from civic.badges.credentials.checker import TooSlow
from civic.badges.credentials.contexts import (
    CREDENTIALS,
    OPEN_BADGES,
    Document,
    ForeignContext,
)
from civic.badges.credentials.did import PublicKey
from civic.badges.credentials.facts import Facts, Incomplete
from civic.badges.credentials.remembered import is_signed_by
from civic.badges.credentials.status import Purpose
from civic.kernel.i18n import N_


class Outcome(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_UNKNOWN = "status_unknown"
    """The signature stands, but nobody can say whether the badge was withdrawn."""
    FORGED = "forged"
    UNKNOWN_ISSUER = "unknown_issuer"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"


VERDICT_WORDS = {
    Outcome.VALID: N_("This badge is true. Nobody has changed it or taken it back."),
    Outcome.EXPIRED: N_("This badge is true, but its time is over."),
    Outcome.NOT_YET: N_("This badge is true, but its time has not come yet."),
    Outcome.REVOKED: N_("Whoever gave this badge has taken it back. It does not count any more."),
    Outcome.SUSPENDED: N_("This badge does not count for now: whoever gave it is looking into it."),
    Outcome.STATUS_UNKNOWN: N_(
        "The signature is true, but we cannot find out now whether the badge was taken back. Try"
        " again later."
    ),
    Outcome.FORGED: N_("This badge was changed, or somebody else made it. Do not rely on it."),
    Outcome.UNKNOWN_ISSUER: N_(
        "We do not know who made this badge, so we can neither confirm it nor deny it."
    ),
    Outcome.UNREADABLE: N_(
        "We find no badge in this file. Send the picture or the file as you received it: messages"
        " often make pictures smaller, and the badge is lost."
    ),
    Outcome.TOO_LARGE: N_("This file is too large. A badge has at most 1 MB."),
    Outcome.TOO_SLOW: N_("Checking this file took too long. Try again in a minute."),
}

ENDORSEMENT_WORDS = {
    Outcome.VALID: N_("This endorsement is true. Nobody has changed it or taken it back."),
    Outcome.EXPIRED: N_("This endorsement is true, but its time is over."),
    Outcome.NOT_YET: N_("This endorsement is true, but its time has not come yet."),
    Outcome.REVOKED: N_(
        "This endorsement was taken back, with its badge or alone. It does not count any more."
    ),
    Outcome.SUSPENDED: N_(
        "This endorsement does not count for now: whoever gave the badge is looking into it."
    ),
    Outcome.STATUS_UNKNOWN: N_(
        "The signature is true, but we cannot find out now whether the endorsement was taken back."
        " Try again later."
    ),
}
"""Where the signature of an endorsement stands; the rest is said as of a badge."""


def verdict_words(verdict: "Verdict") -> str:
    """The sentence, still to be translated."""
    if verdict.facts and verdict.facts.is_endorsement:
        return ENDORSEMENT_WORDS[verdict.outcome]
    return VERDICT_WORDS[verdict.outcome]


FindKey = Callable[[str], PublicKey | None]
"""From a DID with its fragment to a key that is still worth something."""
FindStatus = Callable[[str], Document | None]
"""From the address of a status list to the list. It is asked about addresses that a known issuer
signed, no others."""
KINDS = {"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"}


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    facts: Facts | None = None
    """None unless the signature stands: what a forger wrote is not to be shown."""


class _Stop(Exception):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def verify(
    data: bytes, *, find_key: FindKey, find_status: FindStatus | None, now: datetime
) -> Verdict:
    """Without `find_status` nobody is asked whether it was withdrawn: for where there is no network."""
    try:
        text = _text(data)
        on_card = card.token_in(text)
        if on_card:
            document, found = _card(on_card, find_key)
        else:
            read = _embedded if text.startswith("{") else _token
            document = read(text, find_key)
            found = facts.read(document)
    except _Stop as stop:
        return Verdict(stop.outcome)
    except baking.TooLarge:
        return Verdict(Outcome.TOO_LARGE)
    except TooSlow:
        return Verdict(Outcome.TOO_SLOW)
    except UndefinedTerm:
        return Verdict(Outcome.FORGED)  # no signature covers it
    except (shape.Misshapen, baking.NotABadge, Unreadable, Incomplete):
        return Verdict(Outcome.UNREADABLE)
    withdrawn = find_status and _withdrawn(document, find_key, find_status, now)
    return Verdict(withdrawn or _timely(found, now), found)


def _text(data: bytes) -> str:
    if len(data) > baking.MOST_BYTES:
        raise baking.TooLarge
    if data.startswith(baking.PNG_SIGNATURE) or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return baking.unbake(data).strip()
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise shape.Misshapen("not UTF-8") from error


def _embedded(text: str, find_key: FindKey) -> Document:
    document = shape.parse(text)
    _hold(document)
    signature = document.get("proof")
    if not isinstance(signature, dict) or not is_ours(signature):
        raise shape.Misshapen("no proof that we read")
    key = _key(document, signature.get("verificationMethod"), find_key)
    if not isinstance(key, Ed25519PublicKey):
        raise _Stop(Outcome.FORGED)
    if not is_signed_by(document, key):
        raise _Stop(Outcome.FORGED)
    return document


def _token(text: str, find_key: FindKey) -> Document:
    kid = jwt.kid_of(text)
    if kid is None:
        raise shape.Misshapen("no token")
    key = _key(jwt.unchecked(text), kid, find_key)
    if not isinstance(key, RSAPublicKey):
        raise _Stop(Outcome.FORGED)
    document = jwt.check(text, key)
    if document is None:
        raise _Stop(Outcome.FORGED)
    _hold(document)
    return document


def _card(token: str, find_key: FindKey) -> tuple[Document, Facts]:
    kid = card.kid_of(token) or ""
    issuer = kid.partition("#")[0]
    key = _key({"issuer": issuer}, kid, find_key)
    claims = card.check(token, key) if isinstance(key, Ed25519PublicKey) else None
    if claims is None:
        raise _Stop(Outcome.FORGED)
    document = {"issuer": issuer, "credentialStatus": card.statuses(claims)}
    return document, card.facts(claims, issuer)


def _hold(document: Document) -> None:
    shape.hold_to(document, [CREDENTIALS, OPEN_BADGES])
    kinds = facts.items(document.get("type"))
    if "VerifiableCredential" not in kinds or not KINDS & {str(kind) for kind in kinds}:
        raise shape.Misshapen("no badge")


def _key(document: Document, method: object, find_key: FindKey) -> PublicKey:
    """Of the issuer that the document names: a key of somebody else's proves nothing."""
    if not isinstance(method, str) or method.partition("#")[0] != facts.issuer_of(document):
        raise _Stop(Outcome.FORGED)
    key = find_key(method)
    if key is None:
        raise _Stop(Outcome.UNKNOWN_ISSUER)
    return key


def _timely(found: Facts, now: datetime) -> Outcome:
    if now < found.begins:
        return Outcome.NOT_YET
    if found.ends and now >= found.ends:
        return Outcome.EXPIRED
    return Outcome.VALID


def _withdrawn(
    document: Document, find_key: FindKey, find_status: FindStatus, now: datetime
) -> Outcome | None:
    """The worst that any of its lists says."""
    said = {
        _listed(entry, facts.issuer_of(document), find_key, find_status, now)
        for entry in facts.items(document.get("credentialStatus"))
    }
    worst = (Outcome.REVOKED, Outcome.SUSPENDED, Outcome.STATUS_UNKNOWN)
    return next((outcome for outcome in worst if outcome in said), None)


def _listed(
    entry: object, issuer: str, find_key: FindKey, find_status: FindStatus, now: datetime
) -> Outcome | None:
    """Bitstring Status List 1.0, 3.2, of an entry in a credential whose signature stands."""
    if not isinstance(entry, dict):
        return Outcome.STATUS_UNKNOWN
    url, index = entry.get("statusListCredential"), entry.get("statusListIndex")
    purpose = entry.get("statusPurpose")
    if not (
        "BitstringStatusListEntry" in facts.items(entry.get("type"))
        and isinstance(url, str)
        and isinstance(purpose, str)
        and isinstance(index, str)
        and re.fullmatch(r"[0-9]{1,9}", index)
        and purpose in set(Purpose)
    ):
        return Outcome.STATUS_UNKNOWN
    try:
        bits = _bits(find_status(url), url, issuer, purpose, find_key, now)
        is_set = status.is_set(bits, int(index))
    except (_Stop, shape.Misshapen, Incomplete, status.NotAList):
        return Outcome.STATUS_UNKNOWN
    if not is_set:
        return None
    return Outcome.REVOKED if purpose == Purpose.REVOCATION else Outcome.SUSPENDED


def _is_true(listing: Document, key: Ed25519PublicKey) -> bool:
    try:
        return is_signed_by(listing, key, apart=False)
    except (UndefinedTerm, ForeignContext, Unreadable):
        return False


def _bits(
    listing: Document | None,
    url: str,
    issuer: str,
    purpose: str,
    find_key: FindKey,
    now: datetime,
) -> bytes:
    """The list itself, once its own signature, owner, purpose and time are found right."""
    if listing is None:
        raise _Stop(Outcome.STATUS_UNKNOWN)
    signature = listing.get("proof")
    if not isinstance(signature, dict):
        raise shape.Misshapen("no proof")
    bare = {name: value for name, value in listing.items() if name != "proof"}
    # Every object with its own address: canonicalising is then no work, so it may be done here.
    shape.hold_to(bare, [CREDENTIALS], most_blank=0)
    key = _key(listing, signature.get("verificationMethod"), find_key)
    if not isinstance(key, Ed25519PublicKey) or not _is_true(listing, key):
        raise _Stop(Outcome.FORGED)
    begins, ends = facts.times(listing)
    subject = listing.get("credentialSubject")
    if (
        not isinstance(subject, dict)
        or (listing.get("id"), facts.issuer_of(listing)) != (url, issuer)
        or "BitstringStatusListCredential" not in facts.items(listing.get("type"))
        or subject.get("statusPurpose") != purpose
        or not begins <= now
        or (ends and now >= ends)
    ):
        raise _Stop(Outcome.STATUS_UNKNOWN)
    return status.decode(subject.get("encodedList"))
