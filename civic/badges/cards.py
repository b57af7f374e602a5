"""What the square on a printed card holds, signed for every badge by the worker, which alone has the
keys: then the card is there as soon as somebody asks for it. And what a phone must know to check cards
without network."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from civic.accounts.models import Person
from civic.badges import queries
from civic.badges.addresses import Addresses
from civic.badges.credentials.card import Card, encode
from civic.badges.credentials.did import ed25519_keys
from civic.badges.credentials.status import Purpose
from civic.badges.issuing import AT_ONCE, Signer, publish
from civic.badges.models import (
    Achievement,
    Award,
    BadgeCard,
    BadgeIssuer,
    Credential,
    StatusList,
)
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.tenancy.models import Association


def sign_due(database: Database, signer: Signer) -> int:
    """Sign the cards of badges that have none, and those whose holder has another name now."""
    with (
        database.reading(system_in()) as ctx,
        unscoped(ctx.db, "cards of all cities are signed"),
    ):
        due = ctx.db.execute(
            select(Credential.id, Credential.municipality_id)
            .join(Award, Award.id == Credential.award_id)
            .join(Person, Person.id == Award.person_id)
            .outerjoin(BadgeCard, BadgeCard.credential_id == Credential.id)
            .where(Credential.superseded_at.is_(None), Award.revoked_at.is_(None))
            .where(Person.name != "")
            .where(or_(BadgeCard.credential_id.is_(None), BadgeCard.name != Person.name))
            .order_by(Credential.issued_at, Credential.id)
            .limit(AT_ONCE)
        ).all()
    for credential_id, city_id in due:
        with database.unit_of_work(system_in(city_id)) as ctx:
            sign(ctx, signer, credential_id)
    return len(due)


def sign(ctx: Context, signer: Signer, credential_id: UUID) -> None:
    badge = ctx.db.get_one(Credential, credential_id)
    award = ctx.db.get_one(Award, badge.award_id)
    association = ctx.db.get_one(Association, badge.association_id)
    name = ctx.db.get_one(Person, award.person_id).name
    list_number = ctx.db.get_one(StatusList, badge.status_list_id).number
    shown = signer.show(queries.facts_of(ctx.db.get_one(Achievement, award.achievement_id)), award)
    key = signer.keyring.current(str(association.id), ctx.now())
    publish(ctx, signer, association)
    token = encode(
        Card(
            id=credential_id.urn,
            holder=name,
            badge=shown.badge,
            issuer_name=association.name,
            skills=shown.skills,
            begins=award.awarded_at,
            ends=award.valid_until,
            lists=signer.addresses.status_lists(association.slug, list_number),
            place=badge.place,
        ),
        key.ed25519,
        kid=signer.addresses.did(association.slug) + key.kid,
    )
    values = {"name": name, "key_id": key.kid, "token": token, "signed_at": ctx.now()}
    ctx.db.connection().execute(
        insert(ctx.db, BadgeCard)
        .values(credential_id=credential_id, municipality_id=badge.municipality_id, **values)
        .on_conflict_do_update(index_elements=["credential_id"], set_=values)
    )


def known_issuers(ctx: Context, addresses: Addresses) -> dict[str, Any]:
    """The keys of every issuer here and its lists of what was withdrawn: what is public anyway, in one
    piece, for a phone to keep. It names no person. Two statements."""
    issuers = ctx.db.execute(
        select(Association.name, BadgeIssuer.document)
        .join(Association, Association.id == BadgeIssuer.association_id)
        .order_by(Association.slug)
    )
    lists = ctx.db.execute(
        select(Association.slug, StatusList.number, StatusList.revocation, StatusList.suspension)
        .join(Association, Association.id == StatusList.association_id)
        .where(StatusList.signed_at.is_not(None))
        .order_by(Association.slug, StatusList.number)
    )
    return {
        "issuers": {
            document["id"]: {"name": name, "keys": ed25519_keys(document)}
            for name, document in issuers
        },
        "lists": {
            addresses.status_lists(slug, number): {
                Purpose.REVOCATION.value: _bits(revocation),
                Purpose.SUSPENSION.value: _bits(suspension),
            }
            for slug, number, revocation, suspension in lists
        },
    }


def _bits(listing: dict[str, Any] | None) -> str | None:
    return listing["credentialSubject"]["encodedList"] if listing else None
