"""Signed badges, for the person whose they are."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries
from civic.badges.models import Award, BadgeCard, Credential, Endorsement
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class Signed:
    """A badge as software of others reads it."""

    document: str
    token: str


def own_credential(ctx: Context, award_id: UUID) -> tuple[queries.Badge, Signed]:
    """The gate: a signed badge of the actor's own."""
    found = ctx.db.execute(
        select(Credential.document, Credential.token)
        .join(Award, Award.id == Credential.award_id)
        .where(Award.id == award_id, Award.person_id == ctx.actor.own_id)
        .where(Credential.superseded_at.is_(None), Award.revoked_at.is_(None))
    ).first()
    if found is None:
        raise NotFound
    return queries.badges(ctx, [award_id])[award_id], Signed(found.document, found.token)


def own_endorsement(ctx: Context, award_id: UUID) -> str:
    """What the assessor saw of a badge of the actor's own, signed."""
    found: str | None = ctx.db.scalar(
        select(Endorsement.document)
        .join(Credential, Credential.id == Endorsement.credential_id)
        .join(Award, Award.id == Credential.award_id)
        .where(Award.id == award_id, Award.person_id == ctx.actor.own_id)
        .where(Credential.superseded_at.is_(None), Award.revoked_at.is_(None))
        .where(Endorsement.superseded_at.is_(None))
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class OwnCard:
    name: str
    """As it was signed."""
    token: str


def own_card(ctx: Context, award_id: UUID) -> tuple[queries.Badge, OwnCard]:
    """What stands on the card of a badge of the actor's own."""
    found = ctx.db.execute(
        select(BadgeCard.name, BadgeCard.token)
        .join(Credential, Credential.id == BadgeCard.credential_id)
        .join(Award, Award.id == Credential.award_id)
        .where(Award.id == award_id, Award.person_id == ctx.actor.own_id)
        .where(Credential.superseded_at.is_(None), Award.revoked_at.is_(None))
    ).first()
    if found is None:
        raise NotFound
    return queries.badges(ctx, [award_id])[award_id], OwnCard(found.name, found.token)
