"""A badge that somebody shows, checked on the spot: signature, status and time. Only issuers of this
installation are known; nothing is fetched from elsewhere, so that nobody can send us to an address."""

from typing import Any

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.jwk import RSAKey
from sqlalchemy import select

from civic.badges.addresses import Addresses
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import Verdict, verify
from civic.badges.models import BadgeIssuer, StatusList
from civic.kernel.context import Context
from civic.tenancy.models import Association

ED25519_PREFIX = 2
"""Bytes of the multicodec before the key."""


def check(ctx: Context, addresses: Addresses, data: bytes) -> Verdict:
    """Raises nothing for what strangers send; see `credentials.verify`."""

    def find_key(method: str) -> Ed25519PublicKey | RSAPublicKey | None:
        slug = addresses.slug_of(method.partition("#")[0])
        document = did_document_of(ctx, slug) if slug else None
        return _key_of(document, method) if document else None

    def find_status(url: str) -> dict[str, Any] | None:
        named = addresses.list_of(url)
        return status_list_of(ctx, *named) if named else None

    return verify(data, find_key=find_key, find_status=find_status, now=ctx.now())


def did_document_of(ctx: Context, slug: str) -> dict[str, Any] | None:
    return ctx.db.scalar(
        select(BadgeIssuer.document)
        .join(Association, Association.id == BadgeIssuer.association_id)
        .where(Association.slug == slug)
    )


def status_list_of(ctx: Context, slug: str, number: int, purpose: Purpose) -> dict[str, Any] | None:
    row = ctx.db.execute(
        select(StatusList.revocation, StatusList.suspension)
        .join(Association, Association.id == StatusList.association_id)
        .where(Association.slug == slug, StatusList.number == number)
    ).first()
    if row is None:
        return None
    signed: dict[str, Any] | None = (
        row.revocation if purpose is Purpose.REVOCATION else row.suspension
    )
    return signed


def _key_of(document: dict[str, Any], method: str) -> Ed25519PublicKey | RSAPublicKey | None:
    """As `credentials.did` writes them; a key that was given up is not in the document any more."""
    for each in document["verificationMethod"]:
        if each["id"] == method and each["type"] == "Multikey":
            written = base58.b58decode(each["publicKeyMultibase"][1:])
            return Ed25519PublicKey.from_public_bytes(written[ED25519_PREFIX:])
        if each["id"] == method:
            return RSAKey.import_key(each["publicKeyJwk"]).public_key
    return None
