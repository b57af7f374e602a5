"""A badge that somebody shows, checked on the spot: signature, status and time. Only issuers of this
installation are known; nothing is fetched from elsewhere, so that nobody can send us to an address."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.jwk import RSAKey
from sqlalchemy import Select, bindparam, select

from civic.badges.addresses import Addresses
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import Verdict, verify
from civic.badges.models import BadgeIssuer, StatusList
from civic.kernel.context import Context
from civic.tenancy.models import Association

Lists = dict[Purpose, dict[str, Any] | None]
ED25519_PREFIX = 2
"""Bytes of the multicodec before the key."""


def check(ctx: Context, addresses: Addresses, data: bytes) -> Verdict:
    """Raises nothing for what strangers send; see `credentials.verify`. Badge and lists are mostly of
    one issuer, so each thing is asked once."""

    @cache
    def issuer(slug: str) -> dict[str, Any] | None:
        return did_document_of(ctx, slug)

    @cache
    def lists(slug: str, number: int) -> Lists | None:
        return _lists_of(ctx, slug, number)

    def find_key(method: str) -> Ed25519PublicKey | RSAPublicKey | None:
        slug = addresses.slug_of(method.partition("#")[0])
        document = issuer(slug) if slug else None
        return _key_of(document, method) if document else None

    def find_status(url: str) -> dict[str, Any] | None:
        named = addresses.list_of(url)
        found = lists(*named[:2]) if named else None
        return found[named[2]] if found and named else None

    return verify(data, find_key=find_key, find_status=find_status, now=ctx.now())


def check_alone(data: bytes, documents: Sequence[dict[str, Any]], now: datetime) -> Verdict:
    """With nothing at hand but DID documents: signature and dates alone."""

    def find_key(method: str) -> Ed25519PublicKey | RSAPublicKey | None:
        found = (_key_of(each, method) for each in documents)
        return next((key for key in found if key), None)

    return verify(data, find_key=find_key, find_status=None, now=now)


def did_document_of(ctx: Context, slug: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = ctx.db.scalar(_document(), {"slug": slug})
    return found


def status_list_of(ctx: Context, slug: str, number: int, purpose: Purpose) -> dict[str, Any] | None:
    found = _lists_of(ctx, slug, number)
    return found[purpose] if found else None


def _lists_of(ctx: Context, slug: str, number: int) -> Lists | None:
    row = ctx.db.execute(_lists(), {"slug": slug, "number": number}).first()
    if row is None:
        return None
    return {Purpose.REVOCATION: row.revocation, Purpose.SUSPENSION: row.suspension}


@cache
def _document() -> Select[dict[str, Any]]:
    return (
        select(BadgeIssuer.document)
        .join(Association, Association.id == BadgeIssuer.association_id)
        .where(Association.slug == bindparam("slug"))
    )


@cache
def _lists() -> Select[dict[str, Any] | None, dict[str, Any] | None]:
    return (
        select(StatusList.revocation, StatusList.suspension)
        .join(Association, Association.id == StatusList.association_id)
        .where(Association.slug == bindparam("slug"), StatusList.number == bindparam("number"))
    )


def _key_of(document: dict[str, Any], method: str) -> Ed25519PublicKey | RSAPublicKey | None:
    """As `credentials.did` writes them; a key that was given up is not in the document any more."""
    for each in document["verificationMethod"]:
        if each["id"] == method and each["type"] == "Multikey":
            written = base58.b58decode(each["publicKeyMultibase"][1:])
            return Ed25519PublicKey.from_public_bytes(written[ED25519_PREFIX:])
        if each["id"] == method:
            return RSAKey.import_key(each["publicKeyJwk"]).public_key
    return None
