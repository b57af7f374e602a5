"""What an assessor saw becomes a credential of its own beside the badge: signed by the association, as
the badge is, once each. The badge stays as it was signed."""

import json
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries
from civic.badges.credentials import proof
from civic.badges.credentials.documents import Issuer, Validity, endorsement_credential
from civic.badges.issuing import AT_ONCE, Signer, place_on_list, publish
from civic.badges.models import Achievement, Award, Credential, Endorsement
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.tenancy.models import Association


def endorse_due(database: Database, signer: Signer) -> int:
    """Sign what was seen for each signed badge that has no endorsement yet; how many."""
    with (
        database.reading(system_in()) as ctx,
        unscoped(ctx.db, "what assessors of all cities saw is signed"),
    ):
        due = ctx.db.execute(
            select(Credential.id, Credential.municipality_id)
            .join(Award, Award.id == Credential.award_id)
            .outerjoin(
                Endorsement,
                (Endorsement.credential_id == Credential.id) & Endorsement.superseded_at.is_(None),
            )
            .where(Credential.superseded_at.is_(None), Award.revoked_at.is_(None))
            .where(Endorsement.id.is_(None))
            .order_by(Credential.issued_at, Credential.id)
            .limit(AT_ONCE)
        ).all()
    signed = 0
    for credential_id, city_id in due:
        with database.unit_of_work(system_in(city_id)) as ctx:
            signed += endorse(ctx, signer, credential_id)
    return signed


def endorse(ctx: Context, signer: Signer, credential_id: UUID) -> bool:
    """False when somebody else was faster."""
    badge = ctx.db.get_one(Credential, credential_id)
    award = ctx.db.get_one(Award, badge.award_id)
    association = ctx.db.get_one(Association, badge.association_id)
    about = queries.facts_of(ctx.db.get_one(Achievement, award.achievement_id))
    key = signer.keyring.current(str(association.id), ctx.now())
    did = signer.addresses.did(association.slug)
    publish(ctx, signer, association)
    place = place_on_list(ctx, signer, association)
    said = signer.vouch(about, award, association.name)
    endorsement_id = ctx.new_id()
    document = endorsement_credential(
        id=endorsement_id.urn,
        issuer=Issuer(did, association.name, signer.addresses.site),
        name=said.name,
        credential_id=credential_id.urn,
        comment=said.comment,
        validity=Validity(award.awarded_at, award.valid_until),
        statuses=place.statuses,
    )
    signed = proof.sign(document, key.ed25519, verification_method=did + key.kid, created=ctx.now())
    return insert_once(
        ctx.db,
        Endorsement,
        id=endorsement_id,
        municipality_id=badge.municipality_id,
        credential_id=credential_id,
        association_id=association.id,
        status_list_id=place.list_id,
        place=place.number,
        key_id=key.kid,
        document=json.dumps(signed, ensure_ascii=False, separators=(",", ":")),
        issued_at=ctx.now(),
    )
