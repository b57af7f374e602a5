"""Badges become credentials: signed by one worker, off the request, each once.

What is signed says what the badge says and no name: whoever shows it shows who they are by other
means. The subject is a fresh number for each badge, so that two of them do not tell whose they are.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update

from civic.badges.addresses import Addresses
from civic.badges.credentials import jwt, proof, status
from civic.badges.credentials.did import did_document
from civic.badges.credentials.documents import (
    AchievementFacts,
    Evidence,
    Issuer,
    Status,
    Subject,
    Validity,
    achievement_credential,
    status_list_credential,
)
from civic.badges.credentials.keys import Keyring
from civic.badges.credentials.status import Purpose
from civic.badges.explaining import Explained, explain
from civic.badges.models import (
    Achievement,
    Award,
    AwardReview,
    BadgeCard,
    BadgeIssuer,
    Credential,
    Endorsement,
    StatusList,
)
from civic.badges.queries import AchievementFacts as Known
from civic.badges.rules import ReviewState
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert, insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.tenancy.models import Association

log = logging.getLogger(__name__)

AT_ONCE = 25
"""Badges in one turn of the worker, which has other things to do as well."""
SIGNED_ANEW = timedelta(hours=20)
"""The lists, whether or not something changed: who checks a badge wants them of today."""
LIST_HOLDS = timedelta(days=2)
Described = Callable[[Explained, Award], tuple[AchievementFacts, Evidence]]
"""The words of a credential, put together where languages are known."""


@dataclass(frozen=True)
class Vouched:
    """The words of an endorsement."""

    name: str
    comment: str


Vouching = Callable[[Known, Award, str], Vouched]
"""For a badge, as it was awarded, by the association of that name."""


@dataclass(frozen=True)
class Shown:
    """The words on a card."""

    badge: str
    skills: tuple[str, ...]


Showing = Callable[[Known, Award], Shown]


@dataclass(frozen=True)
class Signer:
    keyring: Keyring
    addresses: Addresses
    describe: Described
    vouch: Vouching
    show: Showing


def issue_due(database: Database, signer: Signer) -> int:
    """Sign what was awarded and is not signed yet; how many."""
    with (
        database.reading(system_in()) as ctx,
        unscoped(ctx.db, "badges of all cities are signed"),
    ):
        due = ctx.db.execute(
            select(Award.id, Award.municipality_id)
            .outerjoin(
                Credential,
                (Credential.award_id == Award.id) & Credential.superseded_at.is_(None),
            )
            .where(Award.revoked_at.is_(None), Credential.id.is_(None))
            .order_by(Award.awarded_at, Award.id)
            .limit(AT_ONCE)
        ).all()
    issued = 0
    for award_id, city_id in due:
        with database.unit_of_work(system_in(city_id)) as ctx:
            issued += issue(ctx, signer, award_id)
    return issued


def issue(ctx: Context, signer: Signer, award_id: UUID) -> bool:
    """False when somebody else was faster."""
    award = ctx.db.get_one(Award, award_id)
    # Its picture is not changed from here on, or its file would be gone that the badge names.
    ctx.db.scalars(
        select(Achievement.id)
        .where(Achievement.id == award.achievement_id)
        .with_for_update(read=True)
    ).one()
    association = ctx.db.get_one(Association, award.association_id)
    key = signer.keyring.current(str(association.id), ctx.now())
    did = signer.addresses.did(association.slug)
    publish(ctx, signer, association)
    place = place_on_list(ctx, signer, association)
    explained = explain(ctx, award_id)
    facts, evidence = signer.describe(explained, award)
    credential_id = ctx.new_id()
    document = achievement_credential(
        id=credential_id.urn,
        issuer=Issuer(did, association.name, signer.addresses.site),
        achievement=facts,
        subject=Subject(uuid4()),
        evidence=evidence,
        validity=Validity(award.awarded_at, award.valid_until),
        statuses=place.statuses,
    )
    signed = proof.sign(document, key.ed25519, verification_method=did + key.kid, created=ctx.now())
    return insert_once(
        ctx.db,
        Credential,
        id=credential_id,
        municipality_id=award.municipality_id,
        award_id=award_id,
        association_id=association.id,
        status_list_id=place.list_id,
        place=place.number,
        key_id=key.kid,
        document=json.dumps(signed, ensure_ascii=False, separators=(",", ":")),
        token=jwt.encode(document, key.rsa, kid=did + key.rsa_kid),
        picture=explained.achievement.picture,
        picture_alt=explained.achievement.picture_alt,
        issued_at=ctx.now(),
    )


def ledger_hash(explained: Explained) -> str:
    """Of the lines that count, so that a doubt can be settled with the association's ledger."""
    lines = (f"{line.day} {line.session_id} {line.minutes}" for line in explained.lines)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def publish(ctx: Context, signer: Signer, association: Association) -> None:
    """The DID document, when it is not there yet or a key has come or gone."""
    publics = signer.keyring.public(str(association.id))
    document = did_document(signer.addresses.did(association.slug), publics)
    there = ctx.db.get(BadgeIssuer, association.id)
    if there is None or there.document != document:
        values = {"document": document, "written_at": ctx.now()}
        ctx.db.connection().execute(
            insert(ctx.db, BadgeIssuer)
            .values(association_id=association.id, **values)
            .on_conflict_do_update(index_elements=["association_id"], set_=values)
        )


@dataclass(frozen=True)
class PlaceOnList:
    list_id: UUID
    number: int
    statuses: tuple[Status, ...]
    """As the credential names it."""


def place_on_list(ctx: Context, signer: Signer, association: Association) -> PlaceOnList:
    """The next place on the association's newest list; a full one is followed by another."""
    list_id, number, place = _next_place(ctx, association.id)
    statuses = tuple(
        Status(signer.addresses.status_list(association.slug, number, purpose), place, purpose)
        for purpose in Purpose
    )
    return PlaceOnList(list_id, place, statuses)


def _next_place(ctx: Context, association_id: UUID) -> tuple[UUID, int, int]:
    while True:
        newest = ctx.db.execute(
            select(StatusList.id, StatusList.number, StatusList.used)
            .where(StatusList.association_id == association_id)
            .order_by(StatusList.number.desc())
            .limit(1)
        ).first()
        if newest is None or newest.used >= status.SIZE:
            insert_once(
                ctx.db,
                StatusList,
                id=ctx.new_id(),
                association_id=association_id,
                number=newest.number + 1 if newest else 1,
                used=0,
                said="",
            )
            continue
        used = ctx.db.scalar(
            update(StatusList)
            .where(StatusList.id == newest.id, StatusList.used < status.SIZE)
            .values(used=StatusList.used + 1)
            .returning(StatusList.used)
        )
        if used is not None:
            return newest.id, newest.number, used - 1


# Lists of what was withdrawn


def sign_lists(database: Database, signer: Signer) -> int:
    """Sign the lists that say something new, and all of them once a day; how many were signed."""
    with database.reading(system_in()) as ctx:
        ids = list(ctx.db.scalars(select(StatusList.id).order_by(StatusList.id)))
    signed = 0
    for list_id in ids:
        with (
            database.unit_of_work(system_in()) as ctx,
            unscoped(ctx.db, "a list holds badges of all cities of an association"),
        ):
            signed += _sign_list(ctx, signer, list_id)
    return signed


def _sign_list(ctx: Context, signer: Signer, list_id: UUID) -> bool:
    row = ctx.db.get_one(StatusList, list_id)
    bits = {purpose: status.blank() for purpose in Purpose}
    for place, is_revoked, is_suspended in _marked(ctx, list_id):
        if is_revoked:
            bits[Purpose.REVOCATION] = status.with_bit(bits[Purpose.REVOCATION], place, True)
        elif is_suspended:
            bits[Purpose.SUSPENSION] = status.with_bit(bits[Purpose.SUSPENSION], place, True)
    said = hashlib.sha256(b"".join(bits[purpose] for purpose in Purpose)).hexdigest()
    if row.said == said and row.signed_at and ctx.now() - row.signed_at < SIGNED_ANEW:
        return False
    association = ctx.db.get_one(Association, row.association_id)
    publish(ctx, signer, association)
    signed = {
        purpose: _signed_list(signer, association, row.number, purpose, bits[purpose], ctx.now())
        for purpose in Purpose
    }
    row.revocation, row.suspension = signed[Purpose.REVOCATION], signed[Purpose.SUSPENSION]
    row.said, row.signed_at = said, ctx.now()
    return True


def _marked(ctx: Context, list_id: UUID) -> Iterable[tuple[int, bool, bool]]:
    """Places of badges, and of what was said about them: an endorsement falls with its badge."""
    is_over = Award.revoked_at.is_not(None) | Credential.superseded_at.is_not(None)
    is_looked_at = (AwardReview.award_id == Award.id) & (AwardReview.state == ReviewState.OPEN)
    badges = (
        select(Credential.place, is_over, AwardReview.id.is_not(None))
        .join(Award, Award.id == Credential.award_id)
        .outerjoin(AwardReview, is_looked_at)
        .where(Credential.status_list_id == list_id)
    )
    endorsements = (
        select(
            Endorsement.place,
            is_over | Endorsement.superseded_at.is_not(None),
            AwardReview.id.is_not(None),
        )
        .join(Credential, Credential.id == Endorsement.credential_id)
        .join(Award, Award.id == Credential.award_id)
        .outerjoin(AwardReview, is_looked_at)
        .where(Endorsement.status_list_id == list_id)
    )
    rows = [*ctx.db.execute(badges), *ctx.db.execute(endorsements)]
    return ((row[0], row[1], row[2]) for row in rows if row[1] or row[2])


def _signed_list(
    signer: Signer,
    association: Association,
    number: int,
    purpose: Purpose,
    bits: bytes,
    now: datetime,
) -> dict[str, Any]:
    key = signer.keyring.current(str(association.id), now)
    did = signer.addresses.did(association.slug)
    document = status_list_credential(
        url=signer.addresses.status_list(association.slug, number, purpose),
        did=did,
        purpose=purpose,
        encoded=status.encode(bits),
        validity=Validity(now, now + LIST_HOLDS),
    )
    return proof.sign(document, key.ed25519, verification_method=did + key.kid, created=now)


# Keys


def rotate(database: Database, signer: Signer, association_id: UUID) -> str:
    """A new key signs from now on; what the old one signed stays true. Its name."""
    with database.unit_of_work(system_in()) as ctx:
        key = signer.keyring.rotate(str(association_id), ctx.now())
        publish(ctx, signer, ctx.db.get_one(Association, association_id))
    return key.kid


def give_up(database: Database, signer: Signer, association_id: UUID, kid: str) -> int:
    """Somebody else may hold the key: it proves nothing from now on, and what it signed is signed
    anew by the worker. How many badges that are."""
    with (
        database.unit_of_work(system_in()) as ctx,
        unscoped(ctx.db, "a key of an association signed badges of all its cities"),
    ):
        signer.keyring.compromise(str(association_id), kid, ctx.now())
        signer.keyring.current(str(association_id), ctx.now())
        publish(ctx, signer, ctx.db.get_one(Association, association_id))
        ctx.db.execute(
            update(StatusList)
            .where(StatusList.association_id == association_id)
            .values(signed_at=None)
        )
        superseded = ctx.db.scalars(
            update(Credential)
            .where(Credential.association_id == association_id, Credential.key_id == kid)
            .where(Credential.superseded_at.is_(None))
            .values(superseded_at=ctx.now())
            .returning(Credential.id)
        ).all()
        _give_up_beside(ctx, association_id, kid)
    return len(superseded)


def _give_up_beside(ctx: Context, association_id: UUID, kid: str) -> None:
    """What this key said about badges, and on cards, and what was said of badges that it signed."""
    of_association = select(Credential.id).where(Credential.association_id == association_id)
    gone = of_association.where(Credential.superseded_at.is_not(None))
    ctx.db.execute(
        update(Endorsement)
        .where(Endorsement.association_id == association_id, Endorsement.superseded_at.is_(None))
        .where(or_(Endorsement.key_id == kid, Endorsement.credential_id.in_(gone)))
        .values(superseded_at=ctx.now())
    )
    ctx.db.execute(
        delete(BadgeCard)
        .where(BadgeCard.credential_id.in_(of_association))
        .where(or_(BadgeCard.key_id == kid, BadgeCard.credential_id.in_(gone)))
    )
